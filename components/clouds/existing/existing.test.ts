import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ComponentError } from "../../kit/component";
import { inputsOf, nameOf, register, valueOf } from "../../kit/testing";
import { ExistingCluster } from "./existing";
import { args, create } from "./testing";

describe("an existing cluster", () => {
  it("creates exactly a provider and a preflight", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["town-kubernetes", "town"],
      ["town-preflight-account", "town-preflight"],
      ["town-preflight-api-server", "town-preflight"],
      ["town-preflight-binding", "town-preflight"],
      ["town-preflight-job", "town-preflight"],
      ["town-preflight-namespace-allow-dns", "town-preflight-namespace"],
      ["town-preflight-namespace-default-deny", "town-preflight-namespace"],
      ["town-preflight-namespace-limits", "town-preflight-namespace"],
      ["town-preflight-namespace-namespace", "town-preflight-namespace"],
      ["town-preflight-role", "town-preflight"],
    ]);
    const inside = resources.filter(({ name }) => name !== "town-kubernetes");
    expect(new Set(inside.map(({ provider }) => provider))).toEqual(new Set(["town-kubernetes"]));
  });

  it("returns what other components need", async () => {
    const { result } = await create();
    const { clusterName, kubernetes, ready, ...plain } = result;
    expect(await valueOf(clusterName)).toBe("town-hall");
    expect(nameOf(kubernetes)).toBe("town-kubernetes");
    expect(ready.map(nameOf)).toEqual(["town-preflight-job"]);
    expect(plain).toMatchObject({
      region: "cellar",
      zones: ["z-1", "z-2"],
      storageClass: "fast",
      loadBalancerAnnotations: { "example.com/load-balancer": "wide" },
      podCidr: "10.52.0.0/16",
      serviceCidr: "10.51.0.0/19",
      placement: { cloud: "existing" },
      workloadNodes: { "example.com/pool": "riders", disk: "ssd" },
      nodePools: [],
      hasMetricsServer: true,
    });
  });

  it("uses the engine's own kubeconfig, in the given context", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-kubernetes")).toEqual({
      context: "town-hall",
      clusterIdentifier: "town-hall",
      enableServerSideApply: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
  });

  it.each([true, false])(
    "keeps a kubeconfig secret, even if it is given as plain text: %s",
    async (marked) => {
      const text = "apiVersion: v1";
      const { resources } = await create({
        kubeconfig: marked ? pulumi.secret(text) : pulumi.output(text),
      });
      expect(inputsOf(resources, "town-kubernetes")).toMatchObject({
        context: "town-hall",
        kubeconfig: { $secret: text },
      });
    },
  );

  it("refuses an invalid description before anything is created", async () => {
    await expect(
      register((options) => {
        expect(() => new ExistingCluster("town", { ...args, context: "" }, options)).toThrow(
          ComponentError,
        );
      }),
    ).resolves.toMatchObject({ resources: [] });
  });
});

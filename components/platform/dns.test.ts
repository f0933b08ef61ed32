import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, register } from "../testing";
import { Dns, type DnsArguments } from "./dns";

const create = (changes: Partial<DnsArguments> = {}) =>
  register((options) => {
    const args: DnsArguments = {
      system: "farm",
      zone: "example.org",
      mode: "adopt",
      token: pulumi.output("the-token"),
      owner: "farm-prod",
      monitoringNamespace: "watch",
      chartMirror: undefined,
      protect: true,
      ...changes,
    };
    return new Dns("names", args, options);
  });

describe("records", () => {
  it("are written to an existing zone and no other, as this cluster's own", async () => {
    const { result, resources } = await create();
    expect(ofKind(resources, "Domain")).toEqual([]);
    expect(result.zone).toBe("example.org");
    expect(inputsOf(resources, "names-external-dns")).toMatchObject({
      name: "external-dns",
      namespace: "external-dns",
      values: {
        provider: { name: "digitalocean" },
        sources: ["gateway-httproute"],
        domainFilters: ["example.org"],
        policy: "sync",
        registry: "txt",
        txtOwnerId: "farm-prod",
      },
    });
  });

  it.each([true, false])("make their zone first where asked to; protected: %s", async (protect) => {
    const { resources } = await create({ mode: "create", protect });
    expect(ofKind(resources, "Domain").map(({ inputs }) => inputs)).toEqual([
      { name: "example.org" },
    ]);
    expect(named(resources, "names-zone").options.protect).toBe(protect);
    expect(named(resources, "names-external-dns").dependsOn).toContain("names-zone");
  });

  it("need a token, which is a secret and stays out of the chart's values", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "names-token")).toMatchObject({
      metadata: { name: "external-dns-token", namespace: "external-dns" },
      stringData: { $secret: { token: "the-token" } },
    });
    const values = inputsOf(resources, "names-external-dns")["values"];
    expect(values).toMatchObject({
      env: [
        {
          name: "DO_TOKEN",
          valueFrom: { secretKeyRef: { name: "external-dns-token", key: "token" } },
        },
      ],
    });
    expect(JSON.stringify(values)).not.toContain("the-token");
    expect(named(resources, "names-external-dns").dependsOn).toContain("names-token");
  });
});

import { describe, expect, it } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { NO_GRANT } from "../identity/contract";
import { CLOUD, operator } from "../secret-store/testing";
import { inputsOf, named, register } from "../kit/testing";
import { METADATA_SERVER, POD_IDENTITY_AGENT, toCredentials } from "../identity/credentials";
import { EXTERNAL_SECRETS, ExternalSecrets } from "./external-secrets";
import { fromAnywhere, fromPeers, inNamespace, toApiServer, toPeers } from "../kit/network-rules";

const create = (production = true, annotations: Record<string, pulumi.Output<string>> = {}) =>
  register(
    (options) =>
      new ExternalSecrets(
        "eso",
        { ...operator, production, grant: { ...NO_GRANT, annotations } },
        options,
      ),
    { cloud: CLOUD },
  );

type Values = Record<string, Record<string, unknown>>;
const valuesOf = async (production = true) =>
  inputsOf((await create(production)).resources, "eso-release")["values"] as Values;

describe("External Secrets", () => {
  it("has its own namespace, which allows nothing privileged", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "eso-namespace-allow-dns",
      "eso-namespace-allow-platform",
      "eso-namespace-default-deny",
      "eso-namespace-limits",
      "eso-namespace-namespace",
      "eso-release",
    ]);
    expect(inputsOf(resources, "eso-namespace-namespace")).toMatchObject({
      metadata: {
        name: "external-secrets",
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      },
    });
    expect(inputsOf(resources, "eso-release")).toMatchObject({
      name: "external-secrets",
      namespace: "external-secrets",
      chart: "external-secrets",
      atomic: true,
    });
  });

  it("lets the control plane reach its webhook, and monitoring its metrics", async () => {
    const { resources } = await create();
    const { spec } = inputsOf(resources, "eso-namespace-allow-platform") as {
      spec: { ingress: unknown[]; egress: unknown[] };
    };
    expect(spec.ingress).toContainEqual(fromAnywhere(10250));
    expect(spec.ingress).toContainEqual(fromPeers([inNamespace("watch")], 8080));
    expect(spec.egress).toEqual([
      toPeers([{ podSelector: {} }]),
      toApiServer(),
      toCredentials(POD_IDENTITY_AGENT),
      toCredentials(METADATA_SERVER),
    ]);
  });

  it.each([
    [true, 2],
    [false, 1],
  ])(
    "has replicas, a disruption budget and spreading for each part: production %s",
    async (production, replicas) => {
      const values = await valuesOf(production);
      for (const [part, name] of [
        [values, "external-secrets"],
        [values["webhook"], "external-secrets-webhook"],
        [values["certController"], "external-secrets-cert-controller"],
      ] as const) {
        expect(part).toMatchObject({
          replicaCount: replicas,
          podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
          resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
        });
        expect(JSON.stringify(part?.["topologySpreadConstraints"])).toBe(
          JSON.stringify(
            ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
              labelSelector: { matchLabels: { "app.kubernetes.io/name": name } },
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: "ScheduleAnyway",
            })),
          ),
        );
      }
    },
  );

  it("two replicas need leader election, which is off by default", async () => {
    expect(await valuesOf()).toMatchObject({ leaderElect: true, concurrent: 4, installCRDs: true });
  });

  it("CRDs are kept on uninstall, because every Secret would be deleted with them", async () => {
    expect((await valuesOf())["crds"]?.["annotations"]).toEqual({
      "helm.sh/resource-policy": "keep",
    });
  });

  it("installs and serves only namespaced CRDs", async () => {
    const values = await valuesOf();
    const crds = Object.entries(values["crds"] ?? {}).filter(([, value]) => value === false);
    expect(crds.map(([key]) => key)).toEqual([
      "createClusterExternalSecret",
      "createClusterGenerator",
      "createClusterPushSecret",
      "createClusterSecretStore",
      "createPushSecret",
    ]);
    const off = Object.entries(values).filter(([, value]) => (value as unknown) === false);
    expect(off.map(([key]) => key)).toEqual([
      "processClusterExternalSecret",
      "processClusterGenerator",
      "processClusterPushSecret",
      "processClusterStore",
      "processPushSecret",
    ]);
  });

  it("cannot impersonate accounts by default", async () => {
    expect((await valuesOf())["rbac"]).toEqual({ serviceAccountTokenCreate: false });
  });

  it("uses the account with cloud permissions, and starts after they exist", async () => {
    const { resources } = await create(true, { "who.example.com": pulumi.output("me") });
    const { values } = inputsOf(resources, "eso-release") as { values: Values };
    expect(values["serviceAccount"]).toEqual({
      name: EXTERNAL_SECRETS.serviceAccount,
      annotations: { "who.example.com": "me" },
    });
    expect(named(resources, "eso-release").dependsOn).toContain("eso-namespace-default-deny");
  });
});

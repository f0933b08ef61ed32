import { describe, expect, it } from "vitest";
import { CHARTS } from "../../versions";
import { inputsOf, named, ofKind, register } from "../testing";
import { ZalandoOperator, zalandoValues } from "./zalando";

const create = (production = true) =>
  register(
    (options) =>
      new ZalandoOperator(
        "pg",
        { system: "farm", production, monitoringNamespace: "watch", chartMirror: "oci://m/charts" },
        options,
      ),
  );

describe("the operator of Zalando", () => {
  it("is a namespace with guards, one chart and its budget, and nothing else", async () => {
    const { resources, result } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "pg-budget",
      "pg-namespace-allow-dns",
      "pg-namespace-allow-platform",
      "pg-namespace-default-deny",
      "pg-namespace-limits",
      "pg-namespace-namespace",
      "pg-postgres-operator",
    ]);
    expect([result.namespace, result.ready]).toEqual(["postgres-operator", [result.release]]);
  });

  it("is installed once its restricted namespace is guarded, from the mirror if there is one", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "pg-postgres-operator")).toMatchObject({
      chart: "oci://m/charts/postgres-operator",
      version: CHARTS.zalandoPostgres.version,
      name: "postgres-operator",
      namespace: "postgres-operator",
    });
    expect(named(resources, "pg-postgres-operator").dependsOn).toContain(
      "pg-namespace-default-deny",
    );
    expect(inputsOf(resources, "pg-namespace-namespace")).toMatchObject({
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });

  it("is called by nobody but Prometheus", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "pg-namespace-allow-platform")).toMatchObject({
      spec: {
        ingress: [
          { from: [{ podSelector: {} }] },
          {
            from: [
              { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } },
            ],
          },
        ],
      },
    });
  });

  it("never keeps a node from being drained", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "PodDisruptionBudget").map(({ inputs }) => inputs["spec"])).toEqual([
      {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: { "app.kubernetes.io/name": "postgres-operator" } },
      },
    ]);
  });
});

describe("its settings", () => {
  it("leave volumes and passwords of a deleted cluster where they are", () => {
    expect(zalandoValues(true)["configKubernetes"]).toMatchObject({
      enable_persistent_volume_claim_deletion: false,
      persistent_volume_claim_retention_policy: { when_deleted: "retain", when_scaled: "retain" },
      enable_secrets_deletion: false,
      delete_annotation_name_key: "delete-clustername",
    });
  });

  it("run databases without root", () => {
    expect(zalandoValues(true)["configKubernetes"]).toMatchObject({
      spilo_runasuser: 101,
      spilo_runasgroup: 103,
      spilo_fsgroup: 103,
      spilo_privileged: false,
    });
  });

  it.each([
    [true, false],
    [false, true],
  ])("in production %s instances may share a host: %s", (production, shared) => {
    expect(zalandoValues(production)["configKubernetes"]).toMatchObject({
      enable_pod_antiaffinity: true,
      pod_antiaffinity_preferred_during_scheduling: shared,
      enable_pod_disruption_budget: production,
    });
  });

  it("limit no processor unasked, and let a cluster be named freely", () => {
    expect(zalandoValues(false)).toMatchObject({
      configPostgresPodResources: { default_cpu_limit: "0", min_cpu_limit: "0" },
      configGeneral: { enable_team_id_clustername_prefix: false },
    });
  });

  it("harden the operator itself as the restricted profile asks", () => {
    expect(zalandoValues(true)["securityContext"]).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 1000,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
  });
});

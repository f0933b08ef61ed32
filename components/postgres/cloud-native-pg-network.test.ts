import { describe, expect, it } from "vitest";
import { days } from "../../systems/units";
import type { CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { clusterTraffic } from "./cloud-native-pg-network";
import { bucket, inCluster } from "./cloud-native-pg-testing";

const traffic = (changes: Partial<CloudNativePgArguments> = {}) =>
  clusterTraffic({ ...inCluster, pooling: true, ...changes });

const tcp = (...ports: readonly number[]) => ports.map((port) => ({ protocol: "TCP", port }));
const cluster = { podSelector: { matchLabels: { "cnpg.io/cluster": "rides" } } };
const instances = {
  podSelector: { matchLabels: { "cnpg.io/cluster": "rides", "cnpg.io/podRole": "instance" } },
};
const clients = { podSelector: { matchLabels: { role: "client" } } };
const monitoring = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } },
};
const operator = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "runs-it" } },
  podSelector: { matchLabels: { "app.kubernetes.io/name": "cloudnative-pg" } },
};

describe("the network of a Cluster", () => {
  it("admits members, the operator, clients and metrics scrapes, and may reach members and the API server", () => {
    expect(traffic()["database"]).toEqual({
      podSelector: {
        ...cluster.podSelector,
        matchExpressions: [{ key: "cnpg.io/podRole", operator: "NotIn", values: ["pooler"] }],
      },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [cluster, operator], ports: tcp(5432, 8000) },
        { from: [clients], ports: tcp(5432) },
        { from: [monitoring], ports: tcp(9187) },
      ],
      egress: [{ to: [instances], ports: tcp(5432, 8000) }, { ports: tcp(443, 6443) }],
    });
  });

  it("restricts poolers further", () => {
    expect(traffic()["pooler"]).toEqual({
      podSelector: { matchLabels: { "cnpg.io/poolerName": "rides-pooler" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [clients], ports: tcp(5432) },
        { from: [monitoring], ports: tcp(9127) },
      ],
      egress: [{ to: [instances], ports: tcp(5432) }, { ports: tcp(443, 6443) }],
    });
    expect(Object.keys(traffic({ pooling: false }))).toEqual(["database"]);
  });

  it("lets instances reach every bucket that they use, without duplicates", () => {
    const store = bucket("AWS", true);
    const own = { store, pointInTimeRecovery: days(4) };
    const egress = (changes: Partial<CloudNativePgArguments>) =>
      traffic(changes)["database"]?.egress as readonly unknown[];
    expect(egress(own)).toHaveLength(3);
    expect(egress(own)[2]).toMatchObject({
      to: [{ ipBlock: { cidr: "0.0.0.0/0" } }],
      ports: tcp(443),
    });
    expect(egress({ ...own, replicaOf: { store, archive: "old" } })).toHaveLength(3);
    expect(
      egress({ ...own, replicaOf: { store: bucket("AWS", true), archive: "old" } }),
    ).toHaveLength(4);
  });

  it("admits nobody without clients", () => {
    expect(traffic({ allowFrom: [] })["pooler"]?.ingress).toEqual([
      { from: [monitoring], ports: tcp(9127) },
    ]);
    expect(JSON.stringify(traffic({ allowFrom: [] }))).not.toContain('"from":[]');
  });
});

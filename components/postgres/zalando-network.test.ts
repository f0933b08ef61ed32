import { describe, expect, it } from "vitest";
import { days } from "../../systems/units";
import type { InClusterPostgresArguments } from "./in-cluster";
import { bucket, inCluster } from "./in-cluster-testing";
import { clusterTraffic } from "./zalando-network";

const traffic = (changes: Partial<InClusterPostgresArguments> = {}) =>
  clusterTraffic({ ...inCluster, pooling: true, ...changes });

const tcp = (...ports: readonly number[]) => ports.map((port) => ({ protocol: "TCP", port }));
const labelled = (matchLabels: Readonly<Record<string, string>>) => ({
  podSelector: { matchLabels },
});
const members = labelled({ application: "spilo", "cluster-name": "rides" });
const poolers = labelled({ "connection-pooler": "rides-pooler" });
const clients = labelled({ role: "client" });
const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

describe("the network of a postgresql", () => {
  it("lets in members, the operator, poolers, clients and measurements, and out to members and the API server", () => {
    expect(traffic()["database"]).toEqual({
      ...members,
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            members,
            {
              ...inNamespace("runs-it"),
              ...labelled({ "app.kubernetes.io/name": "postgres-operator" }),
            },
          ],
          ports: tcp(5432, 8008),
        },
        { from: [poolers], ports: tcp(5432) },
        { from: [clients], ports: tcp(5432) },
        { from: [inNamespace("watch")], ports: tcp(8008) },
      ],
      egress: [{ to: [members], ports: tcp(5432, 8008) }, { ports: tcp(443, 6443) }],
    });
  });

  it("lets poolers do less", () => {
    expect(traffic()["pooler"]).toEqual({
      ...poolers,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [clients], ports: tcp(5432) }],
      egress: [{ to: [members], ports: tcp(5432) }],
    });
    expect(Object.keys(traffic({ pooling: false }))).toEqual(["database"]);
    expect(JSON.stringify(traffic({ pooling: false }))).not.toContain("connection-pooler");
  });

  it("lets members out to the bucket, and nobody in where no client is named", () => {
    const own = { store: bucket("AWS", true), pointInTimeRecovery: days(4) };
    expect(traffic(own)["database"]?.egress).toHaveLength(3);
    expect(traffic({ allowFrom: [] })["pooler"]?.ingress).toEqual([]);
  });
});

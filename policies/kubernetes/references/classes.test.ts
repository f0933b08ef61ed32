import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { broken, deployment } from "../../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../../testing";
import type { Key } from "../../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const object = (type: string, name: string, spec: object = {}): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace: "shop" }, spec },
});
const made = (type: string, name: string): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name } },
});
const release = (values: object): Fixture => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: "chart",
  props: { chart: "any", namespace: "shop", values },
});
const first = made("scheduling.k8s.io/v1:PriorityClass", "first");
const shop = made("core/v1:Namespace", "shop");
const ranked = (name: unknown): Fixture =>
  broken(deployment(), [...POD, "priorityClassName"], name);

testPolicy("class-reference", {
  happy: () => [ranked("first"), first, shop],
  broken: [
    {
      at: [...POD, "priorityClassName"],
      to: "fist",
      says: 'Deployment "shop/orders": spec.template.spec.priorityClassName is "fist"; the cluster has no such PriorityClass: correct the name, or create it.',
    },
    { at: [...POD, "priorityClassName"], to: "system-node-critical", says: [] },
    { at: [...POD, "priorityClassName"], says: [] },
    { at: ["metadata", "namespace"], to: "stock", says: [] },
  ],
  unknown: [
    [...POD, "priorityClassName"],
    [1, "metadata", "name"],
  ],
});

describe("class-reference", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("class-reference", [shop, ...fixture]);

  it("does not apply to kinds that the stack does not create", async () => {
    expect(await reported(ranked("fist"))).toEqual([]);
    expect(await reported(ranked("fist"), made("storage.k8s.io/v1:StorageClass", "fast"))).toEqual(
      [],
    );
  });

  it.each<[string, string, Fixture, string]>([
    [
      "node.k8s.io/v1:RuntimeClass",
      "gvisor",
      broken(deployment(), [...POD, "runtimeClassName"], "kata"),
      "spec.template.spec.runtimeClassName",
    ],
    [
      "networking.k8s.io/v1:IngressClass",
      "nginx",
      object("networking.k8s.io/v1:Ingress", "o", { ingressClassName: "kata" }),
      "spec.ingressClassName",
    ],
    [
      "gateway.networking.k8s.io/v1:GatewayClass",
      "gke-l7-gxlb",
      object("gateway.networking.k8s.io/v1:Gateway", "o", { gatewayClassName: "kata" }),
      "spec.gatewayClassName",
    ],
    [
      "storage.k8s.io/v1:StorageClass",
      "do-block-storage-retain",
      object("core/v1:PersistentVolumeClaim", "o", { storageClassName: "kata" }),
      "spec.storageClassName",
    ],
    [
      "storage.k8s.io/v1:StorageClass",
      "standard-rwo",
      object("apps/v1:StatefulSet", "o", {
        volumeClaimTemplates: [{ spec: { storageClassName: "kata" } }],
      }),
      "spec.volumeClaimTemplates[0].spec.storageClassName",
    ],
    [
      "storage.k8s.io/v1:StorageClass",
      "gp2",
      broken(
        deployment(),
        [...POD, "volumes"],
        [
          {
            name: "scratch",
            ephemeral: { volumeClaimTemplate: { spec: { storageClassName: "kata" } } },
          },
        ],
      ),
      "spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName",
    ],
    [
      "storage.k8s.io/v1:StorageClass",
      "gp2",
      object("kafka.strimzi.io/v1:KafkaNodePool", "o", {
        storage: { volumes: [{ class: "kata" }] },
      }),
      "spec.storage.volumes[0].class",
    ],
    [
      "storage.k8s.io/v1:StorageClass",
      "gp2",
      object("postgresql.cnpg.io/v1:Cluster", "o", { walStorage: { storageClass: "kata" } }),
      "spec.walStorage.storageClass",
    ],
    [
      "storage.k8s.io/v1:StorageClass",
      "gp2",
      release({ prometheus: { storage: [{ storageClassName: "kata" }] } }),
      "values.prometheus.storage[0].storageClassName",
    ],
    [
      "scheduling.k8s.io/v1:PriorityClass",
      "system-node-critical",
      release({ global: { priorityClassName: "kata" } }),
      "values.global.priorityClassName",
    ],
  ])("checks a %s", async (type, builtIn, fixture, path) => {
    const other = made(type, "other");
    const kind = type.slice(type.indexOf(":") + 1);
    expect(await reported(fixture, made(type, "kata"))).toEqual([]);
    expect(await reported(fixture, other)).toEqual([
      expect.stringMatching(
        new RegExp(
          `: ${path.replace(/[[\]]/g, ".")} is "kata"; the cluster has no such ${kind}: correct the name, or create it.$`,
        ),
      ),
    ]);
    const known = JSON.parse(JSON.stringify(fixture).replace("kata", builtIn)) as Fixture;
    expect(await reported(known, other)).toEqual([]);
  });

  it("does not report what others may have created, unless configured", async () => {
    const fixture = [ranked("fist"), first];
    const foreign = { configuration: { "class-reference": { foreign: true } } };
    expect(await messages("class-reference", fixture)).toEqual([]);
    expect(await messages("class-reference", fixture, foreign)).toHaveLength(1);
  });

  it.each([
    "standard",
    "standard-rwx",
    "premium-rwo",
    "zonal-rwx",
    "enterprise-multishare-rwx",
    "gp2",
    "do-block-storage",
    "do-block-storage-xfs-retain",
  ])("knows the storage class %s", async (name) => {
    const claim = (of: string): Fixture =>
      object("core/v1:PersistentVolumeClaim", "o", { storageClassName: of });
    const fast = made("storage.k8s.io/v1:StorageClass", "fast");
    expect(await reported(claim(name), fast)).toEqual([]);
    expect(await reported(claim(`${name}x`), fast)).toHaveLength(1);
    expect(await reported(claim(`x${name}`), fast)).toHaveLength(1);
  });

  it("reports a slip of a cloud's own class in a cluster that the stack creates", async () => {
    const claim = (storageClassName: unknown): Fixture =>
      object("core/v1:PersistentVolumeClaim", "o", { storageClassName });
    const cluster = (type: string): Fixture => ({ type, name: "c", props: {} });
    const ocean = cluster("digitalocean:index/kubernetesCluster:KubernetesCluster");
    expect(await reported(claim("do-block-storag"), ocean)).toEqual([
      'PersistentVolumeClaim "shop/o": spec.storageClassName is "do-block-storag"; the cloud has no such StorageClass: did you mean "do-block-storage".',
    ]);
    const google = cluster("gcp:container/cluster:Cluster");
    expect(await reported(claim("standard-rwp"), google)).toHaveLength(1);
    for (const name of ["do-block-storage-xfs", "fast", "", undefined, UNKNOWN])
      expect(await reported(claim(name), ocean)).toEqual([]);
    expect(await reported(claim("do-block-storag"))).toEqual([]);
    expect(await reported(claim("gp22"), cluster("aws:eks/cluster:Cluster"))).toEqual([]);
  });

  it("treats an empty storage class as none", async () => {
    const claim = object("core/v1:PersistentVolumeClaim", "o", { storageClassName: "" });
    expect(await reported(claim, made("storage.k8s.io/v1:StorageClass", "fast"))).toEqual([]);
  });
});

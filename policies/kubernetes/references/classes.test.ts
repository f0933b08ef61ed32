import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { broken, deployment } from "../../testing/fixtures";
import { messages, type Fixture } from "../../testing";
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

  it("treats an empty storage class as none", async () => {
    const claim = object("core/v1:PersistentVolumeClaim", "o", { storageClassName: "" });
    expect(await reported(claim, made("storage.k8s.io/v1:StorageClass", "fast"))).toEqual([]);
  });
});

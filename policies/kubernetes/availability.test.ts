import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { configurePack } from "../configuration";
import { evaluateManifests } from "../manifests/evaluate";
import { manifestOf } from "../manifests/resource";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { PROD, UNKNOWN, messages, type Fixture, type Setting } from "../testing";
import type { Key } from "../values";

const WHO = 'Deployment "shop/orders"';
const REPLICAS: readonly Key[] = ["spec", "replicas"];
const replicas = (count: unknown): Fixture => broken(deployment(), REPLICAS, count);

const hpa = (spec: object = {}): Fixture => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  name: "hpa",
  props: {
    metadata: { name: "orders-hpa", namespace: "shop" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "orders" }, maxReplicas: 9, ...spec },
  },
});

const scaledObject = (spec: object = {}): Fixture => ({
  type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
  name: "keda",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: { scaleTargetRef: { name: "orders" }, ...spec },
  },
});

describe("workload-replicated", () => {
  const reported = (fixture: readonly Fixture[], setting?: Setting): Promise<readonly string[]> =>
    messages("workload-replicated", fixture, setting);
  const expected = "production needs at least 2 replicas.";

  it("accepts two replicas, and zero", async () => {
    expect(await reported([replicas(2)])).toEqual([]);
    expect(await reported([replicas(0)])).toEqual([]);
  });

  it("refuses one replica, explicit or by default", async () => {
    expect(await reported([replicas(1)])).toEqual([`${WHO}: spec.replicas is 1; ${expected}`]);
    expect(await reported([replicas(undefined)])).toEqual([
      `${WHO}: spec.replicas is missing; ${expected}`,
    ]);
  });

  it("judges a DeploymentConfig, which has no replica by default", async () => {
    const config = (count: unknown): Fixture => ({
      ...replicas(count),
      type: "kubernetes:apps.openshift.io/v1:DeploymentConfig",
    });
    expect(await reported([config(1)])).toEqual([
      `DeploymentConfig "shop/orders": spec.replicas is 1; ${expected}`,
    ]);
    expect(await reported([config(undefined)])).toEqual([]);
  });

  it("counts an unknown number of replicas", async () => {
    expect(await reported([replicas(UNKNOWN)])).toEqual([]);
    expect(await reported([replicas(1), hpa({ minReplicas: UNKNOWN })])).toEqual([]);
  });

  it("uses the autoscaler's minimum if there is one", async () => {
    expect(await reported([replicas(undefined), hpa({ minReplicas: 2 })])).toEqual([]);
    expect(await reported([replicas(5), hpa()])).toEqual([
      `${WHO}, scaled by HorizontalPodAutoscaler "shop/orders-hpa": spec.minReplicas is missing; ${expected}`,
    ]);
    expect(await reported([replicas(5), scaledObject({ minReplicaCount: 1 })])).toEqual([
      `${WHO}, scaled by ScaledObject "shop/orders": spec.minReplicaCount is 1; ${expected}`,
    ]);
    expect(await reported([replicas(1), scaledObject({ minReplicaCount: 3 })])).toEqual([]);
  });

  it("judges the least of an autoscaler whose workload is elsewhere", async () => {
    const target = { scaleTargetRef: { kind: "Deployment", name: "other" } };
    const said = `HorizontalPodAutoscaler "shop/orders-hpa": spec.minReplicas is missing; ${expected}`;
    expect(await reported([hpa(target)])).toEqual([said]);
    expect(await reported([hpa({ ...target, minReplicas: 2 })])).toEqual([]);
    expect(await reported([hpa({ ...target, minReplicas: UNKNOWN })])).toEqual([]);
    const custom = { scaleTargetRef: { kind: "Cluster", name: "other" } };
    expect(await reported([hpa(custom)])).toEqual([]);
  });

  it("does not use another namespace's autoscaler", async () => {
    const other = broken(hpa({ minReplicas: 2 }), ["metadata", "namespace"], "stock");
    expect(await reported([replicas(1), other])).toEqual([
      `${WHO}: spec.replicas is 1; ${expected}`,
    ]);
  });

  it("does not apply to a Deployment whose pods may not run side by side", async () => {
    const exporter = (strategy: unknown): Fixture =>
      broken(replicas(1), ["spec", "strategy"], { type: strategy });
    expect(await reported([exporter("Recreate")])).toEqual([]);
    expect(await reported([exporter(UNKNOWN)])).toEqual([]);
    expect(await reported([exporter("RollingUpdate")])).toEqual([
      `${WHO}: spec.replicas is 1; ${expected}`,
    ]);
  });

  it("requires two of a StatefulSet, which has no such strategy", async () => {
    const fixture: Fixture = { ...replicas(1), type: "kubernetes:apps/v1:StatefulSet" };
    expect(
      await reported([broken(fixture, ["spec", "updateStrategy"], { type: "OnDelete" })]),
    ).toEqual([`StatefulSet "shop/orders": spec.replicas is 1; ${expected}`]);
  });

  it("knows that an autoscaler with unknown values may scale it", async () => {
    const says = [`${WHO}: spec.replicas is 1; ${expected}`];
    const target: readonly Key[] = ["spec", "scaleTargetRef"];
    const many = hpa({ minReplicas: 4 });
    const open: readonly (readonly Key[])[] = [
      ["metadata", "namespace"],
      ["metadata"],
      [...target, "kind"],
      [...target, "name"],
      target,
      ["spec"],
    ];
    for (const at of open)
      expect(await reported([replicas(1), broken(many, at, UNKNOWN)])).toEqual([]);
    expect(
      await reported([replicas(1), broken(scaledObject(), [...target, "name"], UNKNOWN)]),
    ).toEqual([]);
    // It belongs to another workload, whatever the unknown turns out to be.
    const elsewhere = broken(broken(many, [...target, "name"], UNKNOWN), ["metadata"], {
      namespace: "stock",
    });
    const others = broken(broken(many, ["metadata", "namespace"], UNKNOWN), target, {
      kind: "Deployment",
      name: "cart",
    });
    const ofSet = broken(broken(many, ["metadata", "namespace"], UNKNOWN), target, {
      kind: "StatefulSet",
      name: "orders",
    });
    const noKind = broken(broken(many, ["metadata", "namespace"], UNKNOWN), target, {
      name: "orders",
    });
    expect(await reported([replicas(1), elsewhere, others, ofSet])).toEqual(says);
    expect(await reported([replicas(1), noKind])).toEqual([]);
    expect(await reported([replicas(1), broken(many, [...target, "name"])])).toEqual(says);
    // A known autoscaler counts, whatever others may do.
    expect(
      await reported([replicas(5), hpa({ minReplicas: 1 }), { ...elsewhere, name: "b" }]),
    ).toHaveLength(1);
  });

  it("counts a workload of unknown name or namespace if something may scale it", async () => {
    for (const key of ["name", "namespace"]) {
      const unknown = broken(replicas(1), ["metadata", key], UNKNOWN);
      expect(await reported([unknown, hpa({ minReplicas: 4 })])).toEqual([]);
      expect(await reported([unknown])).toHaveLength(1);
    }
    // Nothing can target an auto-generated name.
    expect(await reported([broken(replicas(1), ["metadata", "name"]), hpa()])).toHaveLength(1);
  });
});

describe("workload-replicated, in manifests", () => {
  const places = (...fixture: readonly Fixture[]): unknown => {
    const policies = [policyNamed("workload-replicated")];
    const manifests = fixture.flatMap(({ type, props }, index) => {
      const [, apiVersion = "", kind = ""] = type.split(":");
      return manifestOf(`${index}.yaml`, { apiVersion, kind, ...props }) ?? [];
    });
    const configured = configurePack(policies, PROD, {});
    return evaluateManifests(policies, manifests, { policyContext: PROD, configured }).found.map(
      ({ manifest, at }) => [manifest?.file, at],
    );
  };

  it("reports the path of the number, if it is in the workload", () => {
    expect(places(replicas(1))).toEqual([["0.yaml", REPLICAS]]);
    expect(places(replicas(2), hpa({ minReplicas: 1 }))).toEqual([["0.yaml", []]]);
  });
});

describe("workload-replicated, configured", () => {
  it("knows the default minimum of an autoscaler", async () => {
    const one = { configuration: { "workload-replicated": { least: 1 } } };
    expect(await messages("workload-replicated", [replicas(2), hpa()], one)).toEqual([]);
    expect(await messages("workload-replicated", [replicas(2), scaledObject()], one)).toHaveLength(
      1,
    );
  });

  it("requires the configured number", async () => {
    const three = { configuration: { "workload-replicated": { least: 3 } } };
    expect(await messages("workload-replicated", [replicas(3)], three)).toEqual([]);
    expect(await messages("workload-replicated", [replicas(2)], three)).toEqual([
      `${WHO}: spec.replicas is 2; production needs at least 3 replicas.`,
    ]);
  });
});

const ranked = { configuration: { "workload-priority-class": { required: true } } };
const RANK: readonly Key[] = ["spec", "template", "spec", "priorityClassName"];
const unranked = (shown: string): string =>
  `${WHO}: spec.template.spec.priorityClassName is ${shown}; set it to the name of a PriorityClass.`;

testPolicy("workload-priority-class", {
  happy: () => broken(deployment(), RANK, "first"),
  setting: ranked,
  broken: [
    { at: RANK, says: unranked("missing") },
    { at: RANK, to: "", says: unranked('""') },
    { at: RANK, to: UNKNOWN, says: [] },
    { at: RANK, setting: { configuration: {} }, says: [] },
  ],
  unknown: [],
});

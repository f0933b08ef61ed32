import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { UNKNOWN, messages, type Given, type Setting } from "../testing";
import type { Key } from "../values";

const WHO = 'Deployment "shop/orders"';
const REPLICAS: readonly Key[] = ["spec", "replicas"];
const replicas = (count: unknown): Given => broken(deployment(), REPLICAS, count);

const hpa = (spec: object = {}): Given => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  name: "hpa",
  props: {
    metadata: { name: "orders-hpa", namespace: "shop" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "orders" }, maxReplicas: 9, ...spec },
  },
});

const scaledObject = (spec: object = {}): Given => ({
  type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
  name: "keda",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: { scaleTargetRef: { name: "orders" }, ...spec },
  },
});

describe("workload-replicated", () => {
  const said = (given: readonly Given[], setting?: Setting): Promise<readonly string[]> =>
    messages("workload-replicated", given, setting);
  const wanted = "production needs at least 2 replicas.";

  it("accepts two replicas, and none at all", async () => {
    expect(await said([replicas(2)])).toEqual([]);
    expect(await said([replicas(0)])).toEqual([]);
  });

  it("refuses one replica, written or by default", async () => {
    expect(await said([replicas(1)])).toEqual([`${WHO}: spec.replicas is 1; ${wanted}`]);
    expect(await said([replicas(undefined)])).toEqual([
      `${WHO}: spec.replicas is missing; ${wanted}`,
    ]);
  });

  it("leaves an unknown count open", async () => {
    expect(await said([replicas(UNKNOWN)])).toEqual([]);
    expect(await said([replicas(1), hpa({ minReplicas: UNKNOWN })])).toEqual([]);
  });

  it("asks the autoscaler where there is one", async () => {
    expect(await said([replicas(undefined), hpa({ minReplicas: 2 })])).toEqual([]);
    expect(await said([replicas(5), hpa()])).toEqual([
      `${WHO}, scaled by HorizontalPodAutoscaler "shop/orders-hpa": spec.minReplicas is missing; ${wanted}`,
    ]);
    expect(await said([replicas(5), scaledObject({ minReplicaCount: 1 })])).toEqual([
      `${WHO}, scaled by ScaledObject "shop/orders": spec.minReplicaCount is 1; ${wanted}`,
    ]);
    expect(await said([replicas(1), scaledObject({ minReplicaCount: 3 })])).toEqual([]);
  });

  it("does not take another namespace's autoscaler for its own", async () => {
    const other = broken(hpa({ minReplicas: 2 }), ["metadata", "namespace"], "stock");
    expect(await said([replicas(1), other])).toEqual([`${WHO}: spec.replicas is 1; ${wanted}`]);
  });

  it("leaves a Deployment alone whose pods may not run side by side", async () => {
    const exporter = (strategy: unknown): Given =>
      broken(replicas(1), ["spec", "strategy"], { type: strategy });
    expect(await said([exporter("Recreate")])).toEqual([]);
    expect(await said([exporter(UNKNOWN)])).toEqual([]);
    expect(await said([exporter("RollingUpdate")])).toEqual([
      `${WHO}: spec.replicas is 1; ${wanted}`,
    ]);
  });

  it("asks two of a StatefulSet, which has no such strategy", async () => {
    const given: Given = { ...replicas(1), type: "kubernetes:apps/v1:StatefulSet" };
    expect(await said([broken(given, ["spec", "updateStrategy"], { type: "OnDelete" })])).toEqual([
      `StatefulSet "shop/orders": spec.replicas is 1; ${wanted}`,
    ]);
  });

  it("holds wherever people may be served, and not in staging", async () => {
    const inEnvironment = (environment: "dr" | "staging"): Promise<readonly string[]> =>
      said([replicas(1)], { surroundings: { environment } });
    expect(await inEnvironment("dr")).toEqual([`${WHO}: spec.replicas is 1; ${wanted}`]);
    expect(await inEnvironment("staging")).toEqual([]);
  });
});

describe("workload-replicated, configured", () => {
  it("asks for as many as are configured", async () => {
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
  `${WHO}: spec.template.spec.priorityClassName is ${shown}; write the name of a PriorityClass.`;

testPolicy("workload-priority-class", {
  happy: () => broken(deployment(), RANK, "first"),
  setting: ranked,
  broken: [
    { at: RANK, says: unranked("missing") },
    { at: RANK, to: "", says: unranked('""') },
    { at: RANK, to: UNKNOWN, says: [] },
    { at: RANK, setting: { configuration: {} }, says: [] },
  ],
  undecided: [],
});

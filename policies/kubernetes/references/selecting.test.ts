import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { BROKEN } from "../../context";
import { testPolicy } from "../../testing/cases";
import { LABELS, broken, deployment } from "../../testing/fixtures";
import { UNKNOWN, UNKNOWN_OBJECT, messages, type Fixture } from "../../testing";
import type { Key } from "../../values";

const object = (type: string, name: string, spec: object = {}, namespace = "shop"): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace }, spec },
});
const service = (spec: object = {}): Fixture =>
  object("core/v1:Service", "orders", {
    selector: LABELS,
    ports: [{ port: 83 }],
    ...spec,
  } satisfies k8s.types.input.core.v1.ServiceSpec);
const POD_LABELS: readonly Key[] = ["spec", "template", "metadata", "labels"];
const SELECTOR: readonly Key[] = ["spec", "selector"];
const nobody = (who: string, shown: string): string =>
  `${who}: spec.selector is ${shown}; it selects no pods of namespace "shop": use labels of their pod template.`;

testPolicy("service-selects-pods", {
  happy: () => [service(), deployment()],
  broken: [
    {
      at: SELECTOR,
      to: { app: "orders" },
      says: nobody('Service "shop/orders"', '{"app":"orders"}'),
    },
    {
      at: SELECTOR,
      to: { ...LABELS, tier: "web" },
      says: nobody('Service "shop/orders"', '{"app.kubernetes.io/name":"orders","tier":"web"}'),
    },
    { at: SELECTOR, says: [] },
    { at: ["spec"], to: { type: "ExternalName", selector: { app: "x" } }, says: [] },
    { at: SELECTOR, to: {}, says: nobody('Service "shop/orders"', "{}") },
    {
      of: 1,
      at: ["metadata", "namespace"],
      to: "stock",
      says: nobody('Service "shop/orders"', '{"app.kubernetes.io/name":"orders"}'),
    },
  ],
  unknown: [
    SELECTOR,
    [...SELECTOR, "app.kubernetes.io/name"],
    ["metadata", "namespace"],
    [1, ...POD_LABELS],
    [1, ...POD_LABELS, "app.kubernetes.io/name"],
  ],
});

describe("service-selects-pods", () => {
  const lost = service({ selector: { app: "x" } });
  const reported = (...others: readonly Fixture[]): Promise<readonly string[]> =>
    messages("service-selects-pods", [lost, ...others]);

  it("knows the pods of a DeploymentConfig by its template", async () => {
    const config = (labels: object): Fixture =>
      object("apps.openshift.io/v1:DeploymentConfig", "orders", {
        template: { metadata: { labels }, spec: { containers: [] } },
      });
    const other = nobody('Service "shop/orders"', '{"app":"x"}');
    expect(await reported(config({ app: "x" }))).toEqual([]);
    expect(await reported(config({ app: "y" }))).toEqual([other]);
  });

  const open = async (...others: readonly Fixture[]): Promise<readonly string[]> =>
    messages(["service-selects-pods", "undecided"], [lost, ...others]);

  it("judges a selector next to an operator's pods, which have labels of their own", async () => {
    for (const runner of [
      object("kafka.strimzi.io/v1:Kafka", "k"),
      object("postgresql.cnpg.io/v1:Cluster", "c"),
      object("postgresql.cnpg.io/v1:Pooler", "p"),
      object("networking.istio.io/v1:VirtualService", "v"),
      object("kafka.strimzi.io/v1:KafkaTopic", "t"),
    ])
      expect(await open(runner)).toHaveLength(1);
  });

  it("leaves a selector open next to an operator's pods with labels that are not all known", async () => {
    for (const [runner, shown] of [
      [object("tekton.dev/v1:PipelineRun", "r"), 'PipelineRun "shop/r"'],
      [object("kubevirt.io/v1:VirtualMachine", "m"), 'VirtualMachine "shop/m"'],
      [object("gateway.networking.k8s.io/v1:Gateway", "g"), 'Gateway "shop/g"'],
      [object("serving.knative.dev/v1:Revision", "k"), 'Revision "shop/k"'],
    ] as const)
      expect(await open(runner)).toEqual([expect.stringContaining(`not judged, because ${shown}`)]);
    // The class says whose proxies it has.
    const gatewayClass = object("gateway.networking.k8s.io/v1:GatewayClass", "eg", {
      controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
    });
    const gateway = object("gateway.networking.k8s.io/v1:Gateway", "g", { gatewayClassName: "eg" });
    expect(await open(gateway, gatewayClass)).toEqual([
      nobody('Service "shop/orders"', '{"app":"x"}'),
    ]);
  });

  it("knows labels of templates, wherever an operator's object has them", async () => {
    const labels = { app: "x" };
    for (const runner of [
      object("kubevirt.io/v1:VirtualMachine", "m", { template: { metadata: { labels } } }),
      object("monitoring.coreos.com/v1:Prometheus", "p", { podMetadata: { labels } }),
      object("batch.volcano.sh/v1alpha1:Job", "v", {
        tasks: [{ template: { metadata: { labels } } }],
      }),
      object("zookeeper.pravega.io/v1beta1:ZookeeperCluster", "z", { pod: { labels } }),
    ])
      expect(await open(runner)).toEqual([]);
  });

  it("knows the labels of an operator's pods", async () => {
    const to = (selector: object, ...others: readonly Fixture[]): Promise<readonly string[]> =>
      messages(
        ["service-selects-pods", "undecided"],
        [service({ selector }), deployment(), ...others],
      );
    const kafka = object("kafka.strimzi.io/v1:Kafka", "k");
    expect(await to({ "strimzi.io/cluster": "k" }, kafka)).toEqual([]);
    expect(await to({ "strimzi.io/cluster": "k", "strimzi.io/kind": "Kafka" }, kafka)).toEqual([]);
    expect(await to({ "strimzi.io/cluster": "q" }, kafka)).toHaveLength(1);
    expect(await to({ "cnpg.io/cluster": "k" }, kafka)).toHaveLength(1);
    const far = broken(kafka, ["metadata", "namespace"], "stock");
    expect(await to({ "strimzi.io/cluster": "k" }, far)).toHaveLength(1);
    const gateway = object("gateway.networking.k8s.io/v1:Gateway", "g", {}, "edge");
    const proxy = { "gateway.envoyproxy.io/owning-gateway-name": "g" };
    expect(await to(proxy, gateway)).toEqual([]);
  });

  it("leaves a selector open next to what may run any pods, and says what that is", async () => {
    const site = object("example.com/v1:Site", "s");
    const release = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "r",
      props: { namespace: "shop" },
    };
    const because = (cause: string): readonly string[] => [
      `1 reference is not judged, because ${cause} may create what is missing: service-selects-pods (1).`,
    ];
    expect(await open(site)).toEqual(because('Site "shop/s" (example.com/v1)'));
    expect(await open(release)).toEqual(because('Release "r" (helm.sh/v3)'));
    expect(await open(broken(site, ["metadata", "namespace"], UNKNOWN))).toHaveLength(1);
    expect(await reported(site)).toEqual([]);
    expect(await reported(broken(site, ["metadata", "namespace"], "stock"))).toHaveLength(1);
    // The labels of a known chart's pods are known.
    expect(await reported({ ...release, props: { ...release.props, chart: "keda" } })).toHaveLength(
      1,
    );
  });

  it("checks all pods with the rarest label", async () => {
    const many = Array.from({ length: 5 }, (_, index) => ({
      ...broken(deployment(), POD_LABELS, { team: "a", app: `orders-${index}` }),
      name: `orders-${index}`,
    }));
    const to = (selector: object): Promise<readonly string[]> =>
      messages("service-selects-pods", [service({ selector }), ...many]);
    expect(await to({ team: "a", app: "orders-4" })).toEqual([]);
    expect(await to({ app: "orders-4", team: "a" })).toEqual([]);
    expect(await to({ app: "orders-5", team: "a" })).toHaveLength(1);
    expect(await to({ app: "orders-4", team: "b" })).toHaveLength(1);
  });

  it("counts Jobs and naked Pods too", async () => {
    const pod = object("core/v1:Pod", "x");
    expect(
      await reported({ ...pod, props: { metadata: { namespace: "shop", labels: { app: "x" } } } }),
    ).toEqual([]);
  });
});

const budget = (selector: unknown = { matchLabels: LABELS }): Fixture =>
  object("policy/v1:PodDisruptionBudget", "orders", { maxUnavailable: 1, selector });

testPolicy("pdb-selects-pods", {
  happy: () => [budget(), deployment()],
  broken: [
    {
      at: [...SELECTOR, "matchLabels"],
      to: { app: "orders" },
      says: nobody('PodDisruptionBudget "shop/orders"', '{"matchLabels":{"app":"orders"}}'),
    },
    { at: SELECTOR, to: {}, says: [] },
    { at: SELECTOR, says: [] },
  ],
  unknown: [SELECTOR, [...SELECTOR, "matchLabels", "app.kubernetes.io/name"], [1, ...POD_LABELS]],
});

const TARGET: readonly Key[] = ["spec", "scaleTargetRef"];
const hpa = (spec: object = {}): Fixture =>
  object("autoscaling/v2:HorizontalPodAutoscaler", "orders", {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" },
    ...spec,
  });
const scaled = (): Fixture =>
  object("keda.sh/v1alpha1:ScaledObject", "orders", {
    scaleTargetRef: { name: "orders" },
    triggers: [
      { type: "kafka", authenticationRef: { name: "lag" } },
      { type: "cpu" },
      { type: "kafka", authenticationRef: { name: "all", kind: "ClusterTriggerAuthentication" } },
    ],
  });
const no = (who: string, path: string, name: string, kind: string): string =>
  `${who} "shop/orders": ${path} is "${name}"; namespace "shop" has no such ${kind}: correct the name, or create it.`;

testPolicy("autoscaler-target", {
  happy: () => [
    hpa(),
    deployment(),
    scaled(),
    object("keda.sh/v1alpha1:TriggerAuthentication", "lag"),
  ],
  broken: [
    {
      at: [...TARGET, "name"],
      to: "order",
      says: no("HorizontalPodAutoscaler", "spec.scaleTargetRef.name", "order", "Deployment"),
    },
    {
      at: [...TARGET, "kind"],
      to: "StatefulSet",
      says: no("HorizontalPodAutoscaler", "spec.scaleTargetRef.name", "orders", "StatefulSet"),
    },
    {
      at: [...TARGET, "apiVersion"],
      to: "argoproj.io/v1alpha1",
      says: no("HorizontalPodAutoscaler", "spec.scaleTargetRef.name", "orders", "Deployment"),
    },
    {
      at: TARGET,
      to: { apiVersion: "v1", kind: "ReplicationController", name: "orders" },
      says: no(
        "HorizontalPodAutoscaler",
        "spec.scaleTargetRef.name",
        "orders",
        "ReplicationController",
      ),
    },
    {
      of: 2,
      at: ["spec", "triggers", 0, "authenticationRef", "name"],
      to: "log",
      says: no(
        "ScaledObject",
        "spec.triggers[0].authenticationRef.name",
        "log",
        "TriggerAuthentication",
      ),
    },
    { of: 2, at: ["spec", "triggers"], says: [] },
    {
      of: 2,
      at: [...TARGET, "name"],
      to: "order",
      says: no("ScaledObject", "spec.scaleTargetRef.name", "order", "Deployment"),
    },
  ],
  unknown: [
    [...TARGET, "name"],
    [...TARGET, "kind"],
    [...TARGET, "apiVersion"],
    [1, "metadata", "name"],
  ],
});

describe("autoscaler-target", () => {
  it("knows Deployments of operators, or leaves them open", async () => {
    const judged = (name: string, other: Fixture): Promise<readonly string[]> =>
      messages(
        ["autoscaler-target", "undecided"],
        [hpa({ scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name } }), other],
      );
    const kafka = object("kafka.strimzi.io/v1:Kafka", "k");
    expect(await judged("k-entity-operator", kafka)).toEqual([]);
    expect(await judged("k-entity", kafka)).toEqual([
      no("HorizontalPodAutoscaler", "spec.scaleTargetRef.name", "k-entity", "Deployment"),
    ]);
    const gateway = object("gateway.networking.k8s.io/v1:Gateway", "g");
    expect(await judged("g-istio", gateway)).toEqual([
      expect.stringContaining('not judged, because Gateway "shop/g"'),
    ]);
  });

  it("leaves custom kinds open of which there is none, because operators make them", async () => {
    const target = { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", name: "orders" };
    const scaler = hpa({ scaleTargetRef: target });
    expect(await messages("autoscaler-target", [scaler])).toEqual([]);
    const other = object("postgresql.cnpg.io/v1:Cluster", "carts");
    expect(await messages("autoscaler-target", [scaler, other])).toEqual([
      no("HorizontalPodAutoscaler", "spec.scaleTargetRef.name", "orders", "Cluster"),
    ]);
  });

  it("finds custom workloads by group, and applies to VerticalPodAutoscalers too", async () => {
    const target = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "orders" };
    const rollout = object("argoproj.io/v1alpha1:Rollout", "orders");
    expect(await messages("autoscaler-target", [hpa({ scaleTargetRef: target }), rollout])).toEqual(
      [],
    );
    const vpa = object("autoscaling.k8s.io/v1:VerticalPodAutoscaler", "orders", {
      targetRef: target,
    });
    expect(await messages("autoscaler-target", [vpa])).toEqual([
      no("VerticalPodAutoscaler", "spec.targetRef.name", "orders", "Rollout"),
    ]);
  });
});

const set = (): Fixture =>
  object("apps/v1:StatefulSet", "db", {
    serviceName: "db-members",
    selector: { matchLabels: LABELS },
    template: { metadata: { labels: LABELS } },
  });
const members = (): Fixture =>
  object("core/v1:Service", "db-members", { clusterIP: "None", selector: LABELS });
const NAME = 'StatefulSet "shop/db": spec.serviceName is';

testPolicy("statefulset-service", {
  happy: () => [set(), members()],
  broken: [
    {
      at: ["spec", "serviceName"],
      says: `${NAME} missing; its pods get no DNS names: set it to the name of a headless Service.`,
    },
    {
      at: ["spec", "serviceName"],
      to: "",
      says: `${NAME} ""; its pods get no DNS names: set it to the name of a headless Service.`,
    },
    {
      at: ["spec", "serviceName"],
      to: "db",
      says: `${NAME} "db"; namespace "shop" has no such Service: correct the name, or create it.`,
    },
    {
      of: 1,
      at: ["spec", "clusterIP"],
      says: `${NAME} "db-members"; that Service has its own IP address, so pods get no DNS names: use one with clusterIP "None".`,
    },
    {
      of: 1,
      at: ["spec", "selector"],
      to: { app: "other" },
      says: `${NAME} "db-members"; that Service selects other pods, so these get no DNS names: give it labels of their template.`,
    },
    { of: 1, at: ["spec", "selector"], says: [] },
  ],
  unknown: [
    ["spec", "serviceName"],
    ["spec", "template", "metadata", "labels"],
    [1, "spec", "selector"],
    [1, "spec", "clusterIP"],
    [1, "metadata", "name"],
  ],
});

describe("selectors", () => {
  it("do not throw for malformed values", async () => {
    const odd = [
      service({ selector: 7 }),
      budget("x"),
      hpa({ scaleTargetRef: [] }),
      broken(set(), ["spec"], 9),
    ];
    for (const policy of [
      "service-selects-pods",
      "pdb-selects-pods",
      "autoscaler-target",
      "statefulset-service",
    ]) {
      for (const fixture of [...odd, broken(service(), ["spec"], UNKNOWN_OBJECT)]) {
        expect((await messages(policy, [fixture])).join()).not.toContain(BROKEN);
      }
    }
  });
});

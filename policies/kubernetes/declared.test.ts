import { describe, expect, it } from "vitest";
import type { StackResource } from "../policy";
import { stackFrom } from "../context";
import { Value, type Marks } from "../values";
import { Declared, type Selection } from "./declared";

const UNKNOWN = Symbol("unknown");
const marks: Marks = {
  isUnknown: (raw) => raw === UNKNOWN,
  isSecret: () => false,
  holdsSecret: () => false,
};

const resource = (type: string, name: string, props: object, provider?: string): StackResource => ({
  urn: name,
  name,
  type: `kubernetes:${type}`,
  protect: false,
  props: Value.marked(props, marks),
  dependencies: [],
  propertyDependencies: {},
  ...(provider === undefined ? {} : { provider }),
});
const pod = (name: string, labels: unknown, namespace: unknown = "shop"): StackResource =>
  resource("core/v1:Pod", name, { metadata: { name, namespace, labels } });
const selector = (matchLabels: unknown): Value => Value.marked({ matchLabels }, marks);
const from = pod("from", {}, "elsewhere");

const names = ({ selected, open }: Selection): readonly string[] => [
  ...selected.map(({ name }) => name),
  ...open.map(({ name }) => `${name}?`),
];

describe("Declared", () => {
  const pods = new Declared(
    stackFrom([
      pod("a", { app: "a", tier: "web" }),
      pod("b", { app: "b", tier: "web" }),
      pod("vague", { app: "a", tier: UNKNOWN }),
      pod("dark", UNKNOWN),
      pod("far", { app: "a", tier: "web" }, "stock"),
      pod("lost", { app: "a", tier: "web" }, UNKNOWN),
      { ...pod("other", { app: "a", tier: "web" }), provider: "second" },
    ]),
  );
  const select = (labels: unknown, namespace: string | undefined = "shop"): readonly string[] =>
    names(pods.select(from, namespace, selector(labels)));

  it("selects by labels in a namespace, and counts unknowns", () => {
    expect(select({ app: "a" })).toEqual(["a", "vague", "dark?", "lost?"]);
    expect(select({ app: "a", tier: "web" })).toEqual(["a", "vague?", "dark?", "lost?"]);
    expect(select({ tier: "web", app: "b" })).toEqual(["b", "dark?"]);
    expect(select({ app: "c" })).toEqual(["dark?"]);
    expect(select({})).toEqual(["a", "b", "vague", "dark", "lost?"]);
    expect(select({ app: UNKNOWN, tier: "web" })).toEqual(["a?", "b?", "vague?", "dark?", "lost?"]);
    expect(select({ app: "a" }, "nowhere")).toEqual(["lost?"]);
  });

  it("may select from any namespace while that is unknown", () => {
    const all = names(pods.select(from, undefined, selector({ tier: "web" })));
    expect([...all].sort()).toEqual(["a?", "b?", "dark?", "far?", "lost?", "vague?"]);
    const plain = Value.marked({ app: "b" }, marks);
    expect(names(pods.selectByLabels(from, undefined, plain))).toEqual(["b?", "dark?"]);
    expect(names(pods.selectByLabels(from, "shop", plain))).toEqual(["b", "dark?"]);
  });

  it("knows which namespaces have objects", () => {
    expect(["shop", "stock", "nowhere"].map((name) => pods.has(from, name))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each<[string, object, boolean, boolean]>([
    ["apps/v1:Deployment", { metadata: { namespace: "shop" } }, false, false],
    ["cert-manager.io/v1:Certificate", { metadata: { namespace: "shop" } }, false, false],
    ["keda.sh/v1alpha1:ScaledObject", { metadata: { namespace: "shop" } }, false, false],
    ["kafka.strimzi.io/v1:KafkaNodePool", { metadata: { namespace: "shop" } }, false, false],
    ["gateway.networking.k8s.io/v1:Gateway", { metadata: {} }, false, false],
    ["example.com/v1:Site", { metadata: { namespace: "shop" } }, true, false],
    ["example.com/v1:Site", { metadata: { namespace: UNKNOWN } }, true, true],
    ["example.com/v1:ClusterSite", { metadata: {} }, true, true],
    ["helm.sh/v3:Release", { namespace: "shop" }, true, false],
    ["helm.sh/v3:Release", { namespace: "shop", chart: "charts/keda" }, false, false],
    ["helm.sh/v3:Release", { namespace: UNKNOWN }, true, true],
    ["helm.sh/v3:Release", {}, false, false],
    ["helm.sh/v4:Chart", { namespace: "stock", metadata: { namespace: "shop" } }, false, true],
    [
      "argoproj.io/v1alpha1:Application",
      { metadata: { namespace: "argocd" }, spec: { destination: { namespace: "shop" } } },
      true,
      false,
    ],
  ])("knows whether a %s %j may run any pods", (type, props, inShop, inStock) => {
    const declared = new Declared(stackFrom([resource(type, "r", props)]));
    expect(["shop", "stock"].map((name) => declared.causeIn(from, name) !== undefined)).toEqual([
      inShop,
      inStock,
    ]);
  });

  it("does not know the pods of cert-manager's challenges", () => {
    const none = new Declared(stackFrom([]));
    const isOfOperator = (key: string): boolean =>
      none.hidden(from, "shop", selector({ app: "a", [key]: "true" })).isOfOperator;
    expect(isOfOperator("acme.cert-manager.io/http01-solver")).toBe(true);
    expect(isOfOperator("example.com/acme.cert-manager.io")).toBe(false);
  });
});

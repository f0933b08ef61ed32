import { expect, it } from "vitest";
import type { StackResource } from "../policy";
import { Value } from "../values";
import { injectedPorts, isAdded, podLabelsOf } from "./added-labels";
import { selects, type Match } from "./selectors";

const workload = (type: string, name?: string): StackResource => ({
  urn: "w",
  name: "w",
  type: `kubernetes:${type}`,
  protect: false,
  props: Value.plain({
    metadata: { name, namespace: "shop" },
    spec: { template: { metadata: { labels: { app: "a" } } } },
  }),
  dependencies: [],
  propertyDependencies: {},
});

it.each<[string, string, string, boolean]>([
  ["apps/v1:StatefulSet", "statefulset.kubernetes.io/pod-name", "redis-0", true],
  ["apps/v1:StatefulSet", "statefulset.kubernetes.io/pod-name", "redis-12", true],
  ["apps/v1:StatefulSet", "statefulset.kubernetes.io/pod-name", "redis", false],
  ["apps/v1:StatefulSet", "statefulset.kubernetes.io/pod-name", "reddis-0", false],
  ["apps/v1:StatefulSet", "apps.kubernetes.io/pod-index", "0", true],
  ["apps/v1:StatefulSet", "apps.kubernetes.io/pod-index", "first", false],
  ["apps/v1:StatefulSet", "job-name", "redis", false],
  ["batch/v1:Job", "batch.kubernetes.io/job-name", "redis", true],
  ["batch/v1:Job", "job-name", "other", false],
  ["batch/v1:CronJob", "job-name", "redis-29384750", true],
  ["batch/v1:CronJob", "job-name", "redis", false],
  ["apps/v1:Deployment", "pod-template-hash", "5d4f8c7b9", true],
  ["apps/v1:DaemonSet", "controller-revision-hash", "5d4f8c7b9", true],
])("%s adds %s %s: %s", (type, key, value, isRight) => {
  const labels = podLabelsOf(workload(type, "redis"));
  expect(isAdded(key)).toBe(true);
  expect(labels.adds?.(key, value)).toBe(isRight);
  const match = (selector: object): Match => selects(Value.plain(selector), labels);
  const expected = isRight ? "yes" : "no";
  expect(match({ matchLabels: { [key]: value } })).toBe(expected);
  const expression = (operator: string): object => ({
    matchExpressions: [{ key, operator, values: [value] }],
  });
  expect(match(expression("In"))).toBe(expected);
});

it("adds Dapr's sidecar where a pod asks for one", () => {
  const asking = (enabled: unknown): StackResource => ({
    ...workload("apps/v1:Deployment", "redis"),
    props: Value.plain({
      spec: { template: { metadata: { annotations: { "dapr.io/enabled": enabled } } } },
    }),
  });
  const has = (resource: StackResource): boolean =>
    podLabelsOf(resource).adds?.("dapr.io/sidecar-injected", "true") === true &&
    injectedPorts(resource)["dapr-metrics"] === 9090;
  expect([asking("true"), asking("false"), workload("apps/v1:Deployment")].map(has)).toEqual([
    true,
    false,
    false,
  ]);
});

it("follows the metrics port that a pod asks Dapr for", () => {
  const annotations = { "dapr.io/enabled": "true", "dapr.io/metrics-port": "9091" };
  const asking: StackResource = {
    ...workload("apps/v1:Deployment"),
    props: Value.plain({ spec: { template: { metadata: { annotations } } } }),
  };
  expect(injectedPorts(asking)["dapr-metrics"]).toBe(9091);
});

it("adds what a Rollout's strategy and a Knative revision give to pods", () => {
  const of = (type: string, spec: object): StackResource => ({
    ...workload(type),
    props: Value.plain({ metadata: { name: "web" }, spec }),
  });
  const strategy = {
    canary: {
      canaryMetadata: { labels: { role: "canary" } },
      stableMetadata: { labels: { role: "stable.1" } },
    },
  };
  const rollout = podLabelsOf(of("argoproj.io/v1alpha1:Rollout", { strategy }));
  expect(["canary", "stable.1", "stable-1"].map((value) => rollout.adds?.("role", value))).toEqual([
    true,
    true,
    false,
  ]);
  const service = (template: object): ((key: string, value: string) => boolean | undefined) => {
    const labels = podLabelsOf(of("serving.knative.dev/v1:Service", { template }));
    return (key, value) => labels.adds?.(key, value);
  };
  const revision = "serving.knative.dev/revision";
  expect(service({})(revision, "web-00001")).toBe(true);
  expect(service({})("app", "web-00001")).toBe(true);
  const named = service({ metadata: { name: "web-v2" } });
  expect([named(revision, "web-v2"), named(revision, "web-v3"), named("app", "web-v2")]).toEqual([
    true,
    false,
    true,
  ]);
});

it("keeps the template's own labels, and adds none that no controller adds", () => {
  const labels = podLabelsOf(workload("apps/v1:StatefulSet"));
  expect(labels.get("app").string).toBe("a");
  expect(labels.adds?.("app")).toBe(false);
  expect(isAdded("app")).toBe(false);
  // Its name is not known, so any member may be meant.
  expect(labels.adds?.("statefulset.kubernetes.io/pod-name", "any-0")).toBe(true);
});

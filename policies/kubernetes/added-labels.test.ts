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

it("keeps the template's own labels, and adds none that no controller adds", () => {
  const labels = podLabelsOf(workload("apps/v1:StatefulSet"));
  expect(labels.get("app").string).toBe("a");
  expect(labels.adds?.("app")).toBe(false);
  expect(isAdded("app")).toBe(false);
  // Its name is not known, so any member may be meant.
  expect(labels.adds?.("statefulset.kubernetes.io/pod-name", "any-0")).toBe(true);
});

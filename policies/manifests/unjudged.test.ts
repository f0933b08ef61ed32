import { expect, it } from "vitest";
import { manifestOf } from "./resource";
import { unjudgedPods } from "./unjudged";

const named = (
  kind: string,
  name: string,
  spec: unknown,
  apiVersion = "example.com/v1",
): object => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "shop" },
  spec,
});
const notes = (...objects: readonly object[]): readonly string[] =>
  unjudgedPods(objects.flatMap((object) => manifestOf("a.yaml", { ...object }) ?? [])).map(
    ({ message }) => message,
  );
const image = { image: "nginx" };

it.each<[string, unknown, string]>([
  ["Workflow", { templates: [{ container: image }] }, "spec.templates[0].container"],
  ["Task", { steps: [image] }, "spec.steps"],
  ["Site", { pod: { initContainers: [{ name: "x" }, image] } }, "spec.pod.initContainers"],
])("names a %s with containers", (kind, spec, at) => {
  expect(notes(named(kind, "x", spec))).toEqual([
    `${kind} shop/x (example.com/v1): containers in ${at} are not judged, because the policies about pods do not know this kind`,
  ]);
});

it("names no kind that is judged, that only describes pods, or that has none", () => {
  expect(
    notes(
      named("Deployment", "x", { template: { spec: { containers: [image] } } }, "apps/v1"),
      named("ScaledJob", "x", { jobTargetRef: { containers: [image] } }, "keda.sh/v1alpha1"),
      named("CustomResourceDefinition", "x", { steps: [image] }, "apiextensions.k8s.io/v1"),
      named("Site", "x", { containers: [{ name: "a" }], container: { image: 3 }, image: "nginx" }),
      named("Site", "x", { containers: "nginx", steps: null }),
    ),
  ).toEqual([]);
});

it("has one note for all objects of a kind", () => {
  const many = Array.from({ length: 12 }, (_, index) =>
    named("Task", `t${index}`, { steps: [image] }),
  );
  expect(notes(...many)).toEqual([
    `Task ${Array.from({ length: 10 }, (_, index) => `shop/t${index}`).join(", ")}, 2 more (example.com/v1): containers in spec.steps are not judged, because the policies about pods do not know this kind`,
  ]);
});

it("does not follow an endless nesting", () => {
  const spec = Array.from({ length: 50 }).reduce<object>((inner) => ({ inner }), {
    steps: [image],
  });
  expect(notes(named("Site", "x", spec))).toEqual([]);
});

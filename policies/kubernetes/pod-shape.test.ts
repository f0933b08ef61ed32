import { expect, it } from "vitest";
import { messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { container, deployment, podTemplate } from "../testing/fixtures";

const POLICY = "pod-containers-listed";
const SPEC = ["spec", "template", "spec"] as const;
const PATH = "spec.template.spec";
const LIST = "it must be a list: start each entry with a dash";
const CONTAINERS = "it must be a list of at least one container: start each with a dash";

const says = (path: string, shown: string, expected: string, part = ""): string =>
  `Deployment "shop/orders"${part}: ${PATH}${path} is ${shown}; ${expected}.`;

const custom = (kind: string, spec: unknown): Fixture => ({
  ...deployment(),
  type: `kubernetes:${kind}`,
  props: { ...deployment().props, spec },
});

/** In the engine's key order. */
const named = { image: "b", name: "a", securityContext: { privileged: true } };

testPolicy(POLICY, {
  happy: () => [
    deployment(),
    { ...deployment(), props: {} },
    custom("argoproj.io/v1alpha1:Rollout", { workloadRef: { name: "orders" } }),
    custom("core/v1:Service", { ports: [] }),
  ],
  broken: [
    {
      at: [...SPEC, "containers"],
      to: named,
      says: says(".containers", JSON.stringify(named), CONTAINERS),
    },
    { at: [...SPEC, "containers"], to: [], says: says(".containers", "[]", CONTAINERS) },
    { at: [...SPEC, "containers"], says: says(".containers", "missing", CONTAINERS) },
    { at: [...SPEC], says: says("", "missing", "set it to the pod spec") },
    {
      at: ["spec", "template"],
      to: [podTemplate()],
      says: says("", "missing", "set it to the pod spec"),
    },
    { at: [...SPEC], to: ["x"], says: says(".containers", "missing", CONTAINERS) },
    {
      at: [...SPEC, "containers", 0],
      to: "nginx",
      says: says(
        ".containers[0]",
        '"nginx"',
        "it must be a mapping with a name and an image",
        ', container "number 1"',
      ),
    },
    ...["initContainers", "ephemeralContainers", "volumes", "imagePullSecrets"].flatMap((key) => [
      { at: [...SPEC, key], to: { name: "x" }, says: says(`.${key}`, '{"name":"x"}', LIST) },
      { at: [...SPEC, key], to: [], says: [] },
      { at: [...SPEC, key], to: null, says: [] },
    ]),
    ...["env", "envFrom", "ports", "volumeMounts"].flatMap((key) => [
      {
        at: [...SPEC, "containers", 0, key],
        to: { name: "x" },
        says: says(`.containers[0].${key}`, '{"name":"x"}', LIST, ', container "api"'),
      },
      {
        at: [...SPEC, "initContainers", 0, key],
        to: "x",
        says: says(`.initContainers[0].${key}`, '"x"', LIST, ', init container "migrate"'),
      },
      { at: [...SPEC, "containers", 0, key], to: [{ name: "x" }], says: [] },
      { at: [...SPEC, "containers", 0, key], to: [], says: [] },
    ]),
    {
      of: 2,
      at: ["spec", "template"],
      to: [podTemplate()],
      says: 'Rollout "shop/orders": spec.template.spec is missing; set it to the pod spec.',
    },
    {
      of: 2,
      at: ["spec", "template"],
      to: { spec: { containers: named } },
      says: `Rollout "shop/orders": spec.template.spec.containers is ${JSON.stringify(named)}; ${CONTAINERS}.`,
    },
  ],
  unknown: [
    [...SPEC],
    ["spec"],
    [...SPEC, "containers"],
    [...SPEC, "containers", 0],
    [...SPEC, "volumes"],
    [...SPEC, "imagePullSecrets"],
    [...SPEC, "ephemeralContainers"],
    [...SPEC, "initContainers"],
    [...SPEC, "containers", 0, "env"],
  ],
});

it("checks pods and nested templates", async () => {
  const meta = { metadata: { name: "x" } };
  const fixture: readonly Fixture[] = [
    { type: "kubernetes:core/v1:Pod", name: "x", props: { ...meta, spec: { containers: named } } },
    {
      type: "kubernetes:batch/v1:CronJob",
      name: "x",
      // The Job's spec is missing.
      props: { ...meta, spec: { jobTemplate: { template: { spec: { containers: [named] } } } } },
    },
    {
      type: "kubernetes:core/v1:Pod",
      name: "y",
      props: { metadata: { name: "y" }, spec: { containers: [container("api")] } },
    },
  ];
  expect(await messages(POLICY, fixture)).toEqual([
    `Pod "x": spec.containers is ${JSON.stringify(named)}; ${CONTAINERS}.`,
    'CronJob "x": spec.jobTemplate.spec.template.spec is missing; set it to the pod spec.',
  ]);
});

import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { forManifests } from "../in-manifests";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const SPREAD: readonly Key[] = [...POD, "topologySpreadConstraints", 0, "labelSelector"];
const TERM: readonly Key[] = [
  ...[...POD, "affinity", "podAffinity"],
  ...["requiredDuringSchedulingIgnoredDuringExecution", 0],
];
const HOST = "kubernetes.io/hostname";
const GONE = { matchLabels: { app: "gone" } };
const SHOWN = '{"matchLabels":{"app":"gone"}}';
const cart = (namespace = "shop"): Fixture => ({
  type: "kubernetes:core/v1:Pod",
  name: "cart",
  props: { metadata: { name: "cart", namespace, labels: { app: "cart" } }, spec: {} },
});
const placed = (): Fixture =>
  broken(
    broken(
      deployment(),
      [...POD, "topologySpreadConstraints"],
      [{ topologyKey: HOST, labelSelector: { matchLabels: LABELS } }],
    ),
    [...POD, "affinity"],
    {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: HOST, labelSelector: { matchLabels: { app: "cart" } } },
        ],
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 1,
            podAffinityTerm: { topologyKey: HOST, labelSelector: { matchLabels: LABELS } },
          },
        ],
      },
    },
  );
const WHO = 'Deployment "shop/orders": spec.template.spec.';
const REQUIRED = "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]";
const nobody = (where: string, place = '"shop"'): string =>
  `${WHO}${where}.labelSelector is ${SHOWN}; it selects no pod of namespace ${place}: use the labels of one.`;

const OWN = Object.keys(LABELS)[0] ?? "";
const slipped = (value: string): object => ({ matchLabels: { ...LABELS, [OWN]: value } });
const APART: readonly Key[] = [
  ...[...POD, "affinity", "podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution", 0],
  "podAffinityTerm",
];

testPolicy("pod-spread-selects", {
  happy: () => [placed(), cart()],
  broken: [
    {
      at: SPREAD,
      to: GONE,
      says: `${WHO}topologySpreadConstraints[0].labelSelector is ${SHOWN}; it selects none of the workload's own pods, so nothing is spread.`,
    },
    {
      at: SPREAD,
      says: `${WHO}topologySpreadConstraints[0].labelSelector is missing; it selects none of the workload's own pods, so nothing is spread.`,
    },
    { at: SPREAD, to: {}, says: [] },
    {
      at: [...APART, "labelSelector"],
      to: slipped("order"),
      says: `${WHO}affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector is {"matchLabels":{"${OWN}":"order"}}; it selects no pod of namespace "shop": did you mean the workload's own labels.`,
    },
    {
      at: [...APART, "labelSelector"],
      to: { matchExpressions: [{ key: OWN, operator: "In", values: ["order"] }] },
      says: [expect.stringContaining("the workload's own labels")],
    },
    // What differs on purpose, or is nothing alike.
    { at: [...APART, "labelSelector"], to: slipped("orders-2"), says: [] },
    { at: [...APART, "labelSelector"], to: slipped("orders2"), says: [] },
    { at: [...APART, "labelSelector"], to: GONE, says: [] },
    {
      at: [...APART, "labelSelector"],
      to: { matchExpressions: [{ key: "app", operator: "Exists" }] },
      says: [],
    },
    { at: [...APART, "namespaces"], to: ["stock"], says: [] },
    { at: [...TERM, "labelSelector"], to: GONE, says: [] },
  ],
  unknown: [[...POD, "topologySpreadConstraints"], SPREAD, [...TERM, "labelSelector"]],
});

testPolicy("pod-affinity-selects", {
  happy: () => [placed(), cart()],
  broken: [
    { at: SPREAD, to: GONE, says: [] },
    { at: [...APART, "labelSelector"], to: slipped("order"), says: [] },
    { at: [...TERM, "labelSelector"], to: GONE, says: nobody(REQUIRED) },
    { at: [...TERM, "labelSelector"], says: [] },
    {
      at: [...POD, "affinity", "podAntiAffinity"],
      to: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, podAffinityTerm: { topologyKey: HOST, labelSelector: GONE } },
        ],
      },
      says: nobody(
        "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm",
      ),
    },
    // Pods of other namespaces are not all in the input.
    { at: [...TERM, "namespaces"], to: ["stock"], says: [] },
    { at: [...TERM, "namespaceSelector"], to: {}, says: [] },
    {
      of: 1,
      at: ["metadata", "labels"],
      to: { app: "gone" },
      says: [expect.stringContaining("no pod of")],
    },
  ],
  unknown: [
    [...TERM, "labelSelector"],
    [1, "metadata", "labels"],
  ],
});

const object = (type: string, name: string, spec: object, labels?: object): Fixture => ({
  type: `kubernetes:${type}`,
  name,
  props: { metadata: { name, namespace: "shop", labels }, spec },
});
const spread = (matchLabels: object): object => ({
  topologySpreadConstraints: [{ topologyKey: HOST, labelSelector: { matchLabels } }],
});

describe("rules for operators' pods", () => {
  const kafka = {
    "strimzi.io/cluster": "k",
    "strimzi.io/name": "k-kafka",
    "strimzi.io/kind": "Kafka",
  };
  const of = (matchLabels: object): readonly (readonly [Fixture, string])[] => [
    [
      object("kafka.strimzi.io/v1:Kafka", "k", {
        kafka: { template: { pod: spread(matchLabels) } },
      }),
      "spec.kafka.template.pod",
    ],
    [
      object(
        "kafka.strimzi.io/v1:KafkaNodePool",
        "pool",
        { template: { pod: spread(matchLabels) } },
        { "strimzi.io/cluster": "k" },
      ),
      "spec.template.pod",
    ],
  ];

  it("knows the labels of Strimzi's pods", async () => {
    for (const [own] of of(kafka)) expect(await messages("pod-spread-selects", [own])).toEqual([]);
    for (const [other, at] of of({ ...kafka, "strimzi.io/name": "k-entity-operator" }))
      expect(await messages("pod-spread-selects", [other])).toEqual([
        expect.stringContaining(`${at}.topologySpreadConstraints[0].labelSelector is`),
      ]);
  });

  it.each<[string, string, (rules: object) => object, object]>([
    ["postgresql.cnpg.io/v1:Cluster", "db", (rules) => rules, { "cnpg.io/podRole": "instance" }],
    [
      "postgresql.cnpg.io/v1:Pooler",
      "p",
      (rules) => ({ cluster: { name: "db" }, template: { spec: rules } }),
      { "cnpg.io/poolerName": "p", "app.kubernetes.io/instance": "db" },
    ],
    [
      "gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
      "proxy",
      (rules) => ({ provider: { kubernetes: { envoyDeployment: { pod: rules } } } }),
      { "app.kubernetes.io/component": "proxy" },
    ],
  ])("knows those of %s", async (type, name, spec, own) => {
    const said = (labels: object): Promise<readonly string[]> =>
      messages("pod-spread-selects", [object(type, name, spec(spread(labels)))]);
    expect(await said(own)).toEqual([]);
    for (const key of Object.keys(own))
      expect(await said({ ...own, [key]: "other" })).toEqual([
        expect.stringContaining("it selects none of the workload's own pods"),
      ]);
  });

  it("lets a rule mean other pods, under CloudNativePG's own names too", async () => {
    const cluster = (matchLabels: unknown): Fixture =>
      object("postgresql.cnpg.io/v1:Cluster", "db", {
        affinity: {
          additionalPodAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: HOST, labelSelector: { matchLabels } },
            ],
          },
        },
      });
    const said = (labels: unknown): Promise<readonly string[]> =>
      messages("pod-affinity-selects", [cluster(labels), cart()]);
    expect(await said({ app: "cart" })).toEqual([]);
    expect(await said({ "cnpg.io/cluster": "db" })).toEqual([]);
    expect(await said({ app: "gone" })).toHaveLength(1);
    expect(await said(UNKNOWN)).toEqual([]);
  });
});

it("leaves a rule open next to a chart that may run the pods", async () => {
  const chart: Fixture = {
    type: "kubernetes:helm.sh/v3:Release",
    name: "chart",
    props: { chart: "any", namespace: "shop" },
  };
  const all = [broken(placed(), [...TERM, "labelSelector"], GONE), cart(), chart];
  expect(await messages(["pod-affinity-selects", "undecided"], all)).toEqual([
    '1 reference is not judged, because Release "chart" (helm.sh/v3) may create what is missing: pod-affinity-selects (1).',
  ]);
});

it("is advice in plain manifests, where the other pods may be elsewhere", () => {
  const level = (name: string): string => forManifests(policyNamed(name)).enforcement.production;
  expect(level("pod-affinity-selects")).toBe("advisory");
  expect(level("pod-spread-selects")).toBe("mandatory");
});

import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, deployment } from "../testing/fixtures";
import { messages, UNKNOWN, type Fixture } from "../testing";
import type { Key } from "../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const SPREAD: readonly Key[] = [...POD, "topologySpreadConstraints"];
const WHO = 'Deployment "shop/orders"';
const HOST = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

const rule = (topologyKey: string): k8s.types.input.core.v1.TopologySpreadConstraint => ({
  topologyKey,
  maxSkew: 1,
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: LABELS },
});
const constrained = (...rules: readonly unknown[]): Fixture => broken(deployment(), SPREAD, rules);
const not = (keys: string): string =>
  `${WHO} does not spread its pods by ${keys}; add topologySpreadConstraints with that topologyKey, maxSkew 1 and the pods' own labels.`;
const NO_ZONES = { policyContext: { zoned: false } };
const ignored = (index: number, key: string): string =>
  `${WHO}: spec.template.spec.topologySpreadConstraints[${index}].topologyKey is "${key}"; nodes of this cluster have no such label, and the scheduler then ignores every preferred constraint: spread by kubernetes.io/hostname alone.`;

testPolicy("workload-spread", {
  happy: () => constrained(rule(HOST), rule(ZONE)),
  broken: [
    { at: SPREAD, says: not(`${HOST} and ${ZONE}`) },
    { at: SPREAD, to: [], says: not(`${HOST} and ${ZONE}`) },
    { at: SPREAD, to: [rule(HOST)], says: not(ZONE) },
    { at: SPREAD, to: [rule(ZONE)], says: not(HOST) },
    { at: SPREAD, to: [rule(HOST), rule("failure-domain.beta.kubernetes.io/zone")], says: [] },
    {
      at: SPREAD,
      to: [rule(HOST)],
      setting: { configuration: { "workload-spread": { zone: false } } },
      says: [],
    },
    {
      at: SPREAD,
      to: [rule(ZONE)],
      setting: { configuration: { "workload-spread": { host: false } } },
      says: [],
    },
    {
      at: SPREAD,
      setting: { configuration: { "workload-spread": { host: false } } },
      says: not(ZONE),
    },
    // Two pods in one zone may be on one node, however strict the constraint.
    { at: SPREAD, to: [{ ...rule(ZONE), whenUnsatisfiable: "DoNotSchedule" }], says: not(HOST) },
    {
      at: [...SPREAD, 0, "labelSelector", "matchLabels"],
      to: { "app.kubernetes.io/name": "cart" },
      says: not(HOST),
    },
    { at: [...SPREAD, 1, "labelSelector"], says: not(ZONE) },
    { at: ["spec", "replicas"], to: 1, says: [] },
    { at: SPREAD, to: [rule(HOST)], setting: NO_ZONES, says: [] },
    { at: [...SPREAD, 0, "maxSkew"], to: 1, setting: NO_ZONES, says: ignored(1, ZONE) },
    {
      at: SPREAD,
      to: [rule("failure-domain.beta.kubernetes.io/zone"), rule(HOST)],
      setting: NO_ZONES,
      says: ignored(0, "failure-domain.beta.kubernetes.io/zone"),
    },
    { at: SPREAD, to: [], setting: NO_ZONES, says: not(HOST) },
  ],
  unknown: [
    SPREAD,
    [...SPREAD, 0, "topologyKey"],
    [...SPREAD, 0, "labelSelector"],
    [...SPREAD, 1, "labelSelector", "matchLabels", "app.kubernetes.io/name"],
    ["spec", "replicas"],
    POD,
    [...POD.slice(0, 2), "metadata", "labels"],
  ],
});

describe("workload-spread", () => {
  const term = (topologyKey: string): k8s.types.input.core.v1.PodAffinityTerm => ({
    topologyKey,
    labelSelector: { matchLabels: LABELS },
  });
  const reported = (podAntiAffinity: unknown, replicas = 2): Promise<readonly string[]> =>
    messages("workload-spread", [
      broken(broken(deployment(), ["spec", "replicas"], replicas), [...POD, "affinity"], {
        podAntiAffinity,
      }),
    ]);

  it("accepts anti-affinity, required or preferred", async () => {
    expect(
      await reported({
        requiredDuringSchedulingIgnoredDuringExecution: [term(HOST)],
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 43, podAffinityTerm: term(ZONE) },
        ],
      }),
    ).toEqual([]);
  });

  it("knows that required anti-affinity by zone also separates nodes", async () => {
    const required = "requiredDuringSchedulingIgnoredDuringExecution";
    expect(await reported({ [required]: [term(ZONE)] })).toEqual([]);
    const former = term("failure-domain.beta.kubernetes.io/zone");
    expect(await reported({ [required]: [former] })).toEqual([]);
    expect(await reported({ [required]: [term(HOST)] })).toEqual([not(ZONE)]);
    const preferred = [{ weight: 43, podAffinityTerm: term(ZONE) }];
    expect(await reported({ preferredDuringSchedulingIgnoredDuringExecution: preferred })).toEqual([
      not(HOST),
    ]);
  });

  it("does not count anti-affinity to pods of other namespaces", async () => {
    const required = (more: object): Promise<readonly string[]> =>
      reported({
        requiredDuringSchedulingIgnoredDuringExecution: [{ ...term(ZONE), ...more }],
      });
    const nowhere = [not(`${HOST} and ${ZONE}`)];
    expect(await required({ namespaces: ["stock"] })).toEqual(nowhere);
    expect(await required({ namespaces: ["stock", "shop"] })).toEqual([]);
    expect(await required({ namespaces: [] })).toEqual([]);
    expect(await required({ namespaces: ["stock", UNKNOWN] })).toEqual([]);
    expect(await required({ namespaces: ["stock"], namespaceSelector: {} })).toEqual([]);
  });

  it("does not count anti-affinity to other pods", async () => {
    const others = { topologyKey: HOST, labelSelector: { matchLabels: { app: "cart" } } };
    expect(await reported({ requiredDuringSchedulingIgnoredDuringExecution: [others] })).toEqual([
      not(`${HOST} and ${ZONE}`),
    ]);
  });
});

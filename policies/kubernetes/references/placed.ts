/** Where the objects of well-known operators say how their pods are placed, and the labels of those pods. */
import { typeKey, type StackResource } from "../../policy";
import type { Value } from "../../values";
import type { Labels } from "../selectors";
import { SOME, asValue, type Labels as Known } from "./labels";
import { cloudNativePg, pool, pooler, proxies, strimzi, type Runner } from "./operated";

export interface Placement {
  readonly constraints: Value;
  readonly affinity: readonly Value[];
  readonly labels: readonly Labels[];
}

interface Part {
  readonly at: readonly string[];
  readonly runs: Runner;
}

const pods = (...path: readonly string[]): readonly string[] => [...path, "template", "pod"];

/** https://strimzi.io/docs/operators/latest/configuring#type-PodTemplate-reference */
const parts: readonly (readonly [field: string, component: string])[] = [
  ["kafka", "kafka"],
  ["entityOperator", "entity-operator"],
  ["kafkaExporter", "kafka-exporter"],
  ["cruiseControl", "cruise-control"],
];
const alone = (kind: string, component: string): readonly Part[] => [
  { at: pods("spec"), runs: strimzi(kind, component) },
];

const PARTS: Readonly<Record<string, readonly Part[]>> = {
  "kubernetes:kafka.strimzi.io:Kafka": parts.map(([field, component]) => ({
    at: pods("spec", field),
    runs: strimzi("Kafka", component),
  })),
  "kubernetes:kafka.strimzi.io:KafkaNodePool": [{ at: pods("spec"), runs: pool }],
  "kubernetes:kafka.strimzi.io:KafkaBridge": alone("KafkaBridge", "kafka-bridge"),
  "kubernetes:kafka.strimzi.io:KafkaConnect": alone("KafkaConnect", "kafka-connect"),
  "kubernetes:kafka.strimzi.io:KafkaMirrorMaker2": alone(
    "KafkaMirrorMaker2",
    "kafka-mirror-maker-2",
  ),
  "kubernetes:postgresql.cnpg.io:Cluster": [{ at: ["spec"], runs: cloudNativePg }],
  "kubernetes:postgresql.cnpg.io:Pooler": [{ at: ["spec", "template", "spec"], runs: pooler }],
  "kubernetes:gateway.envoyproxy.io:EnvoyProxy": ["envoyDeployment", "envoyDaemonSet"].map(
    (kind) => ({ at: ["spec", "provider", "kubernetes", kind, "pod"], runs: proxies }),
  ),
};

export const OPERATED: readonly string[] = Object.keys(PARTS);

/** CloudNativePG has the rules of the user under names of its own. */
const KINDS = [
  "podAffinity",
  "podAntiAffinity",
  "additionalPodAffinity",
  "additionalPodAntiAffinity",
];

const asLabels = (known: Known): Labels => {
  const value = asValue(known);
  return { get: (key) => value.get(key) };
};

/** How an operator's object places its pods, for each kind of pods that it has. */
export function placedBy({ type, props }: StackResource): readonly Placement[] {
  const name = props.get("metadata", "name").string ?? SOME;
  return (PARTS[typeKey(type)] ?? []).map(({ at, runs }) => {
    const spec = props.get(...at);
    return {
      constraints: spec.get("topologySpreadConstraints"),
      affinity: KINDS.map((kind) => spec.get("affinity", kind)),
      labels: runs(props, name).map(asLabels),
    };
  });
}

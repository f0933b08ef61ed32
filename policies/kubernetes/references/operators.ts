/** References of operators' objects to other objects: stores, issuers, clusters, targets, topics. */
import type { CheckContext, Policy, Stack, StackResource } from "../../policy";
import { STRICT_IN_PRODUCTION, finding, typeKey } from "../../policy";
import type { Value } from "../../values";
import { inCluster, namespaceOf } from "../objects";
import { inventoryOf } from "./inventory";
import { SECRET, SERVICE } from "./makers";
import { FOREIGN, expectExists, isEvaluated, keyIsThere, type Reference } from "./reference";

const GATEWAY = "kubernetes:gateway.networking.k8s.io";
const KAFKA = "kubernetes:kafka.strimzi.io";

/** A reference by a path, in which `*` stands for every item of a list; the kind may be a field's. */
interface Row {
  readonly at: readonly string[];
  readonly to: string | ((ref: Value) => string | undefined);
  readonly isClusterWide?: (ref: Value) => boolean;
  /** Only where this holds. */
  readonly when?: (ref: Value) => boolean;
}

const target = (ref: Value): string | undefined => {
  const [group, kind] = [ref.get("group").string, ref.get("kind").string];
  if (kind === "Service") return SERVICE;
  return kind === undefined ? undefined : `kubernetes:${group ?? "core"}:${kind}`;
};
const issuer = (ref: Value): string =>
  `kubernetes:cert-manager.io:${ref.get("kind").string ?? "Issuer"}`;
const store = (ref: Value): string =>
  `kubernetes:external-secrets.io:${ref.get("kind").string ?? "SecretStore"}`;
const isCluster = (ref: Value): boolean => /^Cluster[A-Z]/.test(ref.get("kind").string ?? "");
const isOwnIssuer = (ref: Value): boolean =>
  ["cert-manager.io", undefined].includes(ref.get("group").string);

const policyTargets: readonly Row[] = [
  { at: ["spec", "targetRef"], to: target },
  { at: ["spec", "targetRefs", "*"], to: target },
];
const OBJECT_STORE = "kubernetes:barmancloud.cnpg.io:ObjectStore";

/** Type key → its references; the name is in the field `name`, of a Barman plugin in its parameters. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  "kubernetes:cert-manager.io:Certificate": [
    { at: ["spec", "issuerRef"], to: issuer, isClusterWide: isCluster, when: isOwnIssuer },
  ],
  "kubernetes:external-secrets.io:ExternalSecret": [
    { at: ["spec", "secretStoreRef"], to: store, isClusterWide: isCluster },
  ],
  "kubernetes:external-secrets.io:PushSecret": [
    { at: ["spec", "secretStoreRefs", "*"], to: store, isClusterWide: isCluster },
    { at: ["spec", "selector", "secret"], to: SECRET },
  ],
  "kubernetes:gateway.envoyproxy.io:BackendTrafficPolicy": policyTargets,
  "kubernetes:gateway.envoyproxy.io:ClientTrafficPolicy": policyTargets,
  "kubernetes:gateway.envoyproxy.io:SecurityPolicy": policyTargets,
  "kubernetes:gateway.envoyproxy.io:EnvoyExtensionPolicy": policyTargets,
  [`${GATEWAY}:BackendTLSPolicy`]: policyTargets,
  [`${GATEWAY}:GatewayClass`]: [{ at: ["spec", "parametersRef"], to: target }],
  [`${GATEWAY}:Gateway`]: [{ at: ["spec", "infrastructure", "parametersRef"], to: target }],
  "kubernetes:postgresql.cnpg.io:Cluster": [
    { at: ["spec", "plugins", "*"], to: OBJECT_STORE },
    { at: ["spec", "externalClusters", "*", "plugin"], to: OBJECT_STORE },
  ],
  "kubernetes:postgresql.cnpg.io:Pooler": [
    { at: ["spec", "cluster"], to: "kubernetes:postgresql.cnpg.io:Cluster" },
  ],
  "kubernetes:postgresql.cnpg.io:Database": [
    { at: ["spec", "cluster"], to: "kubernetes:postgresql.cnpg.io:Cluster" },
  ],
  "kubernetes:postgresql.cnpg.io:ScheduledBackup": [
    { at: ["spec", "cluster"], to: "kubernetes:postgresql.cnpg.io:Cluster" },
  ],
};

/** The kinds that belong to a Kafka by this label. */
const CLUSTER_LABEL = "strimzi.io/cluster";
const OF_KAFKA = ["KafkaNodePool", "KafkaTopic", "KafkaUser", "KafkaRebalance"].map(
  (kind) => `${KAFKA}:${kind}`,
);

function valuesAt(value: Value, path: readonly string[]): readonly Value[] {
  const [first, ...rest] = path;
  if (first === undefined) return value.isMissing ? [] : [value];
  const next = first === "*" ? value.list() : [value.get(first)];
  return next.flatMap((each) => valuesAt(each, rest));
}

function nameIn(ref: Value): Value {
  const parameter = ref.get("parameters", "barmanObjectName");
  return parameter.isMissing ? ref.get("name") : parameter;
}

/** Whether the kind that a reference is to is not known yet, which is noted. */
const isOpen = (ref: Value, from: StackResource, context: CheckContext): boolean =>
  ["group", "kind"].some((field) => context.noteUnknown(ref.get(field), from.urn));

function referencesOf(from: StackResource, context: CheckContext): readonly Reference[] {
  const rows = ROWS[typeKey(from.type)] ?? [];
  const own = rows.flatMap(({ at, to, isClusterWide, when }) =>
    valuesAt(from.props, at).flatMap((ref): readonly Reference[] => {
      if (typeof to !== "string" && isOpen(ref, from, context)) return [];
      const type = typeof to === "string" ? to : to(ref);
      if (type === undefined || when?.(ref) === false) return [];
      const key = ref.get("key");
      return [
        {
          from,
          to: type,
          value: nameIn(ref),
          namespace: ref.get("namespace"),
          isClusterWide: isClusterWide?.(ref) === true,
          ...(key.isMissing ? {} : { key }),
        },
      ];
    }),
  );
  const cluster = from.props.get("metadata", "labels", CLUSTER_LABEL);
  return OF_KAFKA.includes(typeKey(from.type)) && !cluster.isMissing
    ? [...own, { from, to: `${KAFKA}:Kafka`, value: cluster }]
    : own;
}

function everyOneExists(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  for (const from of stack.of(...new Set([...Object.keys(ROWS), ...OF_KAFKA]))) {
    for (const reference of referencesOf(from, context)) {
      // What others may have created in the cluster is only known for namespaces of the stack.
      const isJudged = (namespace: string): boolean =>
        reference.isClusterWide === true
          ? stack.of(reference.to).length > 0
          : isEvaluated(from, namespace, inventory, context);
      const found = expectExists(reference, inventory, context, { isJudged });
      if (found !== undefined) keyIsThere(reference, found, context);
    }
  }
  accessControl(stack, context);
}

const textsOf = (values: readonly Value[]): readonly string[] =>
  values.flatMap(({ string }) => string ?? []);

/** Topics by name, or prefix, that a user may use: they exist, where the stack has topics of that cluster. */
function accessControl(stack: Stack, context: CheckContext): void {
  const topics = new Map<string, Set<string>>();
  const clusterOf = (from: StackResource): string =>
    inCluster(
      from,
      namespaceOf(from) ?? "",
      from.props.get("metadata", "labels", CLUSTER_LABEL).string ?? "",
    );
  for (const topic of stack.of(`${KAFKA}:KafkaTopic`)) {
    const name = topic.props.get("spec", "topicName");
    const own = name.isMissing ? topic.props.get("metadata", "name") : name;
    if (context.noteUnknown(own, topic.urn)) return;
    const key = clusterOf(topic);
    topics.set(key, new Set([...(topics.get(key) ?? []), ...textsOf([own])]));
  }
  for (const user of stack.of(`${KAFKA}:KafkaUser`)) {
    const known = topics.get(clusterOf(user));
    if (known === undefined) continue;
    for (const rule of user.props.get("spec", "authorization", "acls").list()) {
      const resource = rule.get("resource");
      if (resource.get("type").string === "topic") expectTopic(user, resource, known, context);
    }
  }
}

/** Kafka's own topics, and those that clients create for themselves, are not declared. */
const UNDECLARED = /^(__|\*$)/;

function expectTopic(
  user: StackResource,
  resource: Value,
  known: ReadonlySet<string>,
  context: CheckContext,
): void {
  const name = resource.get("name");
  if (context.noteUnknown(name, user.urn) || name.string === undefined) return;
  const { string: text } = name;
  const isPrefix = resource.get("patternType").string === "prefix";
  const isKnown = isPrefix ? [...known].some((topic) => topic.startsWith(text)) : known.has(text);
  if (isKnown || UNDECLARED.test(text)) return;
  const expected = `the stack creates no such topic of that cluster, only ${[...known].map((topic) => JSON.stringify(topic)).join(", ")}: correct the name, or create it`;
  context.report(finding(user, name, expected), user.urn);
}

export const operatorReferences: Policy = {
  name: "operator-reference",
  title: "Operators' objects refer to existing objects",
  clause: {
    reference: "PO-01; ALL-07",
    url: "https://gateway-api.sigs.k8s.io/reference/policy-attachment/",
  },
  severity: "high",
  themes: ["workloads"],
  prevents:
    "An operator waits for an object that nobody creates: a topic without its cluster, a secret without its store, a rate limit on a route that does not exist.",
  description:
    "The issuer, store, cluster, bucket or target that an object of cert-manager, External Secrets, Strimzi, CloudNativePG or Envoy Gateway names exists in its namespace, and so do the topics that a KafkaUser may use.",
  remediation: "Correct the name (and the kind), or create the object in the same namespace.",
  enforcement: STRICT_IN_PRODUCTION,
  configuration: FOREIGN,
  check: { kind: "stack", run: everyOneExists },
};

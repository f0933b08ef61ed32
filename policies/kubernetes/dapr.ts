/** Dapr: app IDs, and the objects that refer to them. */
import { podsIn } from "./declared";
import { POD_KINDS, inCluster, namespaceOf, podOf } from "./objects";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, fullNameOf, nameOf } from "../policy";
import { inventoryOf } from "./references/inventory";
import { expectExists } from "./references/reference";
import type { Value } from "../values";

const DOCS = "https://docs.dapr.io";
const COMPONENT = "kubernetes:dapr.io:Component";
const CONFIGURATION = "kubernetes:dapr.io:Configuration";
const SUBSCRIPTION = "kubernetes:dapr.io:Subscription";
const SCOPED = [
  COMPONENT,
  SUBSCRIPTION,
  "kubernetes:dapr.io:Resiliency",
  "kubernetes:dapr.io:HTTPEndpoint",
];
const STRIMZI_TOPIC = "kubernetes:kafka.strimzi.io:KafkaTopic";
const DIGITALOCEAN_TOPIC = "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic";

interface App {
  readonly resource: StackResource;
  readonly annotations: Value;
  readonly id: Value;
}

/** Placeholder for an object that may be in any namespace. */
const ANYWHERE = "*";

/** Every pod with a sidecar, and its app ID; the default is the pod's name. */
function appsOf(stack: Stack): readonly App[] {
  return stack.of(...POD_KINDS).flatMap((resource) => {
    const annotations = podOf(resource).metadata.get("annotations");
    const enabled = annotations.get("dapr.io/enabled");
    const isOn = enabled.boolean === true || /^(true|t|yes|y|on|1)$/i.test(enabled.string ?? "");
    if (!isOn && !enabled.isUnknown) return [];
    return [{ resource, annotations, id: annotations.get("dapr.io/app-id") }];
  });
}

/** Applications by cluster and namespace; `open` if an ID is unknown. */
interface Place {
  readonly ids: Map<string, App[]>;
  open?: App;
}

function byPlace(apps: readonly App[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const app of apps) {
    const key = inCluster(app.resource, namespaceOf(app.resource) ?? ANYWHERE);
    const place = places.get(key) ?? { ids: new Map<string, App[]>() };
    places.set(key, place);
    const { string } = app.id;
    if (app.id.isUnknown) place.open = app;
    else if (string !== undefined) place.ids.set(string, [...(place.ids.get(string) ?? []), app]);
  }
  return places;
}

function scopes(stack: Stack, context: CheckContext): void {
  const places = byPlace(appsOf(stack));
  const pods = podsIn(stack);
  for (const resource of stack.of(...SCOPED)) {
    const namespace = namespaceOf(resource);
    const list = resource.props.get("scopes");
    if (namespace === undefined || context.noteUnknown(list, resource.urn)) continue;
    const place = places.get(inCluster(resource, namespace));
    const anywhere = places.get(inCluster(resource, ANYWHERE));
    for (const scope of list.list()) {
      const id = scope.string ?? "";
      if (context.noteUnknown(scope, resource.urn) || place?.ids.has(id) === true) continue;
      const [maybe] = anywhere?.ids.get(id) ?? [];
      const open = place?.open ?? anywhere?.open;
      if (maybe !== undefined) {
        context.noteUnknown(maybe.resource.props.get("metadata", "namespace"), maybe.resource.urn);
      } else if (open !== undefined) context.noteUnknown(open.id, open.resource.urn);
      else expectApp(resource, scope, namespace, pods.causeIn(resource, namespace), context);
    }
  }
}

/** Pods of operators and of known charts have no sidecar. */
function expectApp(
  resource: StackResource,
  scope: Value,
  namespace: string,
  cause: StackResource | undefined,
  context: CheckContext,
): void {
  const place = `namespace ${JSON.stringify(namespace)}`;
  if (cause === undefined) {
    const expected = `no pod of ${place} has that dapr.io/app-id: use an existing one, or remove it`;
    context.report(finding(resource, scope, expected), resource.urn);
  } else {
    const expected = `no pod that is visible in ${place} has that dapr.io/app-id; not judged, because ${fullNameOf(cause)} may run one`;
    context.leaveOpen(finding(resource, scope, expected), cause, resource.urn);
  }
}

function unique(stack: Stack, context: CheckContext): void {
  for (const { ids } of byPlace(appsOf(stack)).values()) {
    for (const [first, ...others] of ids.values()) {
      for (const { resource, id } of others) {
        // The two colors of a service, and its Jobs, take turns as one application.
        if (first === undefined || !isServing(resource) || !isServing(first.resource)) continue;
        if (isOff(resource) || isOff(first.resource)) continue;
        const expected = `${nameOf(first.resource)} has the same, so each gets some of the other's calls and events: use a unique one`;
        context.report(finding(resource, id, expected), resource.urn);
      }
    }
  }
  for (const { id, resource } of appsOf(stack)) context.noteUnknown(id, resource.urn);
}

const isServing = ({ type }: StackResource): boolean => !/:(Job|CronJob)$/.test(type);
const isOff = ({ props }: StackResource): boolean => props.get("spec", "replicas").number === 0;

function configured(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  for (const { resource, annotations } of appsOf(stack)) {
    const value = annotations.get("dapr.io/config");
    if (value.isMissing) continue;
    expectExists({ from: resource, value, to: CONFIGURATION }, inventory, context);
  }
}

/** The broker and topic of a Subscription, the same in v1alpha1 and v2alpha1. */
function subscriptions(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  const topics = topicsOf(stack);
  for (const from of stack.of(SUBSCRIPTION)) {
    const spec = from.props.get("spec");
    const reference = { from, value: spec.get("pubsubname"), to: COMPONENT };
    const broker = expectExists(reference, inventory, context);
    if (broker === undefined) continue;
    evaluateBroker(from, reference.value, broker, context);
    const type = broker.props.get("spec", "type");
    if (type.string === "pubsub.kafka") evaluateTopic(from, spec.get("topic"), topics, context);
  }
}

function evaluateBroker(
  from: StackResource,
  value: Value,
  broker: StackResource,
  context: CheckContext,
): void {
  const type = broker.props.get("spec", "type");
  if (context.noteUnknown(type, broker.urn)) return;
  if (type.string?.startsWith("pubsub.") !== true) {
    const expected = `${nameOf(broker)} is of the type ${type.show()}: use a component whose type starts with "pubsub."`;
    context.report(finding(from, value, expected), from.urn);
    return;
  }
  const [own, its] = [from.props.get("scopes"), broker.props.get("scopes")];
  if (context.noteUnknown(own, from.urn) || context.noteUnknown(its, broker.urn)) return;
  // Without scopes every application has it.
  if (its.list().length === 0) return;
  for (const scope of own.list()) {
    const isOpen = [scope, ...its.list()]
      .map((it) => context.noteUnknown(it, from.urn))
      .includes(true);
    if (isOpen || its.list().some(({ string }) => string === scope.string)) continue;
    const expected = `${nameOf(broker)} is only for ${its.show()}: add the application to its scopes`;
    context.report(finding(from, scope, expected), from.urn);
  }
}

interface Topics {
  readonly names: ReadonlySet<string>;
  readonly open: readonly (readonly [StackResource, Value])[];
}

/** Topics that the stack creates, of any type. */
function topicsOf(stack: Stack): Topics {
  const written = [
    ...stack.of(DIGITALOCEAN_TOPIC).map((topic) => [topic, topic.props.get("name")] as const),
    ...stack.of(STRIMZI_TOPIC).map((topic) => {
      const name = topic.props.get("spec", "topicName");
      return [topic, name.isMissing ? topic.props.get("metadata", "name") : name] as const;
    }),
  ];
  return {
    names: new Set(written.flatMap(([, { string }]) => (string === undefined ? [] : [string]))),
    open: written.filter(([, { isUnknown }]) => isUnknown),
  };
}

function evaluateTopic(
  from: StackResource,
  topic: Value,
  { names, open }: Topics,
  context: CheckContext,
): void {
  if (context.noteUnknown(topic, from.urn) || names.has(topic.string ?? "")) return;
  for (const [resource, name] of open) context.noteUnknown(name, resource.urn);
  // If a stack creates no topics, something else does.
  if (names.size === 0 || open.length > 0) return;
  const known = [...names].map((name) => JSON.stringify(name)).join(", ");
  context.report(
    finding(from, topic, `the stack's topics are ${known}: use one of them, or create it`),
    from.urn,
  );
}

const common = { themes: ["messaging", "dapr"], enforcement: STRICT_IN_PRODUCTION } as const;

export const dapr: readonly Policy[] = [
  {
    ...common,
    name: "dapr-scopes",
    title: "Dapr scopes name existing applications",
    clause: { reference: "PO-03", url: `${DOCS}/operations/components/component-scopes/` },
    severity: "medium",
    prevents:
      "An application does not get its broker or its events, because the scope lists another name.",
    description:
      "Every scope of a Dapr Component, Subscription, Resiliency or HTTPEndpoint is the dapr.io/app-id of pods in its namespace.",
    remediation:
      "Set scopes to the dapr.io/app-id annotations of the pods; remove those that no longer exist.",
    check: { kind: "stack", run: scopes },
  },
  {
    ...common,
    name: "dapr-app-id",
    title: "Dapr app IDs are unique",
    clause: { reference: "PO-01", url: `${DOCS}/reference/arguments-annotations-overview/` },
    severity: "high",
    prevents: "Two services share an ID, so each receives the other's calls, events and state.",
    description:
      "No two workloads that run at the same time in a namespace have the same dapr.io/app-id.",
    remediation:
      "Give the pods of each workload their own dapr.io/app-id, usually the workload's name.",
    check: { kind: "stack", run: unique },
  },
  {
    ...common,
    name: "dapr-configuration",
    title: "Dapr Configurations exist",
    clause: { reference: "PO-01", url: `${DOCS}/operations/configuration/configuration-overview/` },
    severity: "medium",
    prevents:
      "The sidecar does not start, and so neither does the pod, because its configuration is missing.",
    description: "The Configuration that a pod names in dapr.io/config exists in its namespace.",
    remediation:
      "Correct the annotation dapr.io/config, or create the Configuration in the same namespace.",
    check: { kind: "stack", run: configured },
  },
  {
    ...common,
    name: "dapr-subscription",
    title: "Dapr subscriptions match a broker and a topic",
    clause: {
      reference: "PO-01",
      url: `${DOCS}/developing-applications/building-blocks/pubsub/subscription-methods/`,
    },
    severity: "high",
    prevents: "Events are published, and the subscribed service never receives one.",
    description:
      "A Subscription names a pubsub Component in its namespace that is scoped to its applications too, and, if the broker is Kafka and the stack creates topics, a topic that the stack creates.",
    remediation:
      "Correct spec.pubsubname and spec.topic, and add the applications to the Component's scopes.",
    check: { kind: "stack", run: subscriptions },
  },
];

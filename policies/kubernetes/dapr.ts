/** Dapr: app IDs, and the objects that refer to them. */
import { DaprApps, appsOf } from "./dapr-apps";
import { isKafka, settingOf } from "./dapr-kafka";
import { KafkaTopics } from "./kafka-topics";
import { namespaceOf } from "./objects";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
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

function scopes(stack: Stack, context: CheckContext): void {
  const apps = new DaprApps(stack);
  for (const resource of stack.of(...SCOPED)) {
    const namespace = namespaceOf(resource);
    const list = resource.props.get("scopes");
    if (namespace === undefined || context.noteUnknown(list, resource.urn)) continue;
    for (const scope of list.list()) apps.expect(resource, scope, namespace, context);
  }
}

function unique(stack: Stack, context: CheckContext): void {
  for (const [first, ...others] of new DaprApps(stack).sharing) {
    for (const { resource, id } of others) {
      // The two colors of a service, and its Jobs, take turns as one application.
      if (first === undefined || !isServing(resource) || !isServing(first.resource)) continue;
      if (isOff(resource) || isOff(first.resource)) continue;
      const expected = `${nameOf(first.resource)} has the same, so each gets some of the other's calls and events: use a unique one`;
      context.report(finding(resource, id, expected), resource.urn);
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
  const topics = new KafkaTopics(stack);
  for (const from of stack.of(SUBSCRIPTION)) {
    const spec = from.props.get("spec");
    const reference = { from, value: spec.get("pubsubname"), to: COMPONENT };
    const broker = expectExists(reference, inventory, context);
    if (broker === undefined) continue;
    evaluateBroker(from, reference.value, broker, context);
    if (!isKafka(broker)) continue;
    const client = { resource: broker, servers: settingOf(broker, "brokers") };
    topics.expect(client, { resource: from, value: spec.get("topic") }, context);
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

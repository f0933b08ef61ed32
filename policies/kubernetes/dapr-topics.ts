/** Topics in the settings of Dapr's Kafka brokers: they exist, and subscriptions keep to them. */
import { elements, knows } from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import { type Consumer, consumersOf, isKafka, settingOf, topicsListed } from "./dapr-kafka";
import { KafkaTopics } from "./kafka-topics";

const COMPONENT = "kubernetes:dapr.io:Component";
const SUBSCRIPTION = "kubernetes:dapr.io:Subscription";
const DOCS = "https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-scopes/";

/** Settings that list topics, as `a,b` or `app=a,b;other=c`. */
const LISTS = ["allowedTopics", "protectedTopics", "publishingScopes", "subscriptionScopes"];
/** Those of them that limit who may subscribe. */
const LIMITS = LISTS.filter((name) => name !== "publishingScopes");

function everyListedTopicExists(stack: Stack, context: CheckContext): void {
  const topics = new KafkaTopics(stack);
  for (const component of stack.of(COMPONENT).filter(isKafka)) {
    const client = { resource: component, servers: settingOf(component, "brokers") };
    for (const value of LISTS.map((name) => settingOf(component, name))) {
      if (context.noteUnknown(value, component.urn) || value.string === undefined) continue;
      topics.expect(
        client,
        { resource: component, value, names: topicsListed(value.string) },
        context,
      );
    }
  }
}

function everySubscriptionIsAllowed(stack: Stack, context: CheckContext): void {
  for (const subscription of stack.of(SUBSCRIPTION)) {
    const check = { resource: subscription, context };
    const spec = subscription.props.get("spec");
    const [broker, topic] = [spec.get("pubsubname"), spec.get("topic")];
    if (!knows(check, broker, topic)) continue;
    for (const scope of elements(check, subscription.props.get("scopes"))) {
      const own = consumersOf(stack, subscription, scope.string ?? "").find(
        ({ component }) => component.props.get("metadata", "name").string === broker.string,
      );
      if (own === undefined) continue;
      for (const name of LIMITS)
        context.noteUnknown(settingOf(own.component, name), own.component.urn);
      const expected = refusal(own, topic.string ?? "", scope.show());
      if (expected !== undefined)
        context.report(finding(subscription, topic, expected), subscription.urn);
    }
  }
}

/** What speaks against a subscription to the topic. */
function refusal(
  { component, topics, refused }: Consumer,
  topic: string,
  app: string,
): string | undefined {
  if (refused.includes(topic))
    return `${nameOf(component)} protects it, and its subscriptionScopes have no list of ${app}: add one with the topic`;
  if (topics === undefined || topics.includes(topic)) return undefined;
  return `${nameOf(component)} lets ${app} subscribe to ${topics.map((each) => JSON.stringify(each)).join(", ") || "no topic"} only: correct one of them`;
}

const common = {
  themes: ["messaging", "dapr"],
  clause: { reference: "PO-03", url: DOCS },
  enforcement: STRICT_IN_PRODUCTION,
} as const;

export const daprTopics: readonly Policy[] = [
  {
    ...common,
    name: "dapr-topics-exist",
    title: "Topics of a Dapr broker exist",
    severity: "medium",
    prevents:
      "Dapr refuses an application's events, because its topic is spelled otherwise in a list.",
    description:
      "The topics in allowedTopics, protectedTopics, publishingScopes and subscriptionScopes of a Kafka broker are among those that the stack creates, if it creates that Kafka's topics.",
    remediation: "Correct the setting in spec.metadata of the Component, or create the topic.",
    check: { kind: "stack", run: everyListedTopicExists },
  },
  {
    ...common,
    name: "dapr-subscription-allowed",
    title: "Dapr subscriptions keep to their scopes",
    severity: "high",
    prevents: "A subscription is refused by Dapr, and its application receives no event.",
    description:
      "The topic of a Subscription is one that subscriptionScopes, allowedTopics and protectedTopics of its Kafka broker let its applications subscribe to.",
    remediation:
      "Correct spec.topic, or add the topic to the application's list in the Component's settings.",
    check: { kind: "stack", run: everySubscriptionIsAllowed },
  },
];

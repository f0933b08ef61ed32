/** Autoscalers by the lag of a Kafka consumer: they measure the topic and the group of the workload that they scale. */
import { MEANT } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Value } from "../values";
import { appOf } from "./dapr-apps";
import { consumersOf, type Consumer } from "./dapr-kafka";
import { KafkaTopics } from "./kafka-topics";
import { containersOf, podOf } from "./objects";
import { SCALED_OBJECT, scaledWorkloads, targetKey } from "./workloads";

const DOCS = "https://keda.sh/docs/latest/scalers/apache-kafka/";
const TRIGGERS = ["kafka", "apache-kafka"];

/** A trigger on the lag of a consumer group. */
export interface Lag {
  readonly scaler: StackResource;
  readonly topic: Value;
  readonly group: Value;
  readonly servers: Value;
  /** The variable of the workload that has the servers, if they are not written here. */
  readonly serversFromEnv: Value;
}

export function lagsOf(stack: Stack, context: CheckContext): readonly Lag[] {
  return stack.of(SCALED_OBJECT).flatMap((scaler) =>
    scaler.props
      .get("spec", "triggers")
      .listOrUnknown()
      .filter((trigger) => !context.noteUnknown(trigger.get("type"), scaler.urn))
      .filter((trigger) => TRIGGERS.includes(trigger.get("type").string ?? ""))
      .map((trigger) => {
        const metadata = trigger.get("metadata");
        const [topic, group] = [metadata.get("topic"), metadata.get("consumerGroup")];
        const [servers, serversFromEnv] = ["bootstrapServers", "bootstrapServersFromEnv"].map(
          (key) => metadata.get(key),
        ) as [Value, Value];
        return { scaler, topic, group, servers, serversFromEnv };
      }),
  );
}

/** Each trigger, with the workload that it scales if the stack has it. */
function eachLag(
  stack: Stack,
  context: CheckContext,
  run: (lag: Lag, workload: StackResource | undefined) => void,
): void {
  const workloads = new Map(
    scaledWorkloads(stack).flatMap(({ key, resource }) =>
      key === undefined ? [] : [[key, resource] as const],
    ),
  );
  for (const lag of lagsOf(stack, context)) {
    const target = targetKey(lag.scaler, lag.scaler.props.get("spec", "scaleTargetRef"));
    run(lag, target === undefined ? undefined : workloads.get(target));
  }
}

function everyConsumerIsMeasured(stack: Stack, context: CheckContext): void {
  const topics = new KafkaTopics(stack);
  eachLag(stack, context, (lag, workload) => {
    const { scaler, topic, group } = lag;
    const client = { resource: scaler, servers: serversOf(lag, workload) };
    topics.expect(client, { resource: scaler, value: topic }, context);
    if (workload === undefined || context.noteUnknown(group, scaler.urn)) return;
    evaluate(lag, workload, daprOf(stack, workload, context), context);
  });
}

/** KEDA reads a variable in one container of the workload, by default the first. */
function serversOf(
  { scaler, servers, serversFromEnv: from }: Lag,
  workload: StackResource | undefined,
): Value {
  if (!servers.isMissing || workload === undefined) return servers;
  const source = scaler.props.get("spec", "scaleTargetRef", "envSourceContainerName");
  const open = [from, source].find(({ isUnknown }) => isUnknown);
  if (open !== undefined || from.string === undefined) return open ?? servers;
  const containers = containersOf(podOf(workload), ["containers"]).map(({ value }) => value);
  const container = source.isMissing
    ? containers[0]
    : containers.find((each) => each.get("name").string === source.string);
  const variables = container?.get("env").list() ?? [];
  const found = variables.filter((each) => each.get("name").string === from.string);
  return found.at(-1)?.get("value") ?? servers;
}

/** What the workload's sidecar reads from Kafka with. */
function daprOf(stack: Stack, workload: StackResource, context: CheckContext): readonly Consumer[] {
  const app = appOf(workload);
  if (app === undefined || context.noteUnknown(app.id, workload.urn)) return [];
  return app.id.string === undefined ? [] : consumersOf(stack, workload, app.id.string);
}

/** Variables that may name a consumer group: `ORDERS_KAFKA_GROUP_ID`, `KAFKA_DLQ_CONSUMER_GROUP`. */
const ANY_GROUP = /(KAFKA|CONSUMER)\w*_?GROUP(_?(ID|NAME))?$/i;
/** Those that name the only one of a program: `KAFKA_GROUP_ID`, `SPRING_KAFKA_CONSUMER_GROUP_ID`. */
const THE_GROUP = /^(SPRING_)?(KAFKA|CONSUMER|KAFKA_CONSUMER)_?GROUP(_?(ID|NAME))?$/i;

const writtenIn = (workload: StackResource, names: RegExp): readonly Value[] =>
  containersOf(podOf(workload)).flatMap(({ value }) =>
    value
      .get("env")
      .list()
      .filter((variable) => names.test(variable.get("name").string ?? ""))
      .map((variable) => variable.get("value")),
  );

const reads = ({ topics }: Consumer, topic: Value): boolean =>
  topics?.includes(topic.string ?? "") === true;

function evaluate(
  { scaler, topic, group }: Lag,
  workload: StackResource,
  consumers: readonly Consumer[],
  context: CheckContext,
): void {
  const written = writtenIn(workload, ANY_GROUP);
  if (group.string === undefined || written.some(({ string }) => string === group.string)) return;
  const own = consumers.filter((one) => one.group === group.string);
  if (own.length > 0) {
    if (
      topic.string === undefined ||
      own.some((one) => one.topics === undefined || reads(one, topic))
    )
      return;
    const known = own.flatMap(({ topics = [] }) => topics).map((each) => JSON.stringify(each));
    const expected = `the group ${group.show()} may only subscribe to ${known.join(", ") || "no topic"}: measure a topic that it reads`;
    context.report(finding(scaler, topic, expected), scaler.urn);
    return;
  }
  // A value from elsewhere, or one that only the sidecar knows, may be the group.
  if (written.some(({ string }) => string === undefined)) return;
  const dapr = consumers.find((one) => reads(one, topic));
  if (dapr?.group === undefined) return;
  const expected = `${nameOf(workload)} reads the topic in the group ${JSON.stringify(dapr.group)}, as ${nameOf(dapr.component)} says: use that group`;
  context.report(finding(scaler, group, expected), scaler.urn);
}

/** What Dapr reads is known, and judged by the other policy. */
function everyVariableIsMeasured(stack: Stack, context: CheckContext): void {
  eachLag(stack, context, ({ scaler, topic, group }, workload) => {
    if (workload === undefined || context.noteUnknown(group, scaler.urn)) return;
    const [first] = writtenIn(workload, THE_GROUP);
    const written = writtenIn(workload, ANY_GROUP);
    if (first === undefined || written.some(({ string }) => string === group.string)) return;
    const isOpen = written.map((value) => context.noteUnknown(value, workload.urn)).includes(true);
    if (isOpen || written.some(({ string }) => string === undefined)) return;
    const consumers = daprOf(stack, workload, context);
    if (consumers.some((one) => one.group === group.string || reads(one, topic))) return;
    const expected = `${nameOf(workload)} is told to use ${first.show()} (${first.path}): use that group`;
    context.report(finding(scaler, group, expected), scaler.urn);
  });
}

const common = {
  themes: ["messaging", "availability"],
  enforcement: STRICT_IN_PRODUCTION,
} as const;

export const kafkaScalers: readonly Policy[] = [
  {
    ...common,
    name: "kafka-scaler",
    title: "Autoscalers measure the consumer that they scale",
    clause: { reference: "PO-01", url: DOCS },
    severity: "high",
    prevents:
      "Events pile up, and the service is not scaled, because nobody reads what is measured.",
    description:
      "The topic of a KEDA Kafka trigger is one that the stack creates, if it creates that Kafka's topics; the group is that of the workload's Dapr sidecar.",
    remediation:
      "Set topic and consumerGroup of the trigger to those of the workload: Dapr's group is the Component's consumerGroup or consumerID, or the app ID.",
    check: { kind: "stack", run: everyConsumerIsMeasured },
  },
  {
    ...common,
    name: "kafka-scaler-variable",
    title: "Autoscalers measure the group that a variable names",
    clause: { reference: "PO-01", url: DOCS },
    severity: "medium",
    prevents: "Events pile up, and the service is not scaled, because it reads in another group.",
    description:
      "The group of a KEDA Kafka trigger is the one that a variable of the workload's containers names, such as KAFKA_GROUP_ID, if it does not read by Dapr.",
    remediation: "Set consumerGroup of the trigger to the value of the variable.",
    // The name of a variable is the program's own affair.
    inManifests: MEANT,
    check: { kind: "stack", run: everyVariableIsMeasured },
  },
];

/** Autoscalers by the lag of a Kafka consumer: they measure the topic and the group of the workload that they scale. */
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
        return { scaler, topic, group, servers: metadata.get("bootstrapServers") };
      }),
  );
}

function everyConsumerIsMeasured(stack: Stack, context: CheckContext): void {
  const topics = new KafkaTopics(stack);
  const workloads = new Map(
    scaledWorkloads(stack).flatMap(({ key, resource }) =>
      key === undefined ? [] : [[key, resource] as const],
    ),
  );
  for (const lag of lagsOf(stack, context)) {
    const { scaler, topic, servers } = lag;
    topics.expect({ resource: scaler, servers }, { resource: scaler, value: topic }, context);
    const target = targetKey(scaler, scaler.props.get("spec", "scaleTargetRef"));
    const workload = target === undefined ? undefined : workloads.get(target);
    if (workload === undefined || context.noteUnknown(lag.group, scaler.urn)) continue;
    evaluate(lag, workload, daprOf(stack, workload, context), context);
  }
}

/** What the workload's sidecar reads from Kafka with. */
function daprOf(stack: Stack, workload: StackResource, context: CheckContext): readonly Consumer[] {
  const app = appOf(workload);
  if (app === undefined || context.noteUnknown(app.id, workload.urn)) return [];
  return app.id.string === undefined ? [] : consumersOf(stack, workload, app.id.string);
}

/** Variables that name a consumer group: `KAFKA_GROUP_ID`, `SPRING_KAFKA_CONSUMER_GROUP_ID`. */
const GROUP = /(KAFKA|CONSUMER)\w*_?GROUP(_?(ID|NAME))?$/i;

const writtenIn = (workload: StackResource): readonly Value[] =>
  containersOf(podOf(workload)).flatMap(({ value }) =>
    value
      .get("env")
      .list()
      .filter((variable) => GROUP.test(variable.get("name").string ?? ""))
      .map((variable) => variable.get("value")),
  );

function evaluate(
  { scaler, topic, group }: Lag,
  workload: StackResource,
  consumers: readonly Consumer[],
  context: CheckContext,
): void {
  const written = writtenIn(workload);
  if (group.string === undefined || written.some(({ string }) => string === group.string)) return;
  const own = consumers.filter((one) => one.group === group.string);
  const reads = ({ topics }: Consumer): boolean => topics?.includes(topic.string ?? "") === true;
  if (own.length > 0) {
    if (own.some((one) => one.topics === undefined || reads(one)) || topic.string === undefined)
      return;
    const known = own.flatMap(({ topics = [] }) => topics).map((each) => JSON.stringify(each));
    const expected = `the group ${group.show()} may only subscribe to ${known.join(", ") || "no topic"}: measure a topic that it reads`;
    context.report(finding(scaler, topic, expected), scaler.urn);
    return;
  }
  // A value from elsewhere, or one that only the sidecar knows, may be the group.
  if (written.some(({ string }) => string === undefined)) return;
  const [first] = written;
  const dapr = consumers.find(reads);
  if (dapr?.group !== undefined) {
    const expected = `${nameOf(workload)} reads the topic in the group ${JSON.stringify(dapr.group)}, as ${nameOf(dapr.component)} says: use that group`;
    context.report(finding(scaler, group, expected), scaler.urn);
  } else if (dapr === undefined && first !== undefined) {
    const expected = `${nameOf(workload)} is told to use ${first.show()} (${first.path}): use that group`;
    context.report(finding(scaler, group, expected), scaler.urn);
  }
}

export const kafkaScalers: Policy = {
  name: "kafka-scaler",
  title: "Autoscalers measure the consumer that they scale",
  clause: { reference: "PO-01", url: DOCS },
  severity: "high",
  themes: ["messaging", "availability"],
  prevents: "Events pile up, and the service is not scaled, because nobody reads what is measured.",
  description:
    "The topic of a KEDA Kafka trigger is one that the stack creates, if it creates that Kafka's topics; the group is that of the workload's Dapr sidecar, or the one that a variable of its containers names.",
  remediation:
    "Set topic and consumerGroup of the trigger to those of the workload: Dapr's group is the Component's consumerGroup or consumerID, or the app ID.",
  enforcement: STRICT_IN_PRODUCTION,
  check: { kind: "stack", run: everyConsumerIsMeasured },
};

/** Rules for event buses and for scaling on their lag. */
import { topics } from "./names";
import { oneOf, quoted, report, type Rule } from "./problem";

const replicationWithinBrokers: Rule = {
  id: "replication-within-brokers",
  check: (system) =>
    topics(system)
      .filter(({ bus, topic }) => topic.replication > bus.brokers || topic.replication < 1)
      .map(({ bus, topic }) =>
        report(
          `topics[${topic.name}].replication`,
          `The replication of topic "${topic.name}"`,
          String(topic.replication),
          `from 1 to ${bus.brokers}, the number of brokers of "${bus.name}"`,
          "lower the replication or add brokers",
        ),
      ),
};

const minInSyncBelowReplication: Rule = {
  id: "min-in-sync-below-replication",
  check: (system) =>
    topics(system)
      .filter(({ topic }) => topic.minInSync >= topic.replication || topic.minInSync < 1)
      .map(({ topic }) =>
        report(
          `topics[${topic.name}].minInSync`,
          `The least number of copies in sync of topic "${topic.name}"`,
          String(topic.minInSync),
          `at least 1 and below its replication of ${topic.replication}, or one broker's failure stops writing`,
          "lower it or raise the replication",
        ),
      ),
};

/** The lag triggers of all services, with their topic if it is declared. */
const lagTriggers = (system: Parameters<Rule["check"]>[0]) =>
  system.services.flatMap((service) =>
    service.scaling.triggers.flatMap((trigger) =>
      trigger.kind === "lag"
        ? [
            {
              service,
              trigger,
              topic: topics(system).find(({ topic }) => topic.name === trigger.topic)?.topic,
              path: `services[${service.name}].scaling.triggers[lag]`,
            },
          ]
        : [],
    ),
  );

const lagDeclared: Rule = {
  id: "lag-declared",
  check: (system) =>
    lagTriggers(system).flatMap(({ service, trigger, topic, path }) => {
      if (topic === undefined)
        return [
          report(
            path,
            `The topic whose lag scales service "${service.name}"`,
            quoted(trigger.topic),
            oneOf(topics(system).map(({ topic: { name } }) => name)),
            "correct the name or declare the topic",
          ),
        ];
      const groups = topic.consumers
        .filter((consumer) => consumer.service === service.name)
        .map(({ group }) => group);
      return groups.includes(trigger.group)
        ? []
        : [
            report(
              path,
              `The group whose lag on topic "${topic.name}" scales service "${service.name}"`,
              quoted(trigger.group),
              `a group in which the service consumes the topic, ${oneOf(groups)}`,
              "correct the group or declare the consumer",
            ),
          ];
    }),
};

const lagPartitions: Rule = {
  id: "lag-partitions",
  check: (system) =>
    lagTriggers(system).flatMap(({ service, topic }) =>
      topic !== undefined && service.scaling.replicas.max > topic.partitions
        ? [
            report(
              `services[${service.name}].scaling.replicas.max`,
              `The largest number of pods of service "${service.name}"`,
              String(service.scaling.replicas.max),
              `at most ${topic.partitions}, the partitions of topic "${topic.name}", because further pods would stay idle`,
              "lower the range or add partitions",
            ),
          ]
        : [],
    ),
};

export const DATA_RULES: readonly Rule[] = [
  replicationWithinBrokers,
  minInSyncBelowReplication,
  lagDeclared,
  lagPartitions,
];

import { DATA_RULES } from "./data";
import { describeRules } from "./fixtures/describe-rules";

describeRules(DATA_RULES, [
  {
    rule: "replication-within-brokers",
    broken: "more copies than brokers",
    change: { "eventBuses.0.topics.0.replication": 6 },
    path: "topics[sold].replication",
    message:
      'The replication of topic "sold" is 6, but must be from 1 to 5, the number of brokers of "events": lower the replication or add brokers.',
  },
  {
    rule: "min-in-sync-below-replication",
    broken: "as many in-sync copies as the replication",
    change: { "eventBuses.0.topics.0.minInSync": 4 },
    path: "topics[sold].minInSync",
    message:
      'The least number of copies in sync of topic "sold" is 4, but must be at least 1 and below its replication of 4, or one broker\'s failure stops writing: lower it or raise the replication.',
  },
  {
    rule: "min-in-sync-below-replication",
    broken: "no in-sync copy",
    change: { "eventBuses.0.topics.0.minInSync": 0 },
    path: "topics[sold].minInSync",
    message:
      'The least number of copies in sync of topic "sold" is 0, but must be at least 1 and below its replication of 4, or one broker\'s failure stops writing: lower it or raise the replication.',
  },
  {
    rule: "lag-declared",
    broken: "the lag of a topic that is not declared",
    change: { "services.1.scaling.triggers.0.topic": "bought" },
    path: "services[mailer].scaling.triggers[lag]",
    message:
      'The topic whose lag scales service "mailer" is "bought", but must be "sold": correct the name or declare the topic.',
  },
  {
    rule: "lag-declared",
    broken: "the lag of another service's group",
    change: { "services.1.scaling.triggers.0.group": "robots" },
    path: "services[mailer].scaling.triggers[lag]",
    message:
      'The group whose lag on topic "sold" scales service "mailer" is "robots", but must be a group in which the service consumes the topic, "mailers": correct the group or declare the consumer.',
  },
  {
    rule: "lag-partitions",
    broken: "more pods than partitions",
    change: { "services.1.scaling.replicas.max": 12 },
    path: "services[mailer].scaling.replicas.max",
    message:
      'The largest number of pods of service "mailer" is 12, but must be at most 8, the partitions of topic "sold", because further pods would stay idle: lower the range or add partitions.',
  },
]);

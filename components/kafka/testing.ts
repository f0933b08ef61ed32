/** For tests: topics with different values, and a Strimzi Kafka with them. */
import { todoChatbot } from "../../systems/todo-chatbot";
import { days, gib } from "../../systems/units";
import { register } from "../kit/testing";
import { StrimziKafka, type StrimziKafkaArguments } from "./strimzi";

const [task] = todoChatbot.eventBuses.flatMap(({ topics }) => topics);
if (task === undefined) throw new Error("Todo Chatbot has topics");

export const rides = {
  ...task,
  name: "Rides_Taken",
  partitions: 7,
  retention: days(12),
  consumers: [{ service: "meter", group: "meter-group" }],
};

export const bills = {
  ...task,
  name: "bills",
  partitions: 4,
  minInSync: 1,
  replication: 2,
  consumers: [],
};

export const strimziArguments: StrimziKafkaArguments = {
  clusterName: "bike-bus",
  system: "bikes",
  namespace: "rides",
  operatorNamespace: "keepers",
  monitoringNamespace: "watch",
  version: "4.3.1",
  brokers: 3,
  storage: gib(23),
  storageClass: "durable",
  zones: ["a", "b"],
  nodes: { "example.org/pool": "riders" },
  production: true,
  allowFrom: [{ podSelector: { matchLabels: { "app.kubernetes.io/part-of": "bikes" } } }],
  topics: [rides, bills],
  groups: ["meter-app"],
  protect: true,
};

const cloud = {
  "kubernetes:kafka.strimzi.io/v1:Kafka": {},
  "kubernetes:kafka.strimzi.io/v1:KafkaNodePool": {},
  "kubernetes:kafka.strimzi.io/v1:KafkaTopic": {},
  "kubernetes:kafka.strimzi.io/v1:KafkaUser": {},
  "kubernetes:core/v1:Secret": { data: { "ca.crt": Buffer.from("AUTHORITY").toString("base64") } },
};

export const createStrimzi = (changes: Partial<StrimziKafkaArguments> = {}, preview = false) =>
  register((options) => new StrimziKafka("bus", { ...strimziArguments, ...changes }, options), {
    preview,
    cloud,
  });

/** Of the brokers' pods. */
export const brokers = {
  "strimzi.io/cluster": "bike-bus",
  "strimzi.io/kind": "Kafka",
  "strimzi.io/name": "bike-bus-kafka",
};

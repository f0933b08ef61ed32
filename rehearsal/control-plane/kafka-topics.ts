/**
 * Strimzi's topic operator keeps each KafkaTopic until it has deleted the topic in Kafka (strimzi-kafka-operator,
 * `topic-operator/…/KubernetesHandler.java`). It runs in the namespace of its Kafka: where both go at once, nobody is left to
 * remove the finalizer, and the namespace hangs. Whether a topic is ready is a stage.
 */
import type { ApiClient } from "./client";
import { listAll, setFinalizers, type CustomObject, type Operator } from "./operators";

const API = "/apis/kafka.strimzi.io/v1";
const FINALIZER = "strimzi.io/topic-operator";
const MANAGER = "strimzi-topic-operator";
const CLUSTER = "strimzi.io/cluster";

type Topic = CustomObject<object, object>;

export const topicOperator = (client: ApiClient): Operator => ({
  reconcile: async () => {
    const topics = await listAll<Topic>(client, `${API}/kafkatopics`);
    if (topics.length === 0) return;
    const running = await operated(client);
    for (const { metadata } of topics) {
      const { namespace, name, labels, finalizers = [], deletionTimestamp } = metadata;
      if (!running.has(`${namespace}/${labels?.[CLUSTER] ?? ""}`)) continue;
      const isDeleted = deletionTimestamp !== undefined;
      // It has the finalizer until it is to be deleted.
      if (finalizers.includes(FINALIZER) !== isDeleted) continue;
      const others = finalizers.filter((one) => one !== FINALIZER);
      await setFinalizers(client, `${API}/namespaces/${namespace}/kafkatopics/${name}`, metadata, {
        finalizers: isDeleted ? others : [...others, FINALIZER],
        manager: MANAGER,
      });
    }
  },
});

/** Each Kafka that has a topic operator, with its namespace. */
async function operated(client: ApiClient): Promise<ReadonlySet<string>> {
  const namespaces = await listAll<{
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  }>(client, "/api/v1/namespaces");
  const ending = new Set(
    namespaces
      .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
      .map(({ metadata }) => metadata.name),
  );
  const kafkas = await listAll<CustomObject<object, object>>(client, `${API}/kafkas`);
  return new Set(
    kafkas
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .filter(({ metadata }) => !ending.has(metadata.namespace))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
}

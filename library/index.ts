/**
 * What other programs may import: `import { Namespace, Workload } from "runstack"`. None of it needs a cloud; what a
 * cloud does is in `runstack/aws`, `runstack/digitalocean` and `runstack/gcp`.
 */
export { Ollama } from "../components/appliance/ollama";
export type { OllamaArguments } from "../components/appliance/ollama-arguments";
export { Qdrant } from "../components/appliance/qdrant";
export type { QdrantArguments } from "../components/appliance/qdrant-arguments";
export type { Appliance } from "../components/appliance/contract";
export type { Kafka } from "../components/kafka/contract";
export { ExternalKafka, type ExternalKafkaArguments } from "../components/kafka/external";
export { StrimziKafka, type StrimziKafkaArguments } from "../components/kafka/strimzi";
export { Component, ComponentError, type ComponentOptions } from "../components/kit/component";
export type { Reach } from "../components/kit/egress";
export { Namespace, type NamespaceArguments } from "../components/kit/namespace";
export { Transform } from "../components/kit/transform";
export type { ObjectStore } from "../components/object-store/contract";
export {
  ExternalObjectStore,
  type ExternalObjectStoreArguments,
} from "../components/object-store/external";
export {
  CloudNativePgOperator,
  type CloudNativePgOperatorArguments,
} from "../components/platform/cloud-native-pg";
export { Operators, type OperatorArguments } from "../components/platform/operators";
export { StrimziOperator, type StrimziArguments } from "../components/platform/strimzi";
export { CloudNativePg } from "../components/postgres/cloud-native-pg";
export type { CloudNativePgArguments } from "../components/postgres/cloud-native-pg-arguments";
export type { Postgres } from "../components/postgres/contract";
export { ExternalPostgres, type ExternalPostgresArguments } from "../components/postgres/external";
export type { Redis } from "../components/redis/contract";
export { ExternalRedis, type ExternalRedisArguments } from "../components/redis/external";
export { InClusterRedis } from "../components/redis/in-cluster";
export type { InClusterRedisArguments } from "../components/redis/in-cluster-names";
export type {
  WorkloadArguments,
  WorkloadNetwork,
  WorkloadSecret,
} from "../components/workload/contract";
export { Workload } from "../components/workload/workload";
export { clause } from "../systems/clause";
export { defineSystem, type ServiceDefinition, type SystemDefinition } from "../systems/define";
export type { Range, Service, System } from "../systems/model";
export * from "../systems/units";

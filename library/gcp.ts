/** `runstack/gcp`: what Google Cloud does. */
export type { CloudSqlPostgresArguments } from "../components/clouds/gcp/cloud-sql/arguments";
export { CloudSqlPostgres } from "../components/clouds/gcp/cloud-sql/cloud-sql";
export { GcsObjectStore, type GcsArguments } from "../components/clouds/gcp/gcs";
export type { GkeArguments } from "../components/clouds/gcp/gke/arguments";
export { GkeCluster } from "../components/clouds/gcp/gke/gke";
export { GoogleKafka, type GoogleKafkaArguments } from "../components/clouds/gcp/kafka/kafka";
export {
  MemorystoreRedis,
  type MemorystoreRedisArguments,
} from "../components/clouds/gcp/memorystore";
export {
  GoogleSecretStore,
  type GoogleSecretStoreArguments,
} from "../components/clouds/gcp/secret-manager";

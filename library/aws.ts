/** `runstack/aws`: what Amazon does. */
export type { EksArguments } from "../components/clouds/aws/eks/arguments";
export { EksCluster } from "../components/clouds/aws/eks/eks";
export {
  ElastiCacheRedis,
  type ElastiCacheRedisArguments,
} from "../components/clouds/aws/elasticache/elasticache";
export { MskKafka, type MskKafkaArguments } from "../components/clouds/aws/msk/msk";
export type { RdsPostgresArguments } from "../components/clouds/aws/rds/arguments";
export { RdsPostgres } from "../components/clouds/aws/rds/rds";
export { S3ObjectStore, type S3Arguments } from "../components/clouds/aws/s3/s3";
export {
  AwsSecretStore,
  type AwsSecretStoreArguments,
} from "../components/clouds/aws/secrets-manager";

/** Clusters, and resources that hold data. */

/** Resources whose loss means losing data or a whole cluster, by cloud. */
export const STATEFUL: readonly string[] = [
  "digitalocean:index/databaseCluster:DatabaseCluster",
  "digitalocean:index/kubernetesCluster:KubernetesCluster",
  "digitalocean:index/spacesBucket:SpacesBucket",
  "digitalocean:index/volume:Volume",
  "aws:dynamodb/table:Table",
  "aws:ebs/volume:Volume",
  "aws:efs/fileSystem:FileSystem",
  "aws:eks/cluster:Cluster",
  "aws:elasticache/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/serverlessCache:ServerlessCache",
  "aws:kms/key:Key",
  "aws:msk/cluster:Cluster",
  "aws:msk/serverlessCluster:ServerlessCluster",
  "aws:rds/cluster:Cluster",
  "aws:rds/globalCluster:GlobalCluster",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:secretsmanager/secret:Secret",
  "gcp:compute/disk:Disk",
  "gcp:container/cluster:Cluster",
  "gcp:filestore/instance:Instance",
  "gcp:kms/cryptoKey:CryptoKey",
  "gcp:managedkafka/cluster:Cluster",
  "gcp:memorystore/instance:Instance",
  "gcp:redis/cluster:Cluster",
  "gcp:redis/instance:Instance",
  "gcp:secretmanager/secret:Secret",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:storage/bucket:Bucket",
];

/**
 * Claims, whose deletion deletes the volume in most classes, and operator objects with volumes:
 * when the object is deleted, the operator deletes the database.
 */
export const STATEFUL_OBJECTS: readonly string[] = [
  "kubernetes:core:PersistentVolumeClaim",
  "kubernetes:acid.zalan.do:postgresql",
  "kubernetes:kafka.strimzi.io:Kafka",
  "kubernetes:kafka.strimzi.io:KafkaNodePool",
  "kubernetes:postgresql.cnpg.io:Cluster",
];

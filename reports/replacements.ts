/**
 * Which changes a cloud answers by making a new resource and deleting the old one. For clusters,
 * nodes and what holds data, where that matters most; from the providers' documentation and schemas
 * (Terraform's `ForceNew`, which Pulumi's providers follow). Kept as data because asking a provider
 * takes its plugin.
 */

/** Paths of inputs; a path covers everything below it. `lower:` means only a lower version. */
const REPLACES: Readonly<Record<string, readonly string[]>> = {
  "digitalocean:index/vpc:Vpc": ["region", "ipRange"],
  "digitalocean:index/kubernetesCluster:KubernetesCluster": [
    "region",
    "vpcUuid",
    "workerSubnetUuid",
    "clusterSubnet",
    "serviceSubnet",
    "isolatedWorkers",
    "nodePool.size",
    "lower:version",
  ],
  "digitalocean:index/kubernetesNodePool:KubernetesNodePool": ["clusterId", "size"],
  "digitalocean:index/databaseCluster:DatabaseCluster": [
    "name",
    "engine",
    "privateNetworkUuid",
    "projectId",
  ],
  "digitalocean:index/databaseReplica:DatabaseReplica": [
    "name",
    "clusterId",
    "region",
    "privateNetworkUuid",
    "tags",
  ],
  "digitalocean:index/databaseDb:DatabaseDb": ["clusterId", "name"],
  "digitalocean:index/databaseUser:DatabaseUser": ["clusterId", "name"],
  "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic": ["clusterId", "name"],
  "aws:ec2/vpc:Vpc": ["cidrBlock", "instanceTenancy"],
  "aws:ec2/subnet:Subnet": ["vpcId", "cidrBlock", "availabilityZone"],
  "aws:eks/cluster:Cluster": [
    "name",
    "roleArn",
    "accessConfig.bootstrapClusterCreatorAdminPermissions",
    "bootstrapSelfManagedAddons",
    "kubernetesNetworkConfig.serviceIpv4Cidr",
    "kubernetesNetworkConfig.ipFamily",
    "encryptionConfig",
    "lower:version",
  ],
  "aws:eks/nodeGroup:NodeGroup": [
    "amiType",
    "capacityType",
    "clusterName",
    "diskSize",
    "instanceTypes",
    "launchTemplate.id",
    "nodeGroupName",
    "nodeRoleArn",
    "subnetIds",
  ],
  "aws:rds/parameterGroup:ParameterGroup": ["family", "name"],
  "aws:rds/instance:Instance": [
    "availabilityZone",
    "dbName",
    "engine",
    "kmsKeyId",
    "storageEncrypted",
    "snapshotIdentifier",
    "restoreToPointInTime",
    "username",
    "lower:engineVersion",
  ],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    "atRestEncryptionEnabled",
    "kmsKeyId",
    "port",
    "replicationGroupId",
    "subnetGroupName",
    "snapshotName",
    "snapshotArns",
    "networkType",
    "dataTieringEnabled",
    "lower:engineVersion",
  ],
  "aws:msk/cluster:Cluster": [
    "clusterName",
    "brokerNodeGroupInfo.clientSubnets",
    "brokerNodeGroupInfo.securityGroups",
    "brokerNodeGroupInfo.azDistribution",
    "encryptionInfo.encryptionAtRestKmsKeyArn",
    "encryptionInfo.encryptionInTransit.inCluster",
    "lower:kafkaVersion",
  ],
  "aws:msk/topic:Topic": ["name", "clusterArn", "replicationFactor"],
  "gcp:compute/network:Network": ["name", "autoCreateSubnetworks"],
  "gcp:compute/globalAddress:GlobalAddress": ["name", "address", "prefixLength", "network"],
  // Its secondary ranges cannot change while a cluster uses them.
  "gcp:compute/subnetwork:Subnetwork": ["name", "network", "region", "secondaryIpRanges"],
  "gcp:container/cluster:Cluster": [
    "name",
    "location",
    "network",
    "subnetwork",
    "datapathProvider",
    "initialNodeCount",
    "ipAllocationPolicy",
    "masterAuth",
    "privateClusterConfig.masterIpv4CidrBlock",
    "privateClusterConfig.privateEndpointSubnetwork",
    "defaultMaxPodsPerNode",
    "confidentialNodes",
    "lower:minMasterVersion",
  ],
  "gcp:container/nodePool:NodePool": [
    "name",
    "cluster",
    "location",
    "initialNodeCount",
    "nodeConfig.serviceAccount",
    "nodeConfig.oauthScopes",
    "nodeConfig.shieldedInstanceConfig",
    "nodeConfig.spot",
    "nodeConfig.metadata",
    "nodeConfig.bootDiskKmsKey",
  ],
  "gcp:sql/databaseInstance:DatabaseInstance": [
    "name",
    "region",
    "project",
    "encryptionKeyName",
    "masterInstanceName",
    "settings.collation",
  ],
  "gcp:redis/instance:Instance": [
    "name",
    "region",
    "tier",
    "connectMode",
    "authorizedNetwork",
    "transitEncryptionMode",
    "customerManagedKey",
    "reservedIpRange",
    "lower:redisVersion",
  ],
  "gcp:managedkafka/cluster:Cluster": ["clusterId", "location", "gcpConfig.kmsKey"],
  "gcp:managedkafka/topic:Topic": ["topicId", "cluster", "location", "replicationFactor"],
  "random:index/randomPassword:RandomPassword": ["keepers", "length", "special"],
  "kubernetes:apps/v1:StatefulSet": [
    "metadata.name",
    "spec.selector",
    "spec.serviceName",
    "spec.podManagementPolicy",
    "spec.volumeClaimTemplates",
  ],
  "kubernetes:postgresql.cnpg.io/v1:Cluster": ["metadata.name", "metadata.namespace"],
  "kubernetes:kafka.strimzi.io/v1:Kafka": ["metadata.name", "metadata.namespace"],
  "kubernetes:kafka.strimzi.io/v1:KafkaNodePool": ["metadata.name", "metadata.namespace"],
  "kubernetes:kafka.strimzi.io/v1:KafkaTopic": ["metadata.name", "metadata.namespace"],
};

/** Whether anything is known of the type; what is not known must not pass for harmless. */
export const isKnown = (type: string): boolean => type in REPLACES;

/** Whether a change of this input makes the cloud replace the resource. */
export function replaces(type: string, path: string, before: unknown, after: unknown): boolean {
  return (REPLACES[type] ?? []).some((rule) => {
    const lower = rule.startsWith("lower:");
    const at = lower ? rule.slice("lower:".length) : rule;
    if (path !== at && !path.startsWith(`${at}.`)) return false;
    return !lower || isLower(before, after);
  });
}

/** By the numbers in them, first to last: `1.36.0-do.1` is above `1.35.9-do.4`. */
function isLower(before: unknown, after: unknown): boolean {
  const numbers = (value: unknown) =>
    typeof value === "string" ? (value.match(/\d+/g) ?? []).map(Number) : [];
  const [old, now] = [numbers(before), numbers(after)];
  for (const [index, part] of old.entries()) {
    const other = now[index] ?? part;
    if (other !== part) return other < part;
  }
  return false;
}

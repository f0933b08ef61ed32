/**
 * Changes for which a cloud creates a new resource and deletes the old one. Covers clusters, nodes and
 * resources that hold data, where this matters most. From the providers' documentation and schemas (Terraform's
 * `ForceNew`, which Pulumi's providers follow). Kept as data because a provider can only be asked through its
 * plugin.
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
    // By the component's `replaceOnChanges`.
    "identifier",
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
  // Secondary ranges cannot change while a cluster uses them.
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
  "random:index/randomId:RandomId": ["keepers", "byteLength", "prefix"],
};

/**
 * Built-in Kubernetes kinds, as in the provider (pulumi-kubernetes v4, `provider/pkg/provider/diff.go` and
 * `helm_release.go`), in addition to the rules for all kinds. ConfigMaps and Secrets are updated in place,
 * because our providers set `enableConfigMapMutable` and `enableSecretMutable`.
 */
const KUBERNETES: Readonly<Record<string, readonly string[]>> = {
  "apps/v1:DaemonSet": ["spec.selector"],
  "apps/v1:Deployment": ["spec.selector"],
  "apps/v1:StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1:Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "core/v1:PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeName",
  ],
  "core/v1:ResourceQuota": ["spec.scopes"],
  "core/v1:Secret": ["type"],
  "core/v1:Service": ["spec.clusterIP"],
  "helm.sh/v3:Release": ["name", "namespace"],
  // By the component's `replaceOnChanges`.
  "postgresql.cnpg.io/v1:Cluster": ["metadata.labels.incarnation"],
  "postgresql.cnpg.io/v1:ScheduledBackup": ["metadata.labels.incarnation"],
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1:RoleBinding": ["roleRef"],
  "storage.k8s.io/v1:StorageClass": ["parameters", "provisioner"],
};
const OF_EVERY_KIND = ["metadata.name", "metadata.namespace"];
const KIND = "kubernetes:";

/** Whether the type is known. Unknown types must not be treated as harmless. */
export const isKnown = (type: string): boolean => type in REPLACES || type.startsWith(KIND);

const rulesOf = (type: string): readonly string[] =>
  type.startsWith(KIND)
    ? [...OF_EVERY_KIND, ...(KUBERNETES[type.slice(KIND.length)] ?? [])]
    : (REPLACES[type] ?? []);

/** The inputs that replace a resource of the type on any change. */
export const forcingKeys = (type: string): readonly string[] =>
  rulesOf(type).filter((rule) => !rule.startsWith("lower:"));

/** Whether a change of this input makes the cloud replace the resource. */
export function replaces(type: string, path: string, before: unknown, after: unknown): boolean {
  return rulesOf(type).some((rule) => {
    const lower = rule.startsWith("lower:");
    const at = lower ? rule.slice("lower:".length) : rule;
    if (path !== at && !path.startsWith(`${at}.`)) return false;
    return !lower || isLower(before, after);
  });
}

/** Compares the numbers in them, first to last: `1.36.0-do.1` is above `1.35.9-do.4`. */
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

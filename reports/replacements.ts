/**
 * Changes for which a cloud creates a new resource and deletes the old one. From the providers' documentation and
 * schemas (Terraform's `ForceNew`, which Pulumi's providers follow). Kept as data because a provider can only be asked
 * through its plugin.
 */

/**
 * Clusters, nodes and resources that hold data, where this matters most. Paths of inputs; a path covers everything below
 * it. `lower:` means only a lower version, `other:` only another value than the one that was given before: the provider
 * compares the first one with what the cloud reports.
 */
const PRECIOUS: Readonly<Record<string, readonly string[]>> = {
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
  // The name by the component's `replaceOnChanges`.
  "digitalocean:index/spacesBucket:SpacesBucket": ["name", "region"],
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
  "aws:rds/parameterGroup:ParameterGroup": ["family", "name", "description"],
  "aws:rds/instance:Instance": [
    // By the component's `replaceOnChanges`.
    "identifier",
    "availabilityZone",
    // Not given to an instance that is restored.
    "other:dbName",
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
  "aws:s3/bucket:Bucket": ["bucket", "bucketPrefix", "objectLockEnabled", "region"],
  "aws:secretsmanager/secret:Secret": ["name", "namePrefix", "region"],
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
  "gcp:sql/database:Database": ["instance", "name"],
  "gcp:storage/bucket:Bucket": ["name", "location", "project"],
  "gcp:secretmanager/secret:Secret": ["secretId", "replication"],
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

/** What an incarnation renames as well, or what belongs to something that it renames. It holds nothing. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  "aws:appautoscaling/policy:Policy": [
    "name",
    "resourceId",
    "scalableDimension",
    "serviceNamespace",
  ],
  "aws:cloudwatch/logGroup:LogGroup": ["name", "namePrefix"],
  "aws:ec2/securityGroup:SecurityGroup": ["name", "description", "vpcId"],
  "aws:eks/accessEntry:AccessEntry": ["clusterName", "principalArn", "type"],
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": [
    "clusterName",
    "principalArn",
    "policyArn",
    "accessScope",
  ],
  "aws:eks/addon:Addon": ["clusterName", "addonName"],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": [
    "clusterName",
    "namespace",
    "serviceAccount",
  ],
  "aws:elasticache/parameterGroup:ParameterGroup": ["name", "family", "description"],
  "aws:elasticache/subnetGroup:SubnetGroup": ["name"],
  "aws:kms/alias:Alias": ["name"],
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": [
    "sourceDbInstanceArn",
    "kmsKeyId",
    "retentionPeriod",
    "region",
  ],
  // The name by the component's `replaceOnChanges`.
  "aws:rds/proxy:Proxy": ["name", "engineFamily", "vpcSubnetIds"],
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": ["dbProxyName"],
  "aws:rds/proxyTarget:ProxyTarget": ["dbProxyName", "targetGroupName", "dbInstanceIdentifier"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket"],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ["bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    "bucket",
  ],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket"],
  "gcp:compute/router:Router": ["name", "network", "region"],
  "gcp:compute/routerNat:RouterNat": ["name", "router", "region"],
  "gcp:managedkafka/acl:Acl": ["aclId", "cluster", "location"],
  "gcp:secretmanager/secretIamMember:SecretIamMember": ["secretId", "role", "member"],
  "gcp:serviceaccount/account:Account": ["accountId", "project"],
  "gcp:serviceaccount/iAMMember:IAMMember": ["serviceAccountId", "role", "member"],
  // An account, whose password is in the state.
  "gcp:sql/user:User": ["instance", "name", "host"],
  "gcp:storage/bucketIAMMember:BucketIAMMember": ["bucket", "role", "member"],
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
export const isKnown = (type: string): boolean =>
  isPrecious(type) || type in OTHERS || type.startsWith(KIND);

/** Of a cloud, what holds data or takes long to build. */
export const isPrecious = (type: string): boolean => type in PRECIOUS;

const rulesOf = (type: string): readonly string[] =>
  type.startsWith(KIND)
    ? [...OF_EVERY_KIND, ...(KUBERNETES[type.slice(KIND.length)] ?? [])]
    : (PRECIOUS[type] ?? OTHERS[type] ?? []);

/** The inputs that replace a resource of the type on any change. */
export const forcingKeys = (type: string): readonly string[] =>
  rulesOf(type).filter((rule) => !rule.includes(":"));

/** Whether a change of this input makes the cloud replace the resource. */
export function replaces(type: string, path: string, before: unknown, after: unknown): boolean {
  return rulesOf(type).some((rule) => {
    const [at = "", only] = rule.split(":").reverse();
    if (path !== at && !path.startsWith(`${at}.`)) return false;
    return only === "lower" ? isLower(before, after) : only !== "other" || before !== undefined;
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

/**
 * What AWS refuses. Messages are those of its APIs, with the code before them as the SDK prints it; of the protection of
 * clusters and log groups, and of names in MSK, only the codes are documented.
 */
import { demands, empty, exists, guarded, unique, unused, type Rule } from "../rule";
import { textsAt } from "../thing";
import { NETWORK_RULES } from "./network";
import {
  ROLE,
  EKS_CLUSTER,
  NODES,
  INSTANCE,
  RDS_SUBNETS,
  RDS_PARAMETERS,
  CACHES,
  CACHE_SUBNETS,
  CACHE_PARAMETERS,
  KAFKA,
  KAFKA_CONFIGURATION,
  SECRET,
  KEY,
  ALIAS,
  BUCKET,
  LOGS,
  DB_SNAPSHOT,
} from "./types";

const DOCS = "https://docs.aws.amazon.com";
const RDS = `${DOCS}/AmazonRDS/latest/APIReference`;
const IAM = `${DOCS}/IAM/latest/APIReference`;
const EKS = `${DOCS}/eks/latest/APIReference`;
const CACHE = `${DOCS}/AmazonElastiCache/latest/APIReference`;
const SECRETS = `${DOCS}/secretsmanager/latest/apireference`;

const KEYED = [INSTANCE, CACHES, KAFKA, SECRET, LOGS, EKS_CLUSTER];

const IDENTITY: readonly Rule[] = [
  unique({
    ...{ types: [ROLE], within: "account", at: "name", source: `${IAM}/API_CreateRole.html` },
    message: (name) => `EntityAlreadyExists: Role with name ${name} already exists.`,
  }),
  exists({
    from: ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
    ...{ at: ["role"], to: [ROLE], source: `${IAM}/API_PutRolePolicy.html` },
    message: (name) => `NoSuchEntity: The role with name ${name} cannot be found.`,
  }),
  unused({
    ...{ of: [ROLE], at: ["role"], source: `${IAM}/API_DeleteRole.html` },
    by: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
    message: () => "DeleteConflict: Cannot delete entity, must detach all policies first.",
  }),
  unused({
    ...{ of: [ROLE], at: ["role"], source: `${IAM}/API_DeleteRole.html` },
    by: ["aws:iam/rolePolicy:RolePolicy"],
    message: () => "DeleteConflict: Cannot delete entity, must delete policies first.",
  }),
  unique({
    ...{ types: [ALIAS], within: "region", at: "name" },
    source: `${DOCS}/kms/latest/APIReference/API_CreateAlias.html`,
    message: (name, region) =>
      `AlreadyExistsException: An alias with the name ${name} already exists in ${region}`,
  }),
  exists({
    ...{ from: KEYED, only: /:key\//u, to: [KEY] },
    at: [
      ...["kmsKeyId", "encryptionInfo.encryptionAtRestKmsKeyArn"],
      "encryptionConfig.provider.keyArn",
    ],
    source: `${DOCS}/kms/latest/developerguide/key-state.html`,
    message: (key) =>
      `KMSKeyNotAccessibleFault: ${key} does not exist, is not enabled or you do not have permissions to access it.`,
  }),
];

const CLUSTERS: readonly Rule[] = [
  unique({
    types: [EKS_CLUSTER],
    ...{ within: "region", at: "name", source: `${EKS}/API_CreateCluster.html` },
    message: (name) => `ResourceInUseException: Cluster already exists with name: ${name}`,
  }),
  exists({
    from: [
      ...[NODES, "aws:eks/addon:Addon", "aws:eks/accessEntry:AccessEntry"],
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    ],
    ...{ at: ["clusterName"], to: [EKS_CLUSTER], source: `${EKS}/API_CreateNodegroup.html` },
    message: (name) => `ResourceNotFoundException: No cluster found for name: ${name}.`,
  }),
  guarded({
    ...{ types: [EKS_CLUSTER], at: "deletionProtection", value: true },
    source: `${DOCS}/eks/latest/userguide/deletion-protection.html`,
    message: ({ name }) =>
      `InvalidRequestException: Cannot delete cluster ${name} because deletion protection is enabled`,
  }),
  unused({
    ...{ of: [EKS_CLUSTER], by: [NODES], at: ["clusterName"] },
    source: `${EKS}/API_DeleteCluster.html`,
    message: () => "ResourceInUseException: Cluster has nodegroups attached",
  }),
  unique({
    ...{ types: [LOGS], within: "region", at: "name" },
    source: `${DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
    message: () => "ResourceAlreadyExistsException: The specified log group already exists",
  }),
  guarded({
    ...{ types: [LOGS], at: "deletionProtectionEnabled", value: true },
    source: `${DOCS}/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html`,
    message: ({ name }) => `ValidationException: Log group ${name} has deletion protection enabled`,
  }),
];

const DATABASES: readonly Rule[] = [
  unique({
    types: [INSTANCE],
    ...{ within: "region", at: "identifier", source: `${RDS}/API_CreateDBInstance.html` },
    message: () => "DBInstanceAlreadyExists: DB instance already exists",
  }),
  unique({
    types: [RDS_SUBNETS],
    ...{ within: "region", at: "name", source: `${RDS}/API_CreateDBSubnetGroup.html` },
    message: (name) => `DBSubnetGroupAlreadyExists: The DB subnet group '${name}' already exists.`,
  }),
  exists({
    ...{ from: [INSTANCE], at: ["replicateSourceDb"], to: [INSTANCE], anywhere: true },
    source: `${RDS}/API_CreateDBInstanceReadReplica.html`,
    message: (name) => `DBInstanceNotFound: DBInstance ${name} not found.`,
  }),
  exists({
    ...{ from: [INSTANCE], at: ["dbSubnetGroupName"], to: [RDS_SUBNETS] },
    source: `${RDS}/API_CreateDBInstance.html`,
    message: (name) => `DBSubnetGroupNotFoundFault: DB subnet group '${name}' does not exist.`,
  }),
  demands([INSTANCE], `${RDS}/API_CreateDBInstanceReadReplica.html`, ({ inputs }, sight) => {
    const [source] = textsAt(inputs, "replicateSourceDb");
    const primary = sight
      .of([INSTANCE])
      .find((one) => one.outputs["arn"] === source || one.name === source);
    return primary?.inputs["backupRetentionPeriod"] === 0
      ? "InvalidDBInstanceState: Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value."
      : undefined;
  }),
  guarded({
    ...{ types: [INSTANCE], at: "deletionProtection", value: true },
    source: `${RDS}/API_DeleteDBInstance.html`,
    message: () =>
      "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.",
  }),
  {
    ...{ on: [INSTANCE], when: "delete", source: `${RDS}/API_DeleteDBInstance.html` },
    refuses: ({ thing, region }, sight) => {
      if (thing === undefined || thing.inputs["skipFinalSnapshot"] === true) return undefined;
      const [snapshot] = textsAt(thing.inputs, "finalSnapshotIdentifier");
      if (snapshot === undefined) {
        return "InvalidParameterCombination: FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.";
      }
      return sight.of([DB_SNAPSHOT]).some((one) => one.name === snapshot && one.region === region)
        ? `DBSnapshotAlreadyExists: Cannot create the snapshot because a snapshot with the identifier ${snapshot} already exists.`
        : undefined;
    },
  },
  unused({
    ...{ of: [RDS_SUBNETS], by: [INSTANCE], at: ["dbSubnetGroupName"] },
    source: `${RDS}/API_DeleteDBSubnetGroup.html`,
    message: ({ name }, { name: user }) =>
      `InvalidDBSubnetGroupStateFault: Cannot delete the subnet group '${name}' because at least one database instance: ${user} is still using it.`,
  }),
  unused({
    ...{ of: [RDS_PARAMETERS], by: [INSTANCE], at: ["parameterGroupName"] },
    source: `${RDS}/API_DeleteDBParameterGroup.html`,
    message: ({ name }) =>
      `InvalidDBParameterGroupState: One or more database instances are still members of this parameter group ${name}, so the group cannot be deleted`,
  }),
];

const CACHE_AND_KAFKA: readonly Rule[] = [
  unique({
    ...{ types: [CACHES], within: "region", at: "replicationGroupId" },
    source: `${CACHE}/API_CreateReplicationGroup.html`,
    message: (name) => `ReplicationGroupAlreadyExists: Replication group ${name} already exists`,
  }),
  exists({
    ...{ from: [CACHES], at: ["subnetGroupName"], to: [CACHE_SUBNETS] },
    source: `${CACHE}/API_CreateReplicationGroup.html`,
    message: (name) => `CacheSubnetGroupNotFoundFault: Cache Subnet Group ${name} does not exist.`,
  }),
  unused({
    ...{ of: [CACHE_SUBNETS], by: [CACHES], at: ["subnetGroupName"] },
    source: `${CACHE}/API_DeleteCacheSubnetGroup.html`,
    message: ({ name }) =>
      `CacheSubnetGroupInUse: Cache subnet group ${name} is currently in use by a cache cluster.`,
  }),
  unused({
    ...{ of: [CACHE_PARAMETERS], by: [CACHES], at: ["parameterGroupName"] },
    source: `${CACHE}/API_DeleteCacheParameterGroup.html`,
    message: ({ name }) =>
      `InvalidCacheParameterGroupState: One or more cache clusters are still using parameter group ${name}.`,
  }),
  unique({
    ...{ types: [KAFKA], within: "region", at: "clusterName" },
    source: `${DOCS}/msk/1.0/apireference/clusters.html`,
    message: () => "ConflictException: A resource with this name already exists.",
  }),
  unused({
    ...{ of: [KAFKA_CONFIGURATION], by: [KAFKA], at: ["configurationInfo.arn"] },
    source: `${DOCS}/msk/1.0/apireference/configurations-arn.html`,
    message: () =>
      "BadRequestException: Configuration is in use by one or more clusters. Dissociate the configuration from the clusters.",
  }),
];

const STORES: readonly Rule[] = [
  unique({
    ...{ types: [BUCKET], within: "world", at: "bucket" },
    source: `${DOCS}/AmazonS3/latest/API/API_CreateBucket.html`,
    message: () =>
      "BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it.",
  }),
  empty(
    [BUCKET],
    `${DOCS}/AmazonS3/latest/API/API_DeleteBucket.html`,
    "BucketNotEmpty: The bucket you tried to delete is not empty",
  ),
  unique({
    types: [SECRET],
    ...{ within: "region", at: "name", source: `${SECRETS}/API_CreateSecret.html` },
    message: (name) =>
      `InvalidRequestException: You can't create this secret because a secret with this name already exists or is scheduled for deletion: ${name}`,
  }),
];

export const RULES: readonly Rule[] = [
  ...NETWORK_RULES,
  ...IDENTITY,
  ...CLUSTERS,
  ...DATABASES,
  ...CACHE_AND_KAFKA,
  ...STORES,
];

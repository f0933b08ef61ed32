/** Actions that are dangerous if they are allowed on everything without a condition. */
import type { Severity } from "../../policy";

export interface Danger {
  readonly name: string;
  readonly title: string;
  readonly controls: string;
  readonly page: string;
  readonly severity: Severity;
  readonly prevents: string;
  readonly description: string;
  readonly remediation: string;
  /** The end of the message. */
  readonly expected: string;
  readonly actions: readonly string[];
}

const of = (service: string, ...actions: readonly string[]): readonly string[] =>
  actions.map((action) => `${service}:${action}`);

export const DANGERS: readonly Danger[] = [
  {
    name: "aws-iam-no-escalation",
    title: "IAM policies do not allow privilege escalation",
    controls: "CKV_AWS_110; CKV_AWS_286",
    page: "access_policies_boundaries.html",
    severity: "critical",
    prevents: "A role with few permissions makes itself administrator in one call.",
    description: "No IAM policy allows passing, assuming or changing every role, user or policy.",
    remediation:
      "Set Resource to the ARNs of the roles, or add a Condition such as iam:PassedToService or iam:PermissionsBoundary.",
    expected: "it lets anyone become administrator: list the resources, or add a condition",
    actions: [
      ...of("iam", "PassRole", "CreatePolicyVersion", "SetDefaultPolicyVersion"),
      ...of("iam", "AttachUserPolicy", "AttachGroupPolicy", "AttachRolePolicy"),
      ...of("iam", "PutUserPolicy", "PutGroupPolicy", "PutRolePolicy"),
      ...of("iam", "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile"),
      ...of("iam", "AddUserToGroup", "UpdateAssumeRolePolicy"),
      ...of("iam", "DeleteRolePermissionsBoundary", "PutRolePermissionsBoundary"),
      ...of("iam", "DeleteUserPermissionsBoundary", "PutUserPermissionsBoundary"),
      ...of("sts", "AssumeRole"),
      ...of("lambda", "UpdateFunctionCode", "UpdateFunctionConfiguration"),
      ...of("eks", "CreateAccessEntry", "AssociateAccessPolicy", "CreatePodIdentityAssociation"),
      ...of("ssm", "SendCommand", "StartSession"),
    ],
  },
  {
    name: "aws-iam-no-exfiltration",
    title: "IAM policies do not allow reading all data",
    controls: "CKV_AWS_108; CKV_AWS_288",
    page: "best-practices.html",
    severity: "high",
    prevents: "One compromised workload reads the passwords and the data of all others.",
    description:
      "No IAM policy allows reading all objects, secrets or parameters, or using all keys.",
    remediation: "Set Resource to the ARNs, or to a prefix of them.",
    expected: "it lets all data be read: list the resources, or add a condition",
    actions: [
      ...of("s3", "GetObject", "GetObjectVersion"),
      ...of("secretsmanager", "GetSecretValue", "BatchGetSecretValue"),
      ...of("ssm", "GetParameter", "GetParameters", "GetParametersByPath"),
      ...of("kms", "Decrypt", "ReEncryptFrom"),
      ...of("dynamodb", "GetItem", "Scan", "Query", "ExportTableToPointInTime"),
      ...of("rds", "CreateDBSnapshot", "CopyDBSnapshot", "StartExportTask"),
      ...of("ec2", "GetPasswordData"),
      ...of("ebs", "GetSnapshotBlock"),
    ],
  },
  {
    name: "aws-iam-no-credentials",
    title: "IAM policies do not allow fetching all credentials",
    controls: "CKV_AWS_107; CKV_AWS_287",
    page: "best-practices.html",
    severity: "high",
    prevents: "A workload signs in as someone else, and the log names the wrong identity.",
    description:
      "No IAM policy allows fetching credentials for every database, registry or user pool.",
    remediation: "Set Resource to the ARNs of the databases or identities.",
    expected: "it lets all credentials be fetched: list the resources, or add a condition",
    actions: [
      ...of("rds-db", "connect"),
      ...of("redshift", "GetClusterCredentials", "GetClusterCredentialsWithIAM"),
      ...of("elasticache", "Connect"),
      ...of("sts", "GetFederationToken", "AssumeRoot"),
      ...of("cognito-identity", "GetOpenIdToken", "GetCredentialsForIdentity"),
      ...of("codepipeline", "PollForJobs"),
      ...of("lightsail", "GetInstanceAccessDetails", "GetRelationalDatabaseMasterUserPassword"),
      ...of("sso", "GetRoleCredentials"),
    ],
  },
  {
    name: "aws-iam-no-exposure",
    title: "IAM policies do not allow sharing all resources",
    controls: "CKV_AWS_109; CKV_AWS_289",
    page: "access_policies_identity-vs-resource.html",
    severity: "high",
    prevents:
      "A workload makes a bucket or a snapshot public, on purpose or through a vulnerability.",
    description: "No IAM policy allows changing who may use every bucket, key, secret or snapshot.",
    remediation:
      "Set Resource to the ARNs, or leave this to the program that creates the resources.",
    expected: "it lets anything be made public: list the resources, or add a condition",
    actions: [
      ...of("s3", "PutBucketPolicy", "PutBucketAcl", "PutObjectAcl", "DeleteBucketPolicy"),
      ...of("s3", "PutBucketPublicAccessBlock", "PutAccountPublicAccessBlock"),
      ...of("kms", "PutKeyPolicy", "CreateGrant"),
      ...of("secretsmanager", "PutResourcePolicy", "DeleteResourcePolicy"),
      ...of("sqs", "AddPermission", "SetQueueAttributes"),
      ...of("sns", "AddPermission", "SetTopicAttributes"),
      ...of("lambda", "AddPermission", "CreateFunctionUrlConfig"),
      ...of("ecr", "SetRepositoryPolicy", "PutRegistryPolicy"),
      ...of("ec2", "ModifySnapshotAttribute", "ModifyImageAttribute"),
      ...of("rds", "ModifyDBSnapshotAttribute", "ModifyDBClusterSnapshotAttribute"),
      ...of("backup", "PutBackupVaultAccessPolicy"),
      ...of("elasticfilesystem", "PutFileSystemPolicy"),
    ],
  },
  {
    name: "aws-iam-no-destruction",
    title: "IAM policies do not allow deleting all data",
    controls: "CKV_AWS_111; CKV_AWS_290",
    page: "best-practices.html",
    severity: "high",
    prevents: "One compromised workload deletes the data, its backups and the audit trail.",
    description: "No IAM policy allows deleting all data stores, keys, backups or audit logs.",
    remediation: "Set Resource to the ARNs, or add a Condition on a tag of the resource.",
    expected: "it lets all data be deleted: list the resources, or add a condition",
    actions: [
      ...of("s3", "DeleteObject", "DeleteObjectVersion", "DeleteBucket"),
      ...of("s3", "PutLifecycleConfiguration"),
      ...of("rds", "DeleteDBInstance", "DeleteDBCluster", "DeleteDBSnapshot"),
      ...of("rds", "DeleteDBInstanceAutomatedBackup", "DeleteDBClusterSnapshot"),
      ...of("elasticache", "DeleteReplicationGroup", "DeleteServerlessCache", "DeleteSnapshot"),
      ...of("kafka", "DeleteCluster"),
      ...of("dynamodb", "DeleteTable", "DeleteBackup"),
      ...of("ec2", "DeleteVolume", "DeleteSnapshot"),
      ...of("elasticfilesystem", "DeleteFileSystem"),
      ...of("backup", "DeleteRecoveryPoint", "DeleteBackupVault"),
      ...of("kms", "ScheduleKeyDeletion", "DisableKey"),
      ...of("secretsmanager", "DeleteSecret"),
      ...of("cloudtrail", "DeleteTrail", "StopLogging"),
      ...of("logs", "DeleteLogGroup", "DeleteLogStream"),
      ...of("eks", "DeleteCluster"),
    ],
  },
];

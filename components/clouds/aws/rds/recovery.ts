import * as kms from "@pulumi/aws/kms";
import * as rds from "@pulumi/aws/rds";
import type * as pulumi from "@pulumi/pulumi";
import { deletionProtectionOf, type RdsPostgresArguments } from "./arguments";
import { inDays } from "../../../postgres/rules";

type CopyArguments = Pick<
  RdsPostgresArguments,
  "identifier" | "pointInTimeRecovery" | "protect" | "deletionProtection" | "tags"
> & {
  readonly recovery: NonNullable<RdsPostgresArguments["recovery"]>;
  readonly primary: rds.Instance;
};

/**
 * A copy of the automated backups in another region, under a key of that region, with the same
 * recovery window. Returns its ARN, from which an instance can be restored there.
 *
 * Every change starts a new copy. It depends on the instance, so it is deleted first.
 */
export function replicateBackups(
  name: string,
  args: CopyArguments,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { identifier, recovery, primary, protect } = args;
  const { region } = recovery;
  const key = new kms.Key(
    `${name}-key`,
    {
      region,
      description: `${identifier}: backups from another region`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: { ...args.tags },
    },
    // Without the key the backups are unreadable, also those of an earlier incarnation.
    { ...options, protect: deletionProtectionOf(args) },
  );
  new kms.Alias(
    `${name}-alias`,
    { region, name: `alias/${identifier}-backups`, targetKeyId: key.id },
    options,
  );
  const replication = new rds.InstanceAutomatedBackupsReplication(
    `${name}-replication`,
    {
      region,
      sourceDbInstanceArn: primary.arn,
      kmsKeyId: key.arn,
      retentionPeriod: inDays(args.pointInTimeRecovery),
    },
    // The first copy is a full one, between regions (the provider's default is 75 minutes).
    { ...options, protect, customTimeouts: { create: "120m", delete: "120m" } },
  );
  return replication.id;
}

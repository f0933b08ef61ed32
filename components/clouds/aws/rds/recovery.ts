import * as kms from "@pulumi/aws/kms";
import * as rds from "@pulumi/aws/rds";
import type * as pulumi from "@pulumi/pulumi";
import type { RdsPostgresArguments } from "./arguments";
import { inDays } from "../../../postgres/rules";

/**
 * The automated backups once more, in another region and under a key of that region, with the same
 * reach back in time. Returns their ARN, from which an instance there can be restored.
 *
 * Every change of it starts the copy anew; it goes before the instance does, by depending on it.
 */
export function replicateBackups(
  name: string,
  args: Pick<RdsPostgresArguments, "identifier" | "pointInTimeRecovery" | "protect" | "tags"> & {
    readonly recovery: NonNullable<RdsPostgresArguments["recovery"]>;
    readonly primary: rds.Instance;
  },
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
    // Without the key nobody reads the backups any more.
    { ...options, protect },
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
    // The first copy is a whole one, over the distance (the provider's default is 75 minutes).
    { ...options, protect, customTimeouts: { create: "120m", delete: "120m" } },
  );
  return replication.id;
}

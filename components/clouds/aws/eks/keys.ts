import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { resourcePolicy } from "../identity";
import type { EksArguments } from "./arguments";

type KeyArguments = Pick<EksArguments, "clusterName" | "region" | "protect"> & {
  readonly account: pulumi.Input<string>;
};

/**
 * Permissions to use a key for data, as AWS documents them for Auto Scaling and CloudWatch Logs.
 */
const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];

/**
 * The environment's own key: for Kubernetes Secrets, volumes, logs and managed services. Without it
 * that data is lost, so a deletion takes effect only after thirty days and can be cancelled until
 * then.
 */
export function createKey(
  name: string,
  args: KeyArguments,
  options: pulumi.CustomResourceOptions,
): kms.Key {
  const key = new kms.Key(
    `${name}-key`,
    {
      description: `Everything that ${args.clusterName} stores`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: keyPolicy(args),
      tags: { Name: args.clusterName },
    },
    pulumi.mergeOptions(options, { protect: args.protect }),
  );
  new kms.Alias(
    `${name}-key-alias`,
    { name: `alias/${args.clusterName}`, targetKeyId: key.keyId },
    options,
  );
  return key;
}

/**
 * The role of Auto Scaling. KMS rejects a policy whose principal does not exist, and an account
 * gets this role only with its first group, which comes after the key: a condition may refer to it
 * earlier.
 */
function autoscaling(account: pulumi.Input<string>) {
  const role = pulumi.interpolate`arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  return {
    principal: { AWS: "*" },
    isIt: { StringEquals: { "kms:CallerAccount": account, "aws:PrincipalArn": role } },
  };
}

function keyPolicy({ account, region }: KeyArguments): pulumi.Output<string> {
  const { principal, isIt } = autoscaling(account);
  return resourcePolicy([
    // Lets the account's IAM policies decide; without this nobody could change the key any more.
    {
      principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
      actions: ["kms:*"],
      resources: ["*"],
    },
    {
      principal: { Service: `logs.${region}.amazonaws.com` },
      actions: [...USE, "kms:Describe*"],
      resources: ["*"],
      condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:aws:logs:${region}:${account}:log-group:*`,
        },
      },
    },
    // Auto Scaling starts the nodes, with encrypted volumes, under its own role.
    { principal, actions: [...USE, "kms:DescribeKey"], resources: ["*"], condition: isIt },
    {
      principal,
      actions: ["kms:CreateGrant"],
      resources: ["*"],
      condition: { ...isIt, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ]);
}

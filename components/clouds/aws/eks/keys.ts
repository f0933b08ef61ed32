import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { resourcePolicy } from "../identity";
import type { EksArguments } from "./arguments";

type KeyArguments = Pick<EksArguments, "clusterName" | "region" | "protect"> & {
  readonly account: pulumi.Input<string>;
};

/** What using a key for data means, as AWS lists it for Auto Scaling and for CloudWatch Logs. */
const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];

/**
 * The environment's own key: for Kubernetes' Secrets, volumes, logs and what is stored beside the
 * cluster. Without it all of that is lost, so its deletion waits thirty days, in which it can be
 * taken back.
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
 * Who Auto Scaling is. KMS refuses a policy whose principal does not exist, and an account has this
 * role only after its first group, which comes after the key: a condition may name it before.
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
    // The account's own IAM policies decide; without this nobody could ever change the key again.
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
    // Auto Scaling starts the nodes, whose volumes are encrypted, by its own role.
    { principal, actions: [...USE, "kms:DescribeKey"], resources: ["*"], condition: isIt },
    {
      principal,
      actions: ["kms:CreateGrant"],
      resources: ["*"],
      condition: { ...isIt, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ]);
}

import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlacement } from "../../cluster/contract";
import type { Account, Grant } from "../../identity/contract";

/** A statement of an IAM policy that grants permissions. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>
  >;
}

/** A statement of a resource policy, which must name its principal. */
export interface ResourceStatement extends Statement {
  readonly principal:
    { readonly Service: pulumi.Input<string> } | { readonly AWS: pulumi.Input<string> } | "*";
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
}

const VERSION = "2012-10-17";

const statement = ({ actions, resources, condition }: Statement) => ({
  Action: [...actions],
  Resource: [...resources],
  ...(condition === undefined ? {} : { Condition: condition }),
});

/** The text of an IAM policy; generated here because a data source would need credentials. */
export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: VERSION,
    Statement: statements.map((one) => ({ Effect: "Allow", ...statement(one) })),
  });
}

/** The text of a resource policy: for a key, a bucket or a secret. */
export function resourcePolicy(statements: readonly ResourceStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: VERSION,
    Statement: statements.map((one) => ({
      Effect: one.effect ?? "Allow",
      Principal: one.principal,
      ...statement(one),
    })),
  });
}

/** The text of a role's trust policy: which AWS service may assume it. */
export function trust(service: string, actions: readonly string[] = ["sts:AssumeRole"]): string {
  return JSON.stringify({
    Version: VERSION,
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
  });
}

/**
 * The same for a service that works for every account: it may assume the role only for this
 * account, so that nobody else can make it use the role (the "confused deputy" problem).
 */
export function trustOnBehalfOf(
  account: pulumi.Input<string>,
  service: string,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: VERSION,
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });
}

/** A role for the pods of one ServiceAccount, and its permissions. */
export interface PodRole {
  readonly role: iam.Role;
  readonly policy: iam.RolePolicy;
}

/** Only the role: an EKS add-on creates the association with its ServiceAccount itself. */
export function podRole(
  name: string,
  args: { readonly account: Account; readonly statements: readonly Statement[] },
  options: pulumi.CustomResourceOptions,
): PodRole {
  const { account, statements } = args;
  const role = new iam.Role(
    `${name}-role`,
    {
      description: `${account.namespace}/${account.serviceAccount}`,
      assumeRolePolicy: trust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]),
    },
    options,
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    { role: role.name, policy: policyDocument(statements) },
    options,
  );
  return { role, policy };
}

/**
 * A role for one ServiceAccount, by EKS Pod Identity: no key to leak or rotate, and no annotation.
 * The association takes effect when a pod starts.
 */
export function podIdentity(
  name: string,
  args: {
    readonly placement: Pick<AwsPlacement, "clusterName" | "identityReady">;
    readonly account: Account;
    readonly statements: readonly Statement[];
  },
  options: pulumi.CustomResourceOptions,
): Grant & { readonly role: iam.Role } {
  const { placement, account } = args;
  const { role, policy } = podRole(name, args, options);
  const association = new eks.PodIdentityAssociation(
    `${name}-association`,
    {
      clusterName: placement.clusterName,
      namespace: account.namespace,
      serviceAccount: account.serviceAccount,
      roleArn: role.arn,
    },
    pulumi.mergeOptions(options, { dependsOn: [policy, ...placement.identityReady] }),
  );
  return { role, annotations: {}, ready: [policy, association] };
}

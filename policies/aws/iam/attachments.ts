/** IAM policy attachments, and users. */
import { each, expectThat, type Check } from "../../expect";
import type { CheckContext, Policy, Stack } from "../../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../../policy";
import { Relations } from "../../relations";
import { aws } from "../../tokens";
import type { Value } from "../../values";

const iam = (name: string): string => aws("iam", name);
const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html";
const common = { enforcement: STRICT_IN_PRODUCTION, themes: ["iam", "aws"] } as const;

/** Where a type names the policies that it attaches: one, or a list. */
const ATTACHED: Readonly<Record<string, string>> = {
  [iam("RolePolicyAttachment")]: "policyArn",
  [iam("UserPolicyAttachment")]: "policyArn",
  [iam("GroupPolicyAttachment")]: "policyArn",
  [iam("PolicyAttachment")]: "policyArn",
  [iam("Role")]: "managedPolicyArns",
  [iam("RolePolicyAttachmentsExclusive")]: "policyArns",
};

/** AWS-managed policies that make someone administrator, directly or indirectly. */
const ADMINISTRATOR = /^arn:[\w-]+:iam::aws:policy\/(AdministratorAccess|IAMFullAccess)$/;

function notAdministrator(check: Check): void {
  const value = check.resource.props.get(ATTACHED[check.resource.type] ?? "");
  const expected =
    "it grants administrator rights: attach a policy with only the actions that are needed";
  const isRight = ({ string }: Value): boolean => !ADMINISTRATOR.test(string ?? "");
  if (check.context.noteUnknown(value)) return;
  for (const it of [value, ...value.list()]) expectThat(check, it, isRight, expected);
}

const BY_GROUP = "users get their permissions through roles or groups: attach it to one";

function notToUsers({ resource, context }: Check): void {
  if (resource.type !== iam("PolicyAttachment")) {
    context.report(`${nameOf(resource)} grants permissions to a single user; ${BY_GROUP}.`);
    return;
  }
  const users = resource.props.get("users");
  expectThat({ resource, context }, users, (it) => it.list().length === 0, BY_GROUP);
}

/** A Role with its own list detaches what other resources attach. */
function onePlace(stack: Stack, context: CheckContext): void {
  const to = stack.of(iam("Role"));
  const of = (type: string): Relations =>
    new Relations({ from: stack.of(iam(type)), by: "role", to, name: "name" });
  const lists = [
    ["managedPolicyArns", of("RolePolicyAttachment")],
    ["inlinePolicies", of("RolePolicy")],
  ] as const;
  for (const role of to) {
    for (const [property, separate] of lists) {
      const [other] = separate.of(role);
      if (role.props.get(property).isMissing || other === undefined) continue;
      context.report(
        `${nameOf(role)}: ${property} removes what ${nameOf(other)} attaches; define all of them in one place.`,
        role.urn,
      );
    }
  }
}

const rights: readonly Policy[] = [
  {
    ...common,
    name: "aws-iam-no-administrator",
    title: "AWS-managed administrator policies are not attached",
    clause: {
      reference: "PO-03; CKV_AWS_274; CKV_AWS_275; CKV2_AWS_56; CIS AWS 1.15",
      url: CONTROLS,
    },
    severity: "critical",
    prevents: "A workload has all the rights of the account.",
    description: "AdministratorAccess and IAMFullAccess are not attached to anything.",
    remediation: "Create a Policy with the actions that are needed, and attach that.",
    check: each(Object.keys(ATTACHED), notAdministrator),
  },
  {
    ...common,
    name: "aws-iam-users-by-group",
    title: "IAM users get their permissions through groups",
    clause: { reference: "PO-03; CKV_AWS_40; IAM.2; CIS AWS 1.14", url: CONTROLS },
    severity: "medium",
    prevents: "People keep the permissions of a former role, because no group shows them.",
    description: "No policy is attached directly to a user.",
    remediation: "Attach it to a Group and add the user to the group with a UserGroupMembership.",
    check: each(["UserPolicy", "UserPolicyAttachment", "PolicyAttachment"].map(iam), notToUsers),
  },
  {
    ...common,
    name: "aws-iam-role-policies-one-place",
    title: "A role's policies are defined in one place",
    clause: {
      reference: "PO-03; AWSGuard iam-role-no-policy-management-conflicts",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/",
    },
    severity: "medium",
    prevents: "Every second update detaches a policy from the role.",
    description: "A role either lists its policies itself or has them attached, not both.",
    remediation: "Remove managedPolicyArns and inlinePolicies from the Role.",
    check: { kind: "stack", run: onePlace },
  },
];

const people: readonly Policy[] = [
  {
    ...common,
    name: "aws-iam-no-access-keys",
    title: "IAM users have no access keys",
    clause: { reference: "PO-03; CKV_AWS_273; CKV_AWS_348; IAM.3", url: CONTROLS },
    severity: "high",
    prevents:
      "A key that leaked years ago still opens the account, and Pulumi state holds a copy of it.",
    description: "The program creates no access keys for IAM users.",
    remediation: "Use a role: EKS Pod Identity for pods, OpenID Connect for pipelines.",
    check: each([iam("AccessKey")], ({ resource, context }) => {
      const expected = "it never expires and is stored in the state: use a role instead";
      context.report(`${nameOf(resource)} is an access key of a user; ${expected}.`);
    }),
  },
];

export const attachments: readonly Policy[] = [...rights, ...people];

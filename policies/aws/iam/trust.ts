/** Who may assume a role. */
import { each, type Check } from "../../expect";
import type { Policy } from "../../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../../policy";
import type { Value } from "../../values";
import { aws } from "../../tokens";
import { documentOf, isEverybody, leaveOpen, type Condition, type Statement } from "./documents";

const ROLE = aws("iam", "Role");
const DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const common = { enforcement: STRICT_IN_PRODUCTION, themes: ["iam", "aws"] } as const;

type Evaluate = (statement: Statement) => readonly string[];

const trustOf = ({ resource }: Check): Value => resource.props.get("assumeRolePolicy");

function evaluateTrust(check: Check, evaluate: Evaluate): void {
  for (const statement of documentOf(trustOf(check)).statements) {
    if (!statement.isAllow) continue;
    for (const what of evaluate(statement)) {
      check.context.report(`${nameOf(check.resource)}: ${statement.path} ${what}.`);
    }
  }
}

/** A whole account: its number, or its root. */
const isAccount = (name: string): boolean => /^(\d{12}|arn:[\w-]+:iam::\d{12}:root)$/.test(name);

const anybody: Evaluate = ({ principals, hasNotPrincipal, conditions }) => {
  if (hasNotPrincipal)
    return ["admits everyone except a few; list the allowed principals in Principal"];
  if (conditions.length > 0) return [];
  if (principals.some(isEverybody)) {
    return ["lets everyone in AWS assume the role; name the principal, or add a condition"];
  }
  return principals
    .filter(({ kind, name }) => kind === "AWS" && isAccount(name))
    .map(
      ({ name }) =>
        `lets everyone in the account ${JSON.stringify(name)} assume the role; name the role or user, or add a condition`,
    );
};

/** Issuers that sign tokens for several parties, including EKS and Git hosts. */
const isOidc = (name: string): boolean =>
  /:oidc-provider\//.test(name) ||
  /^(cognito-identity\.amazonaws|accounts\.google)\.com$/.test(name);

/** Subjects that match a whole issuer: everyone, every repository, every namespace. */
const isAnySubject = (value: string): boolean =>
  /^(\*|\?|repo:\*|repo:[^/]*\*|system:serviceaccount:\*)/.test(value);

const federated: Evaluate = ({ principals, conditions }) =>
  principals
    .filter(({ kind, name }) => kind === "Federated" && isOidc(name))
    .flatMap(({ name }) => {
      const missing = ["aud", "sub"].filter((claim) => claimOf(conditions, claim).length === 0);
      const who = `lets tokens from ${JSON.stringify(name)} assume the role`;
      const wide = claimOf(conditions, "sub")
        .flatMap(({ values }) => values)
        .filter(isAnySubject);
      return [
        ...missing.map((claim) => `${who} with any ${claim}; add a condition on it`),
        ...wide.map((value) => `${who} with the sub ${JSON.stringify(value)}; name the subject`),
      ];
    });

/** Conditions that restrict a claim; one that accepts a missing claim restricts nothing. */
const claimOf = (conditions: readonly Condition[], claim: string): readonly Condition[] =>
  conditions.filter(
    ({ operator, key }) =>
      key.endsWith(`:${claim}`) &&
      /^(ForAnyValue:)?String(Equals|Like)(IgnoreCase)?$/.test(operator),
  );

export const trustPolicies: readonly Policy[] = [
  {
    ...common,
    name: "aws-iam-trust-named",
    title: "Roles name who may assume them",
    clause: {
      reference: "PO-03; CKV_AWS_60; CKV_AWS_61",
      url: `${DOCS}/id_roles_create_for-user.html`,
    },
    severity: "critical",
    prevents: "Anyone with an AWS account, or anyone in one account, can assume the role.",
    description: "No trust policy admits everyone, or a whole account, without a condition.",
    remediation:
      "Set Principal to the ARN of a role or to a service, or add a Condition such as aws:PrincipalOrgID or sts:ExternalId.",
    // The unknown parts of a document are noted here, for both policies in this file.
    check: each([ROLE], (check) => {
      leaveOpen(trustOf(check), check);
      evaluateTrust(check, anybody);
    }),
  },
  {
    ...common,
    name: "aws-iam-trust-oidc",
    title: "OIDC roles check the audience and the subject",
    clause: {
      reference: "PO-03; CKV_AWS_358; CKV_AWS_393",
      url: `${DOCS}/id_roles_providers_create_oidc.html`,
    },
    severity: "critical",
    prevents:
      "Any repository, or any pod, whose tokens come from the same issuer can assume the role.",
    description: "A role for OpenID Connect tokens requires their audience and a specific subject.",
    remediation:
      "Add StringEquals conditions on the issuer's :aud (sts.amazonaws.com) and :sub (the repository or the ServiceAccount).",
    check: each([ROLE], (check) => {
      evaluateTrust(check, federated);
    }),
  },
];

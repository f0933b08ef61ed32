/** Resource policies: whom they admit. */
import { each, type Check } from "../../expect";
import type { Policy, ResourceCheck } from "../../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../../policy";
import type { Value } from "../../values";
import { aws } from "../../tokens";
import { BUCKETS } from "../tokens";
import { covers, documentOf, isEverybody, leaveOpen, type Statement } from "./documents";

const BUCKET_POLICIES = [...BUCKETS, aws("s3", "BucketPolicy")];
const KEYS = [aws("kms", "Key"), aws("kms", "KeyPolicy")];
const OTHERS = [
  aws("sqs", "Queue"),
  aws("sqs", "QueuePolicy"),
  aws("sns", "Topic"),
  aws("sns", "TopicPolicy"),
  aws("secretsmanager", "Secret"),
  aws("secretsmanager", "SecretPolicy"),
  aws("ecr", "RepositoryPolicy"),
  aws("ecr", "RegistryPolicy"),
  aws("efs", "FileSystemPolicy"),
  aws("backup", "VaultPolicy"),
  aws("msk", "ClusterPolicy"),
];
const common = { enforcement: STRICT_IN_PRODUCTION } as const;

/** Describes what is wrong with a statement; undefined if nothing is. */
type Evaluate = (statement: Statement) => string | undefined;

const policyOf = ({ resource }: Check): Value => resource.props.get("policy");

function evaluatePolicy(check: Check, evaluate: Evaluate): void {
  for (const statement of documentOf(policyOf(check)).statements) {
    const what = evaluate(statement);
    if (what === undefined) continue;
    check.context.report(`${nameOf(check.resource)}: ${statement.path} ${what}.`);
  }
}

const everyPolicy = (types: readonly string[], evaluate: Evaluate): ResourceCheck =>
  each(types, (check) => {
    evaluatePolicy(check, evaluate);
  });

function opens({
  isAllow,
  principals,
  hasNotPrincipal,
  conditions,
}: Statement): string | undefined {
  if (!isAllow) return undefined;
  if (hasNotPrincipal)
    return "admits everyone except a few; list the allowed principals in Principal";
  if (conditions.length > 0 || !principals.some(isEverybody)) return undefined;
  return "admits everyone; name the principal, or add a condition such as aws:PrincipalOrgID";
}

function grantsAll({ isAllow, actions, notActions }: Statement): string | undefined {
  const all = actions.find((action) => /^([\w-]+:)?\*$/.test(action));
  if (!isAllow || (all === undefined && notActions.length === 0)) return undefined;
  const granted = all === undefined ? "all but a few actions" : JSON.stringify(all);
  return `allows ${granted}; list the actions`;
}

/** Nobody, not even the account's administrators, could change it again. */
function locksOut({ isAllow, principals, actions, conditions }: Statement): string | undefined {
  const isLock =
    !isAllow &&
    conditions.length === 0 &&
    principals.some(isEverybody) &&
    actions.some((action) => covers(action, "s3:PutBucketPolicy"));
  return isLock
    ? "denies everyone the right to change the bucket's policy, which only the account's root user can undo; add a condition"
    : undefined;
}

export const resourcePolicies: readonly Policy[] = [
  {
    ...common,
    name: "aws-resource-policy-not-public",
    title: "Resource policies do not allow public access",
    clause: {
      reference:
        "PO-03; CKV_AWS_70; CKV_AWS_32; CKV_AWS_33; CKV_AWS_168; CKV_AWS_169; CKV2_AWS_73; S3.2; SQS.3; SNS.4; KMS.5",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    },
    severity: "critical",
    themes: ["iam", "aws"],
    prevents: "Anyone with an AWS account can read the bucket, the queue, the image or the secret.",
    description:
      "Policies of buckets, keys, queues, topics, secrets, registries, file systems and vaults admit only named principals, or set a condition.",
    remediation: "Set Principal to the ARN of a role or to a service, or add a Condition.",
    // The unknown parts of a document are noted here, for all policies that read one of these.
    check: each([...BUCKET_POLICIES, ...KEYS, ...OTHERS], (check) => {
      leaveOpen(policyOf(check), check);
      evaluatePolicy(check, opens);
    }),
  },
  {
    ...common,
    name: "aws-resource-policy-actions-named",
    title: "Resource policies list their actions",
    clause: {
      reference: "PO-03; CKV_AWS_72; CKV_AWS_385; CKV_AWS_387",
      url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
    },
    severity: "medium",
    themes: ["iam", "aws"],
    prevents: "A sender that should only send messages can delete the queue.",
    description: "Resource policies, except those of keys, allow listed actions only.",
    remediation: "List the actions that are needed in Action.",
    check: everyPolicy([...BUCKET_POLICIES, ...OTHERS], grantsAll),
  },
  {
    ...common,
    name: "aws-s3-policy-no-lockout",
    title: "Bucket policies do not lock everyone out",
    clause: {
      reference: "PO-02; CKV_AWS_93",
      url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html",
    },
    severity: "high",
    themes: ["storage", "aws"],
    prevents: "Everyone is locked out of the bucket, including Pulumi.",
    description: "No bucket policy unconditionally denies everyone the right to change it.",
    remediation: "Add a Condition to the statement, or remove s3:PutBucketPolicy from it.",
    check: everyPolicy(BUCKET_POLICIES, locksOut),
  },
];

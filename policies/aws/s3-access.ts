/** Access to buckets. */
import type { CheckContext, Policy, Stack } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import { everyBucket, evaluateBuckets, type Evaluate } from "./buckets";
import { covers, documentOf, type Statement } from "./iam/documents";
import { expectRows, is, isThat, rules, type Expectation, type Rows } from "../rules";
import { aws } from "../tokens";
import { BUCKETS, BUCKET_ACLS } from "./tokens";

const BLOCK = aws("s3", "BucketPublicAccessBlock");
const ACCOUNT_BLOCK = aws("s3", "AccountPublicAccessBlock");
const POLICY = aws("s3", "BucketPolicy");
const FLAGS: Rows = {
  blockPublicAcls: is(true),
  blockPublicPolicy: is(true),
  ignorePublicAcls: is(true),
  restrictPublicBuckets: is(true),
};

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html";
const GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["storage", "aws"] } as const;

function blocked(stack: Stack, context: CheckContext): void {
  const blocks = stack.of(BLOCK, ACCOUNT_BLOCK);
  for (const block of blocks) expectRows({ resource: block, context }, block.props, FLAGS);
  // An account-level block applies to every bucket.
  if (stack.of(ACCOUNT_BLOCK).length > 0) return;
  evaluateBuckets(stack, context, [BLOCK], ({ own, lacks }) => {
    if (own.length > 0) return;
    lacks("BucketPublicAccessBlock", "add one with all four properties set to true");
  });
}

/** Whether the statement denies all requests without TLS, from everyone. */
const refusesPlain = ({ isAllow, principals, actions, conditions }: Statement): boolean =>
  !isAllow &&
  principals.some(({ name }) => name === "*") &&
  actions.some((action) => covers(action, "s3:GetObject") && covers(action, "s3:PutObject")) &&
  conditions.some(
    ({ operator, key, values }) =>
      /^Bool/.test(operator) &&
      key.toLowerCase() === "aws:securetransport" &&
      values.includes("false"),
  );

const tlsOnly: Evaluate = ({ bucket, own, lacks }) => {
  const documents = [bucket, ...own].map(({ props }) => documentOf(props.get("policy")));
  // Unknown parts of a document are noted by aws-resource-policy-not-public.
  const isOpen = documents.some(({ open }) => open.length > 0);
  if (isOpen || documents.some(({ statements }) => statements.some(refusesPlain))) return;
  lacks(
    "policy that denies requests without TLS",
    'add a statement that denies s3:* to everyone if aws:SecureTransport is "false"',
  );
};

const PUBLIC_ACL = /^(public-read|public-read-write|authenticated-read)$/;
const PUBLIC_GROUP = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

const PRIVATE = "it must be private: share objects with a bucket policy";
const notPublic = (names: RegExp): Expectation =>
  isThat(({ string = "" }) => !names.test(string), PRIVATE);

export const s3Access: readonly Policy[] = [
  {
    ...strict,
    name: "aws-s3-public-access-blocked",
    title: "S3 buckets block public access",
    clause: {
      reference:
        "PO-03; CKV2_AWS_6; CKV_AWS_53; CKV_AWS_54; CKV_AWS_55; CKV_AWS_56; S3.1; S3.8; CIS AWS 2.1.4",
      url: CONTROLS,
    },
    severity: "critical",
    prevents: "One line in a policy, or one setting of an object, opens backups to everyone.",
    description: "Every bucket has a public access block with all four properties set to true.",
    remediation:
      "Add a BucketPublicAccessBlock for the bucket, with all four properties set to true.",
    check: { kind: "stack", run: blocked },
  },
  {
    ...strict,
    name: "aws-s3-tls-only",
    title: "S3 buckets require TLS",
    clause: { reference: "PO-03; CKV_AWS_379; S3.5; CIS AWS 2.1.1", url: CONTROLS },
    severity: "high",
    themes: ["tls", "storage", "aws"],
    prevents: "A client without TLS sends objects, and its signature, in plain text.",
    description: "The policy of every bucket denies requests without TLS.",
    remediation:
      'Add a BucketPolicy that denies s3:* to everyone under { Bool: { "aws:SecureTransport": "false" } }.',
    check: everyBucket([POLICY], tlsOnly),
  },
  {
    ...strict,
    name: "aws-s3-acl-private",
    title: "Bucket ACLs are private",
    clause: {
      reference: "PO-03; CKV_AWS_20; CKV_AWS_57; CKV_AWS_375; CKV2_AWS_43; S3.12",
      url: CONTROLS,
    },
    severity: "critical",
    prevents: "Everyone, or everyone with an AWS account, can read the bucket.",
    description: "No bucket ACL grants access to a public group.",
    remediation: "Remove acl and grants; share objects with a BucketPolicy.",
    check: rules([...BUCKETS, ...BUCKET_ACLS], {
      acl: notPublic(PUBLIC_ACL),
      "grants[].uri": notPublic(PUBLIC_GROUP),
      "accessControlPolicy.grants[].grantee.uri": notPublic(PUBLIC_GROUP),
    }),
  },
  {
    ...strict,
    name: "aws-s3-acls-off",
    title: "Bucket ACLs are disabled",
    clause: { reference: "PO-03; CKV2_AWS_65; S3.12", url: `${GUIDE}/about-object-ownership.html` },
    severity: "medium",
    prevents: "Objects uploaded by another account stay owned by it, and its ACLs control access.",
    description: "Buckets own their objects, which is the default.",
    remediation: "Set rule.objectOwnership to BucketOwnerEnforced.",
    check: rules([aws("s3", "BucketOwnershipControls")], {
      "rule.objectOwnership": is("BucketOwnerEnforced"),
    }),
  },
];

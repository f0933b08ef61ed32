/** Buckets, and the resources in which the provider keeps their settings. */
import { each, must, mustBeOneOf, type Asked } from "../demands";
import type { Context, Policy, Stack, StackResource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Value } from "../values";
import { covers, statementsOf, type Statement } from "./iam/documents";
import { referring } from "./relations";
import { inProduction, isNot, rows } from "./rows";
import {
  BUCKETS,
  BUCKET_ACLS,
  BUCKET_ENCRYPTIONS,
  BUCKET_LIFECYCLES,
  BUCKET_LOGGINGS,
  BUCKET_VERSIONINGS,
  token,
} from "./tokens";

const BLOCK = token("s3", "BucketPublicAccessBlock");
const ACCOUNT_BLOCK = token("s3", "AccountPublicAccessBlock");
const POLICY = token("s3", "BucketPolicy");
const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html";
const GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["storage", "aws"] } as const;

/** A bucket with the resources of one kind that speak of it. */
type Judge = (bucket: StackResource, own: readonly StackResource[], context: Context) => void;

function everyBucket(types: readonly string[], judge: Judge): Policy["check"] {
  return {
    kind: "stack",
    run: (stack, context) => {
      const settings = referring(stack, types, "bucket");
      for (const bucket of stack.of(...BUCKETS)) {
        judge(bucket, settings.to(bucket, bucket.props.get("bucket").text), context);
      }
    },
  };
}

const lacks = (bucket: StackResource, what: string, wanted: string, context: Context): void => {
  context.report(`${nameOf(bucket)} has no ${what}; ${wanted}.`, bucket.urn);
};

function allFlags(block: StackResource, context: Context): void {
  for (const flag of FLAGS) {
    must(
      { resource: block, context },
      block.props.get(flag),
      (it) => it.flag === true,
      "it must be true",
    );
  }
}

function blocked(stack: Stack, context: Context): void {
  const blocks = stack.of(BLOCK, ACCOUNT_BLOCK);
  for (const block of blocks) allFlags(block, context);
  // One for the account holds for every bucket in it.
  if (stack.of(ACCOUNT_BLOCK).length > 0) return;
  const own = referring(stack, [BLOCK], "bucket");
  for (const bucket of stack.of(...BUCKETS)) {
    if (own.to(bucket, bucket.props.get("bucket").text).length > 0) continue;
    lacks(bucket, "BucketPublicAccessBlock", "write one with its four properties true", context);
  }
}

const versioned: Judge = (bucket, own, context) => {
  const { props } = bucket;
  const inline = [props.get("versioning", "enabled"), props.get("versionings", 0, "enabled")];
  const [separate] = own;
  if (separate !== undefined) {
    const status = separate.props.get("versioningConfiguration", "status");
    mustBeOneOf({ resource: separate, context }, status, ["Enabled"]);
  } else if (!inline.some((it) => context.unsure(it, bucket.urn) || it.flag === true)) {
    lacks(bucket, "BucketVersioning", "write one with the status Enabled", context);
  }
};

/** Everything that comes in plain text is refused, whoever sends it. */
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

const tlsOnly: Judge = (bucket, own, context) => {
  const inline = bucket.props.get("policy");
  const documents = own.map((resource) => ({ resource, document: resource.props.get("policy") }));
  if (!inline.isMissing) documents.push({ resource: bucket, document: inline });
  const isOpen = documents.some(({ resource, document }) => context.unsure(document, resource.urn));
  const isRight = documents.some(({ resource, document }) =>
    statementsOf(document, { resource, context }).some(refusesPlain),
  );
  if (isOpen || isRight) return;
  lacks(
    bucket,
    "policy that refuses plain text",
    'write a statement that denies s3:* to everybody where aws:SecureTransport is "false"',
    context,
  );
};

const PUBLIC_ACL = /^(public-read|public-read-write|authenticated-read)$/;
const PUBLIC_GROUP = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

function aclPrivate(asked: Asked): void {
  const { props } = asked.resource;
  const wanted = "it must be private: share objects by a policy";
  must(asked, props.get("acl"), ({ text }) => !PUBLIC_ACL.test(text ?? ""), wanted);
  const uris = [
    ...props
      .get("grants")
      .list()
      .map((grant) => grant.get("uri")),
    ...props
      .get("accessControlPolicy", "grants")
      .list()
      .map((grant) => grant.get("grantee", "uri")),
  ];
  for (const uri of uris) must(asked, uri, ({ text }) => !PUBLIC_GROUP.test(text ?? ""), wanted);
}

function keyChosen(asked: Asked): void {
  const { props } = asked.resource;
  for (const rule of props.get("rules").list()) {
    const algorithm = rule.get("applyServerSideEncryptionByDefault", "sseAlgorithm");
    if (asked.context.setting("kms", false)) {
      mustBeOneOf(asked, algorithm, ["aws:kms", "aws:kms:dsse"]);
    }
    if (algorithm.text !== "aws:kms") continue;
    const wanted = "it must be true: otherwise every object costs a call to KMS";
    must(asked, rule.get("bucketKeyEnabled"), ({ flag }) => flag === true, wanted);
  }
}

const ENABLED = ({ text }: Value): boolean => text === undefined || text === "Enabled";

const cleaned: Judge = (bucket, own, context) => {
  const inline = bucket.props.get("lifecycleRules");
  const lists = [inline, ...own.map(({ props }) => props.get("rules"))];
  if (lists.some((it) => context.unsure(it, bucket.urn))) return;
  const aborts = lists
    .flatMap((it) => it.list())
    .some(
      (rule) =>
        ENABLED(rule.get("status")) &&
        rule.get("enabled").flag !== false &&
        !(
          rule.get("abortIncompleteMultipartUpload").isMissing &&
          rule.get("abortIncompleteMultipartUploadDays").isMissing
        ),
    );
  if (aborts) return;
  const wanted =
    "write a rule with abortIncompleteMultipartUpload into its BucketLifecycleConfiguration";
  lacks(bucket, "rule that removes failed uploads", wanted, context);
};

/** What is a matter of opinion, or of the account: asked only where the configuration says so. */
function whereRequired(judge: Judge): Judge {
  return (bucket, own, context) => {
    if (context.setting("required", false)) judge(bucket, own, context);
  };
}

const logged: Judge = (bucket, own, context) => {
  for (const logging of own) {
    const target = logging.props.get("targetBucket");
    if (target.text === undefined || target.text !== bucket.props.get("bucket").text) continue;
    context.report(finding(logging, target, "a log of itself grows for ever"), logging.urn);
  }
  if (own.length > 0 || !bucket.props.get("logging").isMissing) return;
  lacks(bucket, "BucketLogging", "write one", context);
};

const replicated: Judge = (bucket, own, context) => {
  if (own.length > 0 || !bucket.props.get("replicationConfiguration").isMissing) return;
  lacks(bucket, "BucketReplicationConfig", "write one to a bucket of another region", context);
};

const required = (what: string): NonNullable<Policy["configuration"]> => ({
  properties: { required: { type: "boolean", default: false, description: what } },
});

const closed: readonly Policy[] = [
  {
    ...strict,
    name: "aws-s3-public-access-blocked",
    title: "No bucket can become public",
    clause: {
      reference:
        "PO-03; CKV2_AWS_6; CKV_AWS_53; CKV_AWS_54; CKV_AWS_55; CKV_AWS_56; S3.1; S3.8; CIS AWS 2.1.4",
      url: CONTROLS,
    },
    severity: "critical",
    prevents: "One line in a policy, or one setting of an object, opens backups to everybody.",
    description: "Every bucket has a public access block with its four properties true.",
    remediation: "Write a BucketPublicAccessBlock for the bucket, with the four properties true.",
    check: { kind: "stack", run: blocked },
  },
  {
    ...strict,
    name: "aws-s3-tls-only",
    title: "Buckets refuse plain text",
    clause: { reference: "PO-03; CKV_AWS_379; S3.5; CIS AWS 2.1.1", url: CONTROLS },
    severity: "high",
    themes: ["tls", "storage", "aws"],
    prevents: "A client that forgot TLS sends objects, and its signature, in plain text.",
    description: "The policy of every bucket denies what comes without TLS.",
    remediation:
      'Write a BucketPolicy that denies s3:* to everybody under { Bool: { "aws:SecureTransport": "false" } }.',
    check: everyBucket([POLICY], tlsOnly),
  },
  {
    ...strict,
    name: "aws-s3-acl-private",
    title: "No access list opens a bucket",
    clause: {
      reference: "PO-03; CKV_AWS_20; CKV_AWS_57; CKV_AWS_375; CKV2_AWS_43; S3.12",
      url: CONTROLS,
    },
    severity: "critical",
    prevents: "Everybody, or everybody with an AWS account, reads the bucket.",
    description: "No access list of a bucket names a public group.",
    remediation: "Remove acl and grants; objects are shared by a BucketPolicy.",
    check: each([...BUCKETS, ...BUCKET_ACLS], aclPrivate),
  },
  {
    ...strict,
    name: "aws-s3-acls-off",
    title: "Access lists are switched off",
    clause: { reference: "PO-03; CKV2_AWS_65; S3.12", url: `${GUIDE}/about-object-ownership.html` },
    severity: "medium",
    prevents: "Objects that others wrote are theirs, and their lists decide who reads them.",
    description: "Buckets own their objects, as they do where nothing is said.",
    remediation: "Set rule.objectOwnership to BucketOwnerEnforced.",
    check: rows(
      [token("s3", "BucketOwnershipControls")],
      [
        [
          "rule.objectOwnership",
          (asked, value) => {
            mustBeOneOf(asked, value, ["BucketOwnerEnforced"]);
          },
        ],
      ],
    ),
  },
];

const kept: readonly Policy[] = [
  {
    ...strict,
    name: "aws-s3-versioned",
    title: "Overwritten objects can be had again",
    clause: { reference: "PO-02; CKV_AWS_21; S3.14", url: CONTROLS },
    severity: "high",
    prevents: "A backup that was overwritten or deleted, by mistake or on purpose, is gone.",
    description: "Every bucket keeps former versions of its objects.",
    remediation: 'Write a BucketVersioning with versioningConfiguration.status "Enabled".',
    check: everyBucket(BUCKET_VERSIONINGS, versioned),
  },
  {
    ...strict,
    name: "aws-s3-not-emptied",
    title: "Buckets are not emptied",
    clause: {
      reference: "PO-02; ALL-12",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
    },
    severity: "high",
    prevents: "Removing a bucket from the program deletes every object and version in it.",
    description: "In production no bucket is emptied to be deleted.",
    remediation: "Remove forceDestroy; empty the bucket by hand where that is meant.",
    check: rows(BUCKETS, [["forceDestroy", isNot(true)]], inProduction),
  },
  {
    ...strict,
    name: "aws-s3-key",
    title: "Encryption with a key is affordable, and can be demanded",
    clause: { reference: "PO-03; CKV_AWS_19; CKV_AWS_145; CKV_AWS_186; S3.17", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    prevents: "Every object costs a call to KMS, until calls are refused.",
    description: "Buckets that are encrypted with KMS use a bucket key; others use Amazon's key.",
    remediation: "Set rules[].bucketKeyEnabled to true.",
    configuration: {
      properties: {
        kms: { type: "boolean", default: false, description: "Whether a key of KMS is demanded" },
      },
    },
    check: each(BUCKET_ENCRYPTIONS, keyChosen),
  },
  {
    ...strict,
    name: "aws-s3-lifecycle",
    title: "Failed uploads are removed",
    clause: { reference: "PO-02; CKV_AWS_300; CKV2_AWS_61; S3.13", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    prevents: "Parts of failed uploads are paid for, and seen in no list.",
    description: "Every bucket has a rule that removes failed uploads.",
    remediation: "Write a rule with abortIncompleteMultipartUpload.daysAfterInitiation.",
    check: everyBucket(BUCKET_LIFECYCLES, cleaned),
  },
  {
    ...strict,
    name: "aws-s3-access-logged",
    title: "Access to buckets is logged, where that is demanded",
    clause: { reference: "PO-03; CKV_AWS_18; S3.9", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    themes: ["logging", "storage", "aws"],
    prevents: "Nobody can tell who read an object, where CloudTrail does not say it either.",
    description: "Every bucket has an access log of its own, if the configuration demands it.",
    remediation: "Write a BucketLogging to another bucket, or log data events with CloudTrail.",
    configuration: required("Whether every bucket needs an access log"),
    check: everyBucket(BUCKET_LOGGINGS, whereRequired(logged)),
  },
  {
    ...strict,
    name: "aws-s3-replicated",
    title: "Buckets have a copy in another region, where that is demanded",
    clause: { reference: "PO-02; CKV_AWS_144; S3.7", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    themes: ["recovery", "storage", "aws"],
    prevents: "The loss of a region is the loss of the objects.",
    description: "Every bucket is copied elsewhere, if the configuration demands it.",
    remediation: "Write a BucketReplicationConfig to a bucket of another region.",
    configuration: required("Whether every bucket needs a copy"),
    check: everyBucket([token("s3", "BucketReplicationConfig")], whereRequired(replicated)),
  },
];

export const s3: readonly Policy[] = [...closed, ...kept];

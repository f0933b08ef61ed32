/** What buckets keep, and for how long. */
import { each, elements, expectEqual, expectOneOf, knows, type Check } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";
import { everyBucket, type Evaluate } from "./buckets";
import { isNot, rules } from "../rules";
import { aws } from "../tokens";
import {
  BUCKETS,
  BUCKET_ENCRYPTIONS,
  BUCKET_LIFECYCLES,
  BUCKET_LOGGINGS,
  BUCKET_VERSIONINGS,
} from "./tokens";

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["storage", "aws"] } as const;

const versioned: Evaluate = ({ bucket, own, context, lacks }) => {
  const { props } = bucket;
  const inline = [props.get("versioning", "enabled"), props.get("versionings", 0, "enabled")];
  const [separate] = own;
  if (separate !== undefined) {
    const status = separate.props.get("versioningConfiguration", "status");
    expectOneOf({ resource: separate, context }, status, ["Enabled"]);
  } else if (!inline.some((it) => context.noteUnknown(it, bucket.urn) || it.boolean === true)) {
    lacks("BucketVersioning", "write one with the status Enabled");
  }
};

function keyChosen(check: Check): void {
  const { props } = check.resource;
  for (const rule of elements(check, props.get("rules"))) {
    const algorithm = rule.get("applyServerSideEncryptionByDefault", "sseAlgorithm");
    if (check.context.setting("kms", false)) {
      expectOneOf(check, algorithm, ["aws:kms", "aws:kms:dsse"]);
    }
    if (!knows(check, algorithm) || algorithm.string !== "aws:kms") continue;
    const expected = "it must be true: otherwise every object costs a call to KMS";
    expectEqual(check, rule.get("bucketKeyEnabled"), true, expected);
  }
}

const ENABLED = ({ string }: Value): boolean => string === undefined || string === "Enabled";

const cleaned: Evaluate = ({ bucket, own, context, lacks }) => {
  const inline = bucket.props.get("lifecycleRules");
  const lists = [inline, ...own.map(({ props }) => props.get("rules"))];
  if (lists.some((it) => context.noteUnknown(it, bucket.urn))) return;
  const aborts = lists
    .flatMap((it) => it.list())
    .some(
      (rule) =>
        ENABLED(rule.get("status")) &&
        rule.get("enabled").boolean !== false &&
        !(
          rule.get("abortIncompleteMultipartUpload").isMissing &&
          rule.get("abortIncompleteMultipartUploadDays").isMissing
        ),
    );
  if (aborts) return;
  const expected =
    "write a rule with abortIncompleteMultipartUpload into its BucketLifecycleConfiguration";
  lacks("rule that removes failed uploads", expected);
};

/** What is a matter of opinion, or of the account: asked only where the configuration says so. */
function whereRequired(evaluate: Evaluate): Evaluate {
  return (known) => {
    if (known.context.setting("required", false)) evaluate(known);
  };
}

const logged: Evaluate = ({ bucket, own, context, lacks }) => {
  for (const logging of own) {
    const target = logging.props.get("targetBucket");
    if (target.string === undefined || target.string !== bucket.props.get("bucket").string)
      continue;
    context.report(finding(logging, target, "a log of itself grows for ever"), logging.urn);
  }
  if (own.length > 0 || !bucket.props.get("logging").isMissing) return;
  lacks("BucketLogging", "write one");
};

const replicated: Evaluate = ({ bucket, own, lacks }) => {
  if (own.length > 0 || !bucket.props.get("replicationConfiguration").isMissing) return;
  lacks("BucketReplicationConfig", "write one to a bucket of another region");
};

const required = (what: string): NonNullable<Policy["configuration"]> => ({
  properties: { required: { type: "boolean", default: false, description: what } },
});

export const s3: readonly Policy[] = [
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
    enforcement: ONLY_IN_PRODUCTION,
    check: rules(BUCKETS, { forceDestroy: isNot(true) }),
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
    check: everyBucket([aws("s3", "BucketReplicationConfig")], whereRequired(replicated)),
  },
];

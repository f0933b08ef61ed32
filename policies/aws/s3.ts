/** Versioning, lifecycle, logging and replication of buckets. */
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
    lacks("BucketVersioning", "add one with the status Enabled");
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
    "add a rule with abortIncompleteMultipartUpload to its BucketLifecycleConfiguration";
  lacks("lifecycle rule that removes failed uploads", expected);
};

/** For rules that depend on opinion or on the account: checked only if the option is set. */
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
    context.report(
      finding(logging, target, "a log that logs itself grows without limit"),
      logging.urn,
    );
  }
  if (own.length > 0 || !bucket.props.get("logging").isMissing) return;
  lacks("BucketLogging", "add one");
};

const replicated: Evaluate = ({ bucket, own, lacks }) => {
  if (own.length > 0 || !bucket.props.get("replicationConfiguration").isMissing) return;
  lacks("BucketReplicationConfig", "add one to a bucket in another region");
};

const required = (what: string): NonNullable<Policy["configuration"]> => ({
  properties: { required: { type: "boolean", default: false, description: what } },
});

export const s3: readonly Policy[] = [
  {
    ...strict,
    name: "aws-s3-versioned",
    title: "Buckets are versioned",
    clause: { reference: "PO-02; CKV_AWS_21; S3.14", url: CONTROLS },
    severity: "high",
    prevents: "A backup that is overwritten or deleted, by mistake or on purpose, is gone.",
    description: "Every bucket keeps previous versions of its objects.",
    remediation: 'Add a BucketVersioning with versioningConfiguration.status "Enabled".',
    check: everyBucket(BUCKET_VERSIONINGS, versioned),
  },
  {
    ...strict,
    name: "aws-s3-not-emptied",
    title: "Buckets are not emptied on deletion",
    clause: {
      reference: "PO-02; ALL-12",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
    },
    severity: "high",
    prevents: "Removing a bucket from the program deletes every object and version in it.",
    description: "In production, no bucket sets forceDestroy.",
    remediation: "Remove forceDestroy; if you mean to delete the bucket, empty it by hand first.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules(BUCKETS, { forceDestroy: isNot(true) }),
  },
  {
    ...strict,
    name: "aws-s3-key",
    title: "Buckets encrypted with KMS use a bucket key",
    clause: { reference: "PO-03; CKV_AWS_19; CKV_AWS_145; CKV_AWS_186; S3.17", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    prevents: "Every object costs a call to KMS, until calls are throttled.",
    description:
      "Buckets that use KMS encryption enable a bucket key; others use the key managed by S3.",
    remediation: "Set rules[].bucketKeyEnabled to true.",
    configuration: {
      properties: {
        kms: { type: "boolean", default: false, description: "Whether a KMS key is required" },
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
    prevents: "Parts of failed uploads are paid for and do not show in any listing.",
    description: "Every bucket has a lifecycle lifecycle rule that removes failed uploads.",
    remediation: "Add a rule with abortIncompleteMultipartUpload.daysAfterInitiation.",
    check: everyBucket(BUCKET_LIFECYCLES, cleaned),
  },
  {
    ...strict,
    name: "aws-s3-access-logged",
    title: "Buckets have access logs, if required",
    clause: { reference: "PO-03; CKV_AWS_18; S3.9", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    themes: ["logging", "storage", "aws"],
    prevents: "Nobody can tell who read an object, unless CloudTrail records it.",
    description: "Every bucket has its own access log, if the option required is set.",
    remediation: "Add a BucketLogging to another bucket, or log data events with CloudTrail.",
    configuration: required("Whether every bucket needs an access log"),
    check: everyBucket(BUCKET_LOGGINGS, whereRequired(logged)),
  },
  {
    ...strict,
    name: "aws-s3-replicated",
    title: "Buckets are replicated to another region, if required",
    clause: { reference: "PO-02; CKV_AWS_144; S3.7", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    themes: ["recovery", "storage", "aws"],
    prevents: "The objects are lost if the region is lost.",
    description: "Every bucket is replicated, if the option required is set.",
    remediation: "Add a BucketReplicationConfig to a bucket in another region.",
    configuration: required("Whether every bucket must be replicated"),
    check: everyBucket([aws("s3", "BucketReplicationConfig")], whereRequired(replicated)),
  },
];

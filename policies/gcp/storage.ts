/** Cloud Storage and Artifact Registry. */
import { is, isThat, rules, where, withRemedy } from "../rules";
import {
  each,
  expectEqual,
  expectNot,
  expectPresent,
  expectThat,
  knows,
  type Check,
} from "../expect";
import type { Change, Policy, Resource } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { DOCS, whole } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

const BUCKET = gcp("storage", "Bucket");
const REPOSITORY = gcp("artifactregistry", "Repository");
const STORAGE = `${DOCS}/storage/docs`;

/** Where ACLs name members. */
const ENTITIES: Readonly<Record<string, readonly string[]>> = {
  [gcp("storage", "BucketACL")]: ["predefinedAcl", "defaultAcl", "roleEntities"],
  [gcp("storage", "DefaultObjectACL")]: ["roleEntities"],
  [gcp("storage", "ObjectACL")]: ["predefinedAcl", "roleEntities"],
  [gcp("storage", "BucketAccessControl")]: ["entity"],
  [gcp("storage", "DefaultObjectAccessControl")]: ["entity"],
  [gcp("storage", "ObjectAccessControl")]: ["entity"],
  [gcp("storage", "BucketObject")]: ["predefinedAcl"],
};

/** `publicRead`, `READER:allUsers`, `allAuthenticatedUsers`, `authenticatedRead`. */
const isPublic = ({ string = "" }: Value): boolean =>
  /^(public|authenticated)Read|(^|:)all(Authenticated)?Users$/i.test(string);

function acl(check: Check): void {
  const { props, type } = check.resource;
  for (const value of (ENTITIES[type] ?? []).map((key) => props.get(key))) {
    // A name, or a list of names.
    for (const entity of [value, ...value.list()]) {
      expectThat(
        check,
        entity,
        (it) => !isPublic(it),
        "everyone can read it: list the members that need access",
      );
    }
  }
}

function cleaned(check: Check): void {
  const { props } = check.resource;
  const rules = props.get("lifecycleRules");
  const actions = rules.list().map((rule) => rule.get("action", "type"));
  if (actions.some(({ string }) => string === "AbortIncompleteMultipartUpload")) return;
  if (actions.some((action) => check.context.noteUnknown(action))) return;
  const expected = "aborted uploads are paid for indefinitely: add AbortIncompleteMultipartUpload";
  expectThat(check, rules, () => false, expected);
}

function accessLog(check: Check): void {
  const { resource, context } = check;
  const log = resource.props.get("logging", "logBucket");
  const name = resource.props.get("name");
  const isOther = ({ string }: Value): boolean => string !== name.string;
  const itself = "its log would log itself: use another bucket";
  if (!log.isMissing && !context.noteUnknown(name)) expectThat(check, log, isOther, itself);
  if (!context.setting("demand", false)) return;
  expectPresent(check, log, "set the bucket for the log");
}

function images(check: Check): void {
  const { props } = check.resource;
  const format = props.get("format");
  if (check.context.noteUnknown(format) || format.string !== "DOCKER") return;
  const scan = props.get("vulnerabilityScanningConfig", "enablementConfig");
  expectNot(
    check,
    scan,
    "DISABLED",
    'images are not scanned for vulnerabilities: it must be "INHERITED" or missing',
  );
  // Without rules a repository keeps every image; rules in dry-run mode delete none.
  const rules = props.get("cleanupPolicies");
  if (!knows(check, rules) || rules.list().length === 0) return;
  const dry = props.get("cleanupPolicyDryRun");
  expectNot(check, dry, true, "cleanup policies delete nothing: it must be false");
}

/**
 * Repositories that stand in for Container Registry hosts, where pushes may rely on mutable tags.
 */
const isFormerHost = (props: Value): boolean =>
  /^(([a-z]+)\.)?gcr\.io$/.test(props.get("repositoryId").string ?? "");
const isStore = (props: Value): boolean =>
  props.get("format").string === "DOCKER" &&
  !["REMOTE_REPOSITORY", "VIRTUAL_REPOSITORY"].includes(props.get("mode").string ?? "");

/** The values that decide whether a repository's tags may move. */
const WHICH = ["format", "mode", "repositoryId"];
const FIXED = ["dockerConfig", "immutableTags"];

function fixedTags(check: Check): void {
  const { props } = check.resource;
  const tags = props.get(...FIXED);
  if (tags.boolean === true || WHICH.some((key) => check.context.noteUnknown(props.get(key))))
    return;
  if (isStore(props) && !isFormerHost(props)) expectEqual(check, tags, true);
}

function fixTags({ props }: Resource): readonly Change[] {
  const tags = props.get(...FIXED);
  const isOpen = [tags, ...WHICH.map((key) => props.get(key))].some(({ isUnknown }) => isUnknown);
  if (isOpen || tags.boolean === true || !isStore(props) || isFormerHost(props)) return [];
  return [{ path: FIXED, value: true }];
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const storage: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-bucket-private",
    title: "Buckets cannot be made public",
    clause: {
      reference: "PO-03; CKV_GCP_29; CKV_GCP_114; CIS GCP 5.1; CIS GCP 5.2",
      url: `${STORAGE}/public-access-prevention`,
    },
    severity: "critical",
    themes: ["storage", "gcp"],
    prevents: "One grant too many, on one object, exposes backups to the internet.",
    description: "Buckets prevent public access and disable per-object ACLs.",
    remediation: 'Set publicAccessPrevention to "enforced" and uniformBucketLevelAccess to true.',
    ...withRemedy(
      rules([BUCKET], {
        publicAccessPrevention: is("enforced"),
        uniformBucketLevelAccess: is(true),
      }),
    ),
  },
  {
    ...strict,
    name: "gcp-bucket-acl-private",
    title: "Cloud Storage ACLs are not public",
    clause: { reference: "PO-03; CKV_GCP_28", url: `${STORAGE}/access-control/lists` },
    severity: "critical",
    themes: ["storage", "iam", "gcp"],
    prevents: "Everyone on the internet can list and read the bucket.",
    description: "No ACL of a bucket or an object grants access to all users.",
    remediation: "Remove the ACL, and grant roles on the bucket with storage.BucketIAMMember.",
    check: each(Object.keys(ENTITIES), acl),
  },
  {
    ...strict,
    name: "gcp-bucket-versioned",
    title: "Cloud Storage buckets are versioned",
    clause: { reference: "PO-02; CKV_GCP_78", url: `${STORAGE}/object-versioning` },
    severity: "high",
    themes: ["recovery", "storage", "gcp"],
    prevents: "A wrong upload, or a stolen key, overwrites the only copy.",
    description:
      "Buckets keep previous versions of objects, or have a retention policy that forbids overwriting.",
    remediation:
      "Set versioning.enabled to true, with a lifecycle rule that expires previous versions.",
    // A bucket whose objects cannot be overwritten needs no versioning, and may not have it.
    check: rules(
      where([BUCKET], ({ resource }) => resource.props.get("retentionPolicy").isMissing),
      { "versioning.enabled": is(true) },
    ),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-bucket-soft-delete",
    title: "Deleted objects can be restored for a week",
    clause: { reference: "PO-02", url: `${STORAGE}/soft-delete` },
    severity: "medium",
    themes: ["recovery", "storage", "gcp"],
    prevents:
      "Anyone who deletes the bucket, or the previous versions in it, deletes them permanently.",
    description: "In production, buckets do not turn off soft delete.",
    remediation: "Remove softDeletePolicy, which defaults to seven days.",
    check: rules([BUCKET], {
      "softDeletePolicy.retentionDurationSeconds": isThat(
        (it) => whole(it) !== 0,
        "deleted objects cannot be restored: it must be 604800 or missing",
      ),
    }),
  },
  {
    name: "gcp-bucket-uploads-ended",
    title: "Incomplete uploads are removed",
    clause: { reference: "PO-04", url: `${STORAGE}/lifecycle#abort-mpu` },
    severity: "low",
    themes: ["storage", "gcp"],
    prevents: "Parts of aborted uploads are paid for, and nobody sees them.",
    description: "Buckets have a lifecycle rule that aborts incomplete uploads.",
    remediation:
      "Add { action: { type: AbortIncompleteMultipartUpload }, condition: { age: 1 } } to lifecycleRules.",
    enforcement: ADVICE,
    check: each([BUCKET], cleaned),
  },
  {
    ...strict,
    name: "gcp-bucket-log-elsewhere",
    title: "A bucket's access log goes to another bucket",
    clause: {
      reference: "PO-03; CKV_GCP_62; CKV_GCP_63; CIS GCP 2.16",
      url: `${STORAGE}/access-logs`,
    },
    severity: "low",
    themes: ["logging", "storage", "gcp"],
    prevents:
      "A log that logs itself grows without limit, and is lost with the bucket that it describes.",
    description:
      "Buckets do not log into themselves; if the option demand is set, they have an access log.",
    remediation:
      "Set logging.logBucket to another bucket, or remove it and rely on Cloud Audit Logs.",
    configuration: {
      properties: {
        demand: {
          type: "boolean",
          default: false,
          description:
            "Whether an access log is required; Google recommends Cloud Audit Logs instead",
        },
      },
    },
    check: each([BUCKET], accessLog),
  },
  {
    ...strict,
    name: "gcp-registry-immutable",
    title: "Artifact Registry tags are immutable",
    clause: {
      reference: "PO-03",
      url: `${DOCS}/artifact-registry/docs/docker/immutable-tags`,
    },
    severity: "medium",
    themes: ["images", "gcp"],
    prevents: "What was tested under a tag is not what runs under it.",
    description:
      "Docker repositories do not allow tags to be moved, except repositories that stand in for gcr.io hosts.",
    remediation: "Set dockerConfig.immutableTags to true.",
    check: each([REPOSITORY], fixedTags),
    remediate: fixTags,
  },
  {
    ...strict,
    name: "gcp-registry-kept-clean",
    title: "Images are scanned, and old ones are removed",
    clause: {
      reference: "PO-03; CKV2_GCP_11",
      url: `${DOCS}/artifact-registry/docs/repositories/cleanup-policy`,
    },
    severity: "medium",
    themes: ["images", "gcp"],
    prevents:
      "Images with known vulnerabilities run, or images pile up because cleanup is only a dry run.",
    description:
      "Docker repositories do not turn off scanning, and their cleanup policies are not a dry run.",
    remediation: "Remove enablementConfig: DISABLED, and set cleanupPolicyDryRun to false.",
    check: each([REPOSITORY], images),
  },
];

/** Spaces: access, versioning and keys. */
import { is, isNot, isOrMissing, rules, withRemedy } from "../rules";
import { each, elements, expectPresent, expectThat, type Check } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, finding } from "../policy";
import { DOCS } from "./shared";
import { digitalocean } from "../tokens";
import type { Value } from "../values";

const SPACE = digitalocean("SpacesBucket");
const OBJECT = digitalocean("SpacesBucketObject");

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (it: unknown): it is Readonly<Record<string, unknown>> =>
  typeof it === "object" && it !== null && !Array.isArray(it);
const listOf = (it: unknown): readonly unknown[] => (Array.isArray(it) ? it : [it]);

/** Whether a statement allows everyone something without a condition. */
function isForEverybody(statement: unknown): boolean {
  if (!isObject(statement) || statement.Effect !== "Allow") return false;
  if (statement.Condition !== undefined) return false;
  const { Principal: principal } = statement;
  const named = isObject(principal) ? Object.values(principal).flatMap(listOf) : listOf(principal);
  return named.includes("*");
}

function bucketPolicy(check: Check): void {
  const policy = check.resource.props.get("policy");
  if (check.context.noteUnknown(policy)) return;
  const document = parsed(policy.string ?? "");
  const statements = isObject(document) ? listOf(document.Statement) : [];
  if (!statements.some(isForEverybody)) return;
  const expected =
    'it allows access to the Principal "*": name the allowed identities, or add a Condition';
  check.context.report(finding(check.resource, policy, expected));
}

function grants(check: Check): void {
  const list = check.resource.props.get("grants");
  expectPresent(check, list, "list the buckets that the key may use");
  for (const grant of elements(check, list)) {
    const permission = grant.get("permission");
    const isNarrow = ({ string }: Value): boolean => string !== "fullaccess";
    expectThat(
      check,
      permission,
      isNarrow,
      'it applies to every Space: use "read" or "readwrite" with a bucket',
    );
    if (permission.string === "fullaccess") continue;
    expectPresent(check, grant.get("bucket"), "set the bucket's name");
  }
}

/** Previous versions and parts of uploads, which are paid for but not listed. */
function ended(check: Check): void {
  const { props } = check.resource;
  const uploads = "parts of failed uploads are kept: set abortIncompleteMultipartUploadDays";
  expectLifecycleRule(check, "abortIncompleteMultipartUploadDays", uploads);
  const versioning = props.get("versioning", "enabled");
  if (check.context.noteUnknown(versioning) || versioning.boolean !== true) return;
  const versions = "previous versions are kept forever: set noncurrentVersionExpiration";
  expectLifecycleRule(check, "noncurrentVersionExpiration", versions);
}

/** At least one rule must set it. */
function expectLifecycleRule(check: Check, key: string, expected: string): void {
  const rules = check.resource.props.get("lifecycleRules");
  const written = rules.list().filter((rule) => !rule.get(key).isMissing);
  if (written.some((rule) => rule.isKnown)) return;
  if (written.some((rule) => check.context.noteUnknown(rule))) return;
  expectThat(check, rules, () => false, expected);
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const spaces: readonly Policy[] = [
  {
    ...strict,
    name: "digitalocean-space-private",
    themes: ["storage", "digitalocean"],
    title: "Spaces are private",
    clause: { reference: "PO-03; CKV_DIO_3", url: `${DOCS}/spaces/how-to/set-file-permissions/` },
    severity: "critical",
    prevents: "Anyone can read the backups.",
    description: "No Space, and no object in one, is publicly readable.",
    remediation: 'Set acl to "private", or leave it out.',
    ...withRemedy(rules([SPACE, OBJECT], { acl: isOrMissing("private") })),
  },
  {
    ...strict,
    name: "digitalocean-space-policy-private",
    themes: ["storage", "iam", "digitalocean"],
    title: "Policies of Spaces do not allow public access",
    clause: { reference: "PO-03", url: `${DOCS}/spaces/reference/s3-compatibility/` },
    severity: "critical",
    prevents: "A policy opens what the ACL keeps closed.",
    description: "No policy of a Space allows everyone to do something without a condition.",
    remediation: 'Set Principal to the identities of the keys, or remove "Effect": "Allow".',
    check: each([digitalocean("SpacesBucketPolicy")], bucketPolicy),
  },
  {
    ...strict,
    name: "digitalocean-space-versioned",
    themes: ["recovery", "storage", "digitalocean"],
    title: "Spaces are versioned",
    clause: { reference: "PO-02; CKV_DIO_1", url: `${DOCS}/spaces/how-to/enable-versioning/` },
    severity: "high",
    prevents: "Backups that are overwritten, or deleted with a stolen key, cannot be recovered.",
    description: "Every Space keeps previous versions of its objects.",
    remediation:
      "Set versioning.enabled to true, with a lifecycle rule that expires previous versions.",
    ...withRemedy(rules([SPACE], { "versioning.enabled": is(true) })),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-space-kept",
    themes: ["recovery", "storage", "digitalocean"],
    title: "Spaces are not emptied on deletion",
    clause: { reference: "PO-02", url: `${DOCS}/spaces/how-to/destroy/` },
    severity: "high",
    prevents: "A mistaken destroy deletes every backup.",
    description: "In production, no Space is deleted together with its objects.",
    remediation:
      "Remove forceDestroy: true; set it in a separate change before an intended deletion.",
    ...withRemedy(rules([SPACE], { forceDestroy: isOrMissing(false) })),
  },
  {
    ...strict,
    name: "digitalocean-space-cors-narrow",
    themes: ["storage", "digitalocean"],
    title: "Spaces list the origins that CORS allows",
    clause: { reference: "PO-03", url: `${DOCS}/spaces/how-to/configure-cors/` },
    severity: "medium",
    prevents: "Any page that a user visits can read what the user may read.",
    description: "No Space allows every origin in its CORS rules.",
    remediation: "List the sites in allowedOrigins, such as https://app.example.com.",
    check: rules([SPACE, digitalocean("SpacesBucketCorsConfiguration")], {
      "corsRules[].allowedOrigins[]": isNot("*", "it allows every origin: list the allowed ones"),
    }),
  },
  {
    ...strict,
    name: "digitalocean-space-key-narrow",
    themes: ["iam", "storage", "digitalocean"],
    title: "Spaces keys are limited to named buckets",
    clause: { reference: "PO-03", url: `${DOCS}/spaces/how-to/manage-access/` },
    severity: "high",
    prevents: "The key of one backup job can delete every Space of the account.",
    description: "Every Spaces key has read or readwrite access to named buckets only.",
    remediation: 'Set grants to { bucket, permission: "readwrite" }, one for each bucket.',
    check: each([digitalocean("SpacesKey")], grants),
  },
  {
    name: "digitalocean-space-lifecycle",
    themes: ["storage", "digitalocean"],
    title: "Spaces expire failed uploads and previous versions",
    clause: { reference: "PO-04", url: `${DOCS}/spaces/how-to/configure-lifecycle-rules/` },
    severity: "low",
    prevents: "Previous versions and failed uploads are paid for indefinitely.",
    description: "Spaces expire incomplete uploads and previous versions.",
    remediation:
      "Add lifecycleRules with abortIncompleteMultipartUploadDays and noncurrentVersionExpiration.",
    enforcement: ADVICE,
    check: each([SPACE], ended),
  },
];

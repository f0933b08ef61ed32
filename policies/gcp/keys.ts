/** Keys and secrets of Google Cloud. */
import { isMissingOr, isOneOf, rules } from "../rules";
import { each, expectAbsent, expectPresent, expectThat, type Check } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";
import { DOCS, whole } from "./shared";
import { gcp } from "../tokens";
import type { Key, Value } from "../values";

const DAY = 86_400;
const CRYPTO_KEY = gcp("kms", "CryptoKey");
const SECRET = gcp("secretmanager", "Secret");
const VERSION = gcp("secretmanager", "SecretVersion");

function rotated(check: Check): void {
  const { props } = check.resource;
  const purpose = props.get("purpose");
  if (check.context.noteUnknown(purpose)) return;
  // Signing and asymmetric keys cannot be rotated automatically; ENCRYPT_DECRYPT is the default.
  if (!purpose.isMissing && purpose.string !== "ENCRYPT_DECRYPT") return;
  const most = check.context.setting("days", 90);
  const isRight = (it: Value): boolean => (whole(it) ?? Infinity) <= most * DAY;
  const expected = `it must be "${String(most * DAY)}s" or less`;
  expectThat(check, props.get("rotationPeriod"), isRight, expected);
}

function replicated(check: Check): void {
  const replication = check.resource.props.get("replication");
  const [auto, chosen] = [replication.get("auto"), replication.get("userManaged", "replicas")];
  if (chosen.isMissing) {
    expectPresent(check, auto, "set it to {}, or list the regions in userManaged.replicas");
    return;
  }
  expectAbsent(check, auto, "userManaged lists the regions: leave one of the two out");
  const least = check.context.setting("regions", 1);
  expectThat(
    check,
    chosen,
    (it) => it.list().length >= least,
    `it must list ${String(least)} or more regions`,
  );
}

function scheduled(check: Check): void {
  const days = check.context.setting("days", 0);
  if (days === 0) return;
  const period = check.resource.props.get("rotation", "rotationPeriod");
  const isRight = (it: Value): boolean => (whole(it) ?? Infinity) <= days * DAY;
  expectThat(check, period, isRight, `it must be "${String(days * DAY)}s" or less`);
}

/** Where a type names its key; Google-managed keys encrypt everything without one. */
const KEY_AT: Readonly<Record<string, readonly Key[]>> = {
  [gcp("artifactregistry", "Repository")]: ["kmsKeyName"],
  [gcp("compute", "Disk")]: ["diskEncryptionKey", "kmsKeySelfLink"],
  [gcp("container", "NodePool")]: ["nodeConfig", "bootDiskKmsKey"],
  [gcp("filestore", "Instance")]: ["kmsKeyName"],
  [gcp("logging", "ProjectBucketConfig")]: ["cmekSettings", "kmsKeyName"],
  [gcp("managedkafka", "Cluster")]: ["gcpConfig", "kmsKey"],
  [gcp("memorystore", "Instance")]: ["kmsKey"],
  [gcp("pubsub", "Topic")]: ["kmsKeyName"],
  [gcp("redis", "Cluster")]: ["kmsKey"],
  [gcp("redis", "Instance")]: ["customerManagedKey"],
  [gcp("sql", "DatabaseInstance")]: ["encryptionKeyName"],
  [gcp("storage", "Bucket")]: ["encryption", "defaultKmsKeyName"],
};

function ownKey(check: Check): void {
  const { props, type } = check.resource;
  const path = KEY_AT[type];
  if (path === undefined || !check.context.setting("demand", false)) return;
  expectPresent(check, props.get(...path), "set it to the ID of a CryptoKey in the same location");
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const keys: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-kms-rotated",
    title: "Cloud KMS keys are rotated",
    clause: { reference: "PO-03; CKV_GCP_43; CIS GCP 1.10", url: `${DOCS}/kms/docs/key-rotation` },
    severity: "medium",
    themes: ["keys", "gcp"],
    prevents: "One lost key decrypts everything ever encrypted with it.",
    description: "Encryption keys are rotated at least every ninety days.",
    remediation: 'Set rotationPeriod to "7776000s"; older versions can still decrypt.',
    configuration: {
      properties: {
        days: { type: "integer", minimum: 1, default: 90, description: "Maximum number of days" },
      },
    },
    check: each([CRYPTO_KEY], rotated),
    remediate: ({ props }) =>
      props.get("rotationPeriod").isMissing && props.get("purpose").isMissing
        ? [{ path: ["rotationPeriod"], value: `${String(90 * DAY)}s` }]
        : [],
  },
  {
    ...strict,
    name: "gcp-kms-recoverable",
    title: "Destroyed keys can be restored for a week",
    clause: { reference: "PO-02; CKV_GCP_82", url: `${DOCS}/kms/docs/destroy-restore` },
    severity: "high",
    themes: ["recovery", "keys", "gcp"],
    prevents:
      "A key destroyed by mistake immediately makes everything that it encrypts unreadable.",
    description: "Key versions are kept for seven days or more before they are destroyed.",
    remediation: "Remove destroyScheduledDuration, which defaults to thirty days.",
    // The default is thirty days.
    check: rules([CRYPTO_KEY], {
      destroyScheduledDuration: isMissingOr(
        (it) => (whole(it) ?? 0) >= 7 * DAY,
        `it must be "${String(7 * DAY)}s" or more, or missing`,
      ),
    }),
  },
  {
    ...strict,
    name: "gcp-secret-replicated",
    title: "Secrets set where they are stored",
    clause: { reference: "PO-02", url: `${DOCS}/secret-manager/docs/choosing-replication` },
    severity: "medium",
    themes: ["secrets", "recovery", "gcp"],
    prevents: "A secret is stored where it must not be, or is lost with its only region.",
    description:
      "Secrets are replicated automatically or in chosen regions, at least as many as the option regions requires.",
    remediation: "Set replication to { auto: {} }, or to userManaged with the regions.",
    configuration: {
      properties: {
        regions: {
          type: "integer",
          minimum: 1,
          default: 1,
          description: "Minimum number of regions in userManaged",
        },
      },
    },
    check: each([SECRET], replicated),
  },
  {
    name: "gcp-secret-rotated",
    title: "Secrets set a rotation schedule",
    clause: { reference: "PO-03", url: `${DOCS}/secret-manager/docs/secret-rotation` },
    severity: "low",
    themes: ["secrets", "gcp"],
    prevents: "A password from years ago still works.",
    description: "If the option days is set, secrets schedule their rotation often enough.",
    remediation: "Set rotation.rotationPeriod and nextRotationTime, and the topics to notify.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        days: {
          type: "integer",
          minimum: 0,
          default: 0,
          description:
            "Maximum number of days; 0 turns the check off, because the schedule only notifies a listener that must do the rotation",
        },
      },
    },
    check: each([SECRET, gcp("secretmanager", "RegionalSecret")], scheduled),
  },
  {
    ...strict,
    name: "gcp-secret-version-kept",
    title: "A new secret version does not destroy the old one",
    clause: { reference: "PO-02", url: `${DOCS}/secret-manager/docs/disable-secret-version` },
    severity: "medium",
    themes: ["recovery", "secrets", "gcp"],
    prevents:
      "Pods that still use the old password cannot get it again, and no mistake can be undone.",
    description:
      "Secret versions are disabled or left in place when they are replaced, not destroyed.",
    remediation: 'Set deletionPolicy to "DISABLE".',
    check: rules([VERSION], { deletionPolicy: isOneOf("DISABLE", "ABANDON", "PREVENT") }),
    remediate: ({ props }) =>
      props.get("deletionPolicy").isMissing ? [{ path: ["deletionPolicy"], value: "DISABLE" }] : [],
  },
  {
    name: "gcp-customer-managed-key",
    title: "Google Cloud data is encrypted with customer-managed keys",
    clause: {
      reference: "PO-03; CKV_GCP_37; CKV_GCP_83; CKV_GCP_84; CIS GCP 4.7",
      url: `${DOCS}/kms/docs/cmek`,
    },
    severity: "low",
    themes: ["keys", "gcp"],
    prevents: "Only Google can make the data unreadable.",
    description: "If the option demand is set, resources that hold data name a Cloud KMS key.",
    remediation:
      "Set the key that the violation names; it must be in the same location as the resource.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        demand: {
          type: "boolean",
          default: false,
          description:
            "Whether a customer-managed key is required; Google encrypts all data in any case",
        },
      },
    },
    check: each(Object.keys(KEY_AT), ownKey),
  },
];

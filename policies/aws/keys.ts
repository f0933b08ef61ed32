/** KMS keys, what they encrypt, and secrets. */
import { isNot, rules } from "../rules";
import {
  each,
  expectAtLeast,
  expectEqual,
  expectNot,
  expectPresent,
  expectThat,
  knows,
  type Check,
} from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { Relations } from "../relations";
import { isProduction } from "../policy-context";
import { aws } from "../tokens";

const KEY = aws("kms", "Key");
const KEY_POLICY = aws("kms", "KeyPolicy");
const SECRET = aws("secretsmanager", "Secret");
const ROTATION = aws("secretsmanager", "SecretRotation");

const KMS = "https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html";
const SECRETS =
  "https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["keys", "aws"] } as const;

/** KMS rotates symmetric keys with its own key material. */
function rotated(check: Check): void {
  const { props } = check.resource;
  const [usage, spec] = [props.get("keyUsage"), props.get("customerMasterKeySpec")];
  if ((usage.string ?? "ENCRYPT_DECRYPT") !== "ENCRYPT_DECRYPT") return;
  if ((spec.string ?? "SYMMETRIC_DEFAULT") !== "SYMMETRIC_DEFAULT") return;
  if (!knows(check, usage, spec)) return;
  if (!props.get("customKeyStoreId").isMissing) return;
  expectEqual(check, props.get("enableKeyRotation"), true);
}

function keyKept(check: Check): void {
  const { props } = check.resource;
  expectNot(
    check,
    props.get("isEnabled"),
    false,
    "data that it encrypts cannot be read: it must be true",
  );
  const days = props.get("deletionWindowInDays");
  const least = check.context.setting("days", 14);
  // The default is 30 days.
  if (!days.isMissing && isProduction(check.context)) expectAtLeast(check, days, least);
}

/** The property that names the encryption key. */
const KEY_OF: Readonly<Record<string, readonly (string | number)[]>> = {
  [aws("rds", "Instance")]: ["kmsKeyId"],
  [aws("rds", "Cluster")]: ["kmsKeyId"],
  [aws("elasticache", "ReplicationGroup")]: ["kmsKeyId"],
  [aws("elasticache", "ServerlessCache")]: ["kmsKeyId"],
  [aws("msk", "Cluster")]: ["encryptionInfo", "encryptionAtRestKmsKeyArn"],
  [aws("efs", "FileSystem")]: ["kmsKeyId"],
  [aws("ebs", "Volume")]: ["kmsKeyId"],
  [aws("ebs", "SnapshotCopy")]: ["kmsKeyId"],
  [aws("backup", "Vault")]: ["kmsKeyArn"],
  [aws("ecr", "Repository")]: ["encryptionConfigurations", 0, "kmsKey"],
  [aws("sns", "Topic")]: ["kmsMasterKeyId"],
  [aws("sqs", "Queue")]: ["kmsMasterKeyId"],
  [aws("cloudwatch", "LogGroup")]: ["kmsKeyId"],
  [aws("cloudtrail", "Trail")]: ["kmsKeyId"],
  [SECRET]: ["kmsKeyId"],
};

function ownKey(check: Check): void {
  const { props, type } = check.resource;
  // A replica inherits its source's key.
  if (!props.get("replicateSourceDb").isMissing || !props.get("globalReplicationGroupId").isMissing)
    return;
  const expected =
    "AWS-managed keys cannot be revoked: set it to the ARN of a customer-managed key";
  expectPresent(check, props.get(...(KEY_OF[type] ?? [])), expected);
}

function rotatedSecrets(stack: Stack, context: CheckContext): void {
  const most = context.setting("days", 90);
  const [from, to] = [stack.of(ROTATION), stack.of(SECRET)];
  const rotations = new Relations({ from, by: "secretId", to });
  for (const rotation of from) {
    const days = rotation.props.get("rotationRules", "automaticallyAfterDays");
    const isRight = ({ isMissing, number }: typeof days): boolean =>
      isMissing || (number !== undefined && number <= most);
    expectThat(
      { resource: rotation, context },
      days,
      isRight,
      `it must be ${String(most)} or less`,
    );
  }
  if (!context.setting("required", false)) return;
  for (const secret of to) {
    if (rotations.of(secret).length > 0 || rotations.mayBeMore(secret, context)) continue;
    context.report(`${nameOf(secret)} has no SecretRotation; add one.`, secret.urn);
  }
}

export const keys: readonly Policy[] = [
  {
    ...strict,
    name: "aws-kms-rotated",
    title: "KMS keys are rotated",
    clause: {
      reference: "PO-03; CKV_AWS_7; KMS.4; CIS AWS 3.6; AWSGuard cmk-backing-key-rotation-enabled",
      url: KMS,
    },
    severity: "medium",
    prevents: "A key that was compromised once decrypts everything ever encrypted with it.",
    description: "Symmetric KMS keys are rotated automatically.",
    remediation: "Set enableKeyRotation to true.",
    check: each([KEY], rotated),
  },
  {
    ...strict,
    name: "aws-kms-kept",
    title: "KMS keys stay usable",
    clause: { reference: "PO-02; CKV_AWS_227; KMS.3", url: KMS },
    severity: "high",
    prevents: "Everything that a key encrypts, including backups, is lost with the key.",
    description: "KMS keys are enabled, and in production a deletion can be cancelled for days.",
    remediation: "Leave out isEnabled, and leave out deletionWindowInDays or set it to 14 to 30.",
    configuration: {
      properties: {
        days: {
          type: "integer",
          minimum: 7,
          maximum: 30,
          default: 14,
          description: "Minimum number of days",
        },
      },
    },
    check: each([KEY], keyKept),
  },
  {
    ...strict,
    name: "aws-kms-no-lockout",
    title: "KMS key policies do not lock everyone out",
    clause: {
      reference: "PO-02; CP aws-kms-key-disallow-bypass-policy-lockout-safety-check",
      url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    },
    severity: "high",
    prevents: "A key locks everyone out, and only AWS Support can recover it.",
    description: "No KMS key skips the check that its creator can still change its policy.",
    remediation: "Remove bypassPolicyLockoutSafetyCheck.",
    check: rules([KEY, KEY_POLICY], { bypassPolicyLockoutSafetyCheck: isNot(true) }),
  },
  {
    ...strict,
    name: "aws-own-keys",
    title: "Data is encrypted with customer-managed keys",
    clause: {
      reference:
        "PO-03; CKV_AWS_191; CKV_AWS_327; CKV_AWS_149; CKV_AWS_158; CKV_AWS_189; CKV_AWS_201; CKV_AWS_136; CKV_AWS_26; CKV_AWS_35; CKV_AWS_166",
      url: "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html",
    },
    severity: "low",
    enforcement: ADVICE,
    prevents:
      "Access to the data cannot be granted, audited or revoked separately through its key.",
    description: "Databases, caches, volumes, images, logs, messages and secrets name a KMS key.",
    remediation:
      "Set the property to the ARN of a Key in the program; AWS-managed keys have a policy that you cannot change.",
    check: each(Object.keys(KEY_OF), ownKey),
  },
  {
    ...strict,
    name: "aws-secret-recoverable",
    title: "Deleted secrets can be recovered",
    clause: {
      reference: "PO-02; ALL-07",
      url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
    },
    severity: "medium",
    themes: ["secrets", "aws"],
    prevents: "A password that is deleted by mistake is gone immediately.",
    description: "In production, a deleted secret is kept for a week or more.",
    remediation: "Leave recoveryWindowInDays out, or set it to 7 to 30.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules([SECRET], { recoveryWindowInDays: isNot(0, "it must be 7 to 30") }),
  },
  {
    ...strict,
    name: "aws-secret-rotated",
    title: "Secrets are rotated often enough",
    clause: { reference: "PO-03; ALL-07; CKV_AWS_304; SecretsManager.4", url: SECRETS },
    severity: "medium",
    enforcement: ADVICE,
    themes: ["secrets", "aws"],
    prevents: "A password that leaked months ago still works.",
    description:
      "Rotation schedules run often enough; if the option required is set, every secret has one.",
    remediation: "Set rotationRules.automaticallyAfterDays, or add a SecretRotation.",
    configuration: {
      properties: {
        days: { type: "integer", minimum: 1, default: 90, description: "Maximum number of days" },
        required: {
          type: "boolean",
          default: false,
          description: "Whether every secret needs a SecretRotation",
        },
      },
    },
    check: { kind: "stack", run: rotatedSecrets },
  },
];

/** Queues, topics, file systems, registries and certificates. */
import { each, expectEqual, expectNot, lacks, type Check } from "../expect";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import type { Value } from "../values";
import { Relations } from "../relations";
import { is, isAbsent, isNot, isOneOf, isThat, isWritten, rules } from "../rules";
import { aws } from "../tokens";

const QUEUE = aws("sqs", "Queue");
const TOPIC = aws("sns", "Topic");
const FILES = aws("efs", "FileSystem");
const FILES_BACKUP = aws("efs", "BackupPolicy");
const REPOSITORY = aws("ecr", "Repository");
const SCANNING = aws("ecr", "RegistryScanningConfiguration");
const CERTIFICATE = aws("acm", "Certificate");

const hub = (service: string): string =>
  `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html`;
const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

/** SQS encrypts with its own key by default. */
function queueEncrypted(check: Check): void {
  const { props } = check.resource;
  if (!props.get("kmsMasterKeyId").isMissing) return;
  const expected = "it must be true, or kmsMasterKeyId must be set";
  expectNot(check, props.get("sqsManagedSseEnabled"), false, expected);
}

function filesBackedUp(stack: Stack, context: CheckContext): void {
  const to = stack.of(FILES);
  const policies = new Relations({ from: stack.of(FILES_BACKUP), by: "fileSystemId", to });
  for (const files of to) {
    const [policy] = policies.of(files);
    if (policy === undefined) {
      if (policies.mayBeMore(files, context)) continue;
      const expected = "add one with the status ENABLED";
      context.report(`${nameOf(files)} has no BackupPolicy; ${expected}.`, files.urn);
      continue;
    }
    const status = policy.props.get("backupPolicy", "status");
    expectEqual({ resource: policy, context }, status, "ENABLED");
  }
}

/** The registry's scan filters; if its rules are unknown, one unknown filter. */
function scannedBy({ props }: StackResource): readonly Value[] {
  const rules = props.get("rules").listOrUnknown();
  return rules.map((rule) => rule.get("repositoryFilters"));
}

/** The account's registry can scan all of its repositories on push. */
function imagesScanned(stack: Stack, context: CheckContext): void {
  const isNotForAll = (resource: StackResource): boolean =>
    scannedBy(resource).every((filters) =>
      lacks({ resource, context }, filters, (filter) => filter === "*", "filter"),
    );
  if (!stack.of(SCANNING).every(isNotForAll)) return;
  for (const repository of stack.of(REPOSITORY)) {
    const scan = repository.props.get("imageScanningConfiguration", "scanOnPush");
    const check = { resource: repository, context };
    expectEqual(check, scan, true, "it must be true, unless the registry scans all images");
  }
}

const NAMED = isThat(({ string = "" }) => !string.startsWith("*."), "list the hosts");

const data: readonly Policy[] = [
  {
    ...strict,
    name: "aws-sqs-encrypted",
    title: "SQS queues are encrypted",
    clause: { reference: "PO-03; CKV_AWS_27; SQS.1", url: hub("sqs") },
    severity: "medium",
    themes: ["messaging", "aws"],
    prevents: "Messages are stored on disk in plain text.",
    description: "No SQS queue turns its encryption off.",
    remediation: "Leave out sqsManagedSseEnabled, or set kmsMasterKeyId.",
    check: each([QUEUE], queueEncrypted),
  },
  {
    ...strict,
    name: "aws-sns-encrypted",
    title: "SNS topics are encrypted",
    clause: { reference: "PO-03; CKV_AWS_26; SNS.1", url: hub("sns") },
    severity: "medium",
    themes: ["messaging", "aws"],
    prevents: "Messages are stored on disk in plain text.",
    description: "Every SNS topic names a KMS key.",
    remediation: "Set kmsMasterKeyId to alias/aws/sns or the ID of a Key.",
    check: rules([TOPIC], {
      kmsMasterKeyId: isWritten("set it to alias/aws/sns or the ID of a Key"),
    }),
  },
  {
    ...strict,
    name: "aws-efs-encrypted",
    title: "EFS file systems are encrypted",
    clause: {
      reference: "PO-02; ALL-12; CKV_AWS_42; CKV_AWS_184; EFS.1; AWSGuard efs-encrypted",
      url: hub("efs"),
    },
    severity: "high",
    themes: ["storage", "aws"],
    prevents: "Files are stored on disk in plain text, and cannot be encrypted later.",
    description: "Every EFS file system is encrypted.",
    remediation:
      "Set encrypted to true before the file system is created; changing it later replaces it.",
    check: rules([FILES], { encrypted: is(true) }),
  },
  {
    ...strict,
    name: "aws-efs-multi-zone",
    title: "EFS file systems tolerate the loss of a zone",
    clause: {
      reference: "PO-02; CP aws-efs-filesystem-disallow-single-availability-zone",
      url: "https://docs.aws.amazon.com/efs/latest/ug/features.html",
    },
    severity: "high",
    themes: ["availability", "storage", "aws"],
    prevents: "The files are lost with their zone.",
    enforcement: ONLY_IN_PRODUCTION,
    description: "In production, no EFS file system is limited to one zone.",
    remediation: "Remove availabilityZoneName; a change replaces the file system.",
    check: rules([FILES], {
      availabilityZoneName: isAbsent("remove it: the files would be in one zone only"),
    }),
  },
  {
    ...strict,
    name: "aws-efs-backed-up",
    title: "EFS file systems are backed up",
    clause: { reference: "PO-02; ALL-12; EFS.2", url: hub("efs") },
    severity: "high",
    themes: ["recovery", "storage", "aws"],
    prevents: "A file that is deleted by mistake is gone.",
    description: "Every EFS file system has automatic backups.",
    remediation: "Add a BackupPolicy with backupPolicy.status ENABLED.",
    check: { kind: "stack", run: filesBackedUp },
  },
];

const delivered: readonly Policy[] = [
  {
    ...strict,
    name: "aws-ecr-immutable",
    title: "ECR image tags are immutable",
    clause: { reference: "PO-03; CKV_AWS_51; ECR.2", url: hub("ecr") },
    severity: "medium",
    themes: ["images", "aws"],
    prevents: "What was tested is not what runs, although both have the same tag.",
    description: "ECR repositories do not allow a tag to be moved.",
    remediation:
      "Set imageTagMutability to IMMUTABLE, or to IMMUTABLE_WITH_EXCLUSION with filters.",
    check: rules([REPOSITORY], {
      imageTagMutability: isOneOf("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
    }),
  },
  {
    ...strict,
    name: "aws-ecr-scanned",
    title: "ECR images are scanned",
    clause: { reference: "PO-03; CKV_AWS_163; ECR.1", url: hub("ecr") },
    severity: "medium",
    themes: ["images", "aws"],
    prevents: "An image with a known vulnerability is rolled out.",
    description: "ECR repositories, or their registry, scan images on push.",
    remediation: "Set imageScanningConfiguration.scanOnPush to true.",
    check: { kind: "stack", run: imagesScanned },
  },
  {
    ...strict,
    name: "aws-ecr-not-emptied",
    title: "ECR repositories are not emptied on deletion",
    clause: {
      reference: "PO-02",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/ecr/repository/",
    },
    severity: "medium",
    themes: ["images", "aws"],
    prevents: "Removing a repository deletes the images that a rollback needs.",
    description: "In production, no ECR repository sets forceDelete.",
    remediation: "Remove forceDelete.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules([REPOSITORY], { forceDelete: isNot(true) }),
  },
  {
    ...strict,
    name: "aws-acm-renewed",
    title: "ACM certificates renew automatically and are logged publicly",
    clause: { reference: "PO-03; ALL-06; CKV_AWS_234; ACM.1", url: hub("acm") },
    severity: "medium",
    themes: ["tls", "aws"],
    prevents: "A certificate expires at night, because nobody answered an e-mail.",
    description: "ACM certificates are validated by DNS and appear in the transparency logs.",
    remediation:
      'Set validationMethod to "DNS" and leave certificateTransparencyLoggingPreference out.',
    check: each([CERTIFICATE], (check) => {
      const { props } = check.resource;
      // Imported certificates and those of a private CA are not validated.
      const isOwn = !props.get("privateKey").isMissing || !props.get("privateKeyWo").isMissing;
      if (!isOwn && props.get("certificateAuthorityArn").isMissing) {
        expectEqual(check, props.get("validationMethod"), "DNS");
      }
      const logs = props.get("options", "certificateTransparencyLoggingPreference");
      expectNot(check, logs, "DISABLED", 'it must be "ENABLED"');
    }),
  },
  {
    ...strict,
    name: "aws-acm-named",
    title: "ACM certificates name their hosts",
    clause: {
      reference: "PO-03; CKV2_AWS_71",
      url: "https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html",
    },
    severity: "low",
    enforcement: ADVICE,
    themes: ["tls", "aws"],
    prevents: "Anyone who holds one certificate can impersonate every host of the domain.",
    description: "No ACM certificate covers every host of a domain.",
    remediation: "List the hosts in domainName and subjectAlternativeNames.",
    check: rules([CERTIFICATE], { domainName: NAMED, "subjectAlternativeNames[]": NAMED }),
  },
];

export const services: readonly Policy[] = [...data, ...delivered];

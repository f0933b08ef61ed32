/** Queues, file systems, registries and certificates: a few rules each. */
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

/** SQS encrypts with a key of its own unless it is told not to. */
function queueEncrypted(check: Check): void {
  const { props } = check.resource;
  if (!props.get("kmsMasterKeyId").isMissing) return;
  const expected = "it must be true, or kmsMasterKeyId written";
  expectNot(check, props.get("sqsManagedSseEnabled"), false, expected);
}

function filesBackedUp(stack: Stack, context: CheckContext): void {
  const to = stack.of(FILES);
  const policies = new Relations({ from: stack.of(FILES_BACKUP), by: "fileSystemId", to });
  for (const files of to) {
    const [policy] = policies.of(files);
    if (policy === undefined) {
      if (policies.mayBeMore(files, context)) continue;
      const expected = "write one with the status ENABLED";
      context.report(`${nameOf(files)} has no BackupPolicy; ${expected}.`, files.urn);
      continue;
    }
    const status = policy.props.get("backupPolicy", "status");
    expectEqual({ resource: policy, context }, status, "ENABLED");
  }
}

/** The lists of what a registry scans; where its rules are not known, one that is not known either. */
function scannedBy({ props }: StackResource): readonly Value[] {
  const rules = props.get("rules").listOrUnknown();
  return rules.map((rule) => rule.get("repositoryFilters"));
}

/** A registry scans what it takes in, if the account says so for all of its repositories. */
function imagesScanned(stack: Stack, context: CheckContext): void {
  const isNotForAll = (resource: StackResource): boolean =>
    scannedBy(resource).every((filters) =>
      lacks({ resource, context }, filters, (filter) => filter === "*", "filter"),
    );
  if (!stack.of(SCANNING).every(isNotForAll)) return;
  for (const repository of stack.of(REPOSITORY)) {
    const scan = repository.props.get("imageScanningConfiguration", "scanOnPush");
    const check = { resource: repository, context };
    expectEqual(check, scan, true, "it must be true, unless the registry scans all");
  }
}

const NAMED = isThat(({ string = "" }) => !string.startsWith("*."), "name the hosts");

const data: readonly Policy[] = [
  {
    ...strict,
    name: "aws-sqs-encrypted",
    title: "Queues are encrypted",
    clause: { reference: "PO-03; CKV_AWS_27; SQS.1", url: hub("sqs") },
    severity: "medium",
    themes: ["messaging", "aws"],
    prevents: "Messages lie on disks in plain text.",
    description: "No queue of SQS has its encryption switched off.",
    remediation: "Leave sqsManagedSseEnabled out, or write kmsMasterKeyId.",
    check: each([QUEUE], queueEncrypted),
  },
  {
    ...strict,
    name: "aws-sns-encrypted",
    title: "Topics are encrypted",
    clause: { reference: "PO-03; CKV_AWS_26; SNS.1", url: hub("sns") },
    severity: "medium",
    themes: ["messaging", "aws"],
    prevents: "Messages lie on disks in plain text.",
    description: "Every topic of SNS names a key.",
    remediation: "Write kmsMasterKeyId, alias/aws/sns or the id of a Key.",
    check: rules([TOPIC], { kmsMasterKeyId: isWritten("write alias/aws/sns or the id of a Key") }),
  },
  {
    ...strict,
    name: "aws-efs-encrypted",
    title: "File systems are encrypted",
    clause: {
      reference: "PO-02; ALL-12; CKV_AWS_42; CKV_AWS_184; EFS.1; AWSGuard efs-encrypted",
      url: hub("efs"),
    },
    severity: "high",
    themes: ["storage", "aws"],
    prevents: "Files lie on disks in plain text, and cannot be encrypted later.",
    description: "Every file system of EFS is encrypted.",
    remediation: "Set encrypted to true before the file system is made; later it is replaced.",
    check: rules([FILES], { encrypted: is(true) }),
  },
  {
    ...strict,
    name: "aws-efs-multi-zone",
    title: "File systems survive a zone",
    clause: {
      reference: "PO-02; CP aws-efs-filesystem-disallow-single-availability-zone",
      url: "https://docs.aws.amazon.com/efs/latest/ug/features.html",
    },
    severity: "high",
    themes: ["availability", "storage", "aws"],
    prevents: "The files are lost with their zone.",
    enforcement: ONLY_IN_PRODUCTION,
    description: "In production no file system of EFS lies in one zone alone.",
    remediation: "Remove availabilityZoneName; a change replaces the file system.",
    check: rules([FILES], {
      availabilityZoneName: isAbsent("remove it: the files would lie in one zone"),
    }),
  },
  {
    ...strict,
    name: "aws-efs-backed-up",
    title: "File systems are backed up",
    clause: { reference: "PO-02; ALL-12; EFS.2", url: hub("efs") },
    severity: "high",
    themes: ["recovery", "storage", "aws"],
    prevents: "A file that was deleted by mistake is gone.",
    description: "Every file system of EFS has its automatic backups on.",
    remediation: "Write a BackupPolicy with backupPolicy.status ENABLED.",
    check: { kind: "stack", run: filesBackedUp },
  },
];

const delivered: readonly Policy[] = [
  {
    ...strict,
    name: "aws-ecr-immutable",
    title: "A tag stands for one image",
    clause: { reference: "PO-03; CKV_AWS_51; ECR.2", url: hub("ecr") },
    severity: "medium",
    themes: ["images", "aws"],
    prevents: "What was tested is not what runs, though both have the same tag.",
    description: "Repositories of ECR let no tag be moved.",
    remediation:
      "Set imageTagMutability to IMMUTABLE, or to IMMUTABLE_WITH_EXCLUSION with filters.",
    check: rules([REPOSITORY], {
      imageTagMutability: isOneOf("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
    }),
  },
  {
    ...strict,
    name: "aws-ecr-scanned",
    title: "Images are scanned",
    clause: { reference: "PO-03; CKV_AWS_163; ECR.1", url: hub("ecr") },
    severity: "medium",
    themes: ["images", "aws"],
    prevents: "An image with a known hole is rolled out.",
    description: "Repositories of ECR scan what is pushed, or their registry does.",
    remediation: "Set imageScanningConfiguration.scanOnPush to true.",
    check: { kind: "stack", run: imagesScanned },
  },
  {
    ...strict,
    name: "aws-ecr-not-emptied",
    title: "Repositories are not emptied",
    clause: {
      reference: "PO-02",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/ecr/repository/",
    },
    severity: "medium",
    themes: ["images", "aws"],
    prevents: "Removing a repository deletes the images that a rollback needs.",
    description: "In production no repository of ECR is deleted with its images.",
    remediation: "Remove forceDelete.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules([REPOSITORY], { forceDelete: isNot(true) }),
  },
  {
    ...strict,
    name: "aws-acm-renewed",
    title: "Certificates renew themselves, in public logs",
    clause: { reference: "PO-03; ALL-06; CKV_AWS_234; ACM.1", url: hub("acm") },
    severity: "medium",
    themes: ["tls", "aws"],
    prevents: "A certificate runs out at night, because an e-mail was not answered.",
    description: "Certificates of ACM are validated by DNS and stand in the transparency logs.",
    remediation:
      'Set validationMethod to "DNS" and leave certificateTransparencyLoggingPreference out.',
    check: each([CERTIFICATE], (check) => {
      const { props } = check.resource;
      // What is imported, or signed by an authority of one's own, is validated by nobody.
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
    title: "Certificates name their hosts",
    clause: {
      reference: "PO-03; CKV2_AWS_71",
      url: "https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html",
    },
    severity: "low",
    enforcement: ADVICE,
    themes: ["tls", "aws"],
    prevents: "Whoever holds one certificate can be every host of the domain.",
    description: "No certificate of ACM is for every host of a domain.",
    remediation: "Write the hosts into domainName and subjectAlternativeNames.",
    check: rules([CERTIFICATE], { domainName: NAMED, "subjectAlternativeNames[]": NAMED }),
  },
];

export const services: readonly Policy[] = [...data, ...delivered];

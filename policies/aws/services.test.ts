import { expect, it } from "vitest";
import { testPolicy, type Broken } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";
import type { Key } from "../values";

const one = (token: string, props: object): Fixture => ({
  type: token,
  name: "one",
  props: { ...props },
});

/** One property with one wrong value, and a few accepted ones. */
function property(
  name: string,
  fixture: Fixture,
  [at, to, says]: readonly [readonly Key[], unknown, string],
  ...more: readonly Broken[]
): void {
  const kind = fixture.type.slice(fixture.type.lastIndexOf(":") + 1);
  testPolicy(name, {
    happy: () => fixture,
    broken: [{ at, to, says: `${kind} "one": ${says}` }, ...more],
    unknown: [at],
  });
}

property(
  "aws-sqs-encrypted",
  one("aws:sqs/queue:Queue", { sqsManagedSseEnabled: true }),
  [
    ["sqsManagedSseEnabled"],
    false,
    "sqsManagedSseEnabled is false; it must be true, or kmsMasterKeyId must be set.",
  ],
  { at: ["sqsManagedSseEnabled"], says: [] },
);
it("aws-sqs-encrypted accepts a key", async () => {
  const fixture = one("aws:sqs/queue:Queue", {
    sqsManagedSseEnabled: false,
    kmsMasterKeyId: UNKNOWN,
  });
  expect(await messages("aws-sqs-encrypted", [fixture])).toEqual([]);
});
testPolicy("aws-sns-encrypted", {
  happy: () => one("aws:sns/topic:Topic", { kmsMasterKeyId: "alias/aws/sns" }),
  broken: [
    {
      at: ["kmsMasterKeyId"],
      says: 'Topic "one": kmsMasterKeyId is missing; set it to alias/aws/sns or the ID of a Key.',
    },
  ],
  unknown: [],
});
const files = one("aws:efs/fileSystem:FileSystem", { encrypted: true });
property("aws-efs-encrypted", files, [
  ["encrypted"],
  undefined,
  "encrypted is missing; it must be true.",
]);
property("aws-efs-multi-zone", files, [
  ["availabilityZoneName"],
  "eu-west-3a",
  'availabilityZoneName is "eu-west-3a"; remove it: the files would be in one zone only.',
]);
it("aws-efs-backed-up requires an enabled policy", async () => {
  const policy = (status: unknown): Fixture => ({
    ...one("aws:efs/backupPolicy:BackupPolicy", { backupPolicy: { status } }),
    propertyDependencies: { fileSystemId: [urnOf(files)] },
  });
  const reported = (...fixture: readonly Fixture[]) => messages("aws-efs-backed-up", fixture);
  expect(await reported(files, policy("ENABLED"))).toEqual([]);
  expect(await reported(files, policy(UNKNOWN))).toEqual([]);
  expect(await reported(files, policy("DISABLED"))).toEqual([
    'BackupPolicy "one": backupPolicy.status is "DISABLED"; it must be "ENABLED".',
  ]);
  const stray = one("aws:efs/backupPolicy:BackupPolicy", { fileSystemId: UNKNOWN });
  expect(await reported(files, stray)).toEqual([]);
  expect(await reported(files)).toEqual([
    'FileSystem "one" has no BackupPolicy; add one with the status ENABLED.',
  ]);
});
const repository = one("aws:ecr/repository:Repository", {
  imageTagMutability: "IMMUTABLE",
  imageScanningConfiguration: { scanOnPush: true },
  forceDelete: false,
});
property(
  "aws-ecr-immutable",
  repository,
  [
    ["imageTagMutability"],
    "MUTABLE",
    'imageTagMutability is "MUTABLE"; it must be "IMMUTABLE" or "IMMUTABLE_WITH_EXCLUSION".',
  ],
  { at: ["imageTagMutability"], to: "IMMUTABLE_WITH_EXCLUSION", says: [] },
);
const SCAN = ["imageScanningConfiguration", "scanOnPush"] as const;
property("aws-ecr-scanned", repository, [
  SCAN,
  false,
  "imageScanningConfiguration.scanOnPush is false; it must be true, unless the registry scans all images.",
]);
it("aws-ecr-scanned accepts a registry that scans everything", async () => {
  const registry = (filter: string): Fixture =>
    one("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", {
      rules: [{ repositoryFilters: [{ filter: "x" }, { filter }] }],
    });
  const bare = broken(repository, SCAN);
  expect(await messages("aws-ecr-scanned", [bare, registry("*")])).toEqual([]);
  expect(await messages("aws-ecr-scanned", [bare, registry("prod-*")])).toHaveLength(1);
  expect(await messages("aws-ecr-scanned", [bare, registry(UNKNOWN)])).toEqual([]);
  const late = broken(registry("x"), ["rules"], UNKNOWN);
  expect(await messages("aws-ecr-scanned", [bare, late])).toEqual([]);
});
property("aws-ecr-not-emptied", repository, [
  ["forceDelete"],
  true,
  "forceDelete is true; it must not be true.",
]);
const certificate = one("aws:acm/certificate:Certificate", {
  domainName: "boats.example.com",
  subjectAlternativeNames: ["sail.example.com"],
  validationMethod: "DNS",
});
property(
  "aws-acm-renewed",
  certificate,
  [["validationMethod"], "EMAIL", 'validationMethod is "EMAIL"; it must be "DNS".'],
  {
    at: ["options"],
    to: { certificateTransparencyLoggingPreference: "DISABLED" },
    says: 'Certificate "one": options.certificateTransparencyLoggingPreference is "DISABLED"; it must be "ENABLED".',
  },
);
it.each(["privateKey", "privateKeyWo", "certificateAuthorityArn"])(
  "aws-acm-renewed requires no validation with %s",
  async (key) => {
    const fixture = broken(broken(certificate, ["validationMethod"]), [key], UNKNOWN);
    expect(await messages("aws-acm-renewed", [fixture])).toEqual([]);
  },
);
property(
  "aws-acm-named",
  certificate,
  [["domainName"], "*.example.com", 'domainName is "*.example.com"; list the hosts.'],
  {
    at: ["subjectAlternativeNames", 0],
    to: "*.example.com",
    says: 'Certificate "one": subjectAlternativeNames[0] is "*.example.com"; list the hosts.',
  },
);

property(
  "aws-log-group-retention",
  one("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 90 }),
  [
    ["retentionInDays"],
    60,
    "retentionInDays is 60; set how many days logs are kept, to 90 or more.",
  ],
  {
    at: ["retentionInDays"],
    says: 'LogGroup "one": retentionInDays is missing; set how many days logs are kept, to 90 or more.',
  },
  {
    at: ["retentionInDays"],
    to: 120,
    setting: { configuration: { "aws-log-group-retention": { days: 365 } } },
    says: 'LogGroup "one": retentionInDays is 120; set how many days logs are kept, to 365 or more.',
  },
);
const trail = one("aws:cloudtrail/trail:Trail", {
  isMultiRegionTrail: true,
  enableLogFileValidation: true,
  cloudWatchLogsGroupArn: UNKNOWN,
});
property(
  "aws-cloudtrail-complete",
  trail,
  [["isMultiRegionTrail"], undefined, "isMultiRegionTrail is missing; it must be true."],
  {
    at: ["enableLogFileValidation"],
    says: 'Trail "one": enableLogFileValidation is missing; it must be true.',
  },
  {
    at: ["enableLogging"],
    to: false,
    says: 'Trail "one": enableLogging is false; it must be true.',
  },
  {
    at: ["includeGlobalServiceEvents"],
    to: false,
    says: 'Trail "one": includeGlobalServiceEvents is false; it must be true.',
  },
);
testPolicy("aws-cloudtrail-searchable", {
  happy: () => trail,
  broken: [
    {
      at: ["cloudWatchLogsGroupArn"],
      says: 'Trail "one": cloudWatchLogsGroupArn is missing; set it to the ARN of a log group.',
    },
  ],
  unknown: [],
});

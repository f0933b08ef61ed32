/** Log retention and CloudTrail. */
import { expectThat } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";
import { is, isNot, isWritten, rules, type Expectation } from "../rules";
import { aws } from "../tokens";

const GROUP = aws("cloudwatch", "LogGroup");
const TRAIL = aws("cloudtrail", "Trail");

const hub = (service: string): string =>
  `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html`;
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["logging", "aws"] } as const;

/** Zero means forever, as a missing value does. */
const keptLongEnough: Expectation = (check, value) => {
  const least = check.context.setting("days", 90);
  const isRight = ({ number }: typeof value): boolean => number !== undefined && number >= least;
  expectThat(check, value, isRight, `set how many days logs are kept, to ${String(least)} or more`);
};

export const logging: readonly Policy[] = [
  {
    ...strict,
    name: "aws-log-group-retention",
    title: "Log groups set their retention",
    clause: { reference: "PO-03; CKV_AWS_66; CKV_AWS_338; CloudWatch.16", url: hub("cloudwatch") },
    severity: "medium",
    prevents: "Logs are gone when they are needed, or are stored and paid for indefinitely.",
    description: "Every log group sets its retention, and keeps logs for long enough.",
    remediation:
      "Set retentionInDays to 90, 120, 180, 365 or another value that CloudWatch allows.",
    configuration: {
      properties: {
        days: {
          type: "integer",
          minimum: 1,
          default: 90,
          description: "Minimum number of days; Security Hub and Checkov expect 365",
        },
      },
    },
    check: rules([GROUP], { retentionInDays: keptLongEnough }),
  },
  {
    ...strict,
    name: "aws-cloudtrail-complete",
    title: "CloudTrail covers all regions and validates its log files",
    clause: {
      reference:
        "PO-03; CKV_AWS_67; CKV_AWS_36; CKV_AWS_251; CKV_AWS_252; CloudTrail.1; CloudTrail.4; CIS AWS 3.1",
      url: hub("cloudtrail"),
    },
    severity: "high",
    prevents: "Someone works in a region that nobody watches, or edits the log afterwards.",
    description: "Trails record all regions and global services, with log file validation.",
    remediation: "Set isMultiRegionTrail and enableLogFileValidation to true.",
    // Logging, including that of global services, is on by default.
    check: rules([TRAIL], {
      isMultiRegionTrail: is(true),
      enableLogFileValidation: is(true),
      enableLogging: isNot(false, "it must be true"),
      includeGlobalServiceEvents: isNot(false, "it must be true"),
    }),
  },
  {
    ...strict,
    name: "aws-cloudtrail-searchable",
    title: "Trails can be searched and alerted on",
    clause: { reference: "PO-03; CKV2_AWS_10; CloudTrail.5", url: hub("cloudtrail") },
    severity: "low",
    enforcement: ADVICE,
    prevents: "The sign of an attack sits in a file that nobody opens.",
    description: "Trails also send their events to CloudWatch Logs.",
    remediation: "Set cloudWatchLogsGroupArn and cloudWatchLogsRoleArn.",
    check: rules([TRAIL], {
      cloudWatchLogsGroupArn: isWritten("set it to the ARN of a log group"),
    }),
  },
];

/** Logs that are kept, and the account's own watch. */
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

/** Zero stands for ever, as a missing value does. */
const keptLongEnough: Expectation = (check, value) => {
  const least = check.context.setting("days", 90);
  const isRight = ({ number }: typeof value): boolean => number !== undefined && number >= least;
  expectThat(check, value, isRight, `write how many days logs are kept, ${String(least)} or more`);
};

export const logging: readonly Policy[] = [
  {
    ...strict,
    name: "aws-log-group-retention",
    title: "Logs are kept for as long as they are needed",
    clause: { reference: "PO-03; CKV_AWS_66; CKV_AWS_338; CloudWatch.16", url: hub("cloudwatch") },
    severity: "medium",
    prevents: "Logs are gone when they are asked for, or kept and paid for ever.",
    description: "Every log group says for how many days it keeps logs, and that is enough.",
    remediation: "Set retentionInDays to 90, 120, 180, 365 or another value of CloudWatch's.",
    configuration: {
      properties: {
        days: {
          type: "integer",
          minimum: 1,
          default: 90,
          description: "Days at least; Security Hub and Checkov want 365",
        },
      },
    },
    check: rules([GROUP], { retentionInDays: keptLongEnough }),
  },
  {
    ...strict,
    name: "aws-cloudtrail-complete",
    title: "Trails record everything, everywhere",
    clause: {
      reference:
        "PO-03; CKV_AWS_67; CKV_AWS_36; CKV_AWS_251; CKV_AWS_252; CloudTrail.1; CloudTrail.4; CIS AWS 3.1",
      url: hub("cloudtrail"),
    },
    severity: "high",
    prevents: "Somebody works in a region that nobody looks at, or mends the log afterwards.",
    description: "Trails record all regions and global services, with files that prove themselves.",
    remediation: "Set isMultiRegionTrail and enableLogFileValidation to true.",
    // Recording, and that of global services, is on where nothing is said.
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
    prevents: "A sign of an attack lies in a file that nobody opens.",
    description: "Trails also write to CloudWatch.",
    remediation: "Write cloudWatchLogsGroupArn and cloudWatchLogsRoleArn.",
    check: rules([TRAIL], { cloudWatchLogsGroupArn: isWritten("write the ARN of a log group") }),
  },
];

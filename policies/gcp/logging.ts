/** Google Cloud logs and their retention. */
import {
  each,
  elements,
  expectAtLeast,
  expectEqual,
  expectNot,
  expectPresent,
  expectThat,
  knows,
  lacks,
  type Check,
} from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import { DOCS } from "./shared";
import { Relations } from "../relations";
import { gcp } from "../tokens";
import type { Value } from "../values";

const LOGGING = `${DOCS}/logging/docs`;
const places = (name: string): readonly string[] => [
  gcp("logging", `Project${name}`),
  gcp("logging", `Folder${name}`),
  gcp("logging", `Organization${name}`),
];
const AUDITS = [
  gcp("projects", "IAMAuditConfig"),
  gcp("folder", "IamAuditConfig"),
  gcp("organizations", "IamAuditConfig"),
];

function audited(check: Check): void {
  const { props } = check.resource;
  const [configs, service] = [props.get("auditLogConfigs"), props.get("service")];
  // A single service may log less.
  const isOne = !service.isUnknown && service.string !== "allServices";
  for (const expected of isOne ? [] : ["DATA_READ", "DATA_WRITE"]) {
    if (!lacks(check, configs, (type) => type === expected, "logType")) continue;
    if (!knows(check, service)) break;
    expectThat(check, configs, () => false, `it must have the logType "${expected}"`);
  }
  for (const config of elements(check, configs)) {
    const exempt = config.get("exemptedMembers");
    const isNobody = (it: Value): boolean => it.isMissing || it.isEmptyList;
    expectThat(check, exempt, isNobody, "their access is not logged: leave it out");
  }
}

const dropsAudit = ({ string = "" }: Value): boolean => /cloudaudit|protoPayload/i.test(string);

function sink(check: Check): void {
  const { props } = check.resource;
  expectNot(check, props.get("disabled"), true, "the sink is off: it must be false or missing");
  for (const one of elements(check, props.get("exclusions"))) exclusion(check, one);
}

/** In a sink, or a separate resource. */
function exclusion(check: Check, it: Value): void {
  const [filter, disabled] = [it.get("filter"), it.get("disabled")];
  if (!filter.isUnknown && !dropsAudit(filter)) return;
  if (check.context.noteUnknown(disabled) || disabled.boolean === true) return;
  expectThat(check, filter, () => false, "it drops audit logs: keep them");
}

/** Log buckets need a retention policy. */
function logBucketsKept(stack: Stack, context: CheckContext): void {
  const to = stack.of(gcp("storage", "Bucket"));
  const sinks = new Relations({
    from: stack.of(...places("Sink")),
    by: "destination",
    to,
    name: "name",
    nameIn: (text) => /^storage\.googleapis\.com\/(.+)$/.exec(text)?.[1],
  });
  for (const resource of to) {
    if (sinks.of(resource).length === 0) {
      sinks.mayBeMore(resource, context);
      continue;
    }
    const policy = resource.props.get("retentionPolicy");
    const check = { resource, context };
    expectPresent(
      check,
      policy.get("retentionPeriod"),
      "logs can be deleted: set it in seconds, as a string",
    );
    if (!context.setting("locked", false)) continue;
    expectEqual(
      check,
      policy.get("isLocked"),
      true,
      "the period can be shortened: it must be true",
    );
  }
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const logging: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-audit-complete",
    title: "Audit logs cover everyone",
    clause: {
      reference: "PO-03; CKV2_GCP_5; CIS GCP 2.1",
      url: `${LOGGING}/audit/configure-data-access`,
    },
    severity: "high",
    themes: ["logging", "gcp"],
    prevents: "Nobody can tell who read the data.",
    description:
      "Audit configurations for all services log reads and writes, and exempt no members.",
    remediation: "Add DATA_READ and DATA_WRITE to auditLogConfigs, and remove exemptedMembers.",
    check: each(AUDITS, audited),
  },
  {
    ...strict,
    name: "gcp-logs-kept",
    title: "Logs are kept for ninety days",
    clause: { reference: "PO-03; CIS GCP 2.3", url: `${LOGGING}/buckets` },
    severity: "medium",
    themes: ["logging", "gcp"],
    prevents: "An intrusion is discovered after its traces are gone.",
    description: "Log buckets keep logs for ninety days or more.",
    remediation: "Set retentionDays to 90 or more.",
    configuration: {
      properties: {
        days: { type: "integer", minimum: 1, default: 90, description: "Minimum number of days" },
      },
    },
    check: each(places("BucketConfig"), (check) => {
      // The default is thirty days.
      expectAtLeast(
        check,
        check.resource.props.get("retentionDays"),
        check.context.setting("days", 90),
      );
    }),
  },
  {
    ...strict,
    name: "gcp-logs-complete",
    title: "Audit logs are not dropped",
    clause: { reference: "PO-03; CIS GCP 2.2", url: `${LOGGING}/routing/overview` },
    severity: "high",
    themes: ["logging", "gcp"],
    prevents: "The one line that identifies the attacker is filtered out.",
    description: "Log sinks are enabled, and neither sinks nor exclusions drop audit logs.",
    remediation: "Remove disabled, and remove cloudaudit.googleapis.com from the filters.",
    check: each([...places("Sink"), ...places("Exclusion")], (check) => {
      const { props, type } = check.resource;
      if (type.endsWith("Exclusion")) exclusion(check, props);
      else sink(check);
    }),
  },
  {
    ...strict,
    name: "gcp-log-bucket-retained",
    title: "Log buckets have a retention policy",
    clause: {
      reference: "PO-03; CKV2_GCP_4; CIS GCP 2.3",
      url: `${DOCS}/storage/docs/bucket-lock`,
    },
    severity: "medium",
    themes: ["logging", "storage", "gcp"],
    prevents: "An intruder deletes the traces.",
    description:
      "Buckets that a sink writes to have a retention policy, which is locked if the option says so.",
    remediation: "Set retentionPolicy.retentionPeriod; isLocked: true cannot be undone.",
    configuration: {
      properties: {
        locked: {
          type: "boolean",
          default: false,
          description: "Whether the policy must be locked, which cannot be undone",
        },
      },
    },
    check: { kind: "stack", run: logBucketsKept },
  },
];

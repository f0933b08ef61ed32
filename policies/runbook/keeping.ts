/** Secrets and audit logs that the runbook requires. */
import type { Secret } from "../../systems/model";
import { durationText } from "../../systems/units";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ONLY_IN_PRODUCTION, finding, nameOf, typeKey } from "../policy";
import { common, compare, demandedBy, runbookOf, type Compared } from "./system";
import { areOpen } from "./unknowns";

const SECRET = "kubernetes:core:Secret";
const EXTERNAL = "kubernetes:external-secrets.io:ExternalSecret";
const SEALED = "kubernetes:bitnami.com:SealedSecret";

/** The name of the Secret that the resource creates. */
function secretName({ type, props }: StackResource): string | undefined {
  const target = props.get("spec", "target", "name");
  const isExternal = typeKey(type) === EXTERNAL;
  return (isExternal ? target.string : undefined) ?? props.get("metadata", "name").string;
}

/** Its keys; undefined if a secret store determines them. */
function keysOf({ type, props }: StackResource): readonly string[] | undefined {
  if (typeKey(type) === SEALED) return keys(props.get("spec", "encryptedData"));
  if (typeKey(type) === SECRET) {
    return [...keys(props.get("data")), ...keys(props.get("stringData"))];
  }
  if (!props.get("spec", "dataFrom").isMissing) return undefined;
  const written = props.get("spec", "data").list();
  return written.flatMap((one) => one.get("secretKey").string ?? []);
}

const keys = (value: StackResource["props"]): readonly string[] =>
  value.entries().map(([key]) => key);

/** The name and key fields of the three kinds. */
const NAMES = [
  ["metadata", "name"],
  ["spec", "target", "name"],
] as const;
const KEYS = [["data"], ["stringData"], ["spec", "encryptedData"], ["spec", "data"]] as const;

/** An unknown key may be the missing one; an unknown value cannot. */
function isHidden({ props, urn }: StackResource, context: CheckContext): boolean {
  const lists = KEYS.map((path) => props.get(...path));
  const names = props
    .get("spec", "data")
    .list()
    .map((one) => one.get("secretKey"));
  return [...lists, ...names].filter((value) => context.noteUnknown(value, urn)).length > 0;
}

function secretsOf(stack: Stack): ReadonlyMap<string, StackResource> {
  return new Map(
    stack.of(SECRET, EXTERNAL, SEALED).flatMap((resource) => {
      const name = secretName(resource);
      return name === undefined ? [] : [[name, resource] as const];
    }),
  );
}

function secrets({ system, stack, context }: Compared): void {
  const found = secretsOf(stack);
  for (const secret of system.secrets) {
    const resource = found.get(secret.name);
    if (resource !== undefined) evaluateKeys(secret, resource, context);
    else if (!areOpen(stack.of(SECRET, EXTERNAL, SEALED), NAMES, context)) {
      context.report(
        `The secret "${secret.name}" is neither a Secret nor an ExternalSecret; ${demandedBy(system, secret)}.`,
      );
    }
  }
}

function evaluateKeys(secret: Secret, resource: StackResource, context: CheckContext): void {
  const found = keysOf(resource);
  const missing = secret.keys.map(({ key }) => key).filter((key) => found?.includes(key) === false);
  if (missing.length === 0 || isHidden(resource, context)) return;
  context.report(
    `${nameOf(resource)} has no ${missing.map((key) => JSON.stringify(key)).join(", ")}; the runbook's services read it from there.`,
    resource.urn,
  );
}

const EKS = "aws:eks/cluster:Cluster";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const LOG_BUCKET = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
/** The control plane's log group, and others named as audit logs. */
const AUDIT = /^\/aws\/eks\/.*\/cluster$|audit/;
/** Google's default retention. */
const GOOGLE_KEEPS = 30;

function audit({ system, stack, context }: Compared): void {
  const kept = system.observability.auditLogRetention;
  if (kept === undefined) return;
  const days = kept.seconds / 86_400;
  const expected = `${runbookOf(system)} keeps audit logs for ${durationText(kept)}`;
  for (const resource of stack.of(EKS)) {
    const types = resource.props.get("enabledClusterLogTypes");
    if (context.noteUnknown(types, resource.urn)) continue;
    if (types.list().some(({ string }) => string === "audit")) continue;
    context.report(finding(resource, types, `it must contain "audit": ${expected}`), resource.urn);
  }
  const groups = stack
    .of(LOG_GROUP)
    .filter(({ props }) => AUDIT.test(props.get("name").string ?? ""))
    // 0 or a missing value keeps logs forever.
    .map((resource) => ({ resource, key: "retentionInDays", byDefault: Infinity }));
  const buckets = stack
    .of(LOG_BUCKET)
    .map((resource) => ({ resource, key: "retentionDays", byDefault: GOOGLE_KEEPS }));
  for (const { resource, key, byDefault } of [...groups, ...buckets]) {
    const value = resource.props.get(key);
    if (context.noteUnknown(value, resource.urn)) continue;
    if ((value.number === 0 ? byDefault : (value.number ?? byDefault)) >= days) continue;
    context.report(finding(resource, value, expected), resource.urn);
  }
}

export const keeping: readonly Policy[] = [
  {
    ...common,
    name: "runbook-secrets",
    title: "The runbook's secrets exist",
    clause: { reference: "PO-03; ALL-07" },
    severity: "high",
    prevents:
      "A service cannot start, because the secret that it reads has a different name or key.",
    description:
      "Every secret in the runbook is created by a Secret, an ExternalSecret or a SealedSecret, with its keys.",
    remediation:
      "Create the secret with the name and keys of the system's secrets in systems/; change them there if the services read a different one.",
    check: compare(secrets),
  },
  {
    ...common,
    themes: ["logging", "runbook"],
    name: "runbook-audit-retention",
    title: "Audit logs are kept for the runbook's retention",
    clause: {
      reference: "PO-03; AE-06; AE-12",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    },
    severity: "high",
    prevents: "An intrusion is noticed after a month, and there is no record of who did what.",
    description:
      "In production, the control plane writes its audit log, and every audit log is kept for at least the runbook's retention.",
    remediation:
      'Add "audit" to enabledClusterLogTypes, and set retentionInDays or retentionDays to at least the runbook\'s days.',
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(audit),
  },
];

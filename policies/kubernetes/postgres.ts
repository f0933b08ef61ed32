/** CloudNativePG: standby, backups and connection rules. */
import { isNot, rules } from "../rules";
import { each, elements, expectAtLeast, expectThat, lacks, type Check } from "../expect";
import { inCluster, keyOf } from "./objects";
import { SIZED } from "../in-manifests";
import type { CheckContext, Policy, Stack } from "../policy";
import { ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf } from "../policy";

const CLUSTER = "kubernetes:postgresql.cnpg.io:Cluster";
const SCHEDULE = "kubernetes:postgresql.cnpg.io:ScheduledBackup";
const DOCS = "https://cloudnative-pg.io/documentation/current/";
const LEAST_INSTANCES = 2;

function hasStandby(check: Check): void {
  const least = check.context.setting("least", LEAST_INSTANCES);
  const instances = check.resource.props.get("spec", "instances");
  expectAtLeast(check, instances, least, `production needs ${least} or more`);
}

/** A cluster archives its WAL with a plugin, or with the older built-in object store. */
function archives({ resource: cluster, context }: Check): boolean {
  const spec = cluster.props.get("spec");
  const store = spec.get("backup", "barmanObjectStore");
  if (context.noteUnknown(store, cluster.urn) || store.isKnown) return true;
  const plugins = spec.get("plugins");
  return (
    context.noteUnknown(plugins, cluster.urn) ||
    plugins.list().some((plugin) => {
      const [archiver, enabled] = [plugin.get("isWALArchiver"), plugin.get("enabled")];
      if (enabled.boolean === false || !(archiver.isUnknown || archiver.boolean === true))
        return false;
      for (const value of [archiver, enabled]) context.noteUnknown(value, cluster.urn);
      return true;
    })
  );
}

/** Clusters that a ScheduledBackup names, or may name, unless it is suspended. */
function scheduled(stack: Stack, context: CheckContext): ReadonlySet<string> {
  const found = new Set<string>();
  for (const schedule of stack.of(SCHEDULE)) {
    const spec = schedule.props.get("spec");
    const isSuspended = spec.get("suspend");
    if (context.noteUnknown(isSuspended, schedule.urn) || isSuspended.boolean !== true) {
      // An unknown one may name any.
      found.add(keyOf(schedule, spec.get("cluster", "name"), context) ?? inCluster(schedule));
    }
  }
  return found;
}

function backedUp(stack: Stack, context: CheckContext): void {
  const withSchedule = scheduled(stack, context);
  for (const cluster of stack.of(CLUSTER)) {
    if (!archives({ resource: cluster, context })) {
      const expected = "add a plugin with isWALArchiver true to spec.plugins";
      context.report(`${nameOf(cluster)} does not archive its WAL: ${expected}.`, cluster.urn);
    }
    const key = keyOf(cluster, cluster.props.get("metadata", "name"), context);
    if (key === undefined) continue;
    if ([key, inCluster(cluster)].some((each) => withSchedule.has(each))) continue;
    const expected = "add a ScheduledBackup that names it";
    context.report(`${nameOf(cluster)} has no base backups: ${expected}.`, cluster.urn);
  }
}

/** The operator's default last rule also accepts passwords without TLS. */
const REFUSAL = /^\s*hostnossl\s+all\s+all\s+(all|0\.0\.0\.0\/0)\s+reject\b/;
/** Rules that admit anyone from the network without a password, or without TLS. */
const TRUSTING = /^\s*host(ssl|nossl)?\s.*\strust\s*$/;

function connectionsAreSafe(check: Check): void {
  const rules = check.resource.props.get("spec", "postgresql", "pg_hba");
  for (const line of elements(check, rules)) {
    expectThat(
      check,
      line,
      ({ string }) => !TRUSTING.test(string ?? ""),
      "it admits anyone: require scram-sha-256 or a certificate",
    );
  }
  if (!lacks(check, rules, (line) => REFUSAL.test(line))) return;
  const expected = 'connections without TLS are accepted: add "hostnossl all all all reject"';
  expectThat(check, rules, () => false, expected);
}

const shared = { themes: ["databases"], enforcement: STRICT_IN_PRODUCTION } as const;

export const postgres: readonly Policy[] = [
  {
    ...shared,
    name: "postgres-standby",
    title: "Postgres has a standby",
    clause: { reference: "PO-02", url: `${DOCS}architecture/` },
    severity: "high",
    prevents: "The loss of one node is an outage for as long as a restore takes.",
    description: "In production, a CloudNativePG Cluster has at least two instances.",
    remediation: "Set spec.instances to 3.",
    enforcement: ONLY_IN_PRODUCTION,
    inManifests: SIZED,
    configuration: {
      properties: {
        least: {
          type: "integer",
          minimum: 1,
          default: LEAST_INSTANCES,
          description: "Minimum number of instances",
        },
      },
    },
    check: each([CLUSTER], hasStandby),
  },
  {
    ...shared,
    name: "postgres-backup",
    title: "Postgres is backed up",
    clause: { reference: "PO-02; ALL-12", url: `${DOCS}backup/` },
    severity: "critical",
    prevents: "A wrong statement or a lost volume destroys the data permanently.",
    description: "A CloudNativePG Cluster archives its WAL, and a ScheduledBackup names it.",
    remediation:
      "Add the Barman Cloud plugin with isWALArchiver true to spec.plugins, and a ScheduledBackup with spec.cluster.name.",
    check: { kind: "stack", run: backedUp },
  },
  {
    ...shared,
    name: "postgres-connections",
    title: "Postgres rejects connections without TLS",
    clause: { reference: "PO-03; ALL-12", url: `${DOCS}postgresql/#the-pg_hba-section` },
    severity: "high",
    prevents:
      "Anyone on the network can read what the database returns, or log in without a password.",
    description:
      "A CloudNativePG Cluster rejects connections without TLS and does not use trust authentication.",
    remediation: 'Add "hostnossl all all all reject" to spec.postgresql.pg_hba.',
    check: each([CLUSTER], connectionsAreSafe),
  },
  {
    ...shared,
    name: "postgres-superuser",
    title: "The Postgres superuser has no password",
    clause: { reference: "PO-03", url: `${DOCS}security/#postgresql` },
    severity: "high",
    prevents: "One leaked Secret exposes every database, and the server's files.",
    description: "No CloudNativePG Cluster gives its superuser a password.",
    remediation: "Remove spec.enableSuperuserAccess; the default is false.",
    check: rules([CLUSTER], {
      "spec.enableSuperuserAccess": isNot(true, "it must be false"),
    }),
  },
];

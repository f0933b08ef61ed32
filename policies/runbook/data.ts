/** Data services: standby, read replicas and versions as in the runbook. */
import type { Policy, StackResource } from "../policy";
import { ONLY_IN_PRODUCTION, finding, typeKey } from "../policy";
import type { Value } from "../values";
import { recovery, compare, runbookOf, type Compared } from "./system";
import { POSTGRES_KINDS, databasesOf } from "./ways";

/** The property that gives a service a standby, and the check of its value. */
interface Standby {
  readonly at: readonly string[];
  readonly isOne: (value: Value) => boolean;
  readonly expected: string;
}

const isTrue = ({ boolean }: Value): boolean => boolean === true;
const atLeast =
  (least: number) =>
  ({ number }: Value): boolean =>
    (number ?? 1) >= least;
const TRUE = "it must be true";
const TWO = "it must be 2 or more";

/** Type key → the standby property. Aurora always stores data in three zones. */
const DATABASES: Readonly<Record<string, Standby>> = {
  "aws:rds/instance:Instance": { at: ["multiAz"], isOne: isTrue, expected: TRUE },
  "gcp:sql/databaseInstance:DatabaseInstance": {
    at: ["settings", "availabilityType"],
    isOne: ({ string }) => string === "REGIONAL",
    expected: 'it must be "REGIONAL"',
  },
  "digitalocean:index/databaseCluster:DatabaseCluster": {
    at: ["nodeCount"],
    isOne: atLeast(2),
    expected: TWO,
  },
  "kubernetes:postgresql.cnpg.io:Cluster": {
    at: ["spec", "instances"],
    isOne: atLeast(2),
    expected: TWO,
  },
};

const CACHES: Readonly<Record<string, Standby>> = {
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    at: ["automaticFailoverEnabled"],
    isOne: isTrue,
    expected: TRUE,
  },
  "gcp:redis/instance:Instance": {
    at: ["tier"],
    isOne: ({ string }) => string === "STANDARD_HA",
    expected: 'it must be "STANDARD_HA"',
  },
  "digitalocean:index/databaseCluster:DatabaseCluster": {
    at: ["nodeCount"],
    isOne: atLeast(2),
    expected: TWO,
  },
};

function evaluate(
  resource: StackResource,
  kinds: Readonly<Record<string, Standby>>,
  why: string,
  { context }: Compared,
): void {
  const standby = kinds[typeKey(resource.type)];
  if (standby === undefined) return;
  const value = resource.props.get(...standby.at);
  if (context.noteUnknown(value, resource.urn) || standby.isOne(value)) return;
  context.report(finding(resource, value, `${standby.expected}: ${why}`), resource.urn);
}

function standbys(compared: Compared): void {
  const { system, stack } = compared;
  const title = runbookOf(system);
  const [database] = system.databases.filter(({ highlyAvailable }) => highlyAvailable === true);
  if (database !== undefined) {
    const why = `${title} keeps a standby of "${database.name}" (${database.clause.heading})`;
    for (const one of databasesOf(stack)) evaluate(one, DATABASES, why, compared);
  }
  const [cache] = system.caches.filter(({ topology }) => topology !== "single");
  if (cache === undefined) return;
  const why = `${title} keeps a replica of "${cache.name}" (${cache.clause.heading})`;
  for (const one of stack.of(...Object.keys(CACHES)).filter(isCache)) {
    evaluate(one, CACHES, why, compared);
  }
}

/** DigitalOcean uses one resource type for every engine. */
const isCache = ({ type, props }: StackResource): boolean =>
  !type.startsWith("digitalocean:") || /^(valkey|redis)$/.test(props.get("engine").string ?? "");

/** Clouds whose read replicas are separate resources. */
const REPLICAS: Readonly<Record<string, readonly string[]>> = {
  "aws:rds/instance:Instance": ["replicateSourceDb"],
  "gcp:sql/databaseInstance:DatabaseInstance": ["masterInstanceName"],
};

function replicas({ system, stack, context }: Compared): void {
  const [database] = system.databases;
  const expected = database?.readReplicas ?? 0;
  const own = databasesOf(stack);
  const [primary] = own.filter(({ type }) => typeKey(type) in REPLICAS);
  if (database === undefined || primary === undefined || expected === 0) return;
  const path = REPLICAS[typeKey(primary.type)] ?? [];
  const found = stack
    .of(typeKey(primary.type))
    .filter(({ props }) => !props.get(...path).isMissing).length;
  if (found >= expected) return;
  context.report(
    finding(
      primary,
      primary.props.get(...path),
      `it has ${found} read replicas, ${runbookOf(system)} requires ${expected} of "${database.name}" (${database.clause.heading})`,
    ).message,
    primary.urn,
  );
}

/** The version property, and how to read its major number. */
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  "aws:rds/instance:Instance": ["engineVersion"],
  "aws:rds/cluster:Cluster": ["engineVersion"],
  "gcp:sql/databaseInstance:DatabaseInstance": ["databaseVersion"],
  "digitalocean:index/databaseCluster:DatabaseCluster": ["version"],
};

const majorOf = (text: string): string | undefined => /(\d+)/.exec(text)?.[1];

/** A version newer than the runbook's may be intended, so this is advisory. */
function versions({ system, stack, context }: Compared): void {
  const [database] = system.databases;
  const expected = database?.version;
  if (database === undefined || expected === undefined) return;
  for (const resource of stack.of(...POSTGRES_KINDS)) {
    const path = VERSIONS[typeKey(resource.type)];
    const value = path === undefined ? undefined : resource.props.get(...path);
    if (
      value === undefined ||
      context.noteUnknown(value, resource.urn) ||
      value.string === undefined
    ) {
      continue;
    }
    if (majorOf(value.string) === majorOf(expected)) continue;
    const text = `${runbookOf(system)} runs "${database.name}" on version ${expected}`;
    context.report(finding(resource, value, text), resource.urn);
  }
}

export const data: readonly Policy[] = [
  {
    ...recovery,
    name: "runbook-standby",
    title: "Data services tolerate the loss of a zone",
    clause: { reference: "PO-02; ALL-12" },
    severity: "high",
    prevents: "The loss of one node or zone is an outage until someone has restored a backup.",
    description:
      "In production, every database and cache for which the runbook requires a standby or replica has one that takes over automatically.",
    remediation:
      'Set multiAz, availabilityType "REGIONAL", nodeCount or instances 2, automaticFailoverEnabled or the tier "STANDARD_HA", as the message says.',
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(standbys),
  },
  {
    ...recovery,
    name: "runbook-read-replicas",
    title: "Read replicas match the runbook",
    clause: { reference: "PO-02; AE-03" },
    severity: "medium",
    prevents: "Reports and the API compete for the primary, which the runbook reserves for writes.",
    description:
      "In production, a managed database has at least as many read replicas as the runbook says.",
    remediation:
      "Add the missing instances with replicateSourceDb or masterInstanceName; readReplicas in systems/ sets how many.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(replicas),
  },
  {
    ...recovery,
    name: "runbook-database-version",
    title: "Database versions match the runbook",
    clause: { reference: "PO-02; ALL-03" },
    severity: "low",
    prevents: "During a disaster, a dump of one major version is restored into another.",
    description: "A Postgres database runs the major version that the runbook names.",
    remediation:
      "Set the engine's version to the runbook's, or change version in systems/ after rehearsing the upgrade.",
    enforcement: { production: "advisory", staging: "disabled" },
    check: compare(versions),
  },
];

/** Memorystore: Redis, Redis Cluster and Valkey. */
import {
  expectThat,
  expectEqual,
  expectAtLeast,
  expectPresent,
  expectNot,
  each,
  type Check,
} from "../expect";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { rowsOf } from "../rows";
import { DOCS } from "./shared";
import { gcp } from "../tokens";

const REDIS = gcp("redis", "Instance");
const CLUSTER = gcp("redis", "Cluster");
const VALKEY = gcp("memorystore", "Instance");
const CACHES = [REDIS, CLUSTER, VALKEY];
const MEMORYSTORE = `${DOCS}/memorystore/docs`;

function survives(check: Check): void {
  const { props, type } = check.resource;
  if (type === REDIS) {
    expectEqual(
      check,
      props.get("tier"),
      "STANDARD_HA",
      'a BASIC one has no standby: write "STANDARD_HA"',
    );
    return;
  }
  expectAtLeast(
    check,
    props.get("replicaCount"),
    1,
    "without a replica a node's keys are lost: write 1",
  );
  const zones = props.get("zoneDistributionConfig", "mode");
  expectNot(check, zones, "SINGLE_ZONE", 'it must be "MULTI_ZONE" or missing');
}

function maintained(check: Check): void {
  const windows = check.resource.props.get("maintenancePolicy", "weeklyMaintenanceWindows");
  expectPresent(check, windows, "write the runbook's window, in UTC");
}

function persistent(check: Check): void {
  const { props, type } = check.resource;
  const mode = props.get("persistenceConfig", type === REDIS ? "persistenceMode" : "mode");
  expectThat(
    check,
    mode,
    ({ string }) => string === "RDB" || string === "AOF",
    'a restart empties it: write "RDB" with a period, or "AOF" where there is one',
  );
}

function reached(check: Check): void {
  const mode = check.resource.props.get("connectMode");
  const expected = 'direct peering reaches one network only: write "PRIVATE_SERVICE_ACCESS"';
  expectEqual(check, mode, "PRIVATE_SERVICE_ACCESS", expected);
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const memorystore: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-memorystore-guarded",
    title: "Memorystore asks who comes, over TLS",
    clause: {
      reference: "PO-03; CKV_GCP_95; CKV_GCP_97",
      url: `${MEMORYSTORE}/redis/about-in-transit-encryption`,
    },
    severity: "high",
    themes: ["caches", "tls", "gcp"],
    prevents: "Everything in the network reads and empties the cache, or listens to it.",
    description: "Redis and Valkey on Memorystore need a login and encrypt what is sent.",
    remediation:
      'Set authEnabled to true (authorizationMode to IAM) and transitEncryptionMode to "SERVER_AUTHENTICATION"; TLS replaces the instance.',
    check: rowsOf({
      [REDIS]: [
        { at: ["authEnabled"], is: true },
        { at: ["transitEncryptionMode"], is: "SERVER_AUTHENTICATION" },
      ],
      [CLUSTER]: [
        { at: ["authorizationMode"], is: "AUTH_MODE_IAM_AUTH" },
        {
          at: ["transitEncryptionMode"],
          is: "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
        },
      ],
      [VALKEY]: [
        { at: ["authorizationMode"], is: "IAM_AUTH" },
        { at: ["transitEncryptionMode"], is: "SERVER_AUTHENTICATION" },
      ],
    }).check,
  },
  {
    ...strict,
    name: "gcp-memorystore-private-access",
    title: "Memorystore is reached over private services access",
    clause: { reference: "PO-03", url: `${MEMORYSTORE}/redis/networking` },
    severity: "medium",
    themes: ["network", "caches", "gcp"],
    prevents:
      "A peering of its own per cache, which shared networks and other peerings cannot use.",
    description: "Redis on Memorystore is connected by private services access.",
    remediation:
      'Set connectMode to "PRIVATE_SERVICE_ACCESS" and reservedIpRange to the range\'s name; a change replaces it.',
    check: each([REDIS], reached),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-memorystore-available",
    title: "Memorystore survives a zone",
    clause: { reference: "PO-02; ALL-04", url: `${MEMORYSTORE}/redis/high-availability` },
    severity: "high",
    themes: ["availability", "caches", "gcp"],
    prevents: "One failed machine empties the cache and stops what needs it.",
    description: "In production Redis and Valkey on Memorystore have replicas in other zones.",
    remediation:
      'Set tier to "STANDARD_HA" (a change replaces it), or replicaCount to 1 or more, and no single zone.',
    check: each(CACHES, survives),
  },
  {
    ...strict,
    name: "gcp-memorystore-maintenance-window",
    title: "Memorystore is patched when it suits us",
    clause: { reference: "PO-02", url: `${MEMORYSTORE}/redis/about-maintenance` },
    severity: "medium",
    themes: ["caches", "gcp"],
    prevents: "Connections break at the busiest hour.",
    description: "Redis and Valkey on Memorystore name their maintenance window.",
    remediation: "Write maintenancePolicy with the runbook's day and start time, in UTC.",
    check: each(CACHES, maintained),
  },
  {
    name: "gcp-memorystore-persistent",
    title: "Memorystore's keys survive a restart",
    clause: { reference: "PO-02", url: `${MEMORYSTORE}/redis/about-rdb-snapshots` },
    severity: "medium",
    themes: ["recovery", "caches", "gcp"],
    prevents: "Sessions and queues are gone after a restart of all nodes.",
    description: "Redis and Valkey on Memorystore write snapshots, or a log, to a disk.",
    remediation:
      "Write persistenceConfig with RDB and a period; exempt what only caches, with that reason.",
    enforcement: ADVICE,
    check: each(CACHES, persistent),
  },
];

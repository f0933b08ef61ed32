/** Memorystore: Redis, Redis Cluster and Valkey. */
import { is, isAtLeast, isNot, isThat, isWritten, combine, rules } from "../rules";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";

const REDIS = gcp("redis", "Instance");
const CLUSTER = gcp("redis", "Cluster");
const VALKEY = gcp("memorystore", "Instance");
const CACHES = [REDIS, CLUSTER, VALKEY];
const MEMORYSTORE = `${DOCS}/memorystore/docs`;

const PERSISTENT = isThat(
  ({ string }) => string === "RDB" || string === "AOF",
  'a restart empties it: use "RDB" with a period, or "AOF" if available',
);

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const memorystore: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-memorystore-guarded",
    title: "Memorystore requires authentication and TLS",
    clause: {
      reference: "PO-03; CKV_GCP_95; CKV_GCP_97",
      url: `${MEMORYSTORE}/redis/about-in-transit-encryption`,
    },
    severity: "high",
    themes: ["caches", "tls", "gcp"],
    prevents: "Anything in the network can read and empty the cache, or listen to its traffic.",
    description: "Redis and Valkey on Memorystore require authentication and encrypt traffic.",
    remediation:
      'Set authEnabled to true (authorizationMode to IAM) and transitEncryptionMode to "SERVER_AUTHENTICATION"; TLS replaces the instance.',
    check: combine(
      rules([REDIS], { authEnabled: is(true), transitEncryptionMode: is("SERVER_AUTHENTICATION") }),
      rules([CLUSTER], {
        authorizationMode: is("AUTH_MODE_IAM_AUTH"),
        transitEncryptionMode: is("TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"),
      }),
      rules([VALKEY], {
        authorizationMode: is("IAM_AUTH"),
        transitEncryptionMode: is("SERVER_AUTHENTICATION"),
      }),
    ),
  },
  {
    ...strict,
    name: "gcp-memorystore-private-access",
    title: "Memorystore uses private services access",
    clause: { reference: "PO-03", url: `${MEMORYSTORE}/redis/networking` },
    severity: "medium",
    themes: ["network", "caches", "gcp"],
    prevents:
      "Each cache creates its own peering, which shared networks and other peerings cannot use.",
    description: "Redis on Memorystore connects through private services access.",
    remediation:
      'Set connectMode to "PRIVATE_SERVICE_ACCESS" and reservedIpRange to the range\'s name; changing it replaces the instance.',
    check: rules([REDIS], {
      connectMode: is(
        "PRIVATE_SERVICE_ACCESS",
        'direct peering reaches one network only: use "PRIVATE_SERVICE_ACCESS"',
      ),
    }),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-memorystore-available",
    title: "Memorystore tolerates the loss of a zone",
    clause: { reference: "PO-02; ALL-04", url: `${MEMORYSTORE}/redis/high-availability` },
    severity: "high",
    themes: ["availability", "caches", "gcp"],
    prevents: "One failed machine empties the cache and stops everything that needs it.",
    description: "In production, Redis and Valkey on Memorystore have replicas in other zones.",
    remediation:
      'Set tier to "STANDARD_HA" (changing it replaces the instance), or replicaCount to 1 or more, and do not limit it to a single zone.',
    check: combine(
      rules([REDIS], {
        tier: is("STANDARD_HA", 'a BASIC instance has no standby: use "STANDARD_HA"'),
      }),
      rules([CLUSTER, VALKEY], {
        replicaCount: isAtLeast(1, "without a replica a node's data is lost with it: set it to 1"),
        "zoneDistributionConfig.mode": isNot("SINGLE_ZONE", 'it must be "MULTI_ZONE" or missing'),
      }),
    ),
  },
  {
    ...strict,
    name: "gcp-memorystore-maintenance-window",
    title: "Memorystore sets a maintenance window",
    clause: { reference: "PO-02", url: `${MEMORYSTORE}/redis/about-maintenance` },
    severity: "medium",
    themes: ["caches", "gcp"],
    prevents: "Connections drop at the busiest hour.",
    description: "Redis and Valkey on Memorystore set their maintenance window.",
    remediation: "Set maintenancePolicy to the runbook's day and start time, in UTC.",
    check: rules(CACHES, {
      "maintenancePolicy.weeklyMaintenanceWindows": isWritten("set the runbook's window, in UTC"),
    }),
  },
  {
    name: "gcp-memorystore-persistent",
    title: "Memorystore data persists across restarts",
    clause: { reference: "PO-02", url: `${MEMORYSTORE}/redis/about-rdb-snapshots` },
    severity: "medium",
    themes: ["recovery", "caches", "gcp"],
    prevents: "Sessions and queues are lost after a restart of all nodes.",
    description: "Redis and Valkey on Memorystore persist snapshots, or a log, to disk.",
    remediation:
      "Set persistenceConfig with RDB and a period; exempt pure caches, and give that as the reason.",
    enforcement: ADVICE,
    check: combine(
      rules([REDIS], { "persistenceConfig.persistenceMode": PERSISTENT }),
      rules([CLUSTER, VALKEY], { "persistenceConfig.mode": PERSISTENT }),
    ),
  },
];

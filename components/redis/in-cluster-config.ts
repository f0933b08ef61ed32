import { createHash } from "node:crypto";
import type { Size } from "../../systems/units";

/** The configuration files of the store's programs. Pure. */

export const STORE_PORT = 6379;

/** Mount paths in the containers. */
export const PATHS = {
  config: "/etc/valkey",
  credentials: "/run/secrets/valkey",
  tls: "/run/secrets/tls",
  data: "/data",
  run: "/run/valkey",
} as const;

/** Share of the memory limit: the rest is for rewriting the log, and for connections. */
const SHARE_FOR_DATA = 0.75;

/** cert-manager renews certificates early, and the server checks every hour (since 9.1). */
const TLS = `tls-cert-file ${PATHS.tls}/tls.crt
tls-key-file ${PATHS.tls}/tls.key
tls-ca-cert-file ${PATHS.tls}/ca.crt
tls-auth-clients no
tls-replication yes
tls-protocols "TLSv1.2 TLSv1.3"
tls-auto-reload-interval 3600`;

export interface StoreConfig {
  /** The container's limit. */
  readonly memory: Size;
  readonly use: readonly ("cache" | "state")[];
}

/** Every write is in a log on the volume within a second; the plain-text port is off. */
export function storeConfig({ memory, use }: StoreConfig): string {
  return `port 0
tls-port ${STORE_PORT}
${TLS}
aclfile ${PATHS.credentials}/users.acl
dir ${PATHS.data}
appendonly yes
appendfsync everysec
save ""
maxmemory ${Math.floor(memory.bytes * SHARE_FOR_DATA)}
maxmemory-policy ${use.includes("state") ? "noeviction" : "allkeys-lru"}
`;
}

const hash = (password: string): string => createHash("sha256").update(password).digest("hex");

/**
 * ACL users. Clients cannot administer the server, the pod's own user may do what its probes need,
 * and the exporter reads. Only digests of the passwords.
 */
export const accessList = (passwords: {
  readonly clients: string;
  readonly internal: string;
  readonly metrics: string;
}): string =>
  [
    `user default on #${hash(passwords.clients)} ~* &* +@all -@admin`,
    `user internal on #${hash(passwords.internal)} &* ${INTERNAL.map((name) => `+${name}`).join(" ")}`,
    `user metrics on #${hash(passwords.metrics)} ${METRICS.map((name) => `+${name}`).join(" ")}`,
    "",
  ].join("\n");

/**
 * The probes need `ping`. The other commands are left over from a replicated store: changing the
 * list restarts the pod, so they will be removed with the next change.
 */
const INTERNAL = [
  "ping",
  "info",
  "role",
  "dbsize",
  "psync",
  "replconf",
  "replicaof",
  "slaveof",
  "multi",
  "exec",
  "subscribe",
  "publish",
  "client|setname",
  "client|kill",
  "script|kill",
  "config|rewrite",
  "failover",
  "failover",
];

const METRICS = [
  "ping",
  "info",
  "client|setname",
  "latency|latest",
  "latency|histogram",
  "slowlog|len",
  "slowlog|get",
];

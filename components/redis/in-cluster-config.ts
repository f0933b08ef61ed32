import { createHash } from "node:crypto";
import type { Size } from "../../systems/units";

/** The texts that the store's programs are configured with. Pure. */

export const STORE_PORT = 6379;
export const WATCHER_PORT = 26379;
export const PROXY_METRICS_PORT = 8404;

/** Where containers find what is mounted. */
export const PATHS = {
  config: "/etc/valkey",
  credentials: "/run/secrets/valkey",
  tls: "/run/secrets/tls",
  data: "/data",
  run: "/run/valkey",
} as const;

/** Of the memory limit: the rest is for copies while the log is rewritten, and for connections. */
const SHARE_FOR_DATA = 0.75;

/** cert-manager renews a certificate long before it ends, and the server looks every hour (since 9.1). */
const TLS = `tls-cert-file ${PATHS.tls}/tls.crt
tls-key-file ${PATHS.tls}/tls.key
tls-ca-cert-file ${PATHS.tls}/ca.crt
tls-auth-clients no
tls-replication yes
tls-protocols "TLSv1.2 TLSv1.3"
tls-auto-reload-interval 3600`;

export interface StoreConfig {
  /** The limit of the container. */
  readonly memory: Size;
  readonly use: readonly ("cache" | "state")[];
  readonly topology: "single" | "replicated";
}

/** Every write is in a log on the volume within a second; without the second port nothing is in the clear. */
export function storeConfig({ memory, use, topology }: StoreConfig): string {
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
${topology === "single" ? "" : REPLICATED}`;
}

/** A primary that was cut off from all of its replicas takes no writes that would be lost. */
const REPLICATED = `replica-announce-port ${STORE_PORT}
min-replicas-to-write 1
min-replicas-max-lag 10
`;

/** What a watcher must read before it hears of a primary. */
export const WATCHER_CONFIG = `port 0
tls-port ${WATCHER_PORT}
${TLS}
dir ${PATHS.run}
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-port ${WATCHER_PORT}
`;

/** Five seconds without an answer is a failure; a failover that fails is tried again after a minute. */
export const WATCHER_PRIMARY_CONFIG = `sentinel down-after-milliseconds primary 5000
sentinel failover-timeout primary 30000
sentinel parallel-syncs primary 1
`;

const hash = (password: string): string => createHash("sha256").update(password).digest("hex");

/**
 * Who may do what. Clients may not administer the server, the members' own user may do what
 * replication, watchers and probes need, and the exporter reads. Only digests of the passwords.
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

/** Sentinel's and replication's commands (valkey.io/topics/sentinel), and those of the scripts. */
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
  // Since Valkey 9 a failover fails without it (valkey-io/valkey issue 2779).
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

/**
 * One address for the clients of several members. A connection goes, still encrypted, to the member
 * that says it is the primary and of which two watchers say so; otherwise it is refused. When a member
 * stops being the primary its connections are closed, so that clients come again.
 */
export function proxyConfig(members: readonly string[]): string {
  const rules = members.map(
    (_, i) =>
      `  use_backend primary-${i} if { nbsrv(primary-${i}) ge 1 } { nbsrv(witness-${i}) ge 2 }`,
  );
  return `global
  log stdout format raw daemon notice
  maxconn 2000
  nbthread 2
  hard-stop-after 20s

resolvers cluster
  parse-resolv-conf
  accepted_payload_size 8192
  hold valid 3s

defaults
  log global
  mode tcp
  option clitcpka
  option srvtcpka
  timeout connect 3s
  timeout check 3s
  timeout client 30s
  timeout server 30s
  timeout tunnel 24h
  default-server check check-ssl verify required ca-file ${PATHS.tls}/ca.crt resolvers cluster init-addr none rise 1 fall 2 inter 2s

frontend clients
  bind :${STORE_PORT}
${rules.join("\n")}

frontend metrics
  mode http
  timeout http-request 5s
  bind :${PROXY_METRICS_PORT}
  monitor-uri /healthz
  http-request use-service prometheus-exporter if { path /metrics }
  http-request deny

${members.map((member, i) => backends(member, i, members)).join("\n")}`;
}

/** So long is an answer that has the role in it: with as much, a mismatch is not waited out. */
const ROLE_BYTES = 34;

const backends = (member: string, index: number, members: readonly string[]): string =>
  `backend primary-${index}
  option tcp-check
  tcp-check send "AUTH internal \${INTERNAL_PASSWORD}"\\r\\n
  tcp-check expect string +OK
  tcp-check send "INFO replication"\\r\\n
  tcp-check expect min-recv ${ROLE_BYTES} string role:master
  server member ${member}:${STORE_PORT} check-sni ${member} verifyhost ${member} on-marked-down shutdown-sessions

backend witness-${index}
  option tcp-check
  tcp-check send "AUTH \${INTERNAL_PASSWORD}"\\r\\n
  tcp-check expect string +OK
  tcp-check send "SENTINEL get-master-addr-by-name primary"\\r\\n
  tcp-check expect min-recv ${member.length} string ${member}
${members
  .map(
    (other, i) =>
      `  server watcher-${i} ${other}:${WATCHER_PORT} check-sni ${other} verifyhost ${other}`,
  )
  .join("\n")}
`;

import { describe, expect, it } from "vitest";
import { gib } from "../../systems/units";
import {
  accessList,
  proxyConfig,
  storeConfig,
  WATCHER_CONFIG,
  WATCHER_PRIMARY_CONFIG,
} from "./in-cluster-config";

const lines = (text: string) => text.trim().split("\n");

describe("a server's configuration", () => {
  it("writes everything down, speaks TLS alone, and takes three quarters of the memory", () => {
    expect(lines(storeConfig({ memory: gib(4), use: ["state"], topology: "single" }))).toEqual([
      "port 0",
      "tls-port 6379",
      "tls-cert-file /run/secrets/tls/tls.crt",
      "tls-key-file /run/secrets/tls/tls.key",
      "tls-ca-cert-file /run/secrets/tls/ca.crt",
      "tls-auth-clients no",
      "tls-replication yes",
      'tls-protocols "TLSv1.2 TLSv1.3"',
      "tls-auto-reload-interval 3600",
      "aclfile /run/secrets/valkey/users.acl",
      "dir /data",
      "appendonly yes",
      "appendfsync everysec",
      'save ""',
      "maxmemory 3221225472",
      "maxmemory-policy noeviction",
    ]);
  });

  it.each([
    [["cache"], "allkeys-lru"],
    [["cache", "state"], "noeviction"],
  ] as const)("for %j evicts by %s", (use, policy) => {
    expect(lines(storeConfig({ memory: gib(1), use, topology: "single" }))).toContain(
      `maxmemory-policy ${policy}`,
    );
  });

  it("surprise: a primary that is cut off would take writes that are lost", () => {
    const config = { memory: gib(1), use: ["state"] } as const;
    expect(lines(storeConfig({ ...config, topology: "replicated" })).slice(-3)).toEqual([
      "replica-announce-port 6379",
      "min-replicas-to-write 1",
      "min-replicas-max-lag 10",
    ]);
    expect(storeConfig({ ...config, topology: "single" })).not.toContain("replicas");
  });
});

describe("a watcher's configuration", () => {
  it("surprise: pods change their addresses, so that watchers go by names", () => {
    expect(lines(WATCHER_CONFIG)).toEqual(
      expect.arrayContaining([
        "port 0",
        "tls-port 26379",
        "tls-replication yes",
        "sentinel resolve-hostnames yes",
        "sentinel announce-hostnames yes",
      ]),
    );
  });

  it("misses a primary after five seconds", () => {
    expect(lines(WATCHER_PRIMARY_CONFIG)).toEqual([
      "sentinel down-after-milliseconds primary 5000",
      "sentinel failover-timeout primary 30000",
      "sentinel parallel-syncs primary 1",
    ]);
  });
});

describe("who may do what", () => {
  const list = lines(accessList({ clients: "one", internal: "two", metrics: "three" }));

  it("clients everything but administration; only digests are written", () => {
    expect(list[0]).toBe(
      "user default on #7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed ~* &* +@all -@admin",
    );
    expect(list.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      expect.stringMatching(/^user default on$/),
      "user internal on",
      "user metrics on",
    ]);
  });

  it("surprise: since Valkey 9 no failover succeeds without a right of its own", () => {
    expect(list[1]?.split(" ")).toEqual(expect.arrayContaining(["+failover", "+replicaof", "&*"]));
  });

  it("nobody but clients reads or writes keys", () => {
    expect(list.slice(1).join(" ")).not.toMatch(/~|\+@/);
  });
});

describe("the proxies' configuration", () => {
  const config = proxyConfig(["r-0.m.a", "r-1.m.a", "r-2.m.a"]);

  it("leads to a member that says it is the primary and of which two watchers say so", () => {
    expect(lines(config)).toEqual(
      expect.arrayContaining([
        "  use_backend primary-0 if { nbsrv(primary-0) ge 1 } { nbsrv(witness-0) ge 2 }",
        "  use_backend primary-2 if { nbsrv(primary-2) ge 1 } { nbsrv(witness-2) ge 2 }",
      ]),
    );
    expect(config).not.toContain("default_backend");
  });

  it("asks each of them, over TLS that is verified, and closes connections to a former primary", () => {
    const backend = (name: string) =>
      lines(config.slice(config.indexOf(`backend ${name}\n`))).slice(1, 6);
    expect(backend("primary-1")).toEqual([
      "  option tcp-check",
      '  tcp-check send "AUTH internal ${INTERNAL_PASSWORD}"\\r\\n',
      "  tcp-check expect string +OK",
      '  tcp-check send "INFO replication"\\r\\n',
      "  tcp-check expect min-recv 34 string role:master",
    ]);
    expect(config).toContain(
      "  server member r-1.m.a:6379 check-sni r-1.m.a verifyhost r-1.m.a on-marked-down shutdown-sessions\n",
    );
    expect(backend("witness-1").slice(-2)).toEqual([
      '  tcp-check send "SENTINEL get-master-addr-by-name primary"\\r\\n',
      "  tcp-check expect min-recv 7 string r-1.m.a",
    ]);
    expect(config.match(/^ {2}server watcher-/gm)).toHaveLength(9);
    expect(config).toMatch(/default-server check check-ssl verify required ca-file/);
  });

  it("surprise: a connection of a pool is idle for long, and must not be closed for it", () => {
    expect(config).toContain("  timeout tunnel 24h\n");
  });

  it("surprise: a step that connects by itself would connect without TLS", () => {
    expect(config).not.toContain("tcp-check connect");
  });
});

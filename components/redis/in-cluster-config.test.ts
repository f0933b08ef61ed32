import { describe, expect, it } from "vitest";
import { gib } from "../../systems/units";
import { accessList, storeConfig } from "./in-cluster-config";

const lines = (text: string) => text.trim().split("\n");

describe("a server's configuration", () => {
  it("logs every write, uses only TLS, and uses three quarters of the memory", () => {
    expect(lines(storeConfig({ memory: gib(4), use: ["state"] }))).toEqual([
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
  ] as const)("for %j has the eviction policy %s", (use, policy) => {
    expect(lines(storeConfig({ memory: gib(1), use }))).toContain(`maxmemory-policy ${policy}`);
  });
});

describe("ACL users", () => {
  const list = lines(accessList({ clients: "one", internal: "two", metrics: "three" }));

  it("clients may do everything except administration; only digests are stored", () => {
    expect(list[0]).toBe(
      "user default on #7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed ~* &* +@all -@admin",
    );
    expect(list.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      expect.stringMatching(/^user default on$/),
      "user internal on",
      "user metrics on",
    ]);
  });

  it("only clients may read or write keys", () => {
    expect(list.slice(1).join(" ")).not.toMatch(/~|\+@/);
  });
});

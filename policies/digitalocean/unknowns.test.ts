import { describe, expect, it } from "vitest";
import { testOpen, type Open } from "../testing/open";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { cluster, database, fixture } from "./testing";

const open = (policy: string, kind: string, what: string, props: object): Open => ({
  policy: `digitalocean-${policy}`,
  what,
  fixture: [fixture(kind, props)],
});
const among = (policy: string, what: string, ...all: readonly Fixture[]): Open => ({
  policy: `digitalocean-${policy}`,
  what,
  fixture: all,
});

const CLUSTER = "KubernetesCluster";
const WINDOW = { maintenancePolicy: { day: "sunday", startTime: "02:00" } };

describe("clusters", () => {
  const GPU = { amdGpuDevicePlugin: { enabled: true }, amdGpuDraDriver: { enabled: true } };
  testOpen([
    open("cluster-upgraded", CLUSTER, "version", { ...WINDOW, version: UNKNOWN }),
    open("cluster-endpoint-guarded", CLUSTER, "allowedAddresses", {
      controlPlaneFirewall: { allowedAddresses: UNKNOWN },
    }),
    ...Object.keys(GPU).map((key) =>
      open("cluster-consistent", CLUSTER, key, { ...GPU, [key]: UNKNOWN }),
    ),
    ...["clusterAutoscalerConfigurations", "ssos"].map((key) =>
      open("cluster-consistent", CLUSTER, key, { [key]: UNKNOWN }),
    ),
    open("cluster-consistent", CLUSTER, "enabled", { ssos: [{ enabled: UNKNOWN }] }),
    open("node-pool-sized", "KubernetesNodePool", "autoScale", { autoScale: UNKNOWN, minNodes: 2 }),
    among(
      "node-pool-separate",
      "clusterId",
      cluster(),
      fixture("KubernetesNodePool", { clusterId: UNKNOWN }),
    ),
  ]);

  it.each([
    [
      "a version that is unknown, where it upgrades itself",
      { ...WINDOW, version: UNKNOWN, autoUpgrade: true },
    ],
    ["a version that is exact", { ...WINDOW, version: "1.36.2-do.0" }],
  ])("digitalocean-cluster-upgraded accepts %s", async (_, props) => {
    expect(await messages("digitalocean-cluster-upgraded", [fixture(CLUSTER, props)])).toEqual([]);
  });

  it("digitalocean-node-pool-separate does not count a pool of another cluster", async () => {
    const other = fixture("KubernetesNodePool", { clusterId: "c9" }, "other");
    const name = "digitalocean-node-pool-separate";
    expect(await messages(name, [cluster(), other])).toHaveLength(1);
  });
});

describe("databases", () => {
  const valkey = (props: object = {}): Fixture =>
    fixture("DatabaseCluster", { engine: "valkey", ...props });
  const topic = (config: object): Fixture =>
    fixture("DatabaseKafkaTopic", {
      configs: [{ minCleanableDirtyRatio: 0.4, retentionMs: "-1", ...config }],
    });
  testOpen([
    among(
      "database-private",
      "clusterId",
      database(),
      fixture("DatabaseFirewall", {
        clusterId: UNKNOWN,
        rules: [{ type: "k8s", value: "c1" }],
      }),
    ),
    open("database-private", "DatabaseFirewall", "type", {
      rules: [{ type: UNKNOWN, value: "::/0" }],
    }),
    open("database-storage-grows", "DatabaseCluster", "engine", { engine: UNKNOWN }),
    among("cache-eviction", "engine", valkey({ engine: UNKNOWN })),
    among(
      "cache-eviction",
      "clusterId",
      valkey(),
      fixture("DatabaseValkeyConfig", {
        clusterId: UNKNOWN,
        valkeyMaxmemoryPolicy: "allkeys-lru",
      }),
    ),
    among("kafka-topic-bounded", "cleanupPolicy", topic({ cleanupPolicy: UNKNOWN })),
    among("kafka-topic-bounded", "retentionBytes", topic({ retentionBytes: UNKNOWN })),
    open("database-user-narrow", "DatabaseUser", "settings", { settings: UNKNOWN }),
    open("database-user-narrow", "DatabaseUser", "acls", { settings: [{ acls: UNKNOWN }] }),
  ]);

  it("digitalocean-database-private requires no address for a rule without a type", async () => {
    const guard = fixture("DatabaseFirewall", { rules: [{ value: "0.0.0.0/0" }] });
    expect(await messages("digitalocean-database-private", [guard])).toEqual([
      'DatabaseFirewall "orders": rules[0].value is "0.0.0.0/0"; it must not be every address.',
    ]);
  });
});

describe("networks", () => {
  const RULE = {
    protocol: "tcp",
    action: "allow",
    portRange: "22",
    sourceAddresses: ["0.0.0.0/0"],
  };
  const HTTP = { entryProtocol: "http" };
  const balancer = (...forwardingRules: readonly unknown[]): object => ({
    forwardingRules,
    redirectHttpToHttps: true,
  });
  testOpen([
    open("firewall-not-open", "Firewall", "inboundRules", { inboundRules: UNKNOWN }),
    ...Object.keys(RULE).map((key) =>
      open("firewall-not-open", "Firewall", key, { inboundRules: [{ ...RULE, [key]: UNKNOWN }] }),
    ),
    open("firewall-not-open", "Firewall", "one source", {
      inboundRules: [{ ...RULE, sourceAddresses: ["10.7.0.0/16", UNKNOWN] }],
    }),
    open("balancer-tls", "LoadBalancer", "forwardingRules", { forwardingRules: UNKNOWN }),
    open(
      "balancer-tls",
      "LoadBalancer",
      "a rule's protocol",
      balancer(HTTP, { entryProtocol: UNKNOWN }),
    ),
    open("balancer-tls", "LoadBalancer", "a rule", balancer(HTTP, UNKNOWN)),
    open("balancer-tls", "LoadBalancer", "the only protocol", balancer({ entryProtocol: UNKNOWN })),
    open(
      "balancer-tls",
      "LoadBalancer",
      "a rule's passthrough",
      balancer(HTTP, {
        entryProtocol: "tcp",
        tlsPassthrough: UNKNOWN,
      }),
    ),
    open(
      "balancer-tls",
      "LoadBalancer",
      "passthrough instead of a certificate",
      balancer({
        entryProtocol: "https",
        tlsPassthrough: UNKNOWN,
      }),
    ),
    open("balancer-placed", "LoadBalancer", "type", { type: UNKNOWN }),
  ]);
});

describe("services and Spaces", () => {
  const domain = (name: unknown): Fixture => fixture("Domain", { name }, "shop");
  const record = (type: unknown, at: unknown): Fixture =>
    fixture("DnsRecord", { type, domain: at }, "record");
  const AUTHORITIES = "domain-authorities";
  testOpen([
    among(
      AUTHORITIES,
      "a record's type",
      domain("shop.example.com"),
      record(UNKNOWN, "shop.example.com"),
    ),
    among(AUTHORITIES, "a record's domain", domain("shop.example.com"), record("CAA", UNKNOWN)),
    among(AUTHORITIES, "the domain's name", domain(UNKNOWN), record("CAA", "shop.example.com")),
    among(
      "uptime-alert",
      "checkId",
      fixture("UptimeCheck", {}, "front"),
      fixture("UptimeAlert", { checkId: UNKNOWN }),
    ),
    ...["SpacesBucket", "SpacesBucketCorsConfiguration"].flatMap((kind) => [
      open("space-cors-narrow", kind, "corsRules", { corsRules: UNKNOWN }),
      open("space-cors-narrow", kind, "allowedOrigins", {
        corsRules: [{ allowedOrigins: UNKNOWN }],
      }),
    ]),
    open("space-key-narrow", "SpacesKey", "grants", { grants: UNKNOWN }),
    open("space-lifecycle", "SpacesBucket", "versioning", {
      versioning: UNKNOWN,
      lifecycleRules: [{ abortIncompleteMultipartUploadDays: 3 }],
    }),
    open("space-lifecycle", "SpacesBucket", "one rule", {
      versioning: { enabled: true },
      lifecycleRules: [{ abortIncompleteMultipartUploadDays: 3 }, UNKNOWN],
    }),
  ]);

  it("digitalocean-domain-authorities reports a name that no record can have", async () => {
    expect(await messages(`digitalocean-${AUTHORITIES}`, [domain(UNKNOWN)])).toHaveLength(1);
  });

  it("digitalocean-alert-told needs only one known channel", async () => {
    const alert = fixture("UptimeAlert", {
      notifications: [UNKNOWN, { emails: ["ops@example.com"] }],
    });
    expect(await messages("digitalocean-alert-told", [alert])).toEqual([]);
  });
});

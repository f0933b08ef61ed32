import { describe, expect, it } from "vitest";
import { testOpen, type Open } from "../testing/open";
import { UNKNOWN, messages, remediated, urnOf } from "../testing";
import { policyNamed } from "../catalog";
import { fixture } from "./testing";

const open = (policy: string, type: string, what: string, props: object): Open => ({
  policy: `gcp-${policy}`,
  what,
  fixture: [fixture(`gcp:${type}`, props)],
});

const CLUSTER = "container/cluster:Cluster";
const ANYBODY = { sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp" }] };
const RULE = {
  action: "allow",
  direction: "INGRESS",
  match: { layer4Configs: [{ ipProtocol: "all" }] },
};

describe("networks", () => {
  testOpen([
    ...["disabled", "direction"].map((key) =>
      open("firewall-not-open", "compute/firewall:Firewall", key, { ...ANYBODY, [key]: UNKNOWN }),
    ),
    open("firewall-not-open", "compute/firewall:Firewall", "one source", {
      ...ANYBODY,
      sourceRanges: ["10.7.0.0/16", UNKNOWN],
    }),
    ...["action", "direction", "disabled"].map((key) =>
      open("firewall-not-open", "compute/firewallPolicyRule:FirewallPolicyRule", `rule's ${key}`, {
        ...RULE,
        [key]: UNKNOWN,
      }),
    ),
    open("subnet-private-access", "compute/subnetwork:Subnetwork", "stackType", {
      privateIpGoogleAccess: true,
      stackType: UNKNOWN,
    }),
    open("dnssec", "dns/managedZone:ManagedZone", "visibility", { visibility: UNKNOWN }),
    open("dnssec", "dns/managedZone:ManagedZone", "keys", {
      dnssecConfig: { state: "on", defaultKeySpecs: UNKNOWN },
    }),
    open("tls-modern", "compute/sSLPolicy:SSLPolicy", "ciphers", {
      minTlsVersion: "TLS_1_3",
      profile: "CUSTOM",
      customFeatures: UNKNOWN,
    }),
  ]);
});

describe("clusters", () => {
  const PODS = { nodeConfig: {}, nodePools: [{ management: { autoRepair: false } }] };
  testOpen([
    ...[
      "gke-nodes-shielded",
      "gke-nodes-surface",
      "gke-nodes-identity",
      "gke-nodes-patched",
      "gke-workload-identity",
      "gke-network-policy",
      "gke-pools-separate",
    ].map((policy) =>
      open(policy, CLUSTER, "enableAutopilot", { ...PODS, enableAutopilot: UNKNOWN }),
    ),
    ...["gke-nodes-shielded", "gke-nodes-patched"].map((policy) =>
      open(policy, CLUSTER, "nodePools", { nodePools: UNKNOWN }),
    ),
    open("gke-upgraded", CLUSTER, "the channel", {
      releaseChannel: { channel: UNKNOWN },
      maintenancePolicy: { recurringWindow: {} },
    }),
    open("gke-workload-identity", CLUSTER, "nodePools", {
      workloadIdentityConfig: { workloadPool: "shop-31.svc.id.goog" },
      nodePools: UNKNOWN,
    }),
    open("gke-posture", CLUSTER, "datapathProvider", {
      securityPostureConfig: { mode: "BASIC" },
      datapathProvider: UNKNOWN,
    }),
    open("gke-posture", CLUSTER, "enableAutopilot", {
      securityPostureConfig: { mode: "BASIC" },
      enableAutopilot: UNKNOWN,
    }),
    open("gke-endpoint-guarded", CLUSTER, "the networks", {
      masterAuthorizedNetworksConfig: { cidrBlocks: UNKNOWN },
    }),
  ]);

  it("gke-posture and gke-logged evaluate the known values", async () => {
    const sees = fixture(`gcp:${CLUSTER}`, {
      securityPostureConfig: { mode: "BASIC" },
      enableIntranodeVisibility: true,
      datapathProvider: UNKNOWN,
    });
    const logs = fixture(`gcp:${CLUSTER}`, {
      loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", UNKNOWN] },
    });
    expect(await messages("gcp-gke-posture", [sees])).toEqual([]);
    expect(await messages("gcp-gke-logged", [logs])).toEqual([]);
  });
});

describe("databases and messages", () => {
  const INSTANCE = "sql/databaseInstance:DatabaseInstance";
  const backups = (rest: object): object => ({
    databaseVersion: "POSTGRES_16",
    settings: { backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true, ...rest } },
  });
  const elsewhere = { configuration: { "gcp-sql-backed-up": { elsewhere: true } } };
  testOpen([
    open("sql-private", INSTANCE, "authorizedNetworks", {
      settings: {
        ipConfiguration: { ipv4Enabled: false, privateNetwork: "n", authorizedNetworks: UNKNOWN },
      },
    }),
    open("sql-private", INSTANCE, "pscConfigs", {
      settings: { ipConfiguration: { ipv4Enabled: false, pscConfigs: UNKNOWN } },
    }),
    open("sql-backed-up", INSTANCE, "instanceType", { instanceType: UNKNOWN }),
    open("sql-available", INSTANCE, "instanceType", { instanceType: UNKNOWN }),
    {
      ...open("sql-backed-up", INSTANCE, "region", {
        ...backups({ location: "europe-west3" }),
        region: UNKNOWN,
      }),
      setting: elsewhere,
    },
    open("sql-user", "sql/user:User", "name", { name: UNKNOWN, password: "from-a-secret" }),
    open("kafka-topic-durable", "managedkafka/topic:Topic", "replicationFactor", {
      replicationFactor: UNKNOWN,
      configs: { "min.insync.replicas": "3" },
    }),
    open("kafka-acl-narrow", "managedkafka/acl:Acl", "aclEntries", { aclEntries: UNKNOWN }),
    open("kafka-acl-narrow", "managedkafka/acl:Acl", "permissionType", {
      aclEntries: [{ principal: "User:*", permissionType: UNKNOWN }],
    }),
  ]);

  it("gcp-sql-backed-up evaluates what does not depend on the engine", async () => {
    const unknown = fixture(`gcp:${INSTANCE}`, {
      ...backups({ transactionLogRetentionDays: 3 }),
      databaseVersion: UNKNOWN,
    });
    expect(await messages("gcp-sql-backed-up", [unknown])).toHaveLength(1);
  });

  it("gcp-sql-user accepts a named host", async () => {
    const named = fixture("gcp:sql/user:User", { name: UNKNOWN, password: "x", host: "10.31.0.4" });
    expect(await messages("gcp-sql-user", [named])).toEqual([]);
  });

  it("gcp-sql-logged evaluates the known flags", async () => {
    const flags = [
      { name: UNKNOWN, value: "on" },
      { name: "log_connections", value: "off" },
    ];
    const instance = fixture(`gcp:${INSTANCE}`, {
      databaseVersion: "POSTGRES_16",
      settings: { databaseFlags: flags },
    });
    expect(await messages("gcp-sql-logged", [instance])).toEqual([
      'DatabaseInstance "orders": settings.databaseFlags[1].value is "off"; the flag log_connections must be "1".',
    ]);
  });
});

describe("storage, images and logs", () => {
  const BUCKET = "storage/bucket:Bucket";
  const REPOSITORY = "artifactregistry/repository:Repository";
  const AUDIT = "projects/iAMAuditConfig:IAMAuditConfig";
  const SINK = "logging/projectSink:ProjectSink";
  const DROPS = { filter: 'logName:"cloudaudit.googleapis.com"', disabled: UNKNOWN };
  testOpen([
    open("bucket-acl-private", "storage/objectACL:ObjectACL", "roleEntities", {
      roleEntities: UNKNOWN,
    }),
    open("bucket-uploads-ended", BUCKET, "one rule", {
      lifecycleRules: [{ action: { type: "Delete" } }, UNKNOWN],
    }),
    open("bucket-log-elsewhere", BUCKET, "name", {
      name: UNKNOWN,
      logging: { logBucket: "shop-logs" },
    }),
    open("registry-kept-clean", REPOSITORY, "format", { format: UNKNOWN }),
    open("registry-kept-clean", REPOSITORY, "cleanupPolicies", {
      format: "DOCKER",
      cleanupPolicies: UNKNOWN,
      cleanupPolicyDryRun: true,
    }),
    ...["format", "mode", "repositoryId"].map((key) =>
      open("registry-immutable", REPOSITORY, key, { format: "DOCKER", [key]: UNKNOWN }),
    ),
    open("audit-complete", AUDIT, "service", { service: UNKNOWN }),
    open("audit-complete", AUDIT, "one configuration", {
      service: "allServices",
      auditLogConfigs: [{ logType: "DATA_READ" }, UNKNOWN],
    }),
    open("audit-complete", AUDIT, "exemptedMembers", {
      service: "storage.googleapis.com",
      auditLogConfigs: [{ logType: "DATA_READ", exemptedMembers: UNKNOWN }],
    }),
    open("logs-complete", SINK, "exclusions", { exclusions: UNKNOWN }),
    open("logs-complete", SINK, "an exclusion's disabled", { exclusions: [DROPS] }),
    open("logs-complete", "logging/projectExclusion:ProjectExclusion", "disabled", DROPS),
  ]);

  it("gcp-registry-immutable knows immutable tags, and remediates only what is certain", async () => {
    const fixed = fixture(`gcp:${REPOSITORY}`, {
      format: UNKNOWN,
      dockerConfig: { immutableTags: true },
    });
    expect(await messages("gcp-registry-immutable", [fixed])).toEqual([]);
    const written = (props: object): Promise<unknown> =>
      remediated([policyNamed("gcp-registry-immutable")], fixture(`gcp:${REPOSITORY}`, props));
    expect(await written({ format: "DOCKER" })).toEqual({
      format: "DOCKER",
      dockerConfig: { immutableTags: true },
    });
    for (const right of [
      { format: "DOCKER", dockerConfig: { immutableTags: true } },
      { format: "DOCKER", dockerConfig: { immutableTags: UNKNOWN } },
      { format: "DOCKER", repositoryId: UNKNOWN },
      { format: "DOCKER", repositoryId: "gcr.io" },
      { format: "NPM" },
    ]) {
      expect(await written(right)).toBeUndefined();
    }
  });
});

describe("gcp-log-bucket-retained", () => {
  const policy = "gcp-log-bucket-retained";
  const bucket = fixture("gcp:storage/bucket:Bucket", { name: UNKNOWN });
  const named = fixture("gcp:storage/bucket:Bucket", { name: "shop-logs" });
  const sink = (destination: unknown): ReturnType<typeof fixture> =>
    fixture("gcp:logging/projectSink:ProjectSink", { destination }, "audit");
  testOpen([
    { policy, what: "a destination from nowhere", fixture: [named, sink(UNKNOWN)] },
    {
      policy,
      what: "a bucket's name",
      fixture: [bucket, sink("storage.googleapis.com/shop-logs")],
    },
  ]);

  it("needs no name if the destination comes from the bucket, or the sink is off", async () => {
    const retained = fixture("gcp:storage/bucket:Bucket", {
      name: UNKNOWN,
      retentionPolicy: { retentionPeriod: "7776000" },
    });
    const from = { propertyDependencies: { destination: [urnOf(retained)] } };
    expect(await messages(policy, [retained, { ...sink(UNKNOWN), ...from }])).toEqual([]);
    expect(await messages(policy, [bucket, { ...sink(UNKNOWN), ...from }])).toHaveLength(1);
  });
});

describe("identities", () => {
  const PROJECT = "projects/iAMMember:IAMMember";
  const ACCOUNT = "serviceaccount/iAMMember:IAMMember";
  const member = "serviceAccount:shop-31.svc.id.goog[*]";
  testOpen([
    open("iam-admin-narrow", PROJECT, "role", { role: UNKNOWN, member }),
    open("iam-admin-narrow", PROJECT, "member", { role: "roles/dns.admin", member: UNKNOWN }),
    open("iam-pool-narrow", ACCOUNT, "role", { role: UNKNOWN, member }),
    open("iam-default-accounts", PROJECT, "members", { role: "roles/x", members: UNKNOWN }),
  ]);

  it("evaluates the role for any member", async () => {
    const owner = fixture(`gcp:${PROJECT}`, { role: "roles/owner", members: UNKNOWN });
    expect(await messages("gcp-iam-basic-roles", [owner])).toHaveLength(1);
  });

  it.each(["iam-admin-narrow", "iam-pool-narrow"])(
    "%s accepts known good members",
    async (policy) => {
      const group = { member: "group:ops@example.com" };
      const reported = (props: object): Promise<readonly string[]> =>
        messages(`gcp-${policy}`, [fixture(`gcp:${PROJECT}`, props)]);
      expect(await reported({ role: UNKNOWN, ...group })).toEqual([]);
      expect(await reported({ role: "roles/dns.reader", member: UNKNOWN })).toEqual([]);
    },
  );
});

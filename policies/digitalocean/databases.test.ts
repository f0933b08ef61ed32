import { describe, expect, it } from "vitest";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Given } from "../testing";
import type { Key } from "../values";

const token = (name: string): string =>
  `digitalocean:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

const database = (): Given => ({
  type: token("DatabaseCluster"),
  name: "orders-db",
  props: {
    engine: "pg",
    nodeCount: 2,
    privateNetworkUuid: "5f2b",
    maintenanceWindows: [{ day: "sunday", hour: "04:00" }],
  },
});

const firewall = (
  name = "orders-db-firewall",
  rules: unknown = [{ type: "k8s", value: "c1" }],
): Given => ({
  type: token("DatabaseFirewall"),
  name,
  props: { clusterId: UNKNOWN, rules },
  propertyDependencies: { clusterId: [urnOf(database())] },
});

describe("digitalocean-database-private", () => {
  const said = (...given: readonly Given[]): Promise<readonly string[]> =>
    messages("digitalocean-database-private", given);
  const one = "write exactly one whose clusterId is its id.";

  it("accepts a network and one firewall, whose cluster is not known yet", async () => {
    expect(await said(database(), firewall())).toEqual([]);
  });

  it("accepts a network that is not known yet", async () => {
    expect(await said(broken(database(), ["privateNetworkUuid"], UNKNOWN), firewall())).toEqual([]);
  });

  it("refuses a database outside any network", async () => {
    expect(await said(broken(database(), ["privateNetworkUuid"]), firewall())).toEqual([
      'DatabaseCluster "orders-db": privateNetworkUuid is missing; write the id of the stack\'s Vpc.',
    ]);
  });

  it("refuses no firewall, two, and another's", async () => {
    const none = `DatabaseCluster "orders-db" has no DatabaseFirewall, so it accepts every source; ${one}`;
    expect(await said(database())).toEqual([none]);
    expect(await said(database(), { ...firewall(), propertyDependencies: {} })).toEqual([none]);
    expect(await said(database(), firewall(), firewall("again"))).toEqual([
      `DatabaseCluster "orders-db" has 2 DatabaseFirewalls, which overwrite each other's rules; ${one}`,
    ]);
  });

  it("refuses a firewall without rules, or open to every address", async () => {
    expect(await said(database(), firewall("f", []))).toEqual([
      'DatabaseFirewall "f": rules is []; without a rule every source is accepted: write one for the cluster.',
    ]);
    const open = [{ type: "ip_addr", value: "0.0.0.0/0" }];
    expect(await said(database(), firewall("f", open))).toEqual([
      'DatabaseFirewall "f": rules[0].value is "0.0.0.0/0"; it must not be every address.',
    ]);
    expect(await said(database(), firewall("f", UNKNOWN))).toEqual([]);
  });

  it("asks the same of a replica", async () => {
    const replica: Given = { type: token("DatabaseReplica"), name: "copy", props: {} };
    expect(await said(replica)).toEqual([
      'DatabaseReplica "copy": privateNetworkUuid is missing; write the id of the stack\'s Vpc.',
      `DatabaseReplica "copy" has no DatabaseFirewall, so it accepts every source; ${one}`,
    ]);
  });
});

interface Row {
  readonly policy: string;
  readonly path: readonly Key[];
  readonly value?: unknown;
  readonly says: string;
}

const topic = (): Given => ({
  type: token("DatabaseKafkaTopic"),
  name: "placed",
  props: { name: "placed", replicationFactor: 3, configs: [{ minInsyncReplicas: 2 }] },
});

const cluster = (): Given => ({
  type: token("KubernetesCluster"),
  name: "main",
  props: {
    ha: true,
    surgeUpgrade: true,
    autoUpgrade: true,
    maintenancePolicy: { day: "sunday", startTime: "02:00" },
    vpcUuid: UNKNOWN,
    clusterSubnet: "10.70.0.0/16",
    serviceSubnet: "10.71.0.0/20",
  },
});

const space = (): Given => ({
  type: token("SpacesBucket"),
  name: "backups",
  props: { acl: "private", versioning: { enabled: true } },
});

const HAPPY: Readonly<Record<string, () => Given>> = {
  "digitalocean-database-available": database,
  "digitalocean-kafka-topic-durable": topic,
  "digitalocean-cluster-hardened": cluster,
  "digitalocean-space-private": space,
};

const NODES = 'DatabaseCluster "orders-db": nodeCount is';
const subnet = "write a range that overlaps no other: only then pods have addresses in the Vpc.";
const window = "write the runbook's maintenance window, in UTC.";

const rows: readonly Row[] = [
  {
    policy: "database-available",
    path: ["nodeCount"],
    value: 1,
    says: `${NODES} 1; pg needs at least 2 nodes to survive one.`,
  },
  {
    policy: "database-available",
    path: ["nodeCount"],
    says: `${NODES} missing; pg needs at least 2 nodes to survive one.`,
  },
  {
    policy: "database-available",
    path: ["engine"],
    value: "kafka",
    says: `${NODES} 2; kafka needs at least 3 nodes to survive one.`,
  },
  {
    policy: "database-available",
    path: ["maintenanceWindows"],
    says: 'DatabaseCluster "orders-db": maintenanceWindows is missing; write the runbook\'s window, as { day, hour } in UTC.',
  },
  {
    policy: "kafka-topic-durable",
    path: ["replicationFactor"],
    value: 2,
    says: 'DatabaseKafkaTopic "placed": replicationFactor is 2; it must be 3 or more.',
  },
  {
    policy: "kafka-topic-durable",
    path: ["replicationFactor"],
    says: 'DatabaseKafkaTopic "placed": replicationFactor is missing; it must be 3 or more.',
  },
  {
    policy: "kafka-topic-durable",
    path: ["configs"],
    says: 'DatabaseKafkaTopic "placed": configs[0].minInsyncReplicas is missing; it must be 2 or more.',
  },
  {
    policy: "kafka-topic-durable",
    path: ["configs", 0, "minInsyncReplicas"],
    value: 3,
    says: 'DatabaseKafkaTopic "placed": configs[0].minInsyncReplicas is 3; below replicationFactor 3 it lets one broker fail: write 2.',
  },
  {
    policy: "cluster-hardened",
    path: ["ha"],
    value: false,
    says: 'KubernetesCluster "main": ha is false; it must be true.',
  },
  {
    policy: "cluster-hardened",
    path: ["surgeUpgrade"],
    says: 'KubernetesCluster "main": surgeUpgrade is missing; it must be true.',
  },
  {
    policy: "cluster-hardened",
    path: ["autoUpgrade"],
    value: false,
    says: 'KubernetesCluster "main": autoUpgrade is false; it must be true.',
  },
  {
    policy: "cluster-hardened",
    path: ["maintenancePolicy", "day"],
    says: `KubernetesCluster "main": maintenancePolicy.day is missing; ${window}`,
  },
  {
    policy: "cluster-hardened",
    path: ["maintenancePolicy", "startTime"],
    says: `KubernetesCluster "main": maintenancePolicy.startTime is missing; ${window}`,
  },
  {
    policy: "cluster-hardened",
    path: ["vpcUuid"],
    says: 'KubernetesCluster "main": vpcUuid is missing; write the id of the stack\'s Vpc.',
  },
  {
    policy: "cluster-hardened",
    path: ["clusterSubnet"],
    says: `KubernetesCluster "main": clusterSubnet is missing; ${subnet}`,
  },
  {
    policy: "cluster-hardened",
    path: ["serviceSubnet"],
    says: `KubernetesCluster "main": serviceSubnet is missing; ${subnet}`,
  },
  {
    policy: "space-private",
    path: ["acl"],
    value: "public-read",
    says: 'SpacesBucket "backups": acl is "public-read"; it must be "private" or missing.',
  },
  {
    policy: "space-private",
    path: ["versioning"],
    says: 'SpacesBucket "backups": versioning.enabled is missing; it must be true.',
  },
  {
    policy: "space-private",
    path: ["versioning", "enabled"],
    value: false,
    says: 'SpacesBucket "backups": versioning.enabled is false; it must be true.',
  },
];

const given = (policy: string): Given => {
  const make = HAPPY[`digitalocean-${policy}`];
  if (make === undefined) throw new Error(`No fixture for ${policy}.`);
  return make();
};

describe("DigitalOcean policies", () => {
  it.each(Object.entries(HAPPY))("%s accepts a good resource", async (policy, make) => {
    expect(await messages(policy, [make()])).toEqual([]);
  });

  it.each(rows)("$policy: $path is $value", async ({ policy, path, value, says }) => {
    const bad = broken(given(policy), path, value);
    expect(await messages(`digitalocean-${policy}`, [bad])).toEqual([says]);
  });

  it.each(rows)("$policy leaves an unknown $path open", async ({ policy, path }) => {
    const open = broken(given(policy), path, UNKNOWN);
    expect(await messages(`digitalocean-${policy}`, [open])).toEqual([]);
  });

  it("lets an empty space's default access stand", async () => {
    expect(await messages("digitalocean-space-private", [broken(space(), ["acl"])])).toEqual([]);
  });
});

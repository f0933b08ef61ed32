/** DigitalOcean's resources: private, replicated, recoverable. */
import type { Context, Policy, Stack, StackResource, Subject } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Key } from "../values";

const type = (name: string): string =>
  `digitalocean:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

const DATABASE = type("DatabaseCluster");
const REPLICA = type("DatabaseReplica");
const FIREWALL = type("DatabaseFirewall");
const DOCS = "https://docs.digitalocean.com/products";

/** Present is enough: a value that is not known yet will be there. */
function demand(resource: Subject, path: readonly Key[], wanted: string, context: Context): void {
  const value = resource.props.get(...path);
  if (value.isMissing) context.report(finding(resource, value, wanted), resource.urn);
}

function demandTrue(resource: Subject, key: string, context: Context): void {
  const value = resource.props.get(key);
  if (!context.unsure(value) && value.flag !== true) {
    context.report(finding(resource, value, "it must be true"));
  }
}

function databasesPrivate(stack: Stack, context: Context): void {
  const firewalls = new Map<string, StackResource[]>();
  for (const firewall of stack.of(FIREWALL)) {
    for (const urn of firewall.propertyDependencies.clusterId ?? firewall.dependencies) {
      firewalls.set(urn, [...(firewalls.get(urn) ?? []), firewall]);
    }
    judgeRules(firewall, context);
  }
  for (const database of stack.of(DATABASE, REPLICA)) {
    demand(database, ["privateNetworkUuid"], "write the id of the stack's Vpc", context);
    const its = firewalls.get(database.urn) ?? [];
    if (its.length === 1) continue;
    const found =
      its.length === 0
        ? "has no DatabaseFirewall, so it accepts every source"
        : `has ${its.length} DatabaseFirewalls, which overwrite each other's rules`;
    context.report(
      `${nameOf(database)} ${found}; write exactly one whose clusterId is its id.`,
      database.urn,
    );
  }
}

function judgeRules(firewall: StackResource, context: Context): void {
  const rules = firewall.props.get("rules");
  if (context.unsure(rules, firewall.urn)) return;
  if (rules.list().length === 0) {
    const wanted = "without a rule every source is accepted: write one for the cluster";
    context.report(finding(firewall, rules, wanted), firewall.urn);
  }
  for (const rule of rules.list()) {
    const value = rule.get("value");
    if (!/^(0\.0\.0\.0|::)(\/0)?$/.test(value.text ?? "")) continue;
    context.report(finding(firewall, value, "it must not be every address"), firewall.urn);
  }
}

/** Node counts below which a failed node is an outage, by engine. */
const LEAST_NODES: Readonly<Record<string, number>> = { kafka: 3, opensearch: 3, mongodb: 3 };

function databaseAvailable(resource: Subject, context: Context): void {
  const engine = resource.props.get("engine");
  const nodes = resource.props.get("nodeCount");
  if (!context.unsure(engine) && !context.unsure(nodes)) {
    const least = LEAST_NODES[engine.text ?? ""] ?? 2;
    if ((nodes.number ?? 0) < least) {
      const wanted = `${engine.text ?? "it"} needs at least ${least} nodes to survive one`;
      context.report(finding(resource, nodes, wanted));
    }
  }
  const windows = resource.props.get("maintenanceWindows");
  if (context.unsure(windows)) return;
  if (windows.list().length === 0) {
    const wanted = "write the runbook's window, as { day, hour } in UTC";
    context.report(finding(resource, windows, wanted));
  }
}

function topicDurable(resource: Subject, context: Context): void {
  const replication = resource.props.get("replicationFactor");
  const copies = replication.number ?? 0;
  if (!context.unsure(replication) && copies < 3) {
    context.report(finding(resource, replication, "it must be 3 or more"));
  }
  const minInSync = resource.props.get("configs", 0, "minInsyncReplicas");
  if (context.unsure(minInSync)) return;
  if ((minInSync.number ?? 1) < 2) {
    context.report(finding(resource, minInSync, "it must be 2 or more"));
  } else if (copies >= 3 && (minInSync.number ?? 0) >= copies) {
    const wanted = `below replicationFactor ${copies} it lets one broker fail: write ${copies - 1}`;
    context.report(finding(resource, minInSync, wanted));
  }
}

function clusterHardened(resource: Subject, context: Context): void {
  // An exact version is raised by whoever wrote it; patches behind its back would lower it again.
  const exact = /-do\.\d+$/.test(resource.props.get("version").text ?? "");
  const wanted = ["ha", "surgeUpgrade", ...(exact ? [] : ["autoUpgrade"])];
  for (const key of wanted) demandTrue(resource, key, context);
  const policy = "write the runbook's maintenance window, in UTC";
  demand(resource, ["maintenancePolicy", "day"], policy, context);
  demand(resource, ["maintenancePolicy", "startTime"], policy, context);
  demand(resource, ["vpcUuid"], "write the id of the stack's Vpc", context);
  const subnet = "write a range that overlaps no other: only then pods have addresses in the Vpc";
  demand(resource, ["clusterSubnet"], subnet, context);
  demand(resource, ["serviceSubnet"], subnet, context);
}

function spacePrivate(resource: Subject, context: Context): void {
  const acl = resource.props.get("acl");
  if (!context.unsure(acl) && acl.isKnown && acl.text !== "private") {
    context.report(finding(resource, acl, 'it must be "private" or missing'));
  }
  const versioning = resource.props.get("versioning", "enabled");
  if (!context.unsure(versioning) && versioning.flag !== true) {
    context.report(finding(resource, versioning, "it must be true"));
  }
}

const common = { enforcement: STRICT_IN_PRODUCTION } as const;

export const dataServices: readonly Policy[] = [
  {
    ...common,
    name: "digitalocean-database-private",
    themes: ["databases", "digitalocean"],
    title: "Databases are reached from their network only",
    clause: {
      reference: "PO-03",
      url: `${DOCS}/databases/postgresql/how-to/secure/`,
    },
    severity: "critical",
    prevents: "The database's port is open to the whole internet, behind a password alone.",
    description:
      "Every DigitalOcean database lies in a private network and has exactly one firewall, which names its sources.",
    remediation:
      "Set privateNetworkUuid on the DatabaseCluster, and write one DatabaseFirewall whose clusterId is its id, with a rule for the Kubernetes cluster.",
    check: { kind: "stack", run: databasesPrivate },
  },
  {
    ...common,
    name: "digitalocean-database-available",
    themes: ["databases", "digitalocean"],
    title: "Databases survive a node",
    clause: { reference: "PO-02", url: `${DOCS}/databases/postgresql/concepts/high-availability/` },
    severity: "high",
    prevents: "One failed node is an outage, and updates come when traffic is highest.",
    description:
      "Every DigitalOcean database has standby nodes and a maintenance window of our choice.",
    remediation:
      "Set nodeCount to 2 or more (3 for Kafka) and maintenanceWindows to the runbook's window.",
    check: { kind: "resource", types: [DATABASE], run: databaseAvailable },
  },
  {
    ...common,
    name: "digitalocean-kafka-topic-durable",
    themes: ["messaging", "digitalocean"],
    title: "Topics survive a broker",
    clause: { reference: "PO-02" },
    severity: "high",
    prevents: "An event that was confirmed to its publisher is lost with one broker.",
    description: "Every Kafka topic has three replicas, of which two confirm a write.",
    remediation: "Set replicationFactor to 3 and configs[0].minInsyncReplicas to 2.",
    check: { kind: "resource", types: [type("DatabaseKafkaTopic")], run: topicDurable },
  },
  {
    ...common,
    name: "digitalocean-cluster-hardened",
    themes: ["clusters", "digitalocean"],
    title: "Clusters are redundant, patched and private",
    clause: { reference: "PO-03", url: `${DOCS}/kubernetes/concepts/best-practices/` },
    severity: "high",
    prevents:
      "The control plane stops with one node, patches are forgotten, or upgrades take capacity away.",
    description:
      "Every DigitalOcean Kubernetes cluster is highly available, upgrades itself in the runbook's window (unless an exact version is written) with spare nodes, and lies in the stack's network.",
    remediation:
      "Set ha, surgeUpgrade and autoUpgrade to true, and write maintenancePolicy, vpcUuid, clusterSubnet and serviceSubnet.",
    check: { kind: "resource", types: [type("KubernetesCluster")], run: clusterHardened },
  },
  {
    ...common,
    name: "digitalocean-space-private",
    themes: ["storage", "digitalocean"],
    title: "Spaces are private and versioned",
    clause: { reference: "PO-03; CKV_DIO_1; CKV_DIO_3" },
    severity: "critical",
    prevents: "Backups can be read by anybody, or overwritten without a way back.",
    description: "Every Space is private and keeps former versions of its objects.",
    remediation: 'Set acl to "private" and versioning.enabled to true.',
    check: { kind: "resource", types: [type("SpacesBucket")], run: spacePrivate },
  },
];

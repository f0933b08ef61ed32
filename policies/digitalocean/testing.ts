/** For tests: DigitalOcean resources that pass every policy. */
import type {
  DatabaseClusterArgs,
  DatabaseFirewallArgs,
  KubernetesClusterArgs,
  KubernetesNodePoolArgs,
} from "@pulumi/digitalocean";
import { UNKNOWN, urnOf, type Fixture } from "../testing";

/** `given("Vpc", …)`; known relations are in `from`: property → resource. */
export function fixture(
  kind: string,
  props: object,
  name = "orders",
  from: Readonly<Record<string, Fixture>> = {},
): Fixture {
  const type = `digitalocean:index/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
  const propertyDependencies = Object.fromEntries(
    Object.entries(from).map(([property, owner]) => [property, [urnOf(owner)]]),
  );
  return { type, name, props: { ...props }, propertyDependencies };
}

export const cluster = (): Fixture =>
  fixture("KubernetesCluster", {
    region: "fra1",
    version: "1.36.2-do.0",
    ha: true,
    surgeUpgrade: true,
    maintenancePolicy: { day: "sunday", startTime: "02:00" },
    vpcUuid: "5f2b",
    clusterSubnet: "10.70.0.0/16",
    serviceSubnet: "10.71.0.0/20",
    clusterAutoscalerConfigurations: [
      { scaleDownUtilizationThreshold: 0.6, scaleDownUnneededTime: "9m0s" },
    ],
    nodePool: { name: "system", size: "s-4vcpu-8gb", nodeCount: 2 },
    tags: ["system:shop"],
  } satisfies KubernetesClusterArgs);

export const pool = (): Fixture =>
  fixture(
    "KubernetesNodePool",
    {
      clusterId: UNKNOWN,
      size: "s-4vcpu-8gb",
      autoScale: true,
      minNodes: 2,
      maxNodes: 3,
      tags: ["system:shop"],
    } satisfies KubernetesNodePoolArgs,
    "work",
    { clusterId: cluster() },
  );

export const database = (): Fixture =>
  fixture("DatabaseCluster", {
    engine: "pg",
    region: "fra1",
    size: "db-s-2vcpu-4gb",
    version: "17",
    nodeCount: 2,
    privateNetworkUuid: "5f2b",
    maintenanceWindows: [{ day: "sunday", hour: "04:00" }],
    storageAutoscale: { enabled: true },
    tags: ["system:shop"],
  } satisfies DatabaseClusterArgs);

export const firewall = (name = "guard"): Fixture =>
  fixture(
    "DatabaseFirewall",
    {
      clusterId: UNKNOWN,
      rules: [
        { type: "k8s", value: "c1" },
        { type: "ip_addr", value: "10.70.0.0/16" },
      ],
    } satisfies DatabaseFirewallArgs,
    name,
    { clusterId: database() },
  );

import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { messages } from "../testing";
import { cluster, fixture, pool } from "./testing";

const IS = 'KubernetesCluster "orders": ';
const POOL_IS = 'KubernetesNodePool "work": ';

testPolicy("digitalocean-cluster-available", {
  happy: cluster,
  broken: [
    { at: ["ha"], to: false, says: `${IS}ha is false; it must be true.` },
    { at: ["ha"], says: `${IS}ha is missing; it must be true.` },
  ],
  unknown: [["ha"]],
});

it("has no remediation that cannot be undone", () => {
  expect(policyNamed("digitalocean-cluster-available").remediate).toBeUndefined();
});

const WINDOW = "set the runbook's maintenance window, in UTC.";

testPolicy("digitalocean-cluster-upgraded", {
  happy: cluster,
  broken: [
    { at: ["surgeUpgrade"], to: false, says: `${IS}surgeUpgrade is false; it must be true.` },
    { at: ["surgeUpgrade"], says: [] },
    { at: ["version"], to: "1.36", says: `${IS}autoUpgrade is missing; it must be true.` },
    {
      at: ["maintenancePolicy"],
      says: [
        `${IS}maintenancePolicy.day is missing; ${WINDOW}`,
        `${IS}maintenancePolicy.startTime is missing; ${WINDOW}`,
      ],
    },
    {
      at: ["maintenancePolicy", "day"],
      to: "any",
      says: `${IS}maintenancePolicy.day is "any"; set the runbook's day.`,
    },
  ],
  unknown: [["surgeUpgrade"], ["maintenancePolicy", "day"]],
});

const SLUG = "use a slug such as 1.36.2-do.0, or getKubernetesVersions' latestVersion.";

testPolicy("digitalocean-cluster-version-exact", {
  happy: cluster,
  broken: [
    ...["latest", "1.36", "1.36.2"].map((to) => ({
      at: ["version"],
      to,
      says: `${IS}version is "${to}"; ${SLUG}`,
    })),
  ],
  unknown: [["version"]],
});

const SUBNET =
  "set a range that overlaps no other: pods get addresses in the Vpc only if it is set.";

testPolicy("digitalocean-cluster-private", {
  happy: cluster,
  broken: [
    { at: ["vpcUuid"], says: `${IS}vpcUuid is missing; set it to the ID of the stack's Vpc.` },
    { at: ["clusterSubnet"], says: `${IS}clusterSubnet is missing; ${SUBNET}` },
    { at: ["serviceSubnet"], says: `${IS}serviceSubnet is missing; ${SUBNET}` },
  ],
  unknown: [],
});

const GUARDED = "digitalocean-cluster-endpoint-guarded";
const DEMANDED = { configuration: { [GUARDED]: { demand: true } } };
const runSafely = (): ReturnType<typeof cluster> =>
  broken(cluster(), ["controlPlaneFirewall"], {
    enabled: true,
    allowedAddresses: ["198.51.100.7/32"],
  });

testPolicy(GUARDED, {
  happy: runSafely,
  broken: [
    { at: ["controlPlaneFirewall"], says: [] },
    {
      at: ["controlPlaneFirewall", "enabled"],
      to: false,
      says: `${IS}controlPlaneFirewall.enabled is false; every address can reach the API server: it must be true.`,
      setting: DEMANDED,
    },
    { at: ["controlPlaneFirewall", "enabled"], to: true, says: [], setting: DEMANDED },
    {
      at: ["controlPlaneFirewall", "allowedAddresses", 0],
      to: "0.0.0.0/0",
      says: `${IS}controlPlaneFirewall.allowedAddresses[0] is "0.0.0.0/0"; list the allowed addresses.`,
    },
  ],
  unknown: [["controlPlaneFirewall", "allowedAddresses", 0]],
});

const EMPTY = "without it the provider sends an empty value: set both.";
const SCALER = ["clusterAutoscalerConfigurations", 0] as const;

testPolicy("digitalocean-cluster-consistent", {
  happy: () => {
    const sso = [{ enabled: true, issuerUrl: "https://id.example.com", clientId: "doks" }];
    const gpu = broken(cluster(), ["nvidiaGpuDevicePlugin"], { enabled: true });
    return broken(gpu, ["ssos"], sso);
  },
  broken: [
    {
      at: ["nvidiaGpuDraDriver"],
      to: { enabled: true },
      says: `${IS}nvidiaGpuDraDriver.enabled is true; nvidiaGpuDevicePlugin manages the same devices: remove one of them.`,
    },
    { at: ["amdGpuDraDriver"], to: { enabled: true }, says: [] },
    {
      at: [...SCALER, "scaleDownUtilizationThreshold"],
      says: `${IS}clusterAutoscalerConfigurations[0].scaleDownUtilizationThreshold is missing; ${EMPTY}`,
    },
    {
      at: [...SCALER, "scaleDownUnneededTime"],
      says: `${IS}clusterAutoscalerConfigurations[0].scaleDownUnneededTime is missing; ${EMPTY}`,
    },
    {
      at: ["ssos", 0],
      to: { enabled: true },
      says: ["issuerUrl", "clientId"].map(
        (key) => `${IS}ssos[0].${key} is missing; without it nobody can log in.`,
      ),
    },
    { at: ["ssos", 0], to: { enabled: false }, says: [] },
  ],
  unknown: [["nvidiaGpuDraDriver"]],
});

testPolicy("digitalocean-cluster-volumes-stay", {
  happy: cluster,
  broken: [
    {
      at: ["destroyAllAssociatedResources"],
      to: true,
      says: `${IS}destroyAllAssociatedResources is true; it must be false or missing.`,
    },
  ],
  unknown: [["destroyAllAssociatedResources"]],
});

testPolicy("digitalocean-node-pool-sized", {
  happy: () => [pool(), cluster()],
  broken: [
    {
      at: ["minNodes"],
      to: 1,
      says: `${POOL_IS}minNodes is 1; at least two nodes are needed to tolerate the loss of one.`,
    },
    {
      at: ["maxNodes"],
      to: 2,
      says: `${POOL_IS}maxNodes is 2; it must be above minNodes 2, so that the pool can grow.`,
    },
    {
      at: ["nodeCount"],
      to: 5,
      says: `${POOL_IS}nodeCount is 5; every update would reset the pool to it: leave it out.`,
    },
    {
      at: ["autoScale"],
      says: `${POOL_IS}nodeCount is missing; at least two nodes are needed to tolerate the loss of one.`,
    },
    {
      of: 1,
      at: ["nodePool", "nodeCount"],
      to: 1,
      says: `${IS}nodePool.nodeCount is 1; at least two nodes are needed to tolerate the loss of one.`,
    },
  ],
  unknown: [["minNodes"], ["maxNodes"], [1, "nodePool", "nodeCount"]],
});

describe("digitalocean-node-pool-separate", () => {
  it("requires a pool besides the default one", async () => {
    const name = "digitalocean-node-pool-separate";
    expect(await messages(name, [cluster(), pool()])).toEqual([]);
    const other = fixture("KubernetesNodePool", {}, "other");
    expect(await messages(name, [cluster(), other])).toEqual([
      'KubernetesCluster "orders" has only its default pool; changing its machine type replaces the cluster: add a KubernetesNodePool for workloads.',
    ]);
  });
});

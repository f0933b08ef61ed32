import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages } from "../testing";
import { POOL_IS as IS, cluster, nodePool } from "./testing";

testPolicy("gcp-gke-nodes-shielded", {
  happy: () => [nodePool(), cluster()],
  broken: [
    {
      at: ["nodeConfig", "shieldedInstanceConfig"],
      says: `${IS}nodeConfig.shieldedInstanceConfig.enableSecureBoot is missing; it must be true.`,
    },
    {
      at: ["nodeConfig", "shieldedInstanceConfig", "enableIntegrityMonitoring"],
      to: false,
      says: `${IS}nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring is false; it must be true or missing.`,
    },
    {
      of: 1,
      at: ["nodeConfig"],
      to: {},
      says: 'Cluster "orders": nodeConfig.shieldedInstanceConfig.enableSecureBoot is missing; it must be true.',
    },
  ],
  unknown: [["nodeConfig"], ["nodeConfig", "shieldedInstanceConfig", "enableIntegrityMonitoring"]],
});

const PORT = 'anyone who can reach the node can read its pods: set it to "FALSE".';

testPolicy("gcp-gke-nodes-surface", {
  happy: nodePool,
  broken: [
    { at: ["nodeConfig", "imageType"], says: [] },
    { at: ["nodeConfig", "imageType"], to: "cos", says: [] },
    {
      at: ["nodeConfig", "imageType"],
      to: "UBUNTU_CONTAINERD",
      says: `${IS}nodeConfig.imageType is "UBUNTU_CONTAINERD"; it must be "COS_CONTAINERD" or missing.`,
    },
    {
      at: ["nodeConfig", "kubeletConfig"],
      says: `${IS}nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled is missing; ${PORT}`,
    },
    {
      at: ["nodeConfig", "kubeletConfig", "insecureKubeletReadonlyPortEnabled"],
      to: "TRUE",
      says: `${IS}nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled is "TRUE"; ${PORT}`,
    },
    {
      at: ["nodeConfig", "metadata", "disable-legacy-endpoints"],
      to: "false",
      says: `${IS}nodeConfig.metadata.disable-legacy-endpoints is "false"; it must be "true" or missing.`,
    },
  ],
  unknown: [
    ["nodeConfig", "imageType"],
    ["nodeConfig", "kubeletConfig"],
    ["nodeConfig", "metadata"],
  ],
});

const ACCOUNT =
  "the project's default service account may change every resource: set it to the email of a service account for nodes.";

testPolicy("gcp-gke-nodes-identity", {
  happy: nodePool,
  broken: [
    {
      at: ["nodeConfig", "serviceAccount"],
      says: `${IS}nodeConfig.serviceAccount is missing; ${ACCOUNT}`,
    },
    ...["default", "31337-compute@developer.gserviceaccount.com"].map((to) => ({
      at: ["nodeConfig", "serviceAccount"],
      to,
      says: `${IS}nodeConfig.serviceAccount is "${to}"; ${ACCOUNT}`,
    })),
  ],
  unknown: [["nodeConfig", "serviceAccount"]],
});

testPolicy("gcp-gke-nodes-patched", {
  happy: () => [nodePool(), cluster()],
  broken: [
    {
      at: ["management", "autoRepair"],
      to: false,
      says: `${IS}management.autoRepair is false; it must be true or missing.`,
    },
    {
      at: ["management", "autoUpgrade"],
      to: false,
      says: `${IS}management.autoUpgrade is false; it must be true or missing.`,
    },
    {
      of: 1,
      at: ["nodePools"],
      to: [{ management: { autoRepair: false } }],
      says: 'Cluster "orders": nodePools[0].management.autoRepair is false; it must be true or missing.',
    },
  ],
  unknown: [["management"]],
});

testPolicy("gcp-gke-nodes-spread", {
  happy: nodePool,
  broken: [
    { at: ["nodeLocations"], says: [] },
    {
      at: ["nodeLocations"],
      to: ["europe-west3-a"],
      says: `${IS}nodeLocations is ["europe-west3-a"]; list the region's other zones too, or none.`,
    },
    { at: ["autoscaling"], says: [] },
    { at: ["autoscaling", "totalMinNodeCount"], to: 0, says: [] },
    {
      at: ["autoscaling", "totalMinNodeCount"],
      to: 1,
      says: `${IS}autoscaling.totalMinNodeCount is 1; at least two nodes are needed to tolerate the loss of one.`,
    },
  ],
  unknown: [["nodeLocations"], ["autoscaling"]],
});

describe("an Autopilot cluster", () => {
  it.each(["shielded", "surface", "identity", "patched"])("is kept %s by Google", async (what) => {
    const inline = [{ management: { autoRepair: false } }];
    const bare = {
      ...cluster(),
      props: { enableAutopilot: true, nodeConfig: {}, nodePools: inline },
    };
    expect(await messages(`gcp-gke-nodes-${what}`, [bare])).toEqual([]);
  });
});

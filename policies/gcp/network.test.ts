import type * as compute from "@pulumi/gcp/compute";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages, type Fixture } from "../testing";
import { cluster, fixture } from "./testing";

const subnetwork = (): Fixture =>
  fixture("gcp:compute/subnetwork:Subnetwork", {
    network: "shop",
    region: "europe-west3",
    ipCidrRange: "10.31.0.0/20",
    privateIpGoogleAccess: true,
    logConfig: { flowSampling: 0.1 },
    purpose: undefined,
  } satisfies compute.SubnetworkArgs);

testPolicy("gcp-network-custom", {
  happy: () =>
    fixture("gcp:compute/network:Network", {
      autoCreateSubnetworks: false,
    } satisfies compute.NetworkArgs),
  broken: [
    {
      at: ["autoCreateSubnetworks"],
      says: 'Network "orders": autoCreateSubnetworks is missing; set it to false and create the Subnetworks that are needed.',
    },
    {
      at: ["autoCreateSubnetworks"],
      to: true,
      says: 'Network "orders": autoCreateSubnetworks is true; set it to false and create the Subnetworks that are needed.',
    },
  ],
  unknown: [["autoCreateSubnetworks"]],
});

const DEFAULT =
  "in the default network everything can talk to everything: use the stack's Network.";

testPolicy("gcp-network-not-default", {
  happy: () => [cluster(), subnetwork()],
  broken: [
    { at: ["network"], says: `Cluster "orders": network is missing; ${DEFAULT}` },
    { at: ["network"], to: "default", says: `Cluster "orders": network is "default"; ${DEFAULT}` },
    { at: ["network"], to: "not-default", says: [] },
    { of: 1, at: ["network"], says: [] },
    {
      of: 1,
      at: ["network"],
      to: "projects/shop-31/global/networks/default",
      says: `Subnetwork "orders": network is "projects/shop-31/global/networks/default"; ${DEFAULT}`,
    },
  ],
  unknown: [["network"], [1, "network"]],
});

testPolicy("gcp-subnet-flow-logs", {
  happy: subnetwork,
  broken: [
    {
      at: ["logConfig"],
      says: 'Subnetwork "orders": logConfig is missing; set it, to {} for the defaults, so that traffic is logged.',
    },
    { at: ["logConfig"], to: {}, says: [] },
    {
      at: ["logConfig", "flowSampling"],
      to: 0,
      says: 'Subnetwork "orders": logConfig.flowSampling is 0; nothing is sampled: set it above 0.',
    },
  ],
  unknown: [["logConfig", "flowSampling"], ["purpose"]],
});

const ACCESS = "gcp-subnet-private-access";

testPolicy(ACCESS, {
  happy: subnetwork,
  broken: [
    {
      at: ["privateIpGoogleAccess"],
      says: 'Subnetwork "orders": privateIpGoogleAccess is missing; it must be true.',
    },
    {
      at: ["stackType"],
      to: "IPV4_IPV6",
      says: 'Subnetwork "orders": privateIpv6GoogleAccess is missing; it must be "ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE" or "ENABLE_BIDIRECTIONAL_ACCESS_TO_GOOGLE".',
    },
    { at: ["stackType"], to: "IPV4_ONLY", says: [] },
  ],
  unknown: [["privateIpGoogleAccess"], ["purpose"]],
});

describe("subnetworks without machines", () => {
  it.each([
    ["REGIONAL_MANAGED_PROXY", 0],
    ["PRIVATE_SERVICE_CONNECT", 0],
    ["PRIVATE", 1],
    ["PRIVATE_RFC_1918", 1],
  ])("%s: %i violation", async (purpose, count) => {
    const bare = fixture("gcp:compute/subnetwork:Subnetwork", { network: "shop", purpose });
    expect(await messages(ACCESS, [bare])).toHaveLength(count);
    expect(await messages("gcp-subnet-flow-logs", [bare])).toHaveLength(count);
  });
});

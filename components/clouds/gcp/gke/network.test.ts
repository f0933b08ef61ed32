import { describe, expect, it } from "vitest";
import { inputsOf, named } from "../../../kit/testing";
import { create } from "./testing";

describe("the network of a GKE cluster", () => {
  it("has exactly these inputs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-network")).toEqual({
      name: "bikes",
      project: "town-7",
      description: "Network of bikes",
      autoCreateSubnetworks: false,
      routingMode: "REGIONAL",
      deletionPolicy: "PREVENT",
    });
    expect(inputsOf(resources, "town-subnetwork")).toEqual({
      name: "bikes-nodes",
      project: "town-7",
      region: "europe-west4",
      network: "town-network-id",
      ipCidrRange: "10.50.0.0/22",
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: "10.52.0.0/16" },
        { rangeName: "services", ipCidrRange: "10.51.0.0/20" },
      ],
      stackType: "IPV4_ONLY",
      privateIpGoogleAccess: true,
      logConfig: {
        aggregationInterval: "INTERVAL_10_MIN",
        flowSampling: 0.5,
        metadata: "INCLUDE_ALL_METADATA",
      },
      deletionPolicy: "PREVENT",
    });
  });

  it("has NAT for nodes and pods, and logs its errors", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-router")).toEqual({
      name: "bikes",
      project: "town-7",
      region: "europe-west4",
      network: "town-network-id",
    });
    expect(inputsOf(resources, "town-nat")).toEqual({
      name: "bikes",
      project: "town-7",
      region: "europe-west4",
      router: "bikes",
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      enableDynamicPortAllocation: true,
      enableEndpointIndependentMapping: false,
      minPortsPerVm: 64,
      maxPortsPerVm: 8192,
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    });
  });
});

describe("a network on Google Cloud", () => {
  it("managed services have a given range, and a connection to wait for", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-managed")).toEqual({
      name: "bikes-managed",
      project: "town-7",
      description: "Managed services of bikes",
      purpose: "VPC_PEERING",
      addressType: "INTERNAL",
      network: "town-network-id",
      address: "10.53.16.0",
      prefixLength: 20,
      labels: { system: "bikes" },
      deletionPolicy: "PREVENT",
    });
    expect(inputsOf(resources, "town-peering")).toEqual({
      network: "town-network-id",
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: ["bikes-managed"],
      updateOnCreationFail: true,
      deletionPolicy: "PREVENT",
    });
  });

  it("the peering is never abandoned, which would block the network's deletion", async () => {
    const { resources } = await create({ protect: false });
    const peering = named(resources, "town-peering");
    expect(peering.inputs["deletionPolicy"]).toBe("DELETE");
    expect(peering.options.retainOnDelete).toBeUndefined();
  });
});

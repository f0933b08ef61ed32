import * as compute from "@pulumi/gcp/compute";
import * as servicenetworking from "@pulumi/gcp/servicenetworking";
import type * as pulumi from "@pulumi/pulumi";
import { kept, type GkeArguments } from "./arguments";

export interface GkeNetworkParts {
  readonly network: compute.Network;
  readonly subnetwork: compute.Subnetwork;
  /** Nodes have no public address: without NAT they reach nothing outside Google. */
  readonly nat: compute.RouterNat;
  readonly range: compute.GlobalAddress;
  readonly peering: servicenetworking.Connection;
}

/** Names of the secondary ranges, unique in the subnetwork. */
export const PODS = "pods";
export const SERVICES = "services";

type Arguments = Pick<
  GkeArguments,
  "clusterName" | "project" | "region" | "network" | "protect" | "labels"
>;

/** The cluster's own network: nodes without public addresses, and a range for managed services. */
export function createNetwork(
  name: string,
  args: Arguments,
  options: pulumi.CustomResourceOptions,
): GkeNetworkParts {
  const { project, protect } = args;
  const network = new compute.Network(
    `${name}-network`,
    {
      name: args.clusterName,
      project,
      description: `Network of ${args.clusterName}`,
      autoCreateSubnetworks: false,
      routingMode: "REGIONAL",
      ...kept(protect),
    },
    { ...options, protect },
  );
  const subnetwork = createSubnetwork(name, args, network, options);
  return {
    network,
    subnetwork,
    nat: createNat(name, args, network, options),
    ...createPeering(name, args, network, options),
  };
}

function createSubnetwork(
  name: string,
  { clusterName, project, region, network: ranges, protect }: Arguments,
  network: compute.Network,
  options: pulumi.CustomResourceOptions,
): compute.Subnetwork {
  return new compute.Subnetwork(
    `${name}-subnetwork`,
    {
      name: `${clusterName}-nodes`,
      project,
      region,
      network: network.id,
      ipCidrRange: ranges.vpc,
      secondaryIpRanges: [
        { rangeName: PODS, ipCidrRange: ranges.pods },
        { rangeName: SERVICES, ipCidrRange: ranges.services },
      ],
      stackType: "IPV4_ONLY",
      // Nodes without a public address use it to reach Google's services and registry.
      privateIpGoogleAccess: true,
      logConfig: {
        aggregationInterval: "INTERVAL_10_MIN",
        flowSampling: 0.5,
        metadata: "INCLUDE_ALL_METADATA",
      },
      ...kept(protect),
    },
    { ...options, protect },
  );
}

function createNat(
  name: string,
  { clusterName, project, region }: Arguments,
  network: compute.Network,
  options: pulumi.CustomResourceOptions,
): compute.RouterNat {
  const router = new compute.Router(
    `${name}-router`,
    { name: clusterName, project, region, network: network.id },
    options,
  );
  return new compute.RouterNat(
    `${name}-nat`,
    {
      name: clusterName,
      project,
      region,
      router: router.name,
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      // A busy node gets more ports when it needs them, which rules out a static mapping.
      enableDynamicPortAllocation: true,
      enableEndpointIndependentMapping: false,
      minPortsPerVm: 64,
      maxPortsPerVm: 8192,
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    },
    options,
  );
}

/**
 * Private services access. Google keeps the peering for up to four days after the last Cloud SQL
 * instance in it was deleted: a `pulumi destroy` then stops here, with only the network left, which
 * costs nothing, and must be repeated later. With `ABANDON` instead, the peering would block the
 * network's deletion permanently.
 */
function createPeering(
  name: string,
  { clusterName, project, network: ranges, protect, labels }: Arguments,
  network: compute.Network,
  options: pulumi.CustomResourceOptions,
): Pick<GkeNetworkParts, "range" | "peering"> {
  const [address = "", prefix = ""] = ranges.managed.split("/");
  const range = new compute.GlobalAddress(
    `${name}-managed`,
    {
      name: `${clusterName}-managed`,
      project,
      description: `Managed services of ${clusterName}`,
      purpose: "VPC_PEERING",
      addressType: "INTERNAL",
      network: network.id,
      // Set here, not left to Google: network policies contain the range.
      address,
      prefixLength: Number(prefix),
      labels: { ...labels },
      ...kept(protect),
    },
    { ...options, protect },
  );
  const peering = new servicenetworking.Connection(
    `${name}-peering`,
    {
      network: network.id,
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: [range.name],
      // The network is this cluster's: a connection from an earlier attempt is reused.
      updateOnCreationFail: true,
      ...kept(protect),
    },
    { ...options, protect },
  );
  return { range, peering };
}

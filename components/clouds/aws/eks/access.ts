import * as ec2 from "@pulumi/aws/ec2";
import { cidr, isPrivate } from "../../../../lib/cidr";
import type { EksArguments } from "./arguments";
import type { EksNetwork } from "./network";
import type * as pulumi from "@pulumi/pulumi";

/** Who may reach the control plane: from the internet, and from connected networks. */
export interface Access {
  readonly public: readonly string[];
  readonly private: readonly string[];
}

/** For ranges that were already checked. Pure. */
export function accessOf(ranges: readonly string[]): Access {
  return {
    public: ranges.filter((range) => !isPrivate(cidr(range))),
    private: ranges.filter((range) => isPrivate(cidr(range))),
  };
}

/**
 * A security group for the control plane, besides the one that EKS creates: that one admits only
 * nodes, and so neither the machine that runs Pulumi in the network nor a network behind a VPN.
 */
export function createAccessGroup(
  name: string,
  args: Pick<EksArguments, "clusterName" | "network" | "controlPlaneAccess">,
  network: EksNetwork,
  options: pulumi.CustomResourceOptions,
): ec2.SecurityGroup {
  const connected = accessOf(args.controlPlaneAccess).private;
  return new ec2.SecurityGroup(
    `${name}-access`,
    {
      vpcId: network.vpcId,
      description: `Who may reach the control plane of ${args.clusterName}`,
      ingress: [
        {
          description: "The network itself, and networks connected to it",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          // Duplicates would be rejected.
          cidrBlocks: [...new Set([args.network.vpc, ...connected])],
        },
      ],
      egress: [],
      tags: { Name: `${args.clusterName}-access` },
    },
    options,
  );
}

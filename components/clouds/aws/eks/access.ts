import * as ec2 from "@pulumi/aws/ec2";
import { cidr, isPrivate } from "../../../../lib/cidr";
import type { EksArguments } from "./arguments";
import type { EksNetwork } from "./network";
import type * as pulumi from "@pulumi/pulumi";

/** Who may reach the control plane: over the internet, or from networks that are connected. */
export interface Access {
  readonly public: readonly string[];
  readonly private: readonly string[];
}

/** Of ranges that were checked before. Pure. */
export function accessOf(ranges: readonly string[]): Access {
  return {
    public: ranges.filter((range) => !isPrivate(cidr(range))),
    private: ranges.filter((range) => isPrivate(cidr(range))),
  };
}

/**
 * A group for the control plane's own addresses, beside the one that EKS makes: that one lets in
 * nobody but nodes, and so neither who runs Pulumi inside the network nor a network behind a VPN.
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
          // One that is said twice would be refused.
          cidrBlocks: [...new Set([args.network.vpc, ...connected])],
        },
      ],
      egress: [],
      tags: { Name: `${args.clusterName}-access` },
    },
    options,
  );
}

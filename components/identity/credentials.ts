import type * as k8s from "@pulumi/kubernetes";
import type { CloudName } from "../../systems/model";
import { POD_IDENTITY_AGENT } from "../clouds/aws/identity";
import { METADATA_SERVER } from "../clouds/gcp/identity";

type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** The way to whoever hands out a cloud's credentials on the node; none where tokens are configured. */
export function toCredentials(cloud: CloudName): readonly EgressRule[] {
  const rule = (cidr: string, ports: readonly number[]): EgressRule => ({
    to: [{ ipBlock: { cidr } }],
    ports: ports.map((port) => ({ protocol: "TCP", port })),
  });
  switch (cloud) {
    case "aws":
      return [rule(POD_IDENTITY_AGENT.cidr, [POD_IDENTITY_AGENT.port])];
    case "gcp":
      return [rule(METADATA_SERVER.cidr, METADATA_SERVER.ports)];
    default:
      return [];
  }
}

import type * as k8s from "@pulumi/kubernetes";
import type { Reach } from "../kit/egress";

type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Where pods get a cloud's credentials, on their own node. */
export interface CredentialService {
  readonly cidr: string;
  readonly ports: readonly number[];
}

/** The agent of EKS Pod Identity (EKS user guide, "Set up the Amazon EKS Pod Identity Agent"). */
export const POD_IDENTITY_AGENT: CredentialService = { cidr: "169.254.170.23/32", ports: [80] };

/** Google's metadata server; with Dataplane V2, network policies use this address. */
export const METADATA_SERVER: CredentialService = { cidr: "169.254.169.254/32", ports: [80, 8080] };

/** The rule that allows a pod to reach it. */
export const toCredentials = ({ cidr, ports }: CredentialService): EgressRule => ({
  to: [{ ipBlock: { cidr } }],
  ports: ports.map((port) => ({ protocol: "TCP", port })),
});

/** The same for a client of a data service. */
export const credentialReach = ({ cidr, ports }: CredentialService): readonly Reach[] =>
  ports.map((port) => ({ kind: "network", cidr, firstPort: port, lastPort: port }));

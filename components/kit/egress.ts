import type * as k8s from "@pulumi/kubernetes";
import { inNamespace, toInternet, toNetwork, toPeers } from "./network-rules";

/** How pods get to a service, in the words that a network policy has for it. */
export type Reach =
  /** Anywhere outside of private networks: somebody else runs it. */
  | { readonly kind: "internet"; readonly port: number }
  /** The cloud's own, in a network beside the pods'. */
  | {
      readonly kind: "network";
      readonly cidr: string;
      readonly firstPort: number;
      readonly lastPort: number;
    }
  /** Pods of the same cluster. */
  | {
      readonly kind: "pods";
      readonly namespace: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly ports: readonly number[];
    };

type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** The rule that lets a pod out to it. */
export function toReach(reach: Reach): EgressRule {
  switch (reach.kind) {
    case "internet":
      return toInternet(reach.port);
    case "network":
      return toNetwork(reach.cidr, reach.firstPort, reach.lastPort);
    case "pods":
      return toPeers(
        [{ ...inNamespace(reach.namespace), podSelector: { matchLabels: { ...reach.labels } } }],
        ...reach.ports,
      );
  }
}

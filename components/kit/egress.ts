import type * as k8s from "@pulumi/kubernetes";
import { inNamespace, toInternet, toNetwork, toPeers } from "./network-rules";

/** How pods reach a service, as a network policy expresses it. */
export type Reach =
  /** Any public address: an external service. */
  | { readonly kind: "internet"; readonly port: number }
  /** A managed service of the cloud, in a network next to the pods'. */
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

/** The rule that allows a pod to reach it. */
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

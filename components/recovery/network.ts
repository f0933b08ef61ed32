import type * as k8s from "@pulumi/kubernetes";
import { toDns, toInternet, toNetwork } from "../platform/network-rules";
import type { DatabaseAccess } from "./pod";

/** Where a managed or in-cluster database may be (RFC 1918, RFC 6598). */
const PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"] as const;

/** Names, the database and the object store: all that a pod which dumps or restores needs. */
export function recoveryEgress({
  location,
  port,
}: Omit<DatabaseAccess, "secret">): k8s.types.input.networking.v1.NetworkPolicyEgressRule[] {
  return [
    toDns(),
    ...(location === "internet"
      ? [toInternet(port)]
      : PRIVATE.map((cidr) => toNetwork(cidr, port, port))),
    toInternet(443),
  ];
}

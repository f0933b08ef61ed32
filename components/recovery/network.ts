import type * as k8s from "@pulumi/kubernetes";
import { NAMESPACE_NAME_LABEL } from "../labels";
import type { DatabaseAccess } from "./pod";

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Addresses that are never on the internet (RFC 1918, RFC 6598, RFC 3927). */
const PRIVATE = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
] as const;

const INTERNET = { ipBlock: { cidr: "0.0.0.0/0", except: [...PRIVATE] } };

/** Names, the database and the object store: all that a pod which dumps or restores needs. */
export function recoveryEgress({ location, port }: Omit<DatabaseAccess, "secret">): Egress[] {
  return [
    {
      to: [{ namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: "kube-system" } } }],
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    },
    {
      to: location === "internet" ? [INTERNET] : PRIVATE.map((cidr) => ({ ipBlock: { cidr } })),
      ports: [{ protocol: "TCP", port }],
    },
    { to: [INTERNET], ports: [{ protocol: "TCP", port: 443 }] },
  ];
}

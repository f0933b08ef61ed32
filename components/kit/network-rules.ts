import type * as k8s from "@pulumi/kubernetes";
import { PRIVATE } from "../../lib/cidr";
import { NAMESPACE_NAME_LABEL } from "./labels";

type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;

/** Rules of network policies, named for what they let through. */

const tcp = (...ports: readonly number[]): Port[] =>
  ports.map((port) => ({ protocol: "TCP", port }));

/** What providers keep for themselves (RFC 6598). */
const SHARED = "100.64.0.0/10";
/** What "the internet" leaves out: metadata services live in the link-local range. */
const NOT_INTERNET = [...PRIVATE, "169.254.0.0/16", SHARED];

export const inNamespace = (namespace: string): Peer => ({
  namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
});

export const pods = (labels: Readonly<Record<string, string>>): Peer => ({
  podSelector: { matchLabels: { ...labels } },
});

/** The cluster's DNS, over both transports; without it nothing else resolves. */
export const toDns = (): EgressRule => ({
  to: [
    {
      ...inNamespace("kube-system"),
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
});

export const toInternet = (...ports: readonly number[]): EgressRule => ({
  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: NOT_INTERNET } }],
  ports: tcp(...ports),
});

export const toNetwork = (cidr: string, first: number, last: number): EgressRule => ({
  to: [{ ipBlock: { cidr } }],
  ports: [{ protocol: "TCP", port: first, endPort: last }],
});

/** Whoever it is, where neither pods nor addresses can be named: the ports at least are. */
export const toAnywhere = (...ports: readonly number[]): EgressRule => ({ ports: tcp(...ports) });

/** Managed clusters do not tell where their API server is. */
export const toApiServer = (): EgressRule => toAnywhere(443, 6443);

/** Pods of every namespace, but nothing outside of the cluster. */
export const toEveryPod = (...ports: readonly number[]): EgressRule =>
  toPeers([{ namespaceSelector: {} }], ...ports);

/** Whatever runs beside the cluster, above the ports that need privileges. */
export const toPrivateNetworks = (): EgressRule => ({
  to: [...PRIVATE, SHARED].map((cidr) => ({ ipBlock: { cidr } })),
  ports: [{ protocol: "TCP", port: 1024, endPort: 65535 }],
});

export const toPeers = (peers: readonly Peer[], ...ports: readonly number[]): EgressRule => ({
  to: [...peers],
  ...(ports.length === 0 ? {} : { ports: tcp(...ports) }),
});

export const fromPeers = (peers: readonly Peer[], ...ports: readonly number[]): IngressRule => ({
  from: [...peers],
  ...(ports.length === 0 ? {} : { ports: tcp(...ports) }),
});

/** Webhooks are called by the control plane, whose address a managed cluster does not tell. */
export const fromAnywhere = (...ports: readonly number[]): IngressRule => ({
  ports: tcp(...ports),
});

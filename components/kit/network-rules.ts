import type * as k8s from "@pulumi/kubernetes";
import { PRIVATE } from "../../lib/cidr";
import { NAMESPACE_NAME_LABEL } from "./labels";

type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;

/** Rules of network policies, named after what they allow. */

const tcp = (...ports: readonly number[]): Port[] =>
  ports.map((port) => ({ protocol: "TCP", port }));

/** A range that providers reserve (RFC 6598). */
const SHARED = "100.64.0.0/10";
/** Ranges that are not "the internet": metadata services are in the link-local range. */
const NOT_INTERNET = [...PRIVATE, "169.254.0.0/16", SHARED];

export const inNamespace = (namespace: string): Peer => ({
  namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: namespace } },
});

export const pods = (labels: Readonly<Record<string, string>>): Peer => ({
  podSelector: { matchLabels: { ...labels } },
});

/** The cluster's DNS, over UDP and TCP; without it no name resolves. */
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

/** Any peer, where neither pods nor addresses are known: at least the ports are limited. */
export const toAnywhere = (...ports: readonly number[]): EgressRule => ({ ports: tcp(...ports) });

/** A managed cluster does not reveal its API server's address. */
export const toApiServer = (): EgressRule => toAnywhere(443, 6443);

/** Pods of every namespace, but nothing outside the cluster. */
export const toEveryPod = (...ports: readonly number[]): EgressRule =>
  toPeers([{ namespaceSelector: {} }], ...ports);

/** Private networks, on unprivileged ports: for managed services next to the cluster. */
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

/** The control plane calls webhooks, and a managed cluster does not reveal its address. */
export const fromAnywhere = (...ports: readonly number[]): IngressRule => ({
  ports: tcp(...ports),
});

/** Selectors of pods in rules on traffic: of NetworkPolicies, and of the peers that a Kafka lets in. */
import { elements } from "../expect";
import type { CheckContext, Stack, StackResource } from "../policy";
import type { Value } from "../values";
import { namespaceOf } from "./objects";

export const NETWORK_POLICY = "kubernetes:networking.k8s.io:NetworkPolicy";
/** Strimzi writes the peers of a listener into a NetworkPolicy: https://strimzi.io/docs/operators/latest/configuring */
const KAFKA = "kubernetes:kafka.strimzi.io:Kafka";
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

export interface PodSelector {
  readonly resource: StackResource;
  readonly selector: Value;
  /** Where it selects; undefined for several namespaces, or while unknown. */
  readonly namespace: string | undefined;
}

const ofPeer = (resource: StackResource, peer: Value, context: CheckContext): PodSelector => {
  const among = peer.get("namespaceSelector");
  const name = among.get("matchLabels", NAMESPACE_NAME);
  context.noteUnknown(name, resource.urn);
  const namespace = among.isMissing ? namespaceOf(resource) : name.string;
  return { resource, selector: peer.get("podSelector"), namespace };
};

function ofPolicy(resource: StackResource, context: CheckContext): readonly PodSelector[] {
  const check = { resource, context };
  const spec = resource.props.get("spec");
  context.noteUnknown(resource.props.get("metadata", "namespace"), resource.urn);
  const peers = (
    [
      ["ingress", "from"],
      ["egress", "to"],
    ] as const
  ).flatMap(([rules, ends]) =>
    elements(check, spec.get(rules)).flatMap((rule) => elements(check, rule.get(ends))),
  );
  return [
    { resource, selector: spec.get("podSelector"), namespace: namespaceOf(resource) },
    ...peers.map((peer) => ofPeer(resource, peer, context)),
  ];
}

/** Every selector of pods that lets traffic through, or keeps it out. */
export function podSelectorsOf(stack: Stack, context: CheckContext): readonly PodSelector[] {
  const ofKafka = stack.of(KAFKA).flatMap((resource) =>
    elements({ resource, context }, resource.props.get("spec", "kafka", "listeners"))
      .flatMap((listener) => elements({ resource, context }, listener.get("networkPolicyPeers")))
      .map((peer) => ofPeer(resource, peer, context)),
  );
  return [
    ...stack.of(NETWORK_POLICY).flatMap((resource) => ofPolicy(resource, context)),
    ...ofKafka,
  ];
}

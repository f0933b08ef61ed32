/**
 * Whether NetworkPolicies let one pod reach another.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation
 */
import { ANY, inCluster, namespaceOf, podOf } from "./objects";
import { isAbout, type Direction } from "./network-policies";
import { NETWORK_POLICY } from "./pod-selectors";
import { portsOf } from "./services";
import type { Stack, StackResource } from "../policy";
import { Value } from "../values";
import { podLabelsOf } from "./added-labels";
import { all, selects, type Labels, type Match } from "./selectors";

const NAMESPACE = "kubernetes:core:Namespace";
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** A port of a pod, with its number and its name. */
export interface Port {
  readonly number: number;
  readonly name: string | undefined;
}

/** "yes" if any answer is "yes". */
function any(matches: readonly Match[]): Match {
  if (matches.includes("yes")) return "yes";
  return matches.includes("unknown") ? "unknown" : "no";
}

const isNothing = (list: Value): boolean => !list.isUnknown && list.list().length === 0;

/** The port of that number, or the one of that name, of a pod's containers. */
export function portOf(pod: StackResource, port: Value): Port | undefined {
  const listed = portsOf(pod).flatMap((list) => list.list());
  const own = listed.find((each) =>
    port.string === undefined
      ? each.get("containerPort").number === port.number
      : each.get("name").string === port.string,
  );
  const number = port.number ?? own?.get("containerPort").number;
  return number === undefined ? undefined : { number, name: own?.get("name").string };
}

/** A policy that is, or may be, about a pod. */
interface About {
  readonly policy: StackResource;
  readonly isOf: Match;
}

export class Flow {
  private readonly known = new Map<string, readonly About[]>();
  private readonly policies = new Map<string, StackResource[]>();
  private readonly namespaces = new Map<string, Value>();

  constructor(stack: Stack) {
    for (const policy of stack.of(NETWORK_POLICY)) {
      // One whose namespace is unknown may be in any.
      const key = inCluster(policy, namespaceOf(policy) ?? ANY);
      this.policies.set(key, [...(this.policies.get(key) ?? []), policy]);
    }
    for (const namespace of stack.of(NAMESPACE)) {
      const metadata = namespace.props.get("metadata");
      this.namespaces.set(
        inCluster(namespace, metadata.get("name").string ?? ""),
        metadata.get("labels"),
      );
    }
  }

  /** The policies that may be about a pod. */
  about(pod: StackResource): readonly StackResource[] {
    return [namespaceOf(pod) ?? ANY, ANY].flatMap(
      (namespace) => this.policies.get(inCluster(pod, namespace)) ?? [],
    );
  }

  /** The policies about a pod in one direction, which many connections ask for. */
  private aboutOf(pod: StackResource, direction: Direction): readonly About[] {
    const key = `${direction.type} ${pod.urn}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const labels = podLabelsOf(pod);
    const about = this.about(pod).flatMap((policy) => {
      const rules = policy.props.get("spec");
      const isOf = all([
        namespaceOf(policy) === undefined || rules.isUnknown ? "unknown" : "yes",
        selects(rules.get("podSelector"), labels),
        isAbout(rules, direction),
      ]);
      return isOf === "no" ? [] : [{ policy, isOf }];
    });
    this.known.set(key, about);
    return about;
  }

  /** Whether the policies about one pod let the other end through, in one direction. */
  allows(pod: StackResource, other: StackResource, port: Port, direction: Direction): Match {
    const spec = podOf(pod).spec;
    // NetworkPolicies do not apply to the host network.
    if (spec.get("hostNetwork").boolean === true) return "yes";
    const about = this.aboutOf(pod, direction);
    const isIsolated = any(about.map(({ isOf }) => isOf));
    if (isIsolated !== "yes") return isIsolated === "no" ? "yes" : "unknown";
    return any(
      about.map(({ policy, isOf }) => all([isOf, this.lets(policy, other, port, direction)])),
    );
  }

  private lets(
    policy: StackResource,
    other: StackResource,
    port: Port,
    { rules, peers }: Direction,
  ): Match {
    const list = policy.props.get("spec", rules);
    if (list.isUnknown) return "unknown";
    return any(
      list.list().map((rule) => {
        const ends = rule.get(peers);
        const isPeer = isNothing(ends)
          ? "yes"
          : any(ends.listOrUnknown().map((peer) => this.isPeer(peer, policy, other)));
        return all([isPeer, isPort(rule.get("ports"), port)]);
      }),
    );
  }

  private isPeer(peer: Value, policy: StackResource, other: StackResource): Match {
    // An address may be that of a pod.
    if (peer.isUnknown || !peer.get("ipBlock").isMissing) return "unknown";
    const [among, which] = [peer.get("namespaceSelector"), peer.get("podSelector")];
    const namespace = namespaceOf(other);
    if (namespace === undefined) return "unknown";
    const isThere: Match = among.isMissing
      ? namespace === namespaceOf(policy)
        ? "yes"
        : "no"
      : this.isNamespace(among, namespace, other);
    const isOne = which.isMissing ? "yes" : selects(which, podLabelsOf(other));
    return all([isThere, isOne]);
  }

  private isNamespace(selector: Value, namespace: string, other: StackResource): Match {
    const own = this.namespaces.get(inCluster(other, namespace));
    const name = Value.plain({ [NAMESPACE_NAME]: namespace });
    const labels: Labels = {
      get: (key) => (key === NAMESPACE_NAME || own === undefined ? name.get(key) : own.get(key)),
    };
    const match = selects(selector, labels);
    const asksMore = selector
      .get("matchLabels")
      .entries()
      .some(([key]) => key !== NAMESPACE_NAME);
    const isHidden = own === undefined && (asksMore || !selector.get("matchExpressions").isMissing);
    return isHidden ? "unknown" : match;
  }
}

/** Whether a rule's ports have it. */
function isPort(ports: Value, { number, name }: Port): Match {
  if (isNothing(ports)) return "yes";
  return any(
    ports.listOrUnknown().map((each): Match => {
      const [port, end] = [each.get("port"), each.get("endPort")];
      if ([each, port, end, each.get("protocol")].some(({ isUnknown }) => isUnknown))
        return "unknown";
      if ((each.get("protocol").string ?? "TCP") !== "TCP") return "no";
      if (port.isMissing || (port.string !== undefined && port.string === name)) return "yes";
      const first = port.number;
      return first !== undefined && first <= number && number <= (end.number ?? first)
        ? "yes"
        : "no";
    }),
  );
}

/** The listeners of Gateways that routes attach to. */
import type { CheckContext, Stack, StackResource } from "../policy";
import type { Value } from "../values";
import { inCluster, keyOf, namespaceOf } from "./objects";

export const GATEWAY = "kubernetes:gateway.networking.k8s.io:Gateway";
export const GATEWAY_ROUTES = ["HTTPRoute", "GRPCRoute", "TLSRoute"].map(
  (kind) => `kubernetes:gateway.networking.k8s.io:${kind}`,
);

/** A Gateway that a route names as its parent, and the listeners that it attaches to there. */
export interface Attached {
  readonly gateway: StackResource;
  readonly listeners: readonly Value[];
}

export class Listeners {
  private readonly gateways = new Map<string, StackResource>();

  constructor(
    stack: Stack,
    private readonly context: CheckContext,
  ) {
    for (const gateway of stack.of(GATEWAY)) {
      const key = keyOf(gateway, gateway.props.get("metadata", "name"), context);
      if (key !== undefined) this.gateways.set(key, gateway);
    }
  }

  /** Undefined while the parent is unknown, and for one that is not in the stack. */
  attachedTo(route: StackResource, parent: Value): Attached | undefined {
    const gateway = this.gateways.get(this.keyOf(parent, route));
    if (gateway === undefined) return undefined;
    const list = gateway.props.get("spec", "listeners");
    this.context.noteUnknown(list, gateway.urn);
    const listeners = list.list().filter((listener) => this.isAttached(parent, listener, route));
    return { gateway, listeners };
  }

  private keyOf(parent: Value, route: StackResource): string {
    const own = route.props.get("metadata", "namespace");
    const [kind, name, namespace] = ["kind", "name", "namespace"].map((key) => parent.get(key)) as [
      Value,
      Value,
      Value,
    ];
    const isOpen = [kind, name, namespace.isMissing ? own : namespace].some((value) =>
      this.context.noteUnknown(value, route.urn),
    );
    // A route may attach to a Service too.
    if (isOpen || (kind.string ?? "Gateway") !== "Gateway") return "";
    return inCluster(route, namespace.string ?? namespaceOf(route) ?? "", name.string ?? "");
  }

  /** Without a name or a port a route attaches to all listeners. */
  private isAttached(parent: Value, listener: Value, { urn }: StackResource): boolean {
    return (
      [
        ["sectionName", "name"],
        ["port", "port"],
      ] as const
    ).every(([of, own]) => {
      const expected = parent.get(of);
      const found = listener.get(own);
      if (expected.isMissing) return true;
      if (this.context.noteUnknown(expected, urn) || this.context.noteUnknown(found, urn))
        return false;
      return (expected.string ?? expected.number) === (found.string ?? found.number);
    });
  }
}

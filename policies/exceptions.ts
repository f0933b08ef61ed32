/**
 * Exceptions that are in no stack file and do not expire: what a component of this repository
 * cannot do without, and what the runbook of a system decides. They apply whatever the stack is
 * called.
 */
import type { System } from "../systems/model";
import type { PolicyContext } from "./policy-context";
import { onlyNodeExporter } from "./node-exporter";
import { nameOf, type CheckContext, type Stack, type StackResource } from "./policy";

export interface Exception {
  readonly policy: string;
  /** Without a full stop. */
  readonly reason: string;
  /** Where it comes from, for messages. */
  readonly from: string;
  /** @param of the runbook element that the violation is about, if the policy names it */
  readonly covers: (urn: string, of?: string) => boolean;
  /**
   * What is wrong with a covered resource, one sentence each, so that the exception covers no more
   * than it needs to.
   */
  readonly faults?: (
    resource: StackResource,
    stack: Stack,
    context: CheckContext,
  ) => readonly string[];
}

interface ComponentException extends Exception {
  /** For the documentation. */
  readonly resource: string;
}

const NODES = "runstack:platform:Platform$runstack:platform:Namespace$kubernetes:core/v1:Namespace";

const KAFKA_KEY = "runstack:kafka:GoogleKafka$gcp:serviceaccount/key:Key";

const EDGE_ROUTE = "runstack:platform:SystemEdge$kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";

const REDIS = "runstack:redis:InClusterRedis$kubernetes:apps/v1:StatefulSet";

export const COMPONENT_EXCEPTIONS: readonly ComponentException[] = [
  {
    policy: "namespace-pod-security-label",
    resource: "the namespace of node-exporter",
    reason: "node-exporter measures the nodes' own disks and CPUs, and runs alone in its namespace",
    from: "built in with runstack:platform:Platform",
    covers: (urn) => {
      const { types, name } = partsOf(urn);
      return `$${types}`.endsWith(`$${NODES}`) && name.endsWith("-nodes-namespace");
    },
    faults: onlyNodeExporter,
  },
  {
    policy: "workload-replicated",
    resource: "Redis in the cluster",
    reason: "Redis in the cluster is one pod, whose volume survives a restart",
    from: "built in with runstack:redis:InClusterRedis",
    covers: (urn) => `$${partsOf(urn).types}`.endsWith(`$${REDIS}`),
  },
  {
    policy: "gcp-service-account-key",
    resource: "the two users of Google's managed Kafka",
    reason:
      "clients of Kafka that know no token of Google's log in with a key, whose account may do nothing else",
    from: "built in with runstack:kafka:GoogleKafka",
    covers: (urn) => `$${partsOf(urn).types}`.endsWith(`$${KAFKA_KEY}`),
  },
  {
    policy: "gateway-http-redirects",
    resource: "the route of a promoted recovery environment",
    reason:
      "Route 53 asks over HTTP whether the recovery environment is promoted, so that the answer needs no certificate",
    from: "built in with runstack:platform:SystemEdge",
    covers: (urn) => {
      const { types, name } = partsOf(urn);
      return `$${types}`.endsWith(`$${EDGE_ROUTE}`) && name.endsWith("-edge-promotion");
    },
    faults: reachesNothing,
  },
];

/** A fixed answer gives nothing away; a service behind plain HTTP would. */
function reachesNothing(route: StackResource, _: Stack, context: CheckContext): readonly string[] {
  const rules = route.props.get("spec", "rules");
  if (context.noteUnknown(rules, route.urn)) return [];
  return rules.list().flatMap((rule) => {
    const backends = rule.get("backendRefs");
    if (context.noteUnknown(backends, route.urn) || backends.list().length === 0) return [];
    return [
      `${nameOf(route)} sends requests over plain HTTP to a service; remove ${backends.path}.`,
    ];
  });
}

/**
 * Exceptions that apply to a stack besides its exemptions; a runbook finding is more specific than
 * a component's.
 */
export function exceptionsOf({ system }: PolicyContext): readonly Exception[] {
  return [...(system === undefined ? [] : decidedBy(system)), ...COMPONENT_EXCEPTIONS];
}

function decidedBy({ title, exceptions = [] }: System): readonly Exception[] {
  return exceptions.map(({ policy, of: subject, type, reason, finding }) => ({
    policy,
    reason,
    from: `${title}, finding ${finding}`,
    covers: (urn, of) => {
      const isSubject = of === undefined ? isOfStore(urn, subject) : of === subject;
      return isSubject && (type === undefined || `$${partsOf(urn).types}`.endsWith(`$${type}`));
    },
  }));
}

/** Whether a resource is part of the runbook's data service of that name. */
function isOfStore(urn: string, store: string): boolean {
  const { types, name } = partsOf(urn);
  const component = name.slice(0, name.lastIndexOf("-"));
  return types.includes("runstack:data:DataServices$") && component.endsWith(`-data-${store}`);
}

/** `urn:pulumi:stack::project::types::name`; only the name may contain two colons. */
function partsOf(urn: string): { readonly types: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { types, name: name.join("::") };
}

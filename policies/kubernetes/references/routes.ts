/** Ingresses and Gateway API routes: their backends and parents. */
import type { CheckContext, Policy, Stack, StackResource } from "../../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../../policy";
import { namespaceOf } from "../objects";
import type { Value } from "../../values";
import { inventoryOf } from "./inventory";
import { SERVICE } from "./makers";
import { FOREIGN, expectExists, isEvaluated, type Reference } from "./reference";

const INGRESS = "kubernetes:networking.k8s.io:Ingress";
const GATEWAY_API = "kubernetes:gateway.networking.k8s.io";
const GATEWAY = `${GATEWAY_API}:Gateway`;
const ROUTES = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"].map(
  (kind) => `${GATEWAY_API}:${kind}`,
);

interface Backend extends Reference {
  /** A number, or the name of the Service's port. */
  readonly port: Value;
}

function ofIngress(from: StackResource): readonly Backend[] {
  const spec = from.props.get("spec");
  const paths = spec
    .get("rules")
    .list()
    .flatMap((rule) => rule.get("http", "paths").list());
  return [spec.get("defaultBackend"), ...paths.map((path) => path.get("backend"))]
    .map((backend) => backend.get("service"))
    .filter((service) => !service.isMissing)
    .map((service) => {
      const number = service.get("port", "number");
      const port = number.isMissing ? service.get("port", "name") : number;
      return { from, to: SERVICE, value: service.get("name"), port };
    });
}

/** Whether a Gateway API reference is to a kind of that group; both have defaults. */
function isTo(ref: Value, kind: string, group: string): boolean {
  const written = ref.get("group");
  return (
    (ref.get("kind").string ?? kind) === kind &&
    (written.isMissing || written.string === group || (written.string === "core" && group === ""))
  );
}

function ofRoute(from: StackResource): readonly Backend[] {
  const mirrors = (rule: Value): readonly Value[] =>
    rule
      .get("filters")
      .list()
      .map((filter) => filter.get("requestMirror", "backendRef"))
      .filter((ref) => !ref.isMissing);
  return from.props
    .get("spec", "rules")
    .list()
    .flatMap((rule) => [...rule.get("backendRefs").list(), ...mirrors(rule)])
    .filter((ref) => isTo(ref, "Service", ""))
    .map((ref) => ({
      from,
      to: SERVICE,
      value: ref.get("name"),
      namespace: ref.get("namespace"),
      port: ref.get("port"),
    }));
}

function backends(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  for (const backend of [
    ...stack.of(INGRESS).flatMap(ofIngress),
    ...stack.of(...ROUTES).flatMap(ofRoute),
  ]) {
    const { from } = backend;
    // A route is usually next to its Services; those elsewhere may belong to others.
    const isJudged = (namespace: string): boolean =>
      namespace === namespaceOf(from) || isEvaluated(from, namespace, inventory, context);
    const service = expectExists(backend, inventory, context, { isJudged });
    if (service !== undefined) evaluatePort(backend, service, context);
  }
}

function evaluatePort(
  { from, port }: Backend,
  service: StackResource,
  context: CheckContext,
): void {
  const spec = service.props.get("spec");
  // An ExternalName Service has any port.
  if (spec.get("type").string === "ExternalName") return;
  const ports = spec.get("ports");
  const field = port.string === undefined ? "port" : "name";
  const written = ports.list().map((it) => it.get(field));
  const open = [ports, ...ports.list(), ...written].map((it) =>
    context.noteUnknown(it, service.urn),
  );
  if ([context.noteUnknown(port, from.urn), ...open].includes(true)) return;
  const expectedPort = port.string ?? port.number;
  if (expectedPort !== undefined && written.some((it) => (it.string ?? it.number) === expectedPort))
    return;
  const known = written.map((it) => it.show()).join(", ");
  const expected = `${nameOf(service)} has ${known === "" ? "no port" : `only ${known}`}: use one of its ports`;
  context.report(finding(from, port, expected), from.urn);
}

function parents(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  for (const from of stack.of(...ROUTES)) {
    for (const ref of from.props.get("spec", "parentRefs").list()) {
      if (!isTo(ref, "Gateway", "gateway.networking.k8s.io")) continue;
      const reference = {
        from,
        to: GATEWAY,
        value: ref.get("name"),
        namespace: ref.get("namespace"),
      };
      const isJudged = (namespace: string): boolean =>
        isEvaluated(from, namespace, inventory, context);
      const gateway = expectExists(reference, inventory, context, { isJudged });
      if (gateway !== undefined) evaluateListener(from, ref, gateway, context);
    }
  }
}

/** The parent's listener, if the route names one; otherwise it attaches to all. */
function evaluateListener(
  from: StackResource,
  ref: Value,
  gateway: StackResource,
  context: CheckContext,
): void {
  const listeners = gateway.props.get("spec", "listeners");
  for (const [field, key] of [
    ["sectionName", "name"],
    ["port", "port"],
  ] as const) {
    const value = ref.get(field);
    if (value.isMissing || context.noteUnknown(value, from.urn)) continue;
    const written = listeners.list().map((listener) => listener.get(key));
    if ([listeners, ...written].map((it) => context.noteUnknown(it, gateway.urn)).includes(true))
      continue;
    const expectedValue = value.string ?? value.number;
    if (written.some((it) => (it.string ?? it.number) === expectedValue)) continue;
    const known = written.map((it) => it.show()).join(", ");
    const expected = `${nameOf(gateway)} has ${known === "" ? "no listener" : `only the listeners ${known}`}: use one of them`;
    context.report(finding(from, value, expected), from.urn);
  }
}

const common = {
  severity: "high",
  themes: ["network"],
  enforcement: STRICT_IN_PRODUCTION,
} as const;

export const routes: readonly Policy[] = [
  {
    ...common,
    name: "route-backend",
    title: "Routes refer to existing Services",
    clause: {
      reference: "PO-01; ALL-06; kube-score ingress-targets-service; kube-linter dangling-ingress",
      url: "https://gateway-api.sigs.k8s.io/api-types/httproute/#backendrefs-optional",
    },
    prevents: "Everyone who uses that address gets an error.",
    description:
      "The Services that Ingresses and Gateway API routes refer to exist and have the port, unless they are in another namespace that the stack does not create.",
    remediation:
      "Correct the backend's name and port: use those of the Service, not of the container.",
    configuration: {
      properties: {
        foreign: {
          type: "boolean",
          default: false,
          description:
            "Whether to check Services in other namespaces that the stack does not create",
        },
      },
    },
    check: { kind: "stack", run: backends },
  },
  {
    ...common,
    name: "route-parent",
    title: "Routes refer to an existing Gateway listener",
    clause: {
      reference: "PO-01; ALL-06",
      url: "https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways",
    },
    prevents: "A route is accepted and never used, because no Gateway serves it.",
    description:
      "The Gateway that a route names as its parent exists, unless the stack does not create its namespace, and has the listener and the port that the route names.",
    remediation:
      "Correct name, namespace, sectionName and port in spec.parentRefs: use those of the Gateway and of one of its listeners.",
    configuration: FOREIGN,
    check: { kind: "stack", run: parents },
  },
];

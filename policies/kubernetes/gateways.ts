/** Gateways and their routes: allowed routes, TLS and HTTP redirects. */
import { isThat, rules } from "../rules";
import { each, elements, expectNot, expectPresent, type Check } from "../expect";
import { inCluster, keyOf, namespaceOf } from "./objects";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

const GATEWAY = "kubernetes:gateway.networking.k8s.io:Gateway";
const ROUTES = [
  "kubernetes:gateway.networking.k8s.io:HTTPRoute",
  "kubernetes:gateway.networking.k8s.io:GRPCRoute",
] as const;
const CLIENT_POLICY = "kubernetes:gateway.envoyproxy.io:ClientTrafficPolicy";
const DOCS = "https://gateway-api.sigs.k8s.io/guides/";

function eachListener(run: (check: Check, listener: Value) => void): Policy["check"] {
  return each([GATEWAY], ({ resource, context }) => {
    for (const listener of elements(
      { resource, context },
      resource.props.get("spec", "listeners"),
    )) {
      const part = `listener "${listener.get("name").string ?? "unnamed"}"`;
      run({ resource, context, part }, listener);
    }
  });
}

function listenerHasCertificate(check: Check, listener: Value): void {
  const protocol = listener.get("protocol");
  const mode = listener.get("tls", "mode");
  if (check.context.noteUnknown(protocol) || !["HTTPS", "TLS"].includes(protocol.string ?? ""))
    return;
  // The default is Terminate; with Passthrough the backend has the certificate.
  if (check.context.noteUnknown(mode) || mode.string === "Passthrough") return;
  // Some clouds take the certificate from an option, such as GKE's pre-shared ones.
  const options = listener.get("tls", "options");
  if (check.context.noteUnknown(options) || options.entries().length > 0) return;
  const certificates = listener.get("tls", "certificateRefs");
  expectPresent(check, certificates, "reference the Secret with the certificate");
}

/** Plain HTTP may answer for every hostname, because it only redirects (gateway-http-redirects). */
function listenerHasName(check: Check, listener: Value): void {
  const protocol = listener.get("protocol");
  if (check.context.noteUnknown(protocol) || !["HTTPS", "TLS"].includes(protocol.string ?? ""))
    return;
  expectPresent(check, listener.get("hostname"), "it answers for every hostname: set one");
}

/** The plain HTTP listeners, by cluster, namespace and name of their Gateway. */
function plainListeners(
  stack: Stack,
  context: CheckContext,
): ReadonlyMap<string, readonly Value[]> {
  const byGateway = new Map<string, readonly Value[]>();
  for (const gateway of stack.of(GATEWAY)) {
    const check = { resource: gateway, context };
    const key = keyOf(gateway, gateway.props.get("metadata", "name"), context);
    if (key === undefined) continue;
    const plain = elements(check, gateway.props.get("spec", "listeners")).filter((listener) => {
      const protocol = listener.get("protocol");
      return !context.noteUnknown(protocol, gateway.urn) && protocol.string === "HTTP";
    });
    byGateway.set(key, plain);
  }
  return byGateway;
}

function plainOnlyRedirects(stack: Stack, context: CheckContext): void {
  const plain = plainListeners(stack, context);
  for (const route of stack.of(...ROUTES)) {
    const check = { resource: route, context };
    const rules = route.props.get("spec", "rules");
    for (const parent of elements(check, route.props.get("spec", "parentRefs"))) {
      const [listener] = (plain.get(gatewayOf(parent, route, context)) ?? []).filter((each) =>
        isAttached(parent, each, check),
      );
      if (listener === undefined) continue;
      const serving = elements(check, rules).some((rule) => !redirects(rule, check));
      if (!serving) continue;
      const expected = `it attaches to the plain HTTP listener ${listener.get("name").show()}, which may only redirect to HTTPS: use the HTTPS listener`;
      context.report(finding(route, parent.get("sectionName"), expected), route.urn);
    }
  }
}

/** The key of the Gateway that a route attaches to; undefined while unknown. */
function gatewayOf(parent: Value, route: StackResource, context: CheckContext): string {
  const own = route.props.get("metadata", "namespace");
  const [kind, name, namespace] = [parent.get("kind"), parent.get("name"), parent.get("namespace")];
  const isOpen = [kind, name, namespace.isMissing ? own : namespace].some((value) =>
    context.noteUnknown(value, route.urn),
  );
  // A route may attach to a Service too.
  if (isOpen || (kind.string ?? "Gateway") !== "Gateway") return "";
  return inCluster(route, namespace.string ?? namespaceOf(route) ?? "", name.string ?? "");
}

/** Without a name or a port a route attaches to all listeners. */
function isAttached(parent: Value, listener: Value, { resource, context }: Check): boolean {
  return (
    [
      ["sectionName", "name"],
      ["port", "port"],
    ] as const
  ).every(([of, own]) => {
    const expected = parent.get(of);
    const found = listener.get(own);
    if (expected.isMissing) return true;
    if (context.noteUnknown(expected, resource.urn) || context.noteUnknown(found, resource.urn))
      return false;
    return (expected.string ?? expected.number) === (found.string ?? found.number);
  });
}

/** An unknown filter counts as a redirect, and is noted. */
function redirects(rule: Value, { resource: route, context }: Check): boolean {
  const filters = rule.get("filters");
  if (context.noteUnknown(filters, route.urn)) return true;
  return filters.list().some((filter) => {
    const scheme = filter.get("requestRedirect", "scheme");
    return context.noteUnknown(scheme, route.urn) || scheme.string === "https";
  });
}

/** Envoy Gateway's default is 1.2, and so is Envoy's for Auto. */
const isModern = ({ isMissing, string = "" }: Value): boolean =>
  isMissing || ["Auto", "1.2", "1.3"].includes(string);

export const gateways: readonly Policy[] = [
  {
    name: "gateway-allowed-routes",
    title: "Gateways accept routes from selected namespaces only",
    clause: { reference: "PO-03", url: "https://gateway-api.sigs.k8s.io/concepts/security-model/" },
    severity: "medium",
    themes: ["network"],
    prevents: "A route in any namespace takes over a hostname, and its users.",
    description: "No listener of a Gateway accepts routes from all namespaces.",
    remediation:
      "Set allowedRoutes.namespaces.from to Same, or to Selector with the labels of the namespaces.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachListener((check, listener) => {
      const from = listener.get("allowedRoutes", "namespaces", "from");
      expectNot(check, from, "All", 'it must be "Same" or "Selector"');
    }),
  },
  {
    name: "gateway-certificate",
    title: "TLS listeners have a certificate",
    clause: { reference: "PO-03; ALL-06", url: `${DOCS}tls/` },
    severity: "high",
    themes: ["tls"],
    prevents: "The listener is rejected, and serves no traffic.",
    description: "Every Gateway listener that terminates TLS names its certificate.",
    remediation: "Set tls.certificateRefs to the Secret that cert-manager creates.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachListener(listenerHasCertificate),
  },
  {
    name: "gateway-http-redirects",
    title: "Plain HTTP only redirects to HTTPS",
    clause: { reference: "PO-03; ALL-06", url: `${DOCS}http-redirect-rewrite/` },
    severity: "high",
    themes: ["tls"],
    prevents: "Passwords and sessions cross the internet in plain text.",
    description: "Every rule of a route attached to a plain HTTP listener redirects to HTTPS.",
    remediation:
      "Set parentRefs[].sectionName to the HTTPS listener, and add a separate route for the HTTP listener with a requestRedirect filter, scheme https.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: plainOnlyRedirects },
  },
  {
    name: "gateway-hostname",
    title: "TLS listeners set a hostname",
    clause: { reference: "PO-03", url: "https://gateway-api.sigs.k8s.io/concepts/api-overview/" },
    severity: "low",
    themes: ["network"],
    prevents:
      "A service answers for hostnames that are not its own, bypassing whatever protects them.",
    description: "Every listener with TLS sets its hostname.",
    remediation: "Set spec.listeners[].hostname.",
    enforcement: ADVICE,
    check: eachListener(listenerHasName),
  },
  {
    name: "gateway-tls-minimum",
    title: "Envoy Gateway requires TLS 1.2 or later",
    clause: {
      reference: "PO-03; ALL-06; RFC 8996",
      url: "https://gateway.envoyproxy.io/docs/api/extension_types/#clienttlssettings",
    },
    severity: "high",
    themes: ["tls"],
    prevents: "A connection is downgraded to a protocol that can be broken.",
    description: "No ClientTrafficPolicy of Envoy Gateway allows clients to use TLS 1.0 or 1.1.",
    remediation: 'Set spec.tls.minVersion to "1.2" or "1.3", or leave it out.',
    enforcement: STRICT_IN_PRODUCTION,
    check: rules([CLIENT_POLICY], {
      "spec.tls.minVersion": isThat(isModern, 'it must be "1.2" or "1.3"'),
    }),
  },
];

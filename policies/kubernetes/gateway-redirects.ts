/** Plain HTTP at Gateways: it only redirects to HTTPS, from where browsers ask, to where a listener answers. */
import { elements, type Check } from "../expect";
import { MEANT } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Value } from "../values";
import { GATEWAY_ROUTES, Listeners, type Attached } from "./gateway-listeners";
import { PublicPorts } from "./gateway-ports";
import { covers } from "./references/hostnames";

const DOCS = "https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/";
const CHALLENGE = /^\/\.well-known\/acme-challenge(\/|$)/;
const [HTTP_PORT, HTTPS_PORT] = [80, 443];

/** Each route with each listener group that it attaches to. */
function eachAttached(
  stack: Stack,
  context: CheckContext,
  run: (route: StackResource, parent: Value, attached: Attached) => void,
): void {
  const listeners = new Listeners(stack, context);
  for (const route of stack.of(...GATEWAY_ROUTES)) {
    for (const parent of elements(
      { resource: route, context },
      route.props.get("spec", "parentRefs"),
    )) {
      const attached = listeners.attachedTo(route, parent);
      if (attached !== undefined) run(route, parent, attached);
    }
  }
}

const speaks = (
  { gateway, listeners }: Attached,
  protocols: readonly string[],
  context: CheckContext,
): readonly Value[] =>
  listeners.filter((listener) => {
    const protocol = listener.get("protocol");
    return !context.noteUnknown(protocol, gateway.urn) && protocols.includes(protocol.string ?? "");
  });

function plainOnlyRedirects(stack: Stack, context: CheckContext): void {
  eachAttached(stack, context, (route, parent, attached) => {
    const check = { resource: route, context };
    const [listener] = speaks(attached, ["HTTP"], context);
    if (listener === undefined) return;
    const isHarmless = (rule: Value): boolean => redirects(rule, check) || isChallenge(rule, check);
    if (rulesOf(route, check).every(isHarmless)) return;
    const expected = `it attaches to the plain HTTP listener ${listener.get("name").show()}, which may only redirect to HTTPS: use the HTTPS listener`;
    context.report(finding(route, parent.get("sectionName"), expected), route.urn);
  });
}

const rulesOf = (route: StackResource, check: Check): readonly Value[] =>
  elements(check, route.props.get("spec", "rules"));

/** An unknown filter counts as a redirect, and is noted. */
function redirects(rule: Value, { resource: route, context }: Check): boolean {
  const filters = rule.get("filters");
  if (context.noteUnknown(filters, route.urn)) return true;
  return filters.list().some((filter) => {
    const scheme = filter.get("requestRedirect", "scheme");
    return context.noteUnknown(scheme, route.urn) || scheme.string === "https";
  });
}

/**
 * Certificates are issued over plain HTTP. An unknown path counts as one of these, and is noted.
 * https://letsencrypt.org/docs/challenge-types/#http-01-challenge
 */
function isChallenge(rule: Value, { resource: route, context }: Check): boolean {
  const matches = rule.get("matches");
  if (context.noteUnknown(matches, route.urn)) return true;
  const paths = matches.list().map((match) => match.get("path", "value"));
  return (
    paths.length > 0 &&
    paths.every((path) => context.noteUnknown(path, route.urn) || CHALLENGE.test(path.string ?? ""))
  );
}

/** The redirects to HTTPS of a route's rules. */
const redirectsOf = (route: StackResource, check: Check): readonly Value[] =>
  rulesOf(route, check).flatMap((rule) =>
    rule
      .get("filters")
      .list()
      .map((filter) => filter.get("requestRedirect"))
      .filter((redirect) => redirect.get("scheme").string === "https"),
  );

function everyRedirectIsServed(stack: Stack, context: CheckContext): void {
  const ports = new PublicPorts(stack);
  eachAttached(stack, context, (route, _, { gateway, listeners }) => {
    const check = { resource: route, context };
    const all = { gateway, listeners: gateway.props.get("spec", "listeners").list() };
    const secure = speaks(all, ["HTTPS", "TLS"], context);
    // Without any, something in front of the Gateway ends TLS.
    if (secure.length === 0) return;
    for (const redirect of redirectsOf(route, check)) {
      const own = redirect.get("hostname");
      const hosts = own.isMissing ? hostsOf(route, listeners) : [own];
      for (const host of hosts) expectServed(check, { gateway, secure, redirect, host }, ports);
    }
  });
}

/** A route without hosts answers for those of its listeners. */
function hostsOf(route: StackResource, listeners: readonly Value[]): readonly Value[] {
  const hosts = route.props.get("spec", "hostnames");
  return hosts.isMissing
    ? listeners.map((listener) => listener.get("hostname")).filter(({ isMissing }) => !isMissing)
    : hosts.listOrUnknown();
}

interface Led {
  readonly gateway: StackResource;
  /** The Gateway's listeners with TLS. */
  readonly secure: readonly Value[];
  readonly redirect: Value;
  readonly host: Value;
}

function expectServed(
  { resource: route, context }: Check,
  { gateway, secure, redirect, host }: Led,
  ports: PublicPorts,
): void {
  if (context.noteUnknown(host, route.urn) || host.string === undefined) return;
  const { string: name } = host;
  const names = secure.map((listener) => listener.get("hostname"));
  if (names.some((each) => context.noteUnknown(each, gateway.urn))) return;
  const serving = secure.filter((listener) => {
    const { isMissing, string = "" } = listener.get("hostname");
    return isMissing || covers(string, name, "any") || covers(name, string, "any");
  });
  if (serving.length === 0) {
    // A host of the redirect's own may be served by something else, such as the CDN in front of `www`.
    if (host === redirect.get("hostname")) return;
    const known = names.map((each) => each.show()).join(", ");
    const expected = `the redirect leads to HTTPS, for which ${nameOf(gateway)} has listeners only for ${known}: use one of these hosts, or add a listener`;
    context.report(finding(route, host, expected), route.urn);
    return;
  }
  const written = redirect.get("port");
  if (context.noteUnknown(written, route.urn)) return;
  // With a scheme the default is the scheme's own port.
  const port = written.number ?? HTTPS_PORT;
  const at = serving.map((listener) => listener.get("port"));
  if (at.some((each) => context.noteUnknown(each, gateway.urn) || each.number === port)) return;
  const [first] = at;
  if (first === undefined) return;
  const expected = `${nameOf(route)} redirects to port ${port}, where the Gateway serves no HTTPS: listen there, or set the port of the redirect`;
  ports.expect(gateway, first, expected, context);
}

function plainListensOnItsPort(stack: Stack, context: CheckContext): void {
  const ports = new PublicPorts(stack);
  const seen = new Set<Value>();
  eachAttached(stack, context, (route, _, attached) => {
    if (redirectsOf(route, { resource: route, context }).length === 0) return;
    for (const listener of speaks(attached, ["HTTP"], context)) {
      const port = listener.get("port");
      if (context.noteUnknown(port, attached.gateway.urn) || port.number === undefined) continue;
      if (port.number === HTTP_PORT || seen.has(port)) continue;
      seen.add(port);
      const expected = `browsers look for the plain address at port ${HTTP_PORT}, so that nobody gets the redirect: use ${HTTP_PORT}`;
      ports.expect(attached.gateway, port, expected, context);
    }
  });
}

const common = { themes: ["tls"], enforcement: STRICT_IN_PRODUCTION } as const;

export const gatewayRedirects: readonly Policy[] = [
  {
    ...common,
    name: "gateway-http-redirects",
    title: "Plain HTTP only redirects to HTTPS",
    clause: { reference: "PO-03; ALL-06", url: DOCS },
    severity: "high",
    prevents: "Passwords and sessions cross the internet in plain text.",
    description:
      "Every rule of a route attached to a plain HTTP listener redirects to HTTPS, except those for /.well-known/acme-challenge.",
    remediation:
      "Set parentRefs[].sectionName to the HTTPS listener, and add a separate route for the HTTP listener with a requestRedirect filter, scheme https.",
    // TLS may end in front of the Gateway.
    inManifests: MEANT,
    check: { kind: "stack", run: plainOnlyRedirects },
  },
  {
    ...common,
    name: "gateway-redirect-served",
    title: "Redirects lead to an HTTPS listener",
    clause: { reference: "PO-01; ALL-06", url: DOCS },
    severity: "high",
    prevents: "Everyone who comes by plain HTTP is sent to an address that nobody serves.",
    description:
      "The hosts of a route that redirects to HTTPS are those of HTTPS listeners of its Gateway, at the port of the redirect (443 by default) if the Gateway's ports are the public ones. A redirect to another host may lead elsewhere.",
    remediation:
      "Correct spec.hostnames of the route, or hostname and port of the Gateway's HTTPS listener.",
    check: { kind: "stack", run: everyRedirectIsServed },
  },
  {
    ...common,
    name: "gateway-redirect-port",
    title: "Redirects to HTTPS listen on port 80",
    clause: { reference: "PO-01; ALL-06", url: DOCS },
    severity: "low",
    prevents: "People who type the address without https get no answer.",
    description:
      "A plain HTTP listener with a redirect to HTTPS has the port 80, if the Gateway's ports are the public ones.",
    remediation: "Set the listener's port to 80.",
    enforcement: ADVICE,
    check: { kind: "stack", run: plainListensOnItsPort },
  },
];

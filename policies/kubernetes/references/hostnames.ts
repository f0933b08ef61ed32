/** Hostnames of routes, listeners and certificates: each is served and covered by the next. */
import type { CheckContext, Policy, Stack, StackResource } from "../../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../../policy";
import type { Value } from "../../values";
import { GATEWAY, GATEWAY_ROUTES, Listeners } from "../gateway-listeners";
import { inCluster, namespaceOf } from "../objects";

const CERTIFICATE = "kubernetes:cert-manager.io:Certificate";

/** Whether a pattern such as `*.example.com` covers a host; a wildcard of a listener covers any depth. */
export function covers(pattern: string, host: string, depth: "any" | "one"): boolean {
  if (pattern === host) return true;
  if (!pattern.startsWith("*.")) return false;
  const end = pattern.slice(1);
  if (!host.endsWith(end)) return false;
  const start = host.slice(0, -end.length);
  return start !== "" && (depth === "any" || !start.includes("."));
}

const key = (resource: StackResource, namespace: string, name: string): string =>
  inCluster(resource, namespace, name);

function routesAreServed(stack: Stack, context: CheckContext): void {
  const listeners = new Listeners(stack, context);
  for (const route of stack.of(...GATEWAY_ROUTES)) {
    const parents = route.props.get("spec", "parentRefs").list();
    const known = parents.flatMap((parent) => listeners.attachedTo(route, parent) ?? []);
    if (known.length === 0 || known.length < parents.length) continue;
    const hosts = known.flatMap((attached) =>
      attached.listeners.map((listener) => listener.get("hostname")),
    );
    // A listener without a hostname serves all; that there is none is said by route-parent.
    if (hosts.length === 0) continue;
    if (hosts.some((host) => host.isMissing || context.noteUnknown(host, route.urn))) continue;
    for (const host of route.props.get("spec", "hostnames").list())
      expectCovered(route, host, hosts, nameOf(known[0]?.gateway ?? route), context);
  }
}

function expectCovered(
  route: StackResource,
  host: Value,
  patterns: readonly Value[],
  by: string,
  context: CheckContext,
): void {
  if (context.noteUnknown(host, route.urn) || host.string === undefined) return;
  const { string: own } = host;
  const texts = patterns.flatMap(({ string }) => string ?? []);
  if (texts.some((text) => covers(text, own, "any") || covers(own, text, "any"))) return;
  const known = texts.map((text) => JSON.stringify(text)).join(", ");
  const expected = `${by} has listeners only for ${known}: use one of these hosts, or add a listener`;
  context.report(finding(route, host, expected), route.urn);
}

function listenersAreCertified(stack: Stack, context: CheckContext): void {
  const certificates = new Map(
    stack.of(CERTIFICATE).flatMap((certificate) => {
      const secret = certificate.props.get("spec", "secretName").string;
      const namespace = namespaceOf(certificate);
      if (secret === undefined || namespace === undefined) return [];
      return [[key(certificate, namespace, secret), certificate] as const];
    }),
  );
  for (const gateway of stack.of(GATEWAY)) {
    for (const listener of gateway.props.get("spec", "listeners").list()) {
      const host = listener.get("hostname");
      const refs = listener.get("tls", "certificateRefs").list();
      const own = refs.map((ref) => {
        const place = ref.get("namespace").string ?? namespaceOf(gateway) ?? "";
        return certificates.get(key(gateway, place, ref.get("name").string ?? ""));
      });
      const known = own.flatMap((certificate) => certificate ?? []);
      if (known.length === 0 || known.length < own.length) continue;
      expectCertificate(gateway, host, known, context);
    }
  }
}

function expectCertificate(
  gateway: StackResource,
  host: Value,
  certificates: readonly StackResource[],
  context: CheckContext,
): void {
  const names = certificates.flatMap((each) => each.props.get("spec", "dnsNames").listOrUnknown());
  const isOpen = names.some((name) => context.noteUnknown(name, gateway.urn));
  if (isOpen || context.noteUnknown(host, gateway.urn) || host.string === undefined) return;
  const { string: own } = host;
  const texts = names.flatMap(({ string }) => string ?? []);
  if (texts.some((text) => covers(text, own, "one"))) return;
  const who = certificates.map(nameOf).join(", ");
  const known = texts.map((text) => JSON.stringify(text)).join(", ");
  const expected = `${who} ${known === "" ? "has no dnsNames" : `is only for ${known}`}: add the host to its dnsNames`;
  context.report(finding(gateway, host, expected), gateway.urn);
}

const common = {
  severity: "high",
  themes: ["network"],
  enforcement: STRICT_IN_PRODUCTION,
} as const;

export const hostnames: readonly Policy[] = [
  {
    ...common,
    name: "route-hostname",
    title: "Hosts of routes have a listener",
    clause: {
      reference: "PO-01; ALL-06",
      url: "https://gateway-api.sigs.k8s.io/api-types/httproute/#hostnames",
    },
    prevents: "A route is accepted and never used, because no listener serves its host.",
    description:
      "Every hostname of a route is covered by a listener of the Gateways that it names.",
    remediation: "Correct spec.hostnames of the route, or hostname of the Gateway's listener.",
    check: { kind: "stack", run: routesAreServed },
  },
  {
    ...common,
    name: "listener-certificate",
    title: "Certificates cover their listener's host",
    clause: { reference: "PO-01; ALL-06", url: "https://cert-manager.io/docs/usage/certificate/" },
    prevents: "Every browser refuses the site, because its certificate is for another host.",
    description:
      "The hostname of a Gateway's listener is among the dnsNames of the Certificate that writes the listener's Secret.",
    remediation:
      "Add the host to spec.dnsNames of the Certificate, or correct the listener's hostname.",
    check: { kind: "stack", run: listenersAreCertified },
  },
];

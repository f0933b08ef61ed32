/** The runbook's edge: hosts with TLS, routes with timeouts, rate limits and HSTS. */
import { knowsAllOf } from "../expect";
import type { Host } from "../../systems/model";
import { durationText } from "../../systems/units";
import type { Policy, StackResource } from "../policy";
import { finding } from "../policy";
import type { Value } from "../values";
import { secondsOf } from "../../lib/durations";
import { common, compare, demandedBy, runbookOf, type Compared } from "./system";
import { areOpen } from "./unknowns";

const GATEWAY = "kubernetes:gateway.networking.k8s.io:Gateway";
const INGRESS = "kubernetes:networking.k8s.io:Ingress";
const ROUTE = "kubernetes:gateway.networking.k8s.io:HTTPRoute";
const TRAFFIC = "kubernetes:gateway.envoyproxy.io:BackendTrafficPolicy";

/** The hosts of this environment; a preview host exists only while a version waits. */
function hostsOf({ system, context }: Compared): readonly Host[] {
  const { environment } = context;
  return system.edge.hosts.filter(
    (host) => host.preview !== true && (host.environment ?? environment) === environment,
  );
}

/** The pack does not know the stack's domain: `{domain}` matches any. */
function patternOf({ host }: Host): RegExp {
  const parts = host
    .split("{domain}")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^*]+")}$`);
}

/** The hosts served over TLS. */
function encrypted({ stack }: Compared): readonly string[] {
  const listeners = stack.of(GATEWAY).flatMap((resource) =>
    listOf(resource, "listeners")
      .filter((one) => one.get("tls", "certificateRefs").isKnown || isPassed(one))
      .map((one) => one.get("hostname")),
  );
  const ingresses = stack
    .of(INGRESS)
    .flatMap((resource) => listOf(resource, "tls").flatMap((one) => one.get("hosts").list()));
  return [...listeners, ...ingresses].flatMap(({ string }) => string ?? []);
}

/** The host fields of both kinds. */
const HOSTS = [
  ["spec", "listeners"],
  ["spec", "tls"],
] as const;

const listOf = ({ props }: StackResource, key: string): readonly Value[] =>
  props.get("spec", key).list();
/** With TLS passthrough, TLS ends at the service. */
const isPassed = (listener: Value): boolean => listener.get("tls", "mode").string === "Passthrough";

function hosts(compared: Compared): void {
  const { system, stack, context } = compared;
  const found = encrypted(compared);
  for (const host of hostsOf(compared)) {
    const pattern = patternOf(host);
    if (found.some((one) => pattern.test(one))) continue;
    if (areOpen(stack.of(GATEWAY, INGRESS), HOSTS, context)) continue;
    context.report(
      `The host ${host.host} has no Gateway listener and no Ingress with a certificate; ${demandedBy(system, host)}.`,
    );
  }
}

interface Rule {
  readonly resource: StackResource;
  readonly value: Value;
}

/**
 * Rules with a backend, by path; redirects have none. A rule without a match matches everything.
 */
function rulesOf({ stack }: Compared, pattern: RegExp, path: string): readonly Rule[] {
  return stack.of(ROUTE).flatMap((resource) => {
    const names = resource.props.get("spec", "hostnames");
    const isAny = names.isMissing || names.isEmptyList;
    if (!isAny && !names.list().some(({ string }) => pattern.test(string ?? ""))) return [];
    return listOf(resource, "rules")
      .filter((rule) => rule.get("backendRefs").list().length > 0)
      .filter((rule) => pathsOf(rule).includes(path))
      .map((value) => ({ resource, value }));
  });
}

function pathsOf(rule: Value): readonly string[] {
  const matches = rule.get("matches").list();
  return matches.length === 0
    ? ["/"]
    : matches.map((one) => one.get("path", "value").string ?? "/");
}

function timeouts(compared: Compared): void {
  const { system, stack, context } = compared;
  if (stack.of(ROUTE).length === 0) return;
  for (const host of hostsOf(compared)) {
    for (const { path, timeout, service } of host.routes) {
      const rules = rulesOf(compared, patternOf(host), path);
      if (rules.length === 0 && !areOpen(stack.of(ROUTE), [["spec"]], context)) {
        context.report(
          `The path ${path} of ${host.host} is not routed to a service (HTTPRoute); ${demandedBy(system, host)}: ${service}.`,
        );
      }
      for (const { resource, value } of rules) {
        const limit = value.get("timeouts", "request");
        if (context.noteUnknown(limit, resource.urn)) continue;
        const seconds = secondsOf(limit.string ?? "");
        // 0s means no timeout; the default is the implementation's, 15 s in Envoy.
        if (seconds !== undefined && (seconds === 0 || seconds >= timeout.seconds)) continue;
        const expected = `the runbook allows ${durationText(timeout)} for ${path} of ${service}`;
        context.report(finding(resource, limit, expected), resource.urn);
      }
    }
  }
}

const UNITS: Readonly<Record<string, number>> = { Second: 1, Minute: 60, Hour: 3600, Day: 86_400 };

function limits({ system, stack, context }: Compared): void {
  const gateways = stack.of(GATEWAY);
  if (gateways.length === 0) return;
  const { rateLimit } = system.edge;
  const policies = stack.of(TRAFFIC);
  const rates = policies.flatMap((resource) => {
    const limit = resource.props.get("spec", "rateLimit");
    // An unknown limit may be right: as 0 it passes, so nothing is reported.
    if (!knowsAllOf({ resource, context }, limit)) return [0];
    return ["local", "global"]
      .flatMap((kind) => limit.get(kind, "rules").list())
      .map((rule) => rateOf(rule.get("limit")));
  });
  if (rates.some((rate) => rate <= rateLimit.perClientPerSecond)) return;
  const found = rates.length === 0 ? "no limit" : `${Math.min(...rates)} requests per second`;
  context.report(
    `The BackendTrafficPolicies of the stack allow a client ${found}; ${runbookOf(system)} allows ${rateLimit.perClientPerSecond} requests per second (${rateLimit.clause.heading}).`,
  );
}

const rateOf = (limit: Value): number =>
  (limit.get("requests").number ?? Infinity) / (UNITS[limit.get("unit").string ?? ""] ?? 1);

const HEADER = "strict-transport-security";

function hsts(compared: Compared): void {
  const { system, context } = compared;
  const least = system.edge.hsts.maxAge.seconds;
  for (const host of hostsOf(compared)) {
    for (const { path } of host.routes) {
      for (const { resource, value } of rulesOf(compared, patternOf(host), path)) {
        const header = headerOf(value);
        if (!knowsAllOf({ resource, context }, header ?? value.get("filters"))) continue;
        const age = Number(/max-age=(\d+)/i.exec(header?.string ?? "")?.[1] ?? 0);
        if (age >= least) continue;
        const expected = `${runbookOf(system)} requires Strict-Transport-Security with max-age=${least} or more`;
        context.report(finding(resource, header ?? value.get("filters"), expected), resource.urn);
      }
    }
  }
}

function headerOf(rule: Value): Value | undefined {
  const modified = rule
    .get("filters")
    .list()
    .map((one) => one.get("responseHeaderModifier"));
  const headers = modified.flatMap((one) => [...one.get("set").list(), ...one.get("add").list()]);
  return headers.find((one) => one.get("name").string?.toLowerCase() === HEADER)?.get("value");
}

const tls = { ...common, themes: ["tls", "runbook"] } as const;

export const edge: readonly Policy[] = [
  {
    ...tls,
    name: "runbook-hosts-encrypted",
    title: "The runbook's hosts are served over TLS",
    clause: {
      reference: "PO-03; ALL-06",
      url: "https://gateway-api.sigs.k8s.io/guides/tls/",
    },
    severity: "critical",
    prevents: "A host that users know answers in plain text, or not at all.",
    description:
      "Every host of the runbook, for this environment, is a listener of a Gateway or the host of an Ingress, with a certificate.",
    remediation:
      "Add a listener with the hostname, protocol HTTPS and tls.certificateRefs, and a Certificate that names the host.",
    check: compare(hosts),
  },
  {
    ...common,
    name: "runbook-route-timeouts",
    title: "Request timeouts match the runbook",
    clause: {
      reference: "PO-01; P5-04",
      url: "https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts",
    },
    severity: "medium",
    prevents: "WebSocket connections drop after fifteen seconds, on every client at once.",
    description:
      "Every path of the runbook's hosts is routed, with a request timeout no shorter than the runbook's.",
    remediation:
      "Set timeouts.request of the HTTPRoute's rule to the timeout of the route in systems/, or 0s for no timeout.",
    check: compare(timeouts),
  },
  {
    ...common,
    name: "runbook-rate-limit",
    title: "Rate limits match the runbook",
    clause: {
      reference: "PO-03; ALL-06; AE-12",
      url: "https://gateway.envoyproxy.io/docs/tasks/traffic/local-rate-limit/",
    },
    severity: "medium",
    prevents: "One client uses up the capacity that all others need.",
    description:
      "Behind a Gateway, a BackendTrafficPolicy limits each client to the request rate that the runbook allows.",
    remediation:
      "Set spec.rateLimit.local.rules with a limit of perClientPerSecond in systems/, or the equivalent per minute.",
    check: compare(limits),
  },
  {
    ...tls,
    name: "runbook-hsts",
    title: "Responses set HSTS",
    clause: {
      reference: "PO-03; ALL-06",
      url: "https://www.rfc-editor.org/rfc/rfc6797",
    },
    severity: "medium",
    prevents: "A browser's first request goes out in plain text, to anyone who answers.",
    description:
      "Responses on every routed path carry Strict-Transport-Security with the runbook's max-age.",
    remediation:
      'Give the HTTPRoute\'s rule a ResponseHeaderModifier that sets Strict-Transport-Security to "max-age=31536000; includeSubDomains".',
    check: compare(hsts),
  },
];

/** DigitalOcean firewalls and load balancers. */
import { is, isThat, isWritten, rules, where } from "../rules";
import { isEverywhere } from "../addresses";
import {
  each,
  elements,
  expectEqual,
  expectPresent,
  expectThat,
  knows,
  type Check,
} from "../expect";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, finding, listSetting } from "../policy";
import { DOCS } from "./shared";
import { digitalocean } from "../tokens";
import type { Value } from "../values";

const BALANCER = digitalocean("LoadBalancer");

/** Ports that may be open to everyone; all others need named sources. */
const PUBLIC = ["80", "443"];

function openRules(check: Check): void {
  const { resource, context } = check;
  const isPublic = new Set(context.setting("ports", PUBLIC));
  for (const rule of elements(check, resource.props.get("inboundRules"))) {
    const [protocol, action] = [rule.get("protocol"), rule.get("action")];
    // Ping from everywhere is accepted.
    if (protocol.string === "icmp" || action.string === "deny") continue;
    const ports = rule.get("portRange");
    if (isPublic.has(ports.string ?? "")) continue;
    const sources = elements(check, rule.get("sourceAddresses"));
    const open = sources.find(isEverywhere);
    if (open === undefined) continue;
    if ([protocol, action, ports].some((value) => context.noteUnknown(value))) continue;
    const expected = `it is open to ${open.string ?? ""}: list the sources`;
    context.report(finding(resource, ports, expected));
  }
}

const SECURE: readonly unknown[] = ["https", "http2", "http3"];
const isSecure = (rule: Value): boolean =>
  SECURE.includes(rule.get("entryProtocol").string) || rule.get("tlsPassthrough").boolean === true;
const isOpen = ({ context }: Check, rule: Value): boolean =>
  context.noteUnknown(rule.get("entryProtocol")) || context.noteUnknown(rule.get("tlsPassthrough"));

function certificate(check: Check, rule: Value): void {
  if (!SECURE.includes(rule.get("entryProtocol").string)) return;
  const old = rule.get("certificateId");
  expectThat(check, old, (it) => it.isMissing, "it changes at renewal: use certificateName");
  const [name, passes] = [rule.get("certificateName"), rule.get("tlsPassthrough")];
  if (check.context.noteUnknown(passes) || passes.boolean === true) return;
  expectPresent(check, name, "set it to the Certificate's name");
}

function balancerTls(check: Check): void {
  const { props } = check.resource;
  const forwarding = props.get("forwardingRules");
  const rules = elements(check, forwarding);
  for (const rule of rules) certificate(check, rule);
  const plain = rules.find((rule) => rule.get("entryProtocol").string === "http");
  if (plain === undefined) {
    for (const rule of rules) check.context.noteUnknown(rule.get("entryProtocol"));
    return;
  }
  if (!rules.some(isSecure) && !forwarding.list().some((rule) => isOpen(check, rule))) {
    expectThat(
      check,
      plain.get("entryProtocol"),
      () => false,
      "add a rule for https and port 443 too",
    );
  }
  const expected = "HTTP requests are not redirected: it must be true";
  expectEqual(check, props.get("redirectHttpToHttps"), true, expected);
}

/** A global load balancer is in no VPC, and DigitalOcean sizes it. */
function isRegional(check: Check): boolean {
  const type = check.resource.props.get("type");
  return knows(check, type) && type.string !== "GLOBAL";
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const network: readonly Policy[] = [
  {
    ...strict,
    name: "digitalocean-firewall-not-open",
    themes: ["network", "digitalocean"],
    title: "DigitalOcean firewalls are not open to the internet",
    clause: {
      reference: "PO-03; CKV_DIO_4",
      url: `${DOCS}/networking/firewalls/how-to/configure-rules/`,
    },
    severity: "critical",
    prevents: "A shell or a database is open to everyone on the internet.",
    description: "No firewall rule admits every address, except to the web ports.",
    remediation: "List the sources in sourceAddresses, sourceTags or sourceLoadBalancerUids.",
    configuration: {
      properties: {
        ports: listSetting(PUBLIC, "portRange values that may be open to every address"),
      },
    },
    check: each([digitalocean("Firewall")], openRules),
  },
  {
    ...strict,
    name: "digitalocean-balancer-tls",
    themes: ["tls", "network", "digitalocean"],
    title: "DigitalOcean load balancers use TLS",
    clause: {
      reference: "PO-03",
      url: `${DOCS}/networking/load-balancers/how-to/ssl-termination/`,
    },
    severity: "high",
    prevents: "Passwords and cookies cross the internet in plain text.",
    description:
      "Load balancers that serve HTTP also serve HTTPS, redirect to it, and name their certificate.",
    remediation:
      "Add a forwarding rule for https with certificateName, and set redirectHttpToHttps to true.",
    check: each([BALANCER], balancerTls),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-balancer-placed",
    themes: ["network", "availability", "digitalocean"],
    title: "Load balancers are in the VPC and have two nodes",
    clause: {
      reference: "PO-02; ALL-04",
      url: `${DOCS}/networking/load-balancers/how-to/resize/`,
    },
    severity: "medium",
    prevents: "One failed load balancer node is an outage of everything behind it.",
    description:
      "In production, every regional load balancer is in the stack's Vpc and has at least two nodes.",
    remediation: "Set vpcUuid, and set sizeUnit to 2 or more instead of size.",
    check: rules(where([BALANCER], isRegional), {
      vpcUuid: isWritten("set it to the ID of the stack's Vpc"),
      sizeUnit: isThat(
        ({ number = 1 }) => number >= 2,
        "a single node has no standby: set it to 2 or more",
      ),
    }),
  },
  {
    name: "digitalocean-balancer-ciphers",
    themes: ["tls", "digitalocean"],
    title: "Load balancers refuse weak ciphers",
    clause: { reference: "PO-03", url: `${DOCS}/networking/load-balancers/details/features/` },
    severity: "low",
    prevents: "An old client negotiates a cipher that can be decrypted.",
    description: "Load balancers use the strong cipher policy.",
    remediation: 'Set tlsCipherPolicy to "STRONG".',
    enforcement: ADVICE,
    check: rules([BALANCER], { tlsCipherPolicy: is("STRONG") }),
  },
];

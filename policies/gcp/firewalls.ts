/** Firewall rules: sources and ports. */
import { isEverywhere } from "../addresses";
import type { Check } from "../expect";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, finding, listSetting } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

/**
 * Ports that should never be open to the whole internet: remote shells and desktops, file transfer,
 * plain HTTP, control planes, databases, caches and brokers.
 */
const CLOSED = [
  ...["20-23", "80", "111", "135", "139", "445", "1433", "1521", "2375-2376", "2379-2380"],
  ...["3306", "3389", "5432", "5601", "5900", "5985-5986", "6379", "6443", "8080", "9000"],
  ...["9042", "9090", "9092-9094", "9200", "9300", "10250", "10255", "11211", "27017"],
];

type Range = readonly [from: number, to: number];

function ranges(text: string): readonly Range[] {
  return [...text.matchAll(/(\d+)(?:\s*-\s*(\d+))?/g)].map(([, from, to]) => [
    Number(from),
    Number(to ?? from),
  ]);
}

const meet = ([from, to]: Range, [first, last]: Range): boolean => from <= last && first <= to;

/** TCP and UDP by name or number, and all protocols. Other protocols have no ports. */
const PROTOCOLS: readonly unknown[] = ["tcp", "6", "udp", "17", "all"];

interface Opening {
  /** The rule's action; if it is unknown, nothing is reported. */
  readonly flags: readonly Value[];
  readonly sources: Value;
  /** Other source settings: a rule with none of these applies to every source. */
  readonly narrowed: readonly Value[];
  readonly layers: Value;
  readonly protocol: string;
}

function evaluate({ resource, context }: Check, opening: Opening): void {
  const { flags, sources, narrowed, layers, protocol } = opening;
  if ([...flags, sources, ...narrowed, layers].some((value) => context.noteUnknown(value))) return;
  const everywhere = sources.list().find(isEverywhere);
  const isUnbound = [sources, ...narrowed].every((value) => value.isMissing || value.isEmptyList);
  if (everywhere === undefined && !isUnbound) {
    for (const source of sources.list()) context.noteUnknown(source);
    return;
  }
  const closed = context.setting("ports", CLOSED).flatMap(ranges);
  const from = everywhere === undefined ? "every source" : (everywhere.string ?? "");
  for (const layer of layers.list()) {
    if (context.noteUnknown(layer.get(protocol)) || context.noteUnknown(layer.get("ports")))
      continue;
    if (!PROTOCOLS.includes(layer.get(protocol).string?.toLowerCase())) continue;
    const found = offending(layer.get("ports"), closed);
    if (found === undefined || context.noteUnknown(found)) continue;
    const expected = `it is open to ${from}: list the sources, or remove the port`;
    context.report(finding(resource, found, expected));
  }
}

/** The entry that opens a forbidden port; if there are no entries, the whole list. */
function offending(ports: Value, closed: readonly Range[]): Value | undefined {
  if (ports.list().length === 0) return ports;
  const isClosed = (port: Value): boolean =>
    ranges(port.string ?? "").some((range) => closed.some((other) => meet(range, other)));
  return ports.list().find((port) => port.isUnknown || isClosed(port));
}

const FIREWALL = gcp("compute", "Firewall");
const POLICY_RULES = [
  gcp("compute", "FirewallPolicyRule"),
  gcp("compute", "NetworkFirewallPolicyRule"),
  gcp("compute", "RegionNetworkFirewallPolicyRule"),
];

function firewall(check: Check): void {
  const { props } = check.resource;
  const isOff =
    props.get("disabled").boolean === true || props.get("direction").string === "EGRESS";
  if (isOff) return;
  evaluate(check, {
    flags: [props.get("disabled"), props.get("direction")],
    sources: props.get("sourceRanges"),
    narrowed: [props.get("sourceTags"), props.get("sourceServiceAccounts")],
    layers: props.get("allows"),
    protocol: "protocol",
  });
}

/** Sources other than addresses. */
const SOURCES = [
  "srcAddressGroups",
  "srcFqdns",
  "srcNetworks",
  "srcRegionCodes",
  "srcSecureTags",
  "srcThreatIntelligences",
];

function policyRule(check: Check): void {
  const { props } = check.resource;
  const [disabled, direction] = [props.get("disabled"), props.get("direction")];
  const action = props.get("action");
  const isOff = disabled.boolean === true || (direction.isKnown && direction.string !== "INGRESS");
  // Other rules are evaluated on their own.
  if (isOff || (action.isKnown && action.string !== "allow")) return;
  const match = props.get("match");
  evaluate(check, {
    flags: [disabled, direction, action],
    sources: match.get("srcIpRanges"),
    narrowed: SOURCES.map((key) => match.get(key)),
    layers: match.get("layer4Configs"),
    protocol: "ipProtocol",
  });
}

export const firewalls: readonly Policy[] = [
  {
    name: "gcp-firewall-not-open",
    title: "Google Cloud firewalls are not open to the internet",
    clause: {
      reference:
        "PO-03; CKV_GCP_2; CKV_GCP_3; CKV_GCP_75; CKV_GCP_77; CKV_GCP_88; CKV_GCP_106; CKV2_GCP_12; CIS GCP 3.6; CIS GCP 3.7",
      url: `${DOCS}/firewall/docs/firewalls`,
    },
    severity: "critical",
    themes: ["network", "gcp"],
    prevents: "A shell, a database or a control plane is open to everyone on the internet.",
    description:
      "No firewall rule admits every address to administrative, database or plain HTTP ports, or to all ports.",
    remediation:
      "List the sources in sourceRanges (srcIpRanges of a policy's rule), or remove the port from allows (layer4Configs).",
    enforcement: STRICT_IN_PRODUCTION,
    configuration: {
      properties: {
        ports: listSetting(CLOSED, "Ports and ranges that no rule may open to every address"),
      },
    },
    check: {
      kind: "resource",
      types: [FIREWALL, ...POLICY_RULES],
      run: (resource, context) => {
        const check = { resource, context };
        if (resource.type === FIREWALL) firewall(check);
        else policyRule(check);
      },
    },
  },
];

/** IP ranges that must not overlap. */
import { isThat, rules } from "../rules";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { DOCS } from "./shared";
import { digitalocean } from "../tokens";
import type { Value } from "../values";

const VPC = digitalocean("Vpc");
const CLUSTER = digitalocean("KubernetesCluster");

interface Range {
  readonly resource: StackResource;
  readonly value: Value;
  readonly first: number;
  readonly last: number;
}

/** The first and last address of an IPv4 range as numbers. */
export function bounds(cidr: string): readonly [first: number, last: number] | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [prefix = 0] = parts.splice(4);
  if (prefix > 32 || parts.some((part) => part > 255)) return undefined;
  const size = 2 ** (32 - prefix);
  const address = parts.reduce((sum, part) => sum * 256 + part, 0);
  const first = address - (address % size);
  return [first, first + size - 1];
}

function rangesOf(resource: StackResource, context: CheckContext): readonly Range[] {
  const keys = resource.type === VPC ? ["ipRange"] : ["clusterSubnet", "serviceSubnet"];
  return keys.flatMap((key) => {
    const value = resource.props.get(key);
    const found = context.noteUnknown(value, resource.urn) ? undefined : bounds(value.string ?? "");
    return found === undefined ? [] : [{ resource, value, first: found[0], last: found[1] }];
  });
}

/** Sorted by start, a range that overlaps any earlier one overlaps the one with the latest end. */
function apart(stack: Stack, context: CheckContext): void {
  const ranges = stack
    .of(VPC, CLUSTER)
    .flatMap((resource) => rangesOf(resource, context))
    .sort((one, other) => one.first - other.first);
  let furthest: Range | undefined;
  for (const range of ranges) {
    if (furthest !== undefined && range.first <= furthest.last) {
      const other = `${furthest.value.path} ${furthest.value.show()} of ${nameOf(furthest.resource)}`;
      const own = `${nameOf(range.resource)}: ${range.value.path} is ${range.value.show()}`;
      context.report(`${own}; it overlaps ${other}: use another range.`, range.resource.urn);
    }
    if (furthest === undefined || range.last > furthest.last) furthest = range;
  }
}

function isSized({ string = "" }: Value): boolean {
  const found = bounds(string);
  if (found === undefined || !/^(10|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(string)) return false;
  const size = found[1] - found[0] + 1;
  return size >= 2 ** 8 && size <= 2 ** 16;
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const ranges: readonly Policy[] = [
  {
    ...strict,
    name: "digitalocean-vpc-range",
    themes: ["network", "digitalocean"],
    title: "VPCs set their IP range",
    clause: { reference: "PO-02", url: `${DOCS}/networking/vpc/details/limits/` },
    severity: "medium",
    prevents: "Two networks that should be peered turn out to have overlapping addresses.",
    description: "Every Vpc sets a private range from /16 to /24.",
    remediation: "Set ipRange, such as 10.100.0.0/20; changing it replaces the Vpc.",
    // By default DigitalOcean chooses the range, and may choose the next network's too.
    check: rules([VPC], {
      ipRange: isThat(
        isSized,
        "set a private range from /16 to /24, so that it is known before the network is created",
      ),
    }),
  },
  {
    ...strict,
    name: "digitalocean-ranges-apart",
    themes: ["network", "digitalocean"],
    title: "IP ranges do not overlap",
    clause: { reference: "PO-02", url: `${DOCS}/networking/vpc/how-to/create/` },
    severity: "high",
    prevents: "Pods, services and machines share addresses, and some of them cannot be reached.",
    description: "The ranges of the stack's networks, pods and services do not overlap.",
    remediation:
      "Set ipRange, clusterSubnet and serviceSubnet to ranges that do not overlap; changing them replaces the resource.",
    check: { kind: "stack", run: apart },
  },
];

/** Port ranges in rules of security groups and network ACLs. */
import type { Value } from "../values";

const ALL = 65_535;

/** The values that set a rule's ports. */
export const portsOf = (rule: Value): readonly Value[] =>
  ["protocol", "ipProtocol", "fromPort", "toPort"].map((key) => rule.get(key));

/**
 * Whether a rule opens only allowed ports. All protocols (`-1`), and TCP or UDP without ports, open
 * all of them; ICMP opens none.
 */
export function opensOnly(rule: Value, isAllowed: (port: number) => boolean): boolean {
  const protocol = rule.get("protocol").string ?? rule.get("ipProtocol").string ?? "";
  if (/^(icmp|icmpv6|1|58)$/.test(protocol)) return true;
  const isAny = protocol === "-1" || protocol === "all";
  const from = isAny ? 0 : (rule.get("fromPort").number ?? 0);
  const to = isAny ? ALL : (rule.get("toPort").number ?? ALL);
  return range(from, to).every(isAllowed);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

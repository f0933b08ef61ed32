/** Forms of texts and numbers that occur in many kinds. */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { Value } from "../../../values";
import { isKey, isLabel } from "../../labels";
import { between, text, type Form } from "./kit";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LOWER = "lower-case letters, digits and hyphens";

export const isDnsLabel = (name: string): boolean => name.length <= 63 && LABEL.test(name);
export const isSubdomain = (name: string): boolean => name.length <= 253 && SUBDOMAIN.test(name);

export const dnsLabel = text(
  isDnsLabel,
  `it must have at most 63 ${LOWER}, none of them at an end`.replace(
    "none of them",
    "and no hyphen",
  ),
);
export const subdomain = text(
  isSubdomain,
  `it must have at most 253 ${LOWER}, with dots between them`,
);
/** Names of Services, and of what becomes a host name. */
export const dns1035 = text(
  (name) => name.length <= 63 && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name),
  `it must have at most 63 ${LOWER}, a letter first`,
);
export const wildcardOrSubdomain = text(
  (name) => name.length <= 253 && SUBDOMAIN.test(name.replace(/^\*\./, "")),
  "it must be a domain name, or *. and a domain name",
);
/** Role names and others that are a segment of a path. */
export const pathSegment = text(
  (name) => !/^\.{1,2}$|[/%]/.test(name),
  "it must not be . or .., and must not have / or %",
);

export const port = between(1, 65535);
/** 0 leaves it to the API server. */
export const portOrNone = between(0, 65535);
export const isPortName = (name: string): boolean =>
  name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name);
export const portName = text(
  isPortName,
  "a port's name has at most 15 lower-case letters, digits and single hyphens between them, and at least one letter",
);
export const portOrName: Form = (value) => port(value) ?? portName(value);
export const portNameOrNone: Form = (value) => portOrNone(value) ?? portName(value);

export const labelKey = text(
  isKey,
  "a key is a name of at most 63 characters, or a domain, a slash and a name",
);
export const labelValue = text(
  isLabel,
  "a label has at most 63 letters, digits, hyphens, dots or underscores, the first and last a letter or digit",
);
/** Names of extended resources and others with an optional domain. */
export const qualified = labelKey;

export const envName = text(
  (name) => /^[\x20-\x7e]+$/.test(name) && !name.includes("="),
  "it must have printable ASCII characters only, without =",
);
export const isDataKey = (key: string): boolean =>
  key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key) && key !== "." && !key.startsWith("..");
export const DATA_KEY =
  "a key has at most 253 letters, digits, hyphens, dots and underscores, is no single dot, and does not begin with two";
export const dataKey = text(isDataKey, DATA_KEY);
export const cIdentifier = text(
  (name) => /^[A-Za-z_]\w*$/.test(name),
  "it must have letters, digits and underscores, no digit first",
);

/** No leading zeros, and no IPv4 address written as IPv6, which is what the API server accepts. */
export const isAddress = (address: string): boolean =>
  isIP(address) !== 0 && !/^::ffff:.*\./i.test(address) && !address.includes("%");
export const address = text(isAddress, "it must be an IP address, such as 10.1.2.3 or fd00::1");
export function isCidr(range: string): boolean {
  const [ip = "", length = "", more] = range.split("/");
  if (more !== undefined || !/^(0|[1-9]\d*)$/.test(length) || !isAddress(ip)) return false;
  return ipaddr.isValidCIDR(range);
}
/** No bits of the address may be set beyond the length. */
export const cidr: Form = ({ string }) => {
  if (string === undefined) return undefined;
  if (!isCidr(string)) return "it must be a range of addresses, such as 10.0.0.0/8";
  const [ip = "", length = ""] = string.split("/");
  const kind = ipaddr.parse(ip).kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  const start = kind.networkAddressFromCIDR(string);
  return start.toNormalizedString() === ipaddr.parse(ip).toNormalizedString()
    ? undefined
    : `it must begin at its first address: write "${start.toString()}/${length}"`;
};

/** `Allow` and the like: CamelCase, of conditions and reasons. */
export const percentOrCount: Form = ({ string, number }) => {
  if (number !== undefined) return number < 0 ? "it must be 0 or more" : undefined;
  return string === undefined || /^\d+%$/.test(string)
    ? undefined
    : 'it must be a whole number, or a percentage such as "25%"';
};

export const relativePath = text(
  (path) => !path.startsWith("/") && !path.split("/").includes(".."),
  "it must be a relative path without ..",
);
export const withoutDots = text(
  (path) => !path.split("/").includes(".."),
  "it must not have .. in it",
);
export const absolutePath = text((path) => path.startsWith("/"), "it must begin with /");

/** `quantity` as a number; undefined if it is none. */
export function amount({ string, number }: Value): number | undefined {
  return number ?? amountOfText(string ?? "");
}

export function amountOfText(written: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([a-zA-Z]*))$/.exec(written.trim());
  if (match === null) return undefined;
  const [, digits = "", exponent = "", unit = ""] = match;
  const factor = UNITS.get(unit);
  return factor === undefined ? undefined : Number(digits + exponent) * factor;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ...["n", "u", "m"].map((unit, index) => [unit, 1000 ** (index - 3)] as const),
  ...["k", "M", "G", "T", "P", "E"].map((unit, index) => [unit, 1000 ** (index + 1)] as const),
  ...["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map(
    (unit, index) => [unit, 1024 ** (index + 1)] as const,
  ),
]);

export const notNegative: Form = (value) =>
  (amount(value) ?? 0) < 0 ? "it must be 0 or more" : undefined;
export const positive: Form = (value) =>
  (amount(value) ?? 1) <= 0 ? "it must be more than 0" : undefined;

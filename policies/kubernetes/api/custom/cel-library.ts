/** The functions that Kubernetes adds to the Common Expression Language, beyond those that the library has. */
import type { Environment } from "@marcbachmann/cel-js";
import ipaddr from "ipaddr.js";
import { expressionOf } from "./patterns";
import { amountOfText, isAddress, isCidr } from "../rules/forms";

/** CEL has integers of 64 bits, and other numbers. */
type Scalar = bigint | number | string | boolean;

class Quantity {
  constructor(readonly amount: number) {}
}
class Url {
  constructor(readonly url: URL) {}
}
class Ip {
  constructor(readonly text: string) {}
}
class Cidr {
  constructor(readonly text: string) {}
}

function quantity(text: string): Quantity {
  const amount = amountOfText(text);
  if (amount === undefined) throw new Error(`${JSON.stringify(text)} is no quantity`);
  return new Quantity(amount);
}

/** Absolute, or only a path. */
function url(text: string): Url {
  const absolute = text.startsWith("/") ? `none:${text}` : text;
  if (!URL.canParse(absolute)) throw new Error(`${JSON.stringify(text)} is no URL`);
  return new Url(new URL(absolute));
}

const holds = (run: () => unknown): boolean => {
  try {
    run();
    return true;
  } catch {
    return false;
  }
};

const family = (text: string): bigint => (text.includes(":") ? 6n : 4n);

function contains(cidr: Cidr, address: string): boolean {
  const [network, length] = ipaddr.parseCIDR(cidr.text);
  const own = ipaddr.parse(address);
  return own.kind() === network.kind() && own.match(network, length);
}

const compared = (a: Scalar, b: Scalar): number => (a < b ? -1 : a > b ? 1 : 0);

function quantities(environment: Environment): void {
  environment
    .registerType("Quantity", Quantity)
    .registerFunction("quantity(string): Quantity", quantity)
    .registerFunction("isQuantity(string): bool", (text: string) => holds(() => quantity(text)))
    .registerFunction("Quantity.sign(): int", ({ amount }: Quantity) => BigInt(Math.sign(amount)))
    .registerFunction("Quantity.isInteger(): bool", ({ amount }: Quantity) =>
      Number.isInteger(amount),
    )
    .registerFunction("Quantity.asInteger(): int", ({ amount }: Quantity) => BigInt(amount))
    .registerFunction("Quantity.asApproximateFloat(): double", ({ amount }: Quantity) => amount)
    .registerFunction("Quantity.compareTo(Quantity): int", (a: Quantity, b: Quantity) =>
      BigInt(Math.sign(a.amount - b.amount)),
    )
    .registerFunction(
      "Quantity.isLessThan(Quantity): bool",
      (a: Quantity, b: Quantity) => a.amount < b.amount,
    )
    .registerFunction(
      "Quantity.isGreaterThan(Quantity): bool",
      (a: Quantity, b: Quantity) => a.amount > b.amount,
    )
    .registerFunction(
      "Quantity.add(Quantity): Quantity",
      (a: Quantity, b: Quantity) => new Quantity(a.amount + b.amount),
    )
    .registerFunction(
      "Quantity.sub(Quantity): Quantity",
      (a: Quantity, b: Quantity) => new Quantity(a.amount - b.amount),
    );
}

function addresses(environment: Environment): void {
  environment
    .registerType("URL", Url)
    .registerFunction("url(string): URL", url)
    .registerFunction("isURL(string): bool", (text: string) => holds(() => url(text)))
    .registerFunction("URL.getScheme(): string", ({ url: own }: Url) =>
      own.protocol === "none:" ? "" : own.protocol.slice(0, -1),
    )
    .registerFunction("URL.getHost(): string", ({ url: own }: Url) => own.host)
    .registerFunction("URL.getHostname(): string", ({ url: own }: Url) =>
      own.hostname.replace(/^\[|\]$/g, ""),
    )
    .registerFunction("URL.getPort(): string", ({ url: own }: Url) => own.port)
    .registerFunction("URL.getEscapedPath(): string", ({ url: own }: Url) => own.pathname)
    .registerType("IP", Ip)
    .registerType("CIDR", Cidr)
    .registerFunction("isIP(string): bool", isAddress)
    .registerFunction("isCIDR(string): bool", isCidr)
    .registerFunction("ip(string): IP", (text: string) => new Ip(ipaddr.parse(text).toString()))
    .registerFunction("cidr(string): CIDR", (text: string) => new Cidr(text))
    .registerFunction("IP.family(): int", ({ text }: Ip) => family(text))
    .registerFunction("CIDR.prefixLength(): int", ({ text }: Cidr) =>
      BigInt(text.split("/")[1] ?? 0),
    )
    .registerFunction("CIDR.ip(): IP", ({ text }: Cidr) => new Ip(text.split("/")[0] ?? ""))
    .registerFunction("CIDR.containsIP(string): bool", contains)
    .registerFunction("CIDR.containsIP(IP): bool", (cidr: Cidr, { text }: Ip) =>
      contains(cidr, text),
    );
}

function lists(environment: Environment): void {
  const sum = (all: readonly Scalar[]): Scalar =>
    typeof all[0] === "number"
      ? all.reduce<number>((total, one) => total + Number(one), 0)
      : all.reduce<bigint>((total, one) => total + BigInt(one), 0n);
  const extreme = (all: readonly Scalar[], sign: number): Scalar => {
    const [first, ...rest] = all;
    if (first === undefined) throw new Error("the list is empty");
    return rest.reduce((best, one) => (compared(one, best) === sign ? one : best), first);
  };
  environment
    .registerFunction("list.isSorted(): bool", (all: readonly Scalar[]) =>
      all.every((one, index) => index === 0 || compared(all[index - 1] ?? one, one) <= 0),
    )
    .registerFunction("list.sum(): dyn", sum)
    .registerFunction("list.min(): dyn", (all: readonly Scalar[]) => extreme(all, -1))
    .registerFunction("list.max(): dyn", (all: readonly Scalar[]) => extreme(all, 1))
    .registerFunction("list.indexOf(dyn): int", (all: readonly Scalar[], one: Scalar) =>
      BigInt(all.indexOf(one)),
    )
    .registerFunction("list.lastIndexOf(dyn): int", (all: readonly Scalar[], one: Scalar) =>
      BigInt(all.lastIndexOf(one)),
    );
}

function texts(environment: Environment): void {
  environment
    .registerFunction("string.matchesInGo(string): bool", (text: string, pattern: string) =>
      expressionOf(pattern).test(text),
    )
    .registerFunction(
      "string.find(string): string",
      (text: string, pattern: string) => expressionOf(pattern).exec(text)?.[0] ?? "",
    )
    .registerFunction("string.findAll(string): list<string>", (text: string, pattern: string) =>
      [...text.matchAll(new RegExp(expressionOf(pattern), `g${expressionOf(pattern).flags}`))].map(
        ([found]) => found,
      ),
    )
    .registerFunction(
      "string.replace(string, string): string",
      (text: string, from: string, to: string) => text.replaceAll(from, () => to),
    )
    .registerFunction(
      "string.charAt(int): string",
      (text: string, at: bigint) => text.at(Number(at)) ?? "",
    );
}

export function addKubernetesFunctions(environment: Environment): Environment {
  for (const add of [quantities, addresses, lists, texts]) add(environment);
  return environment;
}

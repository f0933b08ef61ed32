/**
 * Access to internals of `@pulumi/policy`: the requests it serves, and what it knows about the
 * values that it passes to a check.
 *
 * A check receives a proxy that throws on every unknown, and secrets arrive as plain values, so a
 * check can tell neither whether a value is unknown nor whether it is marked secret. Both are on
 * the wire. This file is the only one that knows the library's internal modules (1.21.0, pinned):
 * it reads the object behind the proxy and the sentinels for unknowns, and remembers for every
 * decoded object the message it was decoded from. As a result a resource is decoded once for the
 * whole pack, not once for every policy.
 */
import { createRequire } from "node:module";
import type { MethodDefinition } from "@grpc/grpc-js";
import type * as Service from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzeRequest, AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { Value } from "./values";

interface Struct {
  readonly toJavaScript: () => Record<string, unknown>;
}

interface Decoder {
  deserializeProperties: (message: Struct, keepSecrets: boolean) => Record<string, unknown>;
}

const load = createRequire(__filename);

/** The key and value that mark a secret in a property map: Pulumi's wire format, never to change. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** The proxy's key for its target object. */
const BEHIND = "__getSpecialProxyTarget";

const sentinels: ReadonlySet<unknown> = new Set(
  Object.entries(load("@pulumi/policy/proxy") as Record<string, unknown>)
    .filter(([name]) => /^unknown[A-Z][a-z]+Value$/.test(name))
    .map(([, value]) => value),
);

const messages = new WeakMap<object, Struct>();

function rememberMessages(decoder: Decoder): void {
  const decode = decoder.deserializeProperties;
  const decoded = new WeakMap<Struct, Record<string, unknown>>();
  decoder.deserializeProperties = (message, keepSecrets) => {
    if (keepSecrets) return decode(message, keepSecrets);
    const known = decoded.get(message);
    if (known !== undefined) return known;
    const properties = decode(message, keepSecrets);
    decoded.set(message, properties);
    messages.set(properties, message);
    return properties;
  };
}

rememberMessages(load("@pulumi/policy/deserialize") as Decoder);

interface Observer {
  /** A resource is about to be evaluated. */
  readonly note: (request: AnalyzeRequest) => void;
  /** A stack is about to be evaluated. */
  readonly complete: (request: AnalyzeStackRequest) => void;
}

/**
 * Calls the observer for every analysis, before the library sees it and whichever policies are
 * enabled. Applies to packs created afterwards.
 */
export function observeAnalyses(observer: Observer): void {
  // The library's own copy of the service, wherever it is installed.
  const own = createRequire(load.resolve("@pulumi/policy"));
  const { AnalyzerService } = own("@pulumi/pulumi/proto/analyzer_grpc_pb") as typeof Service;
  observe(AnalyzerService.analyze, (request) => {
    observer.note(request);
    announce(request);
  });
  observe(AnalyzerService.analyzeStack, (request) => {
    observer.complete(request);
    gatherOnce(request);
  });
}

function observe<Request>(
  method: Pick<MethodDefinition<Request, unknown>, "requestDeserialize">,
  see: (request: Request) => void,
): void {
  const read = method.requestDeserialize;
  method.requestDeserialize = (bytes) => {
    const request = read(bytes);
    see(request);
    return request;
  };
}

/**
 * The type of the resource whose evaluation begins: the library asks the request for it and then goes through the
 * policies, without anything in between.
 */
let asked: string | undefined;

/** The next list of `listByType` that somebody goes through after asking for the type is for that type. */
export function announce(request: Pick<AnalyzeRequest, "getType">): void {
  const type = request.getType();
  request.getType = (): string => {
    asked = type;
    return type;
  };
}

/**
 * A list that the library goes through for each resource, with other elements for each type. To find out by a call
 * that a policy does not apply takes the library ten times as long, and most do not apply to most resources.
 */
export function listByType<Element>(
  elements: readonly Element[],
  ofType: (element: Element, type: string) => Element,
): Element[] {
  const all = [...elements];
  const byType = new Map<string, readonly Element[]>();
  const those = (type: string): readonly Element[] => {
    const known = byType.get(type) ?? elements.map((element) => ofType(element, type));
    byType.set(type, known);
    return known;
  };
  return Object.defineProperty(all, Symbol.iterator, {
    value: () => {
      const type = asked;
      asked = undefined;
      return (type === undefined ? elements : those(type)).values();
    },
  });
}

/**
 * The library gathers all resources of a stack anew for each policy. The pack keeps those of the first (`stackOf` of
 * registry.ts), so that the others get no more than the one by which it knows them again.
 */
export function gatherOnce(request: Pick<AnalyzeStackRequest, "getResourcesList">): void {
  const all = request.getResourcesList();
  let next = all;
  const gathered = Object.defineProperty([...all], Symbol.iterator, {
    value: () => {
      const now = next;
      next = all.slice(0, 1);
      return now.values();
    },
  });
  request.getResourcesList = () => gathered;
}

/** Whether a raw value is a sentinel for an unknown. */
export function isUnknown(raw: unknown): boolean {
  return typeof raw === "string" && sentinels.has(raw);
}

/** The object behind the library's proxy; any other object is returned unchanged. */
export function behind(properties: object): object {
  const target: unknown = Reflect.get(properties, BEHIND);
  return typeof target === "object" && target !== null ? target : properties;
}

/**
 * A copy of the properties passed to a remediation, without the library's proxies, which break the
 * list methods that create a new list (1.21.0).
 */
export function copied(properties: object): object {
  const source = behind(properties) as Record<string, unknown>;
  const copy = (value: unknown): unknown =>
    typeof value === "object" && value !== null ? copied(value) : value;
  return Array.isArray(source)
    ? Array.from({ length: source.length }, (_, index) => copy(source[index]))
    : Object.fromEntries(Object.keys(source).map((key) => [key, copy(source[key])]));
}

/** The resource's message, cached for consecutive questions about its secrets. */
let latest: { readonly origin: object; readonly wire: unknown } | undefined;

function wireOf(origin: object): unknown {
  if (latest?.origin !== origin) latest = { origin, wire: messages.get(origin)?.toJavaScript() };
  return latest.wire;
}

/**
 * Whether the program marked the value under `keys`, or something around it, as secret.
 * @param origin an object from `behind`
 */
export function isSecret(origin: object, keys: readonly (string | number)[]): boolean {
  let node: unknown = wireOf(origin);
  for (const key of keys) {
    if (marked(node)) return true;
    node = child(node, key);
  }
  return marked(node);
}

/** Whether the value under `keys` is secret or contains a secret. */
export function holdsSecret(origin: object, keys: readonly (string | number)[]): boolean {
  if (isSecret(origin, keys)) return true;
  const node = keys.reduce<unknown>(child, wireOf(origin));
  return anyMarked(node);
}

/** The properties of one resource, as the library passes them. */
export function valueOf(properties: object): Value {
  return Value.marked(behind(properties), { isUnknown, isSecret, holdsSecret });
}

function anyMarked(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return marked(node) || Object.values(node).some(anyMarked);
}

function child(node: unknown, key: string | number): unknown {
  if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
  return Reflect.get(node, key);
}

function marked(node: unknown): boolean {
  return child(node, SIGNATURE) === SECRET;
}

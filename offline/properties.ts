/**
 * The forms of the same properties for different readers: the program, policies, transforms and the plan
 * (pulumi/pulumi, `sdk/go/common/resource/plugin/rpc.go`).
 */
import { createHash } from "node:crypto";
import { SECRET, UNKNOWN, type PlanObject, type PlanValue } from "./plan";
import {
  ARCHIVE,
  ASSET,
  OUTPUT,
  RESOURCE,
  SECRET_VALUE,
  SIGNATURE,
  UNKNOWN_VALUE,
  isList,
  isObject,
  isUnknown,
  mapObject,
  signatureOf,
  type Wire,
  type WireObject,
} from "./wire";

const isFile = (signature: string | undefined): boolean =>
  signature === ASSET || signature === ARCHIVE;

export const secretOf = (value: Wire): WireObject => ({ [SIGNATURE]: SECRET_VALUE, value });

/** Replaces outputs by their value, an unknown or a secret. The engine stores and returns this form. */
export function engineView(value: Wire): Wire {
  // Text that a program made of encrypted configuration, for example a URL with a password.
  if (typeof value === "string") return value.includes(UNKNOWN_VALUE) ? UNKNOWN_VALUE : value;
  if (isList(value)) return value.map(engineView);
  if (!isObject(value)) return value;
  const signature = signatureOf(value);
  if (isFile(signature)) return value;
  if (signature === OUTPUT) {
    const inner = "value" in value ? engineView(value["value"] ?? null) : UNKNOWN_VALUE;
    return value["secret"] === true ? secretOf(inner) : inner;
  }
  if (signature === RESOURCE && "id" in value) {
    // The receiver reads an empty identifier as an unknown one.
    const id = engineView(value["id"] ?? null);
    return { ...value, id: isUnknown(id) ? "" : id };
  }
  return mapObject(value, engineView);
}

/** A policy sees an id (or URN) instead of a resource, and no internal properties. */
export function policyView(value: Wire): Wire {
  if (isList(value)) return value.map(policyView);
  if (!isObject(value)) return value;
  const signature = signatureOf(value);
  if (isFile(signature)) return value;
  if (signature === OUTPUT) return policyView(engineView(value));
  if (signature === RESOURCE) {
    const id = value["id"];
    if (id === undefined) return value["urn"] ?? null;
    return id === "" || isUnknown(id) ? UNKNOWN_VALUE : id;
  }
  return mapObject(value, policyView);
}

/** A transform receives secrets and unknowns as outputs, so that it can pass them through. */
export function transformView(value: Wire): Wire {
  if (isUnknown(value)) return { [SIGNATURE]: OUTPUT };
  if (isList(value)) return value.map(transformView);
  if (!isObject(value)) return value;
  const signature = signatureOf(value);
  if (isFile(signature) || signature === RESOURCE) return value;
  if (signature === SECRET_VALUE) {
    const inner = transformView(value["value"] ?? null);
    return isObject(inner) && signatureOf(inner) === OUTPUT
      ? { ...inner, secret: true }
      : { [SIGNATURE]: OUTPUT, secret: true, value: inner };
  }
  return mapObject(value, transformView);
}

/** Writes the dependencies of a whole property into it, as an output. */
export function withDependencies(value: Wire, dependencies: readonly string[]): Wire {
  const present = outputDependencies(value);
  if (dependencies.every((urn) => present.has(urn))) return value;
  const all = [...new Set([...present, ...dependencies])];
  return isObject(value) && signatureOf(value) === OUTPUT
    ? { ...value, dependencies: all }
    : { [SIGNATURE]: OUTPUT, value, dependencies: all };
}

/** URNs that the outputs inside a value depend on. */
export function outputDependencies(value: Wire, into = new Set<string>()): Set<string> {
  if (isList(value)) value.forEach((element) => outputDependencies(element, into));
  else if (isObject(value)) {
    const own = signatureOf(value) === OUTPUT ? value["dependencies"] : undefined;
    if (own !== undefined && isList(own)) {
      for (const urn of own) if (typeof urn === "string") into.add(urn);
    }
    for (const key of Object.keys(value)) outputDependencies(value[key] ?? null, into);
  }
  return into;
}

export function containsUnknown(value: Wire): boolean {
  if (isUnknown(value)) return true;
  if (isList(value)) return value.some(containsUnknown);
  if (!isObject(value)) return false;
  if (signatureOf(value) === OUTPUT && !("value" in value)) return true;
  return Object.keys(value).some((key) => containsUnknown(value[key] ?? null));
}

/** The values of the secrets inside a value, for redacting text. */
export function secretTexts(value: Wire, inside = false, into: string[] = []): string[] {
  if (typeof value === "string") {
    if (inside && !isUnknown(value)) into.push(value);
  } else if (isList(value)) value.forEach((element) => secretTexts(element, inside, into));
  else if (isObject(value)) {
    const secret = signatureOf(value) === SECRET_VALUE;
    for (const key of Object.keys(value)) {
      if (key !== SIGNATURE) secretTexts(value[key] ?? null, inside || secret, into);
    }
  }
  return into;
}

/** Paths of the files and folders that assets and archives inside a value are read from. */
export function assetPaths(value: Wire, into: string[] = []): string[] {
  if (isList(value)) value.forEach((element) => assetPaths(element, into));
  else if (isObject(value)) {
    const path = isFile(signatureOf(value)) ? value["path"] : undefined;
    if (typeof path === "string") into.push(path);
    for (const key of Object.keys(value)) assetPaths(value[key] ?? null, into);
  }
  return into;
}

/** Top-level properties that start with `__` are internal to the program's libraries and the engine. */
export function withoutInternal(object: WireObject): WireObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !key.startsWith("__")));
}

/** The plan's encoding. `redact` is applied to every text that is not itself a secret. */
export function planView(value: Wire, redact: (text: string) => string): PlanValue {
  if (isUnknown(value)) return UNKNOWN;
  if (typeof value === "string") return redact(value);
  if (isList(value)) return value.map((element) => planView(element, redact));
  if (!isObject(value)) return value;
  switch (signatureOf(value)) {
    case SECRET_VALUE:
      return SECRET;
    case OUTPUT:
      return planView(engineView(value), redact);
    case RESOURCE:
      return { $resource: value["urn"] as string };
    case ASSET:
      return { $asset: fileView(value, redact) };
    case ARCHIVE: {
      const assets = value["assets"];
      return { $archive: isObject(assets) ? planObject(assets, redact) : fileView(value, redact) };
    }
    default:
      return planObject(value, redact);
  }
}

export function planObject(object: WireObject, redact: (text: string) => string): PlanObject {
  return mapObject(object, (value) => planView(value, redact));
}

function fileView(file: WireObject, redact: (text: string) => string): PlanValue {
  const where = file["path"] ?? file["uri"];
  if (typeof where === "string") return redact(where);
  const text = file["text"];
  if (typeof text !== "string") return UNKNOWN;
  return createHash("sha256").update(text).digest("hex");
}

/** Kubernetes objects of a plan: which resources are objects, and which of their values can be shown. */
import type { PlannedResource, PlanObject, PlanValue } from "../offline/plan";
import { fileNamePart } from "./escape";
import { at, firstOpen, isObject, keysAt, markOf, stringAt } from "./values";

const REDACTED = "<redacted>";
/** Replaces an annotation that only an `up` can compute, such as the checksum of a generated secret. */
export const KNOWN_AFTER_UP = "<known after up>";

/** The paths of annotations of an object and its pods. */
const ANNOTATIONS = [
  ["metadata"],
  ["spec", "template", "metadata"],
  ["spec", "jobTemplate", "metadata"],
  ["spec", "jobTemplate", "spec", "template", "metadata"],
] as const;

/** A file of a report, relative to the folder of its kind. */
export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

/** A resource that could not become a file. */
export interface Skipped {
  readonly urn: string;
  readonly reason: string;
}

/**
 * Whether the resource is a single Kubernetes object, not a release, a multi-object manifest or a
 * component.
 */
export const isKubernetesObject = ({ custom, type }: PlannedResource): boolean =>
  custom && /^kubernetes:(?!helm\.sh\/|yaml|kustomize)[^:]+:[A-Z][A-Za-z0-9]*$/.test(type);

export const isKind = (resource: PlannedResource, group: string, kind: string): boolean =>
  isKubernetesObject(resource) &&
  resource.type.startsWith(`kubernetes:${group}/`) &&
  resource.type.endsWith(`:${kind}`);

/** Replaces every secret with a placeholder. Keys stay, so that a reader sees what exists. */
function redact(value: PlanValue): PlanValue {
  if (markOf(value) === "secret") return REDACTED;
  if (Array.isArray(value)) return (value as readonly PlanValue[]).map(redact);
  if (!isObject(value) || markOf(value) !== undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item)]));
}

/** A placeholder that the API server accepts where it requires JSON. */
const REDACTED_JSON = `{"${REDACTED}":true}`;

/** Keys that the API server requires for a type of Secret (`ValidateSecret` of Kubernetes). */
const REQUIRED_KEYS: Readonly<Record<string, PlanObject>> = {
  "kubernetes.io/basic-auth": { username: REDACTED, password: REDACTED },
  "kubernetes.io/dockercfg": { ".dockercfg": REDACTED_JSON },
  "kubernetes.io/dockerconfigjson": { ".dockerconfigjson": REDACTED_JSON },
  "kubernetes.io/ssh-auth": { "ssh-privatekey": REDACTED },
  "kubernetes.io/tls": { "tls.crt": REDACTED, "tls.key": REDACTED },
};

export const isSecret = ({ type }: PlannedResource): boolean =>
  type === "kubernetes:core/v1:Secret";

/** Placeholders for the keys that the type of a Secret requires. */
export const requiredKeys = (secret: PlanObject): PlanObject =>
  REQUIRED_KEYS[stringAt(secret, "type") ?? ""] ?? {};

/**
 * The Secret's body with a placeholder for each value, whether it is secret, unknown or (by mistake) plain. All
 * of them are in `stringData`, because `data` would require Base64.
 */
function redactSecret({ data, stringData, ...rest }: PlanObject): PlanObject {
  const keys = [...keysAt(stringData), ...keysAt(data)];
  return {
    ...rest,
    stringData: {
      ...Object.fromEntries(keys.map((key) => [key, REDACTED])),
      ...requiredKeys(rest),
    },
  };
}

/**
 * The object as it would be sent to an API server, without secrets: kind first, and if the provider would
 * generate a name, `generateName` with the prefix that it would use.
 */
export function objectOf(resource: PlannedResource): PlanObject {
  const { apiVersion, kind, metadata, ...rest } = resource.inputs;
  const given = isObject(metadata) && markOf(metadata) === undefined ? metadata : {};
  const named =
    given["name"] === undefined && given["generateName"] === undefined
      ? { generateName: `${resource.name}-`, ...given }
      : given;
  const body = isSecret(resource) ? redactSecret(rest) : rest;
  return {
    apiVersion: apiVersion ?? apiVersionOf(resource),
    kind: kind ?? resource.type.split(":").at(-1) ?? "",
    metadata: markOf(metadata) === "unknown" ? (metadata ?? {}) : redact(named),
    ...Object.fromEntries(Object.entries(body).map(([key, value]) => [key, redact(value)])),
  };
}

/** `v1` for `kubernetes:core/v1:Secret`, `apps/v1` for `kubernetes:apps/v1:Deployment`. */
const apiVersionOf = ({ type }: PlannedResource): string =>
  (type.split(":")[1] ?? "").replace(/^core\//, "");

/** The object with a different value at a path of keys, which must exist. */
function replaced(object: PlanValue, path: readonly string[], value: PlanValue): PlanValue {
  const [key, ...rest] = path;
  if (key === undefined || !isObject(object)) return value;
  return { ...object, [key]: replaced(object[key] ?? {}, rest, value) };
}

/**
 * The object with a placeholder for every unknown annotation. Annotations do not change what the object is, so
 * it can still be read and checked. Also returns the number of placeholders.
 */
export function fillAnnotations(object: PlanValue): {
  readonly object: PlanValue;
  readonly filled: number;
} {
  let result = object;
  let filled = 0;
  for (const path of ANNOTATIONS) {
    for (const key of keysAt(object, ...path, "annotations")) {
      const place = [...path, "annotations", key];
      if (markOf(at(object, ...place)) !== "unknown") continue;
      result = replaced(result, place, KNOWN_AFTER_UP);
      filled += 1;
    }
  }
  return { object: result, filled };
}

/** Why an object cannot be written out, or `undefined` if it can. */
export function openReason(value: PlanValue): string | undefined {
  const open = firstOpen(value);
  if (open === undefined) return undefined;
  return open.mark === "unknown"
    ? `${open.path} is unknown until the cloud has created the resource it comes from`
    : `${open.path} is a Pulumi ${open.mark}, which Kubernetes cannot represent`;
}

/** `deployment-todo-chatbot-backend`: kind, namespace and name, each made safe for a file name. */
export function objectFileName(object: PlanValue): string {
  return [
    stringAt(object, "kind") ?? "object",
    stringAt(object, "metadata", "namespace"),
    stringAt(object, "metadata", "name") ??
      stringAt(object, "metadata", "generateName") ??
      "unnamed",
  ]
    .filter((part) => part !== undefined)
    .map(fileNamePart)
    .join("-");
}

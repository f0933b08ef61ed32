/** Which objects of a plan something refers to: by which name, as which kind, and by which selector. */
import type { PlannedResource } from "../../offline/plan";
import { typeKey } from "../../policies/policy";
import type { Key } from "../../policies/values";
import { shapeOf } from "./plans";
import { isObject, leavesOf, valueAt } from "./plans-names";

/** Path of a value that names an object → the type keys that it may be of. The first that the path has. */
const KINDS: readonly (readonly [path: RegExp, type: RegExp])[] = [
  [/([sS]erviceAccountName|serviceAccount\.name|serviceAccountRef\.name)$/, /:ServiceAccount$/],
  [
    /(ecretName|existingSecret|[sS]ecret(s|Ref|KeyRef)?\.name|(apiURL|routingKey|credentials|authPassword|imagePullSecrets|secretTargetRef|certificateRefs)\.name)$/,
    /:Secret$/,
  ],
  [/onfigMap(Ref|KeyRef)?\.name$/, /:ConfigMap$/],
  [/claimName$/, /:PersistentVolumeClaim$/],
  [/serviceName$|backendRefs?\.name$/, /:core:Service$/],
  [/parentRefs\.name$/, /:Gateway$/],
  [/authenticationRef\.name$/, /:TriggerAuthentication$/],
  [/scaleTargetRef\.name$/, /:apps:/],
  [/[a-z]ClassName$/, /Class$/],
  [/cluster\.name$/, /:postgresql\.cnpg\.io:Cluster$/],
  [/dapr\.io\/config$/, /:dapr\.io:Configuration$/],
  [/pubsubname$/, /:dapr\.io:Component$/],
  [/strimzi\.io\/cluster$/, /:Kafka$/],
  [/barmanObjectName$/, /:ObjectStore$/],
  [/(^|\.)(namespace|matchNames|kubernetes\.io\/metadata\.name)$/, /:Namespace$/],
];

/** A Service of the plan, or the one that a Pooler has. */
const SERVED = /:(core:Service|Pooler)$/;

/** A host of a Service: qualified, with a port, or after a scheme. */
const HOST =
  /(?<![\w.-])(?:(?<=:\/\/(?:[^@/\s]*@)?)([a-z][a-z0-9-]*)(?=[/\s"']|$)|([a-z][a-z0-9-]*)(?:\.[a-z0-9-]+\.svc\b|:\d{2,5}\b))/g;
const NO_HOST = /(^|\.)image$|description|summary|runbook|^metadata\./;

/** The kinds that a value may name; the field `kind` beside it says more than its path. */
function kindsAt(inputs: unknown, path: readonly Key[]): RegExp | undefined {
  const kind = valueAt(inputs, [...path.slice(0, -1), "kind"]);
  if (path.at(-1) === "name" && path.length > 1 && typeof kind === "string")
    return new RegExp(`:${kind}$`);
  const shape = shapeOf(path);
  return KINDS.find(([pattern]) => pattern.test(shape))?.[1];
}

interface Use {
  readonly urn: string;
  readonly type: RegExp;
}

/** Whether something else refers to an object of a type by its name. */
export function usesOf(
  resources: readonly PlannedResource[],
): (name: string, type: string, besides: string) => boolean {
  const uses = new Map<string, Use[]>();
  const note = (name: string, use: Use): void => {
    uses.set(name, [...(uses.get(name) ?? []), use]);
  };
  for (const { urn, type: owner, inputs } of resources) {
    // The inputs of a component are those of its parts, once more.
    if (owner.startsWith("runstack:")) continue;
    for (const { path, value } of leavesOf(inputs)) {
      if (typeof value !== "string") continue;
      const type = kindsAt(inputs, path);
      if (type !== undefined) note(value, { urn, type });
      if (NO_HOST.test(shapeOf(path))) continue;
      for (const [, bare, named] of value.matchAll(HOST))
        note(bare ?? named ?? "", { urn, type: SERVED });
    }
  }
  return (name, type, besides) =>
    (uses.get(name) ?? []).some((use) => use.urn !== besides && use.type.test(type));
}

interface Selector {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly expressions: readonly unknown[];
}

function selectorsIn(raw: unknown): readonly Selector[] {
  if (!isObject(raw)) return [];
  const inner = Object.values(raw).flatMap(selectorsIn);
  const [labels, expressions] = [raw["matchLabels"], raw["matchExpressions"]];
  if (!isObject(labels)) return inner;
  const list: readonly unknown[] = Array.isArray(expressions) ? expressions : [];
  return [{ labels, expressions: list }, ...inner];
}

const holds = (expression: unknown, labels: Readonly<Record<string, unknown>>): boolean => {
  const value = labels[String(valueAt(expression, ["key"]))];
  const values = valueAt(expression, ["values"]);
  const isAmong = Array.isArray(values) && values.includes(value);
  switch (valueAt(expression, ["operator"])) {
    case "In":
      return isAmong;
    case "NotIn":
      return !isAmong;
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
};

/**
 * The pairs of selectors whose expressions leave the labels out: what has these labels is not selected by the pairs alone.
 */
export function leftOut(
  resources: readonly PlannedResource[],
): (labels: Readonly<Record<string, unknown>>, pairs: readonly string[]) => boolean {
  const all = resources
    .filter(({ type }) => typeKey(type).startsWith("kubernetes:"))
    .flatMap(({ inputs }) => selectorsIn(inputs));
  const byPairs = new Map<string, Selector[]>();
  for (const selector of all) {
    const key = keyOf(
      Object.entries(selector.labels).map(([label, value]) => `${label}=${String(value)}`),
    );
    byPairs.set(key, [...(byPairs.get(key) ?? []), selector]);
  }
  return (labels, pairs) => {
    const same = byPairs.get(keyOf(pairs)) ?? [];
    return (
      same.length > 0 &&
      same.every(({ expressions }) => !expressions.every((each) => holds(each, labels)))
    );
  };
}

const keyOf = (pairs: readonly string[]): string => [...pairs].sort().join("\n");

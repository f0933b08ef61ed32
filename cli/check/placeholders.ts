/**
 * Values that a tool fills in before the file is applied: `${TAG}`, `{{ tag }}`, `<TAG>`, `@@TAG@@`, `%%TAG%%`, `__TAG__`,
 * `ko://…`. Nothing can be said of them, so that policies see them as unknown. In texts that may mean
 * themselves, such as scripts, arguments and the data of a ConfigMap, they stay what they are.
 */
import { Placeholder } from "../../policies/manifests/placeholder";
import type { Key } from "../../policies/values";

export interface Filled {
  readonly object: Readonly<Record<string, unknown>>;
  readonly placeholders: readonly { readonly at: readonly Key[]; readonly text: string }[];
}

/** Most files have none, and are not searched. */
const MARKS = /\$[({A-Z_]|\{\{|<[A-Za-z]|@@|%%|__[A-Z]|ko:\/\//;

const PLACEHOLDER = new RegExp(
  [
    /\$\{[A-Za-z_]\w*(?::?[-=?+][^}]*)?\}/,
    /^\$[A-Z_][A-Z0-9_]*$/,
    /\$\([A-Za-z_][\w.-]*\)/,
    /\{\{.*\}\}/s,
    // Not the name of a group in an expression.
    /(?:^|[\w./:@-])<[A-Za-z][\w .-]*>/,
    /@@[\w.-]+@@/,
    /%%[\w.-]+%%/,
    /__[A-Z][A-Z0-9_]*__/,
    /^ko:\/\//,
  ]
    .map(({ source }) => source)
    .join("|"),
  "s",
);

export const isPlaceholder = (text: string): boolean => PLACEHOLDER.test(text);
export const mayHavePlaceholders = (text: string): boolean => MARKS.test(text);

/** Keys of Kubernetes' own kinds under which any text may mean itself. */
const FREE_TEXT: ReadonlySet<string> = new Set([
  "annotations",
  "args",
  "binaryData",
  "command",
  "data",
  "description",
  "expression",
  "matchConditions",
  "message",
  "messageExpression",
  "openAPIV3Schema",
  "script",
  "stringData",
  "subPathExpr",
  "validations",
  "variables",
]);
/** Keys of custom kinds whose values are names or numbers. */
const PLAIN: ReadonlySet<string> = new Set(["image", "namespace", "replicas"]);

/** Groups of Kubernetes' own kinds. */
const OWN = /^(?:v1|(?:apps|batch|policy|autoscaling|extensions|[\w.]+\.k8s\.io)\/.*)$/;

/** The object with its placeholders as policies see them. */
export function withPlaceholders(object: Readonly<Record<string, unknown>>): Filled {
  const found: { at: readonly Key[]; text: string }[] = [];
  const isOwn = typeof object["apiVersion"] === "string" && OWN.test(object["apiVersion"]);
  const isFree = (at: readonly Key[]): boolean => {
    if (at[0] === "metadata") return at[1] === "annotations";
    const keys = at.filter((key) => typeof key === "string");
    // The value of an environment variable, but not that of a path, a header or a toleration.
    const isOfVariable = keys.at(-1) === "value" && keys.includes("env");
    return isOwn
      ? isOfVariable || keys.some((key) => FREE_TEXT.has(key))
      : !PLAIN.has(keys.at(-1) ?? "");
  };
  const replaced = (value: unknown, at: readonly Key[]): unknown => {
    if (typeof value === "string") {
      if (!isPlaceholder(value) || isFree(at)) return value;
      found.push({ at, text: value });
      return new Placeholder(value);
    }
    if (Array.isArray(value)) return value.map((item, index) => replaced(item, [...at, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, replaced(item, [...at, key])]),
    );
  };
  const { apiVersion, kind, ...others } = object;
  const rest = replaced(others, []) as Record<string, unknown>;
  return {
    object: found.length === 0 ? object : { apiVersion, kind, ...rest },
    placeholders: found,
  };
}

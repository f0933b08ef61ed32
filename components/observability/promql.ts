/** Helpers to write PromQL. */

/** A label matcher: equality with a string, or a regular expression. */
export type Matcher = string | { readonly matches: string };

/** `{namespace="a",pod=~"b.*"}`; `extra` are the runbook's own matchers. Empty without any. */
export function selector(
  matchers: Readonly<Record<string, Matcher | undefined>>,
  ...extra: readonly string[]
): string {
  const parts = Object.entries(matchers).flatMap(([label, matcher]) => {
    if (matcher === undefined) return [];
    return typeof matcher === "string"
      ? [`${label}="${escape(matcher)}"`]
      : [`${label}=~"${escape(matcher.matches)}"`];
  });
  const all = [...parts, ...extra];
  return all.length === 0 ? "" : `{${all.join(",")}}`;
}

/** Any of these strings, literally; Prometheus anchors regular expressions. */
export function anyOf(texts: readonly string[]): Matcher {
  const [only, ...others] = texts;
  return only !== undefined && others.length === 0
    ? only
    : { matches: texts.map(literal).join("|") };
}

/** The pods of a Deployment: its name, the ReplicaSet's hash and the pod's. */
export const podsOf = (workload: string): Matcher => ({
  matches: `${literal(workload)}-[a-z0-9]+-[a-z0-9]+`,
});

/** The pods that an operator or a StatefulSet numbers. */
export const numbered = (name: string): Matcher => ({ matches: `${literal(name)}-[0-9]+` });

/** The upper bound of a histogram bucket; matches whole numbers written as `1` or `1.0`. */
export const bucket = (bound: number): Matcher =>
  Number.isInteger(bound) ? { matches: `${String(bound)}(\\.0)?` } : String(bound);

/** Indents every line by two spaces, for parentheses over several lines. */
export const indent = (text: string): string => text.replace(/^/gm, "  ");

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const escape = (text: string): string => text.replace(/\\/g, "\\\\").replace(/"/g, '\\"');

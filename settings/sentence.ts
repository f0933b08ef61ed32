/** Error messages about a stack file: one sentence each, with the key, the value and what is allowed. */
// Only the class: the whole library takes long to load, and reports load this file too.
import { RunError } from "@pulumi/pulumi/errors";
import { nearest } from "../lib/words";
import type { SettingsProblem } from "./problem";

const PREFIX = "runstack:";
/** How `allowed` starts if the key must not be set at all. */
const NOT_SET = "not set";

/** As `pulumi config set --path` spells it: `images.backend`, `controlPlaneAccess[0]`. */
export const keyOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");

/** The value at a path of the raw settings; undefined if there is none. */
export function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    raw,
  );
}

/** One error for all problems. */
export function settingsError(problems: readonly SettingsProblem[]): RunError {
  return new RunError(problems.map(sentence).join("\n"));
}

/** Not for secrets, because the message shows the value. */
function sentence({ key, value, allowed }: SettingsProblem): string {
  const is = value === undefined ? "is not set" : `is ${JSON.stringify(value)}`;
  const hint = typeof value === "string" ? didYouMean(value, allowed) : "";
  const path = /[.[]/.test(key) ? `--path '${PREFIX}${key}'` : `${PREFIX}${key}`;
  const next = allowed.startsWith(NOT_SET)
    ? `Remove it with: pulumi config rm ${path}`
    : `Set it with: pulumi config set ${path} VALUE`;
  const must = allowed.startsWith(NOT_SET)
    ? `not be set${allowed.slice(NOT_SET.length)}`
    : `be ${allowed}`;
  return `${PREFIX}${key} ${is}, but must ${must}${hint}. ${next}`;
}

function didYouMean(value: string, allowed: string): string {
  const quoted = [...allowed.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  const hint = allowed.includes("did you mean") ? undefined : nearest(value, quoted);
  return hint === undefined ? "" : ` (did you mean ${JSON.stringify(hint)}?)`;
}

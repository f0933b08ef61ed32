/**
 * The stack's configuration: read once, validated completely, and filled in with defaults. All errors are listed
 * before any resource is registered. Each names the key, the value, what is allowed and the next step.
 */
import { z } from "zod";
import { REMOVED_KEYS } from "../lib/removed-keys";
import { SYSTEMS } from "../systems";
import type { System } from "../systems/model";
import { watched } from "../systems/reading";
import { PROFILES } from "./clouds";
import { contradictions, guarded } from "./contradictions";
import { withChoices, type Choices } from "./choices";
import { ALL, type Settled, type Values } from "./keys";
import { REPLACEABLE, type Replaceable } from "./keys/stack";
import { problem } from "./problem";
import { keyOf, settingsError, valueAt } from "./sentence";
import { siteOf, type Site } from "./site";
import { DATA_KINDS, resolveSystem, type DataKind } from "./system";

/** Keys that are part of `system` and `protection`. */
type Hidden = DataKind | keyof Choices | "replace";
const HIDDEN: ReadonlySet<string> = new Set<Hidden>([
  ...DATA_KINDS,
  "commands",
  "variables",
  "sizes",
  "replace",
]);

/**
 * Each key as components read it. `system` includes who runs what, and what the stack chose for its
 * containers, and records what is read of it; `protection` says what may be replaced.
 */
export interface Settings extends Omit<Settled, Hidden> {
  /** Every environment except staging: durable, replicated, protected. */
  readonly production: boolean;
  /** `protect` for each kind of resource that a cloud may replace; false for those listed in `replace`. */
  readonly protection: Readonly<Record<Replaceable, boolean>>;
}

/** Raw values by key, as in the stack file: text, or parsed JSON if the key is structured. */
export type RawSettings = Readonly<Record<string, unknown>>;

const schema = z.object(
  Object.fromEntries(
    ALL.map(([name, { schema: one, presence }]) => [
      name,
      presence === "optional" ? one.optional() : one,
    ]),
  ),
);

/** Pure: raw values in, settings out. Throws one error that lists every problem. */
export function parseSettings(raw: RawSettings): Settings {
  const runbook = SYSTEMS[raw["system"] as keyof typeof SYSTEMS] as System | undefined;
  const given = { ...defaults(raw["cloud"] ?? runbook?.home.cloud), ...raw };
  const { data, error } = schema.safeParse(given);
  const issues = error?.issues ?? [];
  const malformed = new Set(issues.map(({ path }) => path[0]));
  const values = guarded((data ?? given) as unknown as Values, malformed);
  const system = runbook && resolveSystem(runbook, choices(given, malformed));
  const site = system && siteOf(values, system);
  const problems = [
    ...Object.entries(REMOVED_KEYS)
      .filter(([key]) => raw[key] !== undefined)
      .map(([key, why]) => problem(key, raw[key], `not set: ${why}`)),
    ...issues.map(({ path, message }) => problem(keyOf(path), valueAt(raw, path), message)),
    ...(site === undefined ? [] : contradictions(values, site)),
  ];
  if (system === undefined || problems.length > 0) throw settingsError(problems);
  // Rules have read the plain system: to check a value is not to use it.
  return settle(values, siteOf(values, watched(withChoices(system, values))));
}

/** Constant defaults, and those of the cloud's profile. */
function defaults(cloud: unknown): RawSettings {
  const known = Object.hasOwn(PROFILES, String(cloud));
  const profile = PROFILES[known ? (cloud as keyof typeof PROFILES) : "existing"];
  return Object.fromEntries(ALL.map(([name, { fallback }]) => [name, fallback(profile)]));
}

/** Who runs which data service, without malformed values. */
const choices = (given: RawSettings, malformed: ReadonlySet<unknown>) =>
  Object.fromEntries(
    DATA_KINDS.map((kind) => [kind, malformed.has(kind) ? undefined : given[kind]]),
  );

function settle(values: Values, site: Site): Settings {
  const settled = Object.fromEntries(
    ALL.filter(([name]) => !HIDDEN.has(name)).map(([name, key]) => [
      name,
      key.settle(values[name] as never, site),
    ]),
  ) as unknown as Omit<Settled, Hidden>;
  const may = (kind: Replaceable) => settled.protect && !values.replace.includes(kind);
  return {
    ...settled,
    production: site.production,
    protection: Object.fromEntries(
      REPLACEABLE.map((kind) => [kind, may(kind)]),
    ) as Settings["protection"],
  };
}

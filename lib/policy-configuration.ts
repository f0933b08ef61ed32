/**
 * The configuration of policies, in the form of the engine's `--policy-pack-config`: by the policy's
 * name, or `all`, an enforcement level or an object with `enforcementLevel` and the policy's own
 * properties. One reader for the pack itself (`check`) and for any pack that the offline host runs.
 */
import { faultsOf, type Schema } from "./configuration-schema";
import { nearest } from "./words";

const LEVELS = ["mandatory", "advisory", "disabled", "remediate"] as const;
export type ConfiguredLevel = (typeof LEVELS)[number];

/** A policy as far as it can be configured. */
export interface Configurable<Level = ConfiguredLevel> {
  readonly name: string;
  /** Where nothing is configured. */
  readonly level: Level;
  /** Property → schema; undefined for a policy that does not say which it has: it is given any. */
  readonly schemas: Readonly<Record<string, Schema>> | undefined;
  /** What holds before the schemas' defaults, and behind what is given. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** How one policy runs. */
export interface Configured<Level = ConfiguredLevel> {
  readonly level: Level | ConfiguredLevel;
  /** All properties that its schema has a default for or that are given. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The configuration cannot be used; each fault is a sentence. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

const LEVEL_KEY = "enforcementLevel";
/** Stands for every policy that is not named with a level of its own. */
const ALL = "all";

const isLevel = (value: unknown): value is ConfiguredLevel =>
  (LEVELS as readonly unknown[]).includes(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every policy of the pack with its level and properties. @throws ConfigurationError */
export function configure<Level>(
  policies: readonly Configurable<Level>[],
  provided: unknown = {},
): ReadonlyMap<string, Configured<Level>> {
  const faults = configurationFaults(policies, provided);
  if (faults.length > 0 || !isObject(provided)) throw new ConfigurationError(faults);
  const all = part(provided, ALL)[LEVEL_KEY];
  return new Map(
    policies.map((policy) => {
      const { [LEVEL_KEY]: own, ...properties } = part(provided, policy.name);
      const level = [own, all].find(isLevel) ?? policy.level;
      const known = { ...defaultsOf(policy), ...policy.properties };
      return [policy.name, { level, properties: { ...known, ...properties } }];
    }),
  );
}

/** What is given for a name, as an object. */
function part(provided: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const value = Object.hasOwn(provided, name) ? provided[name] : {};
  return isObject(value) ? { ...value } : { [LEVEL_KEY]: value };
}

function defaultsOf({ schemas = {} }: Configurable<unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) =>
      schema.default === undefined ? [] : [[name, schema.default]],
    ),
  );
}

/** What is wrong with a configuration, one sentence each. */
function configurationFaults(
  policies: readonly Configurable<unknown>[],
  provided: unknown,
): readonly string[] {
  if (!isObject(provided)) {
    return ["The policy configuration must be an object: policy names with their configuration."];
  }
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  return Object.keys(provided).flatMap((name) => {
    const own = part(provided, name);
    const level = levelFault(name, own);
    if (name === ALL) return [...level, ...strangers(name, own, [])];
    const policy = byName.get(name);
    if (policy === undefined) return [unknownPolicy(name, [...byName.keys(), ALL])];
    if (policy.schemas === undefined) return level;
    const schemas = Object.entries(policy.schemas);
    const known = schemas.map(([key]) => key);
    return [
      ...level,
      ...strangers(name, own, known),
      ...schemas.flatMap(([key, schema]) =>
        Object.hasOwn(own, key) ? faultsOf(schema, own[key], [name, key]) : [],
      ),
    ];
  });
}

function unknownPolicy(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  const hint =
    near === undefined
      ? "Correct the name, or remove it."
      : `Did you mean ${JSON.stringify(near)}?`;
  return `The pack has no policy ${JSON.stringify(name)}. ${hint}`;
}

function levelFault(name: string, own: Readonly<Record<string, unknown>>): readonly string[] {
  if (!Object.hasOwn(own, LEVEL_KEY) || isLevel(own[LEVEL_KEY])) return [];
  const found = JSON.stringify(own[LEVEL_KEY]);
  return [
    `The enforcement level of ${JSON.stringify(name)} is ${found}; it must be one of ${LEVELS.join(", ")}.`,
  ];
}

function strangers(
  name: string,
  own: Readonly<Record<string, unknown>>,
  known: readonly string[],
): readonly string[] {
  return Object.keys(own)
    .filter((key) => key !== LEVEL_KEY && !known.includes(key))
    .map((key) => {
      const near = nearest(key, [...known, LEVEL_KEY]);
      const list = `It has ${[...known, LEVEL_KEY].join(", ")}.`;
      const hint = near === undefined ? list : `Did you mean ${JSON.stringify(near)}?`;
      return `${JSON.stringify(name)} has no property ${JSON.stringify(key)}. ${hint}`;
    });
}

/**
 * The configuration of a policy pack: defaults from its schemas, then the pack's own settings, then the given
 * configuration (pulumi/pulumi, `pkg/resource/analyzer/config.go`). Facts about the whole plan are applied
 * before the given configuration.
 */
import {
  EnforcementLevel,
  PolicyConfig,
  type AnalyzerInfo,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { nearest } from "../lib/words";
import { ProjectConfigError } from "./errors";
import { fromStruct, isObject, toStruct, type Wire, type WireObject } from "./wire";

const LEVELS: Readonly<Record<string, EnforcementLevel>> = {
  advisory: EnforcementLevel.ADVISORY,
  mandatory: EnforcementLevel.MANDATORY,
  remediate: EnforcementLevel.REMEDIATE,
  disabled: EnforcementLevel.DISABLED,
};

/** By policy name, or `all`: an enforcement level, or an object with `enforcementLevel` and properties. */
export type PolicyPackConfig = Readonly<Record<string, Wire>>;

export interface Effective {
  level: EnforcementLevel;
  properties: Record<string, Wire>;
}

/**
 * @param facts ignored for policies that the pack does not have, because they are not meant for every pack
 */
export function effectiveConfig(
  info: AnalyzerInfo,
  given: PolicyPackConfig,
  facts: PolicyPackConfig = {},
): Map<string, Effective> {
  const result = new Map<string, Effective>();
  for (const policy of info.getPoliciesList()) {
    const properties: Record<string, Wire> = {};
    const schema = fromStruct(policy.getConfigschema()?.getProperties());
    for (const [key, property] of Object.entries(schema)) {
      const value = isObject(property) ? property["default"] : undefined;
      if (value !== undefined) properties[key] = value;
    }
    result.set(policy.getName(), { level: policy.getEnforcementlevel(), properties });
  }
  const initial = new Map<string, Effective>();
  info.getInitialconfigMap().forEach((config, name) => {
    initial.set(name, {
      level: config.getEnforcementlevel(),
      properties: { ...fromStruct(config.getProperties()) },
    });
  });
  apply(result, initial);
  apply(result, parse(facts));
  refuseStrangers(Object.keys(given), [...result.keys()]);
  apply(result, parse(given));
  return result;
}

export function configMessages(config: ReadonlyMap<string, Effective>): Map<string, PolicyConfig> {
  return new Map(
    [...config].map(([name, { level, properties }]) => [
      name,
      new PolicyConfig().setEnforcementlevel(level).setProperties(toStruct(properties)),
    ]),
  );
}

/** The engine silently ignores a policy that does not exist, and so the intended setting is lost. */
function refuseStrangers(names: readonly string[], policies: readonly string[]): void {
  const known = [...policies, "all"];
  const stranger = names.find((name) => !known.includes(name));
  if (stranger === undefined) return;
  const near = nearest(stranger, known);
  const hint = near === undefined ? "Remove it." : `Did you mean "${near}"?`;
  throw new ProjectConfigError(
    `The policy configuration names ${JSON.stringify(stranger)}, but the pack has no such policy. ${hint}`,
  );
}

interface Given {
  readonly level?: EnforcementLevel;
  readonly properties: WireObject;
}

function parse(given: PolicyPackConfig): Map<string, Given> {
  const result = new Map<string, Given>();
  for (const [name, value] of Object.entries(given)) {
    const { enforcementLevel, ...properties } = isObject(value)
      ? value
      : { enforcementLevel: value };
    if (enforcementLevel === undefined) {
      result.set(name, { properties });
      continue;
    }
    const level = typeof enforcementLevel === "string" ? LEVELS[enforcementLevel] : undefined;
    if (level === undefined) {
      throw new ProjectConfigError(
        `The policy configuration of "${name}" has the enforcement level ${JSON.stringify(enforcementLevel)}; ` +
          `it must be one of ${Object.keys(LEVELS).join(", ")}.`,
      );
    }
    result.set(name, { level, properties });
  }
  return result;
}

function apply(result: Map<string, Effective>, given: ReadonlyMap<string, Given>): void {
  const all = given.get("all");
  for (const [name, config] of result) {
    const own = given.get(name);
    config.level = own?.level ?? all?.level ?? config.level;
    Object.assign(config.properties, own?.properties);
  }
}

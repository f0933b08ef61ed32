/**
 * The configuration of a policy pack: defaults from its schemas, then the pack's own settings, then the given
 * configuration (pulumi/pulumi, `pkg/resource/analyzer/config.go`). Facts about the whole plan are applied
 * before the given configuration.
 */
import {
  EnforcementLevel,
  PolicyConfig,
  type AnalyzerInfo,
  type PolicyInfo,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { Schema } from "../lib/configuration-schema";
import { ConfigurationError, configure, type Configurable } from "../lib/policy-configuration";
import { ProjectConfigError } from "./errors";
import { fromStruct, toStruct, type WireObject } from "./wire";

const LEVELS: Readonly<Record<string, EnforcementLevel>> = {
  advisory: EnforcementLevel.ADVISORY,
  mandatory: EnforcementLevel.MANDATORY,
  remediate: EnforcementLevel.REMEDIATE,
  disabled: EnforcementLevel.DISABLED,
};

/** By policy name, or `all`: an enforcement level, or an object with `enforcementLevel` and properties. */
export type PolicyPackConfig = Readonly<Record<string, unknown>>;
/** Properties by policy name. */
export type PolicyFacts = Readonly<Record<string, WireObject>>;

export interface Effective {
  readonly level: EnforcementLevel;
  readonly properties: WireObject;
}

/**
 * @param facts what the pack has no policy for is passed over: they are not meant for every pack.
 * @throws ProjectConfigError
 */
export function effectiveConfig(
  info: AnalyzerInfo,
  given: PolicyPackConfig,
  facts: PolicyFacts = {},
): ReadonlyMap<string, Effective> {
  try {
    const configured = configure(configurables(info, facts), given);
    return new Map(
      [...configured].map(([name, { level, properties }]) => [
        name,
        {
          level: typeof level === "string" ? (LEVELS[level] ?? EnforcementLevel.DISABLED) : level,
          // Defaults and facts came over the wire, and what is given is JSON.
          properties: properties as WireObject,
        },
      ]),
    );
  } catch (error) {
    if (error instanceof ConfigurationError) throw new ProjectConfigError(error.message);
    throw error;
  }
}

function configurables(
  info: AnalyzerInfo,
  facts: PolicyFacts,
): readonly Configurable<EnforcementLevel>[] {
  const initial = info.getInitialconfigMap();
  return info.getPoliciesList().map((policy) => {
    const name = policy.getName();
    const own = initial.get(name);
    return {
      name,
      level: (own ?? initial.get("all") ?? policy).getEnforcementlevel(),
      schemas: schemasOf(policy),
      properties: { ...fromStruct(own?.getProperties()), ...facts[name] },
    };
  });
}

/** As the pack declares them; keywords that the reader does not know are passed over. */
function schemasOf(policy: PolicyInfo): Readonly<Record<string, Schema>> | undefined {
  const schema = policy.getConfigschema();
  return schema === undefined
    ? undefined
    : (fromStruct(schema.getProperties()) as Record<string, Schema>);
}

export function configMessages(config: ReadonlyMap<string, Effective>): Map<string, PolicyConfig> {
  return new Map(
    [...config].map(([name, { level, properties }]) => [
      name,
      new PolicyConfig().setEnforcementlevel(level).setProperties(toStruct(properties)),
    ]),
  );
}

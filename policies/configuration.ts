/** How each policy runs in an environment. */
import type { Schema } from "../lib/configuration-schema";
import { configure, type Configured } from "../lib/policy-configuration";
import { isProduction, type PolicyContext } from "./policy-context";
import type { Policy } from "./policy";

/** Every policy of the pack with its level and properties. @throws ConfigurationError */
export const configurePack = (
  policies: readonly Policy[],
  policyContext: PolicyContext,
  provided: unknown = {},
): ReadonlyMap<string, Configured> =>
  configure(
    policies.map((policy) => ({
      name: policy.name,
      level: isProduction(policyContext)
        ? policy.enforcement.production
        : policy.enforcement.staging,
      schemas: schemasOf(policy),
    })),
    provided,
  );

/** Property → schema; empty for a policy without configuration. */
export const schemasOf = ({ configuration }: Policy): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    Object.entries(configuration?.properties ?? {}).flatMap(([name, schema]) =>
      typeof schema === "boolean" ? [] : [[name, schema] as const],
    ),
  );

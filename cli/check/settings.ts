/** The files that say how `check` evaluates: configuration of policies and exemptions. */
import { ConfigurationError, type Configured } from "../../lib/policy-configuration";
import { configurePack } from "../../policies/configuration";
import { readPolicyContext, type PolicyContext } from "../../policies/policy-context";
import type { Policy } from "../../policies/policy";
import { definitionsIn } from "./definitions";
import { UsageError } from "../options";
import { readData } from "../data-file";
import type { CheckArguments } from "./arguments";

/** The stack configuration keys that also apply to manifests. */
export function policyContextOf(args: CheckArguments, cwd: string): PolicyContext {
  const { environment, policyVersion, exemptions } = args;
  const keys: Readonly<Record<string, string | undefined>> = {
    environment,
    podSecurityVersion: policyVersion,
    policyExemptions:
      exemptions === undefined
        ? undefined
        : JSON.stringify(readData("--exemptions", exemptions, cwd) ?? []),
  };
  return {
    ...readPolicyContext({}, { get: (key) => keys[key] }),
    definitions: args.crds.flatMap((path) => definitionsIn(path, cwd)),
  };
}

/** Every policy's level and properties. @throws UsageError */
export function configurationOf(
  policies: readonly Policy[],
  policyContext: PolicyContext,
  { config }: CheckArguments,
  cwd: string,
): ReadonlyMap<string, Configured> {
  if (config === undefined) return configurePack(policies, policyContext);
  try {
    return configurePack(policies, policyContext, readData("--config", config, cwd) ?? {});
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new UsageError(error.faults.map((fault) => `${config}: ${fault}`).join("\n"));
  }
}

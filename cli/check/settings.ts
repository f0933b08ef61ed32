/** The files that say how `check` judges: configuration of policies and exemptions. */
import { readFileSync } from "node:fs";
import { ConfigurationError, configure, type Configured } from "../../policies/configuration";
import { readPolicyContext, type PolicyContext } from "../../policies/policy-context";
import type { Policy } from "../../policies/policy";
import { UsageError } from "../arguments";
import type { CheckArguments } from "./arguments";
import { reasonOf } from "./files";
import { YamlError, parseYaml } from "./yaml";

/** The keys of the stack's configuration that hold for manifests too. */
export function policyContextOf(args: CheckArguments): PolicyContext {
  const { environment, policyVersion, exemptions } = args;
  const keys: Readonly<Record<string, string | undefined>> = {
    environment,
    podSecurityVersion: policyVersion,
    policyExemptions:
      exemptions === undefined
        ? undefined
        : JSON.stringify(readOne("--exemptions", exemptions) ?? []),
  };
  return readPolicyContext({}, { get: (key) => keys[key] });
}

/** Every policy's level and properties. @throws UsageError */
export function configurationOf(
  policies: readonly Policy[],
  policyContext: PolicyContext,
  { config }: CheckArguments,
): ReadonlyMap<string, Configured> {
  if (config === undefined) return configure(policies, policyContext);
  try {
    return configure(policies, policyContext, readOne("--config", config) ?? {});
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new UsageError(error.faults.map((fault) => `${config}: ${fault}`).join("\n"));
  }
}

/** The only document of a file; null where it is empty. @throws UsageError */
function readOne(option: string, file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read: ${reasonOf(error)}.`);
  }
  try {
    const [first = null, ...more] = parseYaml(text);
    if (more.length === 0) return first;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line, column } = error.place;
    throw new UsageError(`${file}:${line}:${column}: ${error.message}.`);
  }
  throw new UsageError(`${file} holds several documents; ${option} takes one.`);
}

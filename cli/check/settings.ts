/** How `check` evaluates: the configuration of policies, exemptions, and which policies are chosen. */
import { ConfigurationError, type Configured } from "../../lib/policy-configuration";
import { configurePack } from "../../policies/configuration";
import type { Options } from "../../policies/manifests/evaluate";
import { forManifests } from "../../policies/in-manifests";
import { readPolicyContext, type PolicyContext } from "../../policies/policy-context";
import type { Policy } from "../../policies/policy";
import { definitionsIn } from "./definitions";
import { UsageError } from "../options";
import { readData } from "../data-file";
import { named, ofThemes } from "./about";
import { SEVERITIES, type CheckArguments } from "./arguments";

/** The stack configuration keys that also apply to manifests. */
export function policyContextOf(args: CheckArguments, cwd: string): PolicyContext {
  const { environment, policyVersion } = args;
  const exemptions = exemptionsOf(args, cwd);
  const keys: Readonly<Record<string, string | undefined>> = {
    environment,
    podSecurityVersion: policyVersion,
    policyExemptions: exemptions === undefined ? undefined : JSON.stringify(exemptions),
  };
  return {
    ...readPolicyContext({}, { get: (key) => keys[key] }),
    definitions: args.crds.flatMap((path) => definitionsIn(path, cwd)),
  };
}

function exemptionsOf({ exemptions, project }: CheckArguments, cwd: string): unknown {
  return exemptions === undefined
    ? project.any("exemptions")
    : (readData("--exemptions", exemptions, cwd) ?? []);
}

type Levels = Required<Pick<Options, "configured" | "certain">>;

/** Where the exemptions are written, for messages. */
export const exemptionsIn = ({ exemptions, project }: CheckArguments): string | undefined =>
  exemptions ?? (project.any("exemptions") === undefined ? undefined : project.file);

/**
 * Every policy's level and properties, and the level of what is certain; those that are not chosen are disabled.
 *
 * @throws UsageError
 */
export function configurationOf(
  policies: readonly Policy[],
  policyContext: PolicyContext,
  args: CheckArguments,
  cwd: string,
): Levels {
  const [file, given] =
    args.config === undefined
      ? [args.project.file, args.project.any("policies")]
      : [args.config, readData("--config", args.config, cwd)];
  const isChosen = choice(policies, args);
  try {
    const chosen = (all: readonly Policy[]): ReadonlyMap<string, Configured> => {
      const levels = configurePack(all, policyContext, given ?? {});
      if (isChosen === undefined) return levels;
      return new Map(
        policies.map((policy) => {
          const own = levels.get(policy.name);
          const { level, properties } = own ?? { level: "disabled", properties: {} };
          return [policy.name, { level: isChosen(policy) ? level : "disabled", properties }];
        }),
      );
    };
    return { configured: chosen(policies.map(forManifests)), certain: chosen(policies) };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new UsageError(error.faults.map((fault) => `${file}: ${fault}`).join("\n"));
  }
}

/** Undefined if every policy is chosen. @throws UsageError */
function choice(
  policies: readonly Policy[],
  { only, themes, severity }: CheckArguments,
): ((policy: Policy) => boolean) | undefined {
  if (only.length + themes.length === 0 && severity === undefined) return undefined;
  for (const name of only) named(name, policies);
  const byTheme = new Set(themes.length === 0 ? policies : ofThemes(themes, policies));
  const least = severity === undefined ? 0 : SEVERITIES.indexOf(severity);
  return (policy) => {
    // What is wrong with the exemptions is said whatever is chosen; whether they are needed is not known then.
    if (policy.name === "exemption-valid") return true;
    if (policy.name === "exemption-needed") return false;
    const isNamed = only.length === 0 || only.includes(policy.name);
    return isNamed && byTheme.has(policy) && SEVERITIES.indexOf(policy.severity) >= least;
  };
}

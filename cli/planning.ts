/** Plans one stack: its file, the host's run of the program and the policies, the estimate. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type * as Host from "../offline/host";
import type { Plan } from "../offline/plan";
import type { PolicyPackConfig } from "../offline/policy-config";
import type * as StackFiles from "../offline/stack-files";
import type * as Assemble from "../reports/assemble";
import type * as Secrets from "../settings/secrets";
import type * as Systems from "../systems";
import type { System } from "../systems/model";
import { many } from "../lib/words";
import { UsageError } from "./options";

/** The modules that the command needs, passed in by its caller. */
export interface Modules {
  readonly host: Pick<typeof Host, "previewStack">;
  readonly stackFiles: Pick<typeof StackFiles, "loadStack">;
  /** Loaded when the first run needs them, so that they do not delay its start. */
  readonly reports: () => Pick<typeof Assemble, "assemble" | "recoveryTimes">;
  readonly systems: () => Pick<typeof Systems, "SYSTEMS">;
  readonly secrets: () => Pick<typeof Secrets, "secretsOf">;
}

/** A stack that could not be planned, with the reasons. */
export interface Failed {
  readonly stack: string;
  readonly errors: readonly string[];
}

export interface Planned {
  readonly stack: string;
  readonly plan: Plan;
}

export type Outcome = Planned | Failed;

/** The folder of a project's policy pack. A project without one is planned without policies. */
const POLICIES = "policies";

/** The errors, then the output of the failed process, which is often the only place with the reason. */
const errorsOf = ({ diagnostics, lastWords }: Host.Preview): readonly string[] => {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.length === 0
    ? ["The program ended early.", ...lastWords]
    : [...errors.map(({ message }) => message), ...lastWords];
};

/** If the stack file names an unknown system, the program refuses it. */
function systemOf(modules: Modules, id: string | undefined): System | undefined {
  const { SYSTEMS } = modules.systems();
  return id !== undefined && Object.hasOwn(SYSTEMS, id)
    ? SYSTEMS[id as Systems.SystemId]
    : undefined;
}

export interface Running {
  readonly onProgress: (registered: number) => void;
  readonly policies: Policies;
  readonly ignoreEnvironments: boolean;
}

/** The packs that judge the plans: folders, and the contents of their configuration. */
export interface Policies {
  readonly own?: Host.ForeignPack;
  readonly foreign: readonly Host.ForeignPack[];
}

/**
 * The project's own pack, if it has one, then those of `--policy-pack`, each with its configuration.
 *
 * @throws UsageError if there is more configuration than packs
 */
export function policiesOf(
  projectDir: string,
  dirs: readonly string[],
  configs: readonly PolicyPackConfig[],
): Policies {
  const ownDir = join(projectDir, POLICIES);
  const own = existsSync(join(ownDir, "PulumiPolicy.yaml")) ? [ownDir] : [];
  const packs = [...own, ...dirs].map((dir, index) => ({ dir, config: configs[index] ?? {} }));
  if (configs.length > packs.length) {
    throw new UsageError(
      `--policy-pack-config is given ${configs.length} times for ${many(packs.length, "policy pack")}: ` +
        "give it at most once for each pack, the project's own first.",
    );
  }
  const [first, ...others] = packs;
  return own.length === 0 || first === undefined
    ? { foreign: packs }
    : { own: first, foreign: others };
}

/** Never throws, because one stack's error must not hide another's plan. */
export async function planStack(
  projectDir: string,
  stack: string,
  modules: Modules,
  { onProgress, policies: { own, foreign }, ignoreEnvironments }: Running,
): Promise<Outcome> {
  try {
    const file = modules.stackFiles.loadStack(projectDir, stack, { ignoreEnvironments });
    const { values } = file.config;
    const system = (): System | undefined => systemOf(modules, values["runstack:system"]);
    const preview = await modules.host.previewStack({
      projectDir,
      stack: file,
      onProgress,
      policyFacts: (resources) => modules.reports().recoveryTimes(resources, system()),
      ...(own === undefined ? {} : { policyPackDir: own.dir, policyConfig: own.config ?? {} }),
      foreignPacks: foreign,
    });
    if (preview.failed) return { stack, errors: errorsOf(preview) };
    const described = system();
    const secrets = described && modules.secrets().secretsOf(values);
    const about = { name: stack, config: values, ...(secrets && { secrets }) };
    return { stack, plan: modules.reports().assemble(preview, about, described) };
  } catch (error) {
    return { stack, errors: [error instanceof Error ? error.message : String(error)] };
  }
}

/** Plans one stack: its file, the host's run of the program and the policies, the estimate. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type * as Host from "../offline/host";
import type { Plan } from "../offline/plan";
import type { PolicyPackConfig } from "../offline/policy-config";
import type * as StackFiles from "../offline/stack-files";
import type * as Assemble from "../reports/assemble";
import type * as Systems from "../systems";
import type { System } from "../systems/model";

/** The modules that the command needs, passed in by its caller. */
export interface Modules {
  readonly host: Pick<typeof Host, "previewStack">;
  readonly stackFiles: Pick<typeof StackFiles, "loadStack">;
  /** Loaded when the first run needs them, so that they do not delay its start. */
  readonly reports: () => Pick<typeof Assemble, "assemble" | "recoveryTimes">;
  readonly systems: () => Pick<typeof Systems, "SYSTEMS">;
}

/** A stack that could not be planned, with the reasons. */
export interface Failed {
  readonly stack: string;
  readonly errors: readonly string[];
}

export interface Planned {
  readonly stack: string;
  readonly plan: Plan;
  /** Resource options that the plan omits, by URN. */
  readonly options?: Host.Preview["options"];
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
  /** The contents of `--policy-pack-config`. */
  readonly policyConfig: PolicyPackConfig;
}

/** Never throws, because one stack's error must not hide another's plan. */
export async function planStack(
  projectDir: string,
  stack: string,
  modules: Modules,
  { onProgress, policyConfig }: Running,
): Promise<Outcome> {
  try {
    const file = modules.stackFiles.loadStack(projectDir, stack);
    const packDir = join(projectDir, POLICIES);
    const { values } = file.config;
    const system = (): System | undefined => systemOf(modules, values["runstack:system"]);
    const preview = await modules.host.previewStack({
      projectDir,
      stack: file,
      onProgress,
      policyFacts: (resources) => modules.reports().recoveryTimes(resources, system()),
      ...(existsSync(join(packDir, "PulumiPolicy.yaml"))
        ? { policyPackDir: packDir, policyConfig }
        : {}),
    });
    if (preview.failed) return { stack, errors: errorsOf(preview) };
    const plan = modules.reports().assemble(preview, { name: stack, config: values }, system());
    return { stack, plan, options: preview.options };
  } catch (error) {
    return { stack, errors: [error instanceof Error ? error.message : String(error)] };
  }
}

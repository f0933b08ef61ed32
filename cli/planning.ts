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

/** What the command needs of the rest, given by whoever loads it. */
export interface Modules {
  readonly host: Pick<typeof Host, "previewStack">;
  readonly stackFiles: Pick<typeof StackFiles, "loadStack">;
  /** Loaded when the first run needs them: not on the way to starting it. */
  readonly reports: () => Pick<typeof Assemble, "assemble" | "recoveryTimes">;
  readonly systems: () => Pick<typeof Systems, "SYSTEMS">;
}

/** A stack that could not be planned, and why. */
export interface Failed {
  readonly stack: string;
  readonly errors: readonly string[];
}

export interface Planned {
  readonly stack: string;
  readonly plan: Plan;
  /** What the plan leaves out of each resource, by URN. */
  readonly options?: Host.Preview["options"];
}

export type Outcome = Planned | Failed;

/** The folder of a project in which its policy pack lies. A project without one is planned unchecked. */
const POLICIES = "policies";

/** The errors, then what the process that failed had printed: often only there stands why. */
const errorsOf = ({ diagnostics, lastWords }: Host.Preview): readonly string[] => {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.length === 0
    ? ["The program did not run to its end.", ...lastWords]
    : [...errors.map(({ message }) => message), ...lastWords];
};

/** A system that the stack file names but nobody has described is the program's to refuse. */
function systemOf(modules: Modules, id: string | undefined): System | undefined {
  const { SYSTEMS } = modules.systems();
  return id !== undefined && Object.hasOwn(SYSTEMS, id)
    ? SYSTEMS[id as Systems.SystemId]
    : undefined;
}

export interface Running {
  readonly onProgress: (registered: number) => void;
  /** What `--policy-pack-config` holds. */
  readonly policyConfig: PolicyPackConfig;
}

/** Never throws: one stack's error must not hide another's plan. */
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

/** Plans a revision's stacks with the revision's own command in its own folder, and reads the output. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../offline/plan";
import { Processes } from "../offline/processes";
import { environment } from "../offline/runner";

export interface RevisionPlans {
  readonly plans: ReadonlyMap<string, Plan>;
  /** The command's standard error, by stack. */
  readonly failed: ReadonlyMap<string, readonly string[]>;
}

export interface PlanRequest {
  readonly projectDir: string;
  readonly stacks: readonly string[];
  /** Further options, with absolute paths. */
  readonly options: readonly string[];
  readonly onStack: (stack: string) => void;
}

const COMMAND = "cli/plan.ts";
/** More output than any plan has. A command that prints this much would not end. */
const MOST_BYTES = 1024 ** 3;

/** @throws Error that gives the reason, as the end of a sentence about the revision */
export async function planRevision(request: PlanRequest): Promise<RevisionPlans> {
  const { projectDir, stacks, options } = request;
  if (stacks.length === 0) return { plans: new Map(), failed: new Map() };
  if (!existsSync(join(projectDir, COMMAND))) {
    throw new Error(`it has no ${COMMAND}, because it is older than this command`);
  }
  const { out, err, code } = await run(projectDir, request.onStack, [
    ...["--require", "tsx/cjs", COMMAND, "--json"],
    ...options,
    ...["--", ...stacks],
  ]);
  const plans = new Map(plansIn(out).map((plan) => [plan.stack, plan]));
  const missing = stacks.filter((stack) => !plans.has(stack));
  if (plans.size === 0 && stacks.length > 1 && !stacks.some((stack) => said(err, stack))) {
    throw new Error(err.join(" ") || `its command ended with exit code ${String(code)}`);
  }
  return {
    plans,
    failed: new Map(missing.map((stack) => [stack, paragraphsOf(err, stack, stacks)])),
  };
}

interface Ended {
  readonly out: string;
  /** Lines of standard error without progress. */
  readonly err: readonly string[];
  readonly code: number | null;
}

const PROGRESS = /^Planning (.+)$/;

async function run(
  cwd: string,
  onStack: (stack: string) => void,
  args: readonly string[],
): Promise<Ended> {
  const processes = new Processes();
  try {
    const child = processes.start({ args, cwd, env: environment() });
    const out: Buffer[] = [];
    const err: string[] = [];
    let size = 0;
    child.process.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BYTES) child.kill();
      else out.push(chunk);
    });
    let rest = "";
    const take = (line: string): void => {
      const stack = PROGRESS.exec(line)?.[1];
      if (stack !== undefined) onStack(stack);
      else if (line.trim() !== "") err.push(line);
    };
    child.process.stderr?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    });
    const { code } = await child.ended;
    take(rest);
    return { out: Buffer.concat(out).toString("utf8"), err, code };
  } finally {
    processes.close();
  }
}

/** Parses the plans that a command printed; empty if the output is not JSON of plans. */
function plansIn(text: string): readonly Plan[] {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isPlan);
  } catch {
    return [];
  }
}

/** The parts that are compared. An older command need not print the others. */
function isPlan(value: unknown): value is Plan {
  if (typeof value !== "object" || value === null) return false;
  const plan = value as Partial<Plan>;
  return (
    typeof plan.stack === "string" &&
    Array.isArray(plan.resources) &&
    Array.isArray(plan.policies?.violations) &&
    Array.isArray(plan.policies.failures) &&
    typeof plan.estimate?.rebuildMinutes === "number" &&
    Array.isArray(plan.estimate.objectives) &&
    Array.isArray(plan.diagnostics)
  );
}

const said = (lines: readonly string[], stack: string): boolean =>
  lines.some((line) => line.startsWith(`${stack}: `));

/** The messages about one stack: from its name to the next stack's name. */
function paragraphsOf(
  lines: readonly string[],
  stack: string,
  stacks: readonly string[],
): readonly string[] {
  let inside = false;
  const own = lines.filter((line) => {
    const other = stacks.find((one) => line.startsWith(`${one}: `));
    if (other !== undefined) inside = other === stack;
    return inside;
  });
  const found = own.length === 0 && stacks.length === 1 ? lines : own;
  if (found.length === 0) return ["Its command gave no reason."];
  const [first = "", ...more] = found;
  const start = first.startsWith(`${stack}: `) ? first.slice(stack.length + 2) : first;
  return [[start, ...more.map((line) => line.replace(/^ {2}/, ""))].join("\n")];
}

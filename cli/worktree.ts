/**
 * A revision of the project in a temporary folder, with its dependencies. It is always removed at the end.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment } from "../offline/runner";
import { git, gitOptions, WITHOUT_HOOKS, type Repository, type Revision } from "./git";

export interface Worktree {
  /** The project's folder in it. */
  readonly projectDir: string;
  /** May be called more than once. */
  remove(): void;
}

/** Also removed when the process exits for any reason. @throws Error with git's message */
export async function addWorktree(
  { top, prefix }: Repository,
  { commit }: Revision,
): Promise<Worktree> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "runstack-against-")));
  const path = join(folder, commit.slice(0, 12));
  const remove = (): void => {
    process.off("exit", remove);
    if (!existsSync(folder)) return;
    const options = { ...gitOptions(top), stdio: "ignore" as const };
    const removed = spawnSync(
      "git",
      [...WITHOUT_HOOKS, "worktree", "remove", "--force", path],
      options,
    );
    rmSync(folder, { recursive: true, force: true });
    if (removed.status !== 0) spawnSync("git", ["worktree", "prune"], options);
  };
  process.on("exit", remove);
  try {
    await git(top, "worktree", "add", "--quiet", "--detach", path, commit);
  } catch (error) {
    remove();
    throw error;
  }
  return { projectDir: join(path, prefix), remove };
}

const LOCK = "package-lock.json";
const MODULES = "node_modules";

/** The text of a file, or undefined if there is none. */
function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/**
 * Makes the revision's dependencies available: the ones installed here if the lock files are the same,
 * otherwise its own.
 *
 * @param say receives npm's output
 */
export async function provideDependencies(
  here: string,
  there: string,
  say: (text: string) => void,
): Promise<void> {
  const lock = textOf(join(there, LOCK));
  if (lock !== undefined && lock !== textOf(join(here, LOCK))) {
    say(`Its ${LOCK} differs: installing its dependencies`);
    await install(there);
    return;
  }
  const installed = join(here, MODULES);
  if (existsSync(installed) && !existsSync(join(there, MODULES))) {
    symlinkSync(realpathSync(installed), join(there, MODULES), "dir");
  }
}

/** The environment variables that npm needs to reach its registry, and no others. */
const FOR_NPM =
  /^(?:https?_proxy|no_proxy|npm_config_(?:registry|cache|cafile|userconfig|globalconfig|prefer_offline|offline))$/i;

/**
 * Package scripts are not run: neither the program nor the pack needs them, and they are third-party code.
 */
async function install(there: string): Promise<void> {
  const passed = Object.entries(process.env).filter(([name]) => FOR_NPM.test(name));
  const npm = spawn("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: there,
    env: { ...environment(), ...Object.fromEntries(passed) },
    stdio: ["ignore", process.stderr, process.stderr],
  });
  const stop = (): void => {
    npm.kill();
  };
  process.on("exit", stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      npm.once("error", reject);
      npm.once("close", resolve);
    });
    if (code !== 0) throw new Error("its dependencies could not be installed (npm ci failed)");
  } finally {
    process.off("exit", stop);
  }
}

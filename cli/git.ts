/** Runs git without hooks, and never passes user input where git could read it as an option. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { nearest } from "../lib/words";
import { UsageError } from "./options";

const run = promisify(execFile);

/** An existing revision. */
export interface Revision {
  /** As given on the command line. */
  readonly name: string;
  readonly commit: string;
  readonly subject: string;
}

export interface Repository {
  readonly top: string;
  /** The project's folder in it, with a trailing slash; empty for the root. */
  readonly prefix: string;
}

/** Inside a hook, these variables point git to a different repository or index. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY)$/.test(name),
    ),
  );

/** Options for every call, so that no repository hook runs. */
export const WITHOUT_HOOKS = ["-c", "core.hooksPath=/dev/null"];

export const gitOptions = (cwd: string) => ({
  cwd,
  env: { ...environment(), LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" },
  maxBuffer: 64 * 1024 * 1024,
});

/** git's output without the last line break. @throws Error with git's own message */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run("git", [...WITHOUT_HOOKS, ...args], gitOptions(cwd));
    return stdout.replace(/\n$/, "");
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === "ENOENT") {
      throw new UsageError("--against needs git, which is not installed.");
    }
    throw new Error((stderr ?? String(error)).trim(), { cause: error });
  }
}

async function attempt(cwd: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    return await git(cwd, ...args);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return undefined;
  }
}

/** @throws UsageError if the folder is not in a readable git repository */
export async function repositoryOf(projectDir: string): Promise<Repository> {
  try {
    const [top = "", prefix = ""] = (
      await git(projectDir, "rev-parse", "--show-toplevel", "--show-prefix")
    ).split("\n");
    return { top, prefix };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const words = (error as Error).message.split("\n")[0] ?? "";
    throw new UsageError(
      /not a git repository/i.test(words)
        ? "--against compares with a git revision, but this folder is not in a git repository."
        : `--against cannot read the git repository: ${words}`,
    );
  }
}

const HASH = /^[0-9a-f]{40,64}$/;

/** @throws UsageError with the nearest name, or what to fetch. */
export async function revisionOf(repository: Repository, name: string): Promise<Revision> {
  const { top } = repository;
  const commit = await attempt(
    top,
    ...["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`],
  );
  if (commit === undefined || !HASH.test(commit)) {
    throw new UsageError(await unknownRevision(top, name));
  }
  const subject = await git(top, "log", "-1", "--format=%s", commit);
  return { name, commit, subject };
}

async function unknownRevision(top: string, name: string): Promise<string> {
  const quoted = JSON.stringify(name);
  if (name === "") return "--against needs a revision: write --against main.";
  const object = await attempt(
    top,
    ...["rev-parse", "--verify", "--quiet", "--end-of-options", name],
  );
  const known = object !== undefined && HASH.test(object);
  if (known && (await attempt(top, "cat-file", "-e", object)) !== undefined) {
    return `${quoted} is in the repository, but is not a commit. Name a branch, a tag or a commit.`;
  }
  if ((await git(top, "rev-parse", "--is-shallow-repository")) === "true") {
    return (
      `There is no revision ${quoted} in this shallow clone. ` +
      `Fetch it with \`git fetch --depth=1 origin ${/^[\w./-]+$/.test(name) ? name : "REVISION"}\`, or fetch everything with \`git fetch --unshallow\`.`
    );
  }
  const names = (
    await git(
      top,
      "for-each-ref",
      "--format=%(refname:short)",
      "refs/heads",
      "refs/remotes",
      "refs/tags",
    )
  )
    .split("\n")
    .filter(Boolean);
  const near = names.find((one) => one.endsWith(`/${name}`)) ?? nearest(name, names);
  return `There is no revision ${quoted}. ${
    near === undefined
      ? "`git branch --all` lists the branches; `git fetch` gets new ones."
      : `Did you mean ${near}?`
  }`;
}

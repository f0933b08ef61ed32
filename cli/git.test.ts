/** With real repositories, because git's own behaviour counts. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { repositoryOf, revisionOf } from "./git";

const folder = (): string => realpathSync(mkdtempSync(join(tmpdir(), "git-test-")));
const IDENTITY = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
const run = (cwd: string, ...args: string[]): string =>
  execFileSync("git", [...IDENTITY, ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

let top: string;
let commit: string;

beforeAll(() => {
  top = folder();
  run(top, "init", "--quiet", "--initial-branch=main");
  mkdirSync(join(top, "project"));
  writeFileSync(join(top, "project/file"), "1");
  run(top, "add", ".");
  run(top, "commit", "--quiet", "--message", "first: a subject");
  run(top, "branch", "feature-one");
  run(top, "update-ref", "refs/remotes/origin/theirs", "HEAD");
  run(top, "tag", "v1.0.0");
  commit = run(top, "rev-parse", "HEAD");
});

const revision = (name: string, at = top) => revisionOf({ top: at, prefix: "" }, name);

describe("the repository", () => {
  it("is found from a folder inside it", async () => {
    expect(await repositoryOf(join(top, "project"))).toEqual({ top, prefix: "project/" });
    expect(await repositoryOf(top)).toEqual({ top, prefix: "" });
  });

  it("is reported as missing in one sentence", async () => {
    await expect(repositoryOf(folder())).rejects.toThrow(
      "--against compares with a git revision, but this folder is not in a git repository.",
    );
  });

  it("is that of the folder, in spite of a hook's environment", async () => {
    process.env["GIT_DIR"] = join(folder(), ".git");
    try {
      expect(await repositoryOf(top)).toEqual({ top, prefix: "" });
    } finally {
      delete process.env["GIT_DIR"];
    }
  });
});

describe("a revision", () => {
  it.each(["main", "feature-one", "v1.0.0", "HEAD", "origin/theirs", "HEAD^{/first}"])(
    "is read from %s",
    async (name) => {
      expect(await revision(name)).toEqual({ name, commit, subject: "first: a subject" });
    },
  );

  it.each([
    ["mian", "Did you mean main?"],
    ["feature-on", "Did you mean feature-one?"],
    ["theirs", "Did you mean origin/theirs?"],
    ["v1.0.1", "Did you mean v1.0.0?"],
    ["nothing-like-it", "`git branch --all` lists the branches; `git fetch` gets new ones."],
    [
      "0123456789012345678901234567890123456789",
      "`git branch --all` lists the branches; `git fetch` gets new ones.",
    ],
    ["main..HEAD", "`git branch --all` lists the branches; `git fetch` gets new ones."],
  ])("that does not exist, %s, gets the nearest name", async (name, hint) => {
    await expect(revision(name)).rejects.toThrow(`There is no revision "${name}". ${hint}`);
  });

  it.each(["--all", "-h", "--output=stolen", "--git-dir=/"])(
    "%s is never passed to git as an option",
    async (name) => {
      await expect(revision(name)).rejects.toThrow(`There is no revision "${name}".`);
    },
  );

  it("must be a commit", async () => {
    await expect(revision("HEAD:project/file")).rejects.toThrow(
      '"HEAD:project/file" is in the repository, but is not a commit. Name a branch, a tag or a commit.',
    );
    await expect(revision("")).rejects.toThrow("--against needs a revision");
  });

  it("that a shallow clone does not have can be fetched", async () => {
    run(top, "commit", "--quiet", "--allow-empty", "--message", "second");
    const clone = join(folder(), "clone");
    run(top, "clone", "--quiet", "--depth=1", pathToFileURL(top).href, clone);
    await expect(revision(commit, clone)).rejects.toThrow(
      `There is no revision "${commit}" in this shallow clone. Fetch it with ` +
        `\`git fetch --depth=1 origin ${commit}\`, or fetch everything with \`git fetch --unshallow\`.`,
    );
    await expect(revision("$(rm)", clone)).rejects.toThrow("git fetch --depth=1 origin REVISION");
  });
});

import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "./options";
import { checkOut, checkTop, clearOut, writeOut, writeTop } from "./out-folder";

let out: string;
beforeEach(async () => {
  out = join(await mkdtemp(join(tmpdir(), "runstack-out-")), "plans");
});

const all = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).sort();
const FILES = [
  { name: "plan.json", text: "{}\n" },
  { name: "manifests/01-job-a.yaml", text: "a: 1\n" },
];

describe("clearOut", () => {
  it("removes written files, and folders that become empty", async () => {
    await writeOut(out, "prod", FILES);
    await clearOut(out, "prod");
    expect(await all(out)).toEqual([]);
  });

  it("keeps other files, and folders without a list", async () => {
    await writeOut(out, "prod", FILES);
    await writeFile(join(out, "prod/manifests/mine.yaml"), "mine");
    await mkdir(join(out, "other"));
    await writeFile(join(out, "other/plan.json"), "theirs");
    await clearOut(out, "prod");
    await clearOut(out, "other");
    await clearOut(out, "absent");
    expect(await all(out)).toEqual([
      "other",
      "other/plan.json",
      "prod",
      "prod/manifests",
      "prod/manifests/mine.yaml",
    ]);
  });
});

describe("writeOut", () => {
  it("creates the folders, writes the files, and lists them", async () => {
    await checkOut(out, ["prod"]);
    await writeOut(out, "prod", FILES);
    expect(await all(join(out, "prod"))).toEqual([
      ".runstack-plan",
      "manifests",
      "manifests/01-job-a.yaml",
      "plan.json",
    ]);
    expect(await readFile(join(out, "prod/.runstack-plan"), "utf8")).toBe(
      "manifests/01-job-a.yaml\nplan.json\n",
    );
    expect(await readFile(join(out, "prod/manifests/01-job-a.yaml"), "utf8")).toBe("a: 1\n");
  });

  it("replaces its own files and keeps others", async () => {
    await writeOut(out, "prod", FILES);
    await writeFile(join(out, "prod/notes.txt"), "mine");
    await writeFile(join(out, "prod/manifests/mine.yaml"), "mine");
    await checkOut(out, ["prod"]);
    await writeOut(out, "prod", [{ name: "plan.json", text: "[]\n" }]);
    expect(await all(join(out, "prod"))).toEqual([
      ".runstack-plan",
      "manifests",
      "manifests/mine.yaml",
      "notes.txt",
      "plan.json",
    ]);
    expect(await readFile(join(out, "prod/plan.json"), "utf8")).toBe("[]\n");
  });

  it("removes a folder that has become empty", async () => {
    await writeOut(out, "prod", FILES);
    await writeOut(out, "prod", [{ name: "plan.json", text: "{}\n" }]);
    expect(await all(join(out, "prod"))).toEqual([".runstack-plan", "plan.json"]);
  });

  it("removes nothing outside, whatever the list contains", async () => {
    const victim = join(out, "victim.txt");
    await mkdir(join(out, "prod"), { recursive: true });
    await writeFile(victim, "keep");
    await writeFile(
      join(out, "prod/.runstack-plan"),
      `../victim.txt\n${victim}\nmanifests/../../victim.txt\n`,
    );
    await writeOut(out, "prod", [{ name: "plan.json", text: "{}\n" }]);
    expect(await readFile(victim, "utf8")).toBe("keep");
  });

  it("does not write through a link in place of its folder", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "runstack-elsewhere-"));
    await writeOut(out, "prod", [{ name: "plan.json", text: "{}\n" }]);
    await symlink(elsewhere, join(out, "prod/manifests"));
    await expect(writeOut(out, "prod", FILES)).rejects.toThrow(
      new UsageError(
        `${join(out, "prod/manifests")} is not a folder. Move it, or choose another --out.`,
      ),
    );
    expect(await readdir(elsewhere)).toEqual([]);
  });
});

describe("checkOut", () => {
  it("refuses a file in place of the folder", async () => {
    await writeFile(out, "a file");
    await expect(checkOut(out, ["prod"])).rejects.toThrow(
      new UsageError(
        `--out ${out} is not a folder. Name a folder, or one that does not exist yet.`,
      ),
    );
  });

  it("refuses a stack's folder with other files", async () => {
    await mkdir(join(out, "prod"), { recursive: true });
    await checkOut(out, ["prod"]);
    await writeFile(join(out, "prod/photo.jpg"), "");
    await expect(checkOut(out, ["prod"])).rejects.toThrow(
      new UsageError(
        `${join(out, "prod")} holds files that this command did not write. Empty it, or choose another --out.`,
      ),
    );
  });

  it("refuses a file or a link in place of a stack's folder", async () => {
    await mkdir(out);
    await symlink(tmpdir(), join(out, "prod"));
    await expect(checkOut(out, ["prod"])).rejects.toThrow(
      new UsageError(`${join(out, "prod")} is not a folder. Move it, or choose another --out.`),
    );
  });

  it("refuses a stack whose name would lead elsewhere", async () => {
    await expect(checkOut(out, ["../x"])).rejects.toThrow(
      new UsageError('The stack "../x" cannot be written: its name is not a plain folder name.'),
    );
  });
});

describe("files beside the stacks' folders", () => {
  const summary = { name: "summary.md", text: "# One\n" };

  it("are written, replaced and removed", async () => {
    await checkTop(out, ["summary.md"]);
    await writeTop(out, [summary, { name: "difference.json", text: "{}\n" }]);
    expect(await all(out)).toEqual([".runstack-plan", "difference.json", "summary.md"]);
    await checkTop(out, ["summary.md"]);
    await writeTop(out, [{ ...summary, text: "# Two\n" }]);
    expect(await all(out)).toEqual([".runstack-plan", "summary.md"]);
    expect(await readFile(join(out, "summary.md"), "utf8")).toBe("# Two\n");
    await writeTop(out, []);
    expect(await all(out)).toEqual([]);
  });

  it("are not written over other files", async () => {
    await writeOut(out, "prod", FILES);
    await writeFile(join(out, "summary.md"), "mine");
    await writeTop(out, []);
    expect(await readFile(join(out, "summary.md"), "utf8")).toBe("mine");
    await expect(checkTop(out, ["summary.md"])).rejects.toThrow(
      new UsageError(
        `${join(out, "summary.md")} was not written by this command. Move it, or choose another --out.`,
      ),
    );
  });

  it("create no folder if there is nothing to write", async () => {
    await writeTop(out, []);
    await expect(readdir(out)).rejects.toThrow("ENOENT");
  });
});

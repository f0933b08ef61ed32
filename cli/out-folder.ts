/**
 * Writes a stack's files into a folder that only this command uses.
 *
 * The folder contains a list of the files written there. Only listed files are ever replaced or removed. A
 * folder that has content but no such list was not created by this command and is not touched.
 */
import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ReportFile } from "../reports/kubernetes";
import { UsageError } from "./options";

/** The file next to the stacks' folders that has the violations of all of them. */
export const SARIF_OF_ALL = "policies.sarif";
/** The list of written files, one path per line. */
const MARKER = ".runstack-plan";
const FOLDERS = ["manifests", "rules", "dashboards"];
/** What a list may contain: files of the kinds that this command writes, inside the folder. */
const OWN = /^(?:(?:manifests|rules|dashboards)\/)?[a-z0-9][a-z0-9.-]*$/;
const STACK = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

type Kind = "missing" | "folder" | "other";

/** What exists at a path. A symbolic link counts as something else unless it may be followed. */
async function kindOf(path: string, follow: boolean): Promise<Kind> {
  try {
    const found = await lstat(path);
    if (follow && found.isSymbolicLink()) {
      await readdir(path);
      return "folder";
    }
    return found.isDirectory() ? "folder" : "other";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "missing";
    if (code === "ENOTDIR") return "other";
    throw error;
  }
}

async function ownFiles(folder: string): Promise<readonly string[] | undefined> {
  try {
    const lines = (await readFile(join(folder, MARKER), "utf8")).split("\n");
    return lines.filter((line) => OWN.test(line));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Checks before any work that the folders can be written.
 *
 * @throws UsageError naming the path that is in the way
 */
export async function checkOut(out: string, stacks: readonly string[]): Promise<void> {
  if ((await kindOf(out, true)) === "other") {
    throw new UsageError(
      `--out ${out} is not a folder. Name a folder, or one that does not exist yet.`,
    );
  }
  for (const stack of stacks) {
    if (!STACK.test(stack)) {
      throw new UsageError(
        `The stack ${JSON.stringify(stack)} cannot be written: its name is not a plain folder name.`,
      );
    }
    const folder = join(out, stack);
    const kind = await kindOf(folder, false);
    if (kind === "missing") continue;
    if (kind === "other")
      throw new UsageError(`${folder} is not a folder. Move it, or choose another --out.`);
    const foreign = (await ownFiles(folder)) === undefined && (await readdir(folder)).length > 0;
    if (foreign) {
      throw new UsageError(
        `${folder} holds files that this command did not write. Empty it, or choose another --out.`,
      );
    }
  }
}

/**
 * Checks that files next to the stacks' folders can be written.
 *
 * @throws UsageError naming a file that this command did not write
 */
export async function checkTop(out: string, names: readonly string[]): Promise<void> {
  const own = (await ownFiles(out)) ?? [];
  for (const name of names) {
    if (own.includes(name) || (await kindOf(join(out, name), false)) === "missing") continue;
    throw new UsageError(
      `${join(out, name)} was not written by this command. Move it, or choose another --out.`,
    );
  }
}

/** Replaces, or just removes, files written next to the stacks' folders before. Call `checkTop` first. */
export async function writeTop(out: string, files: readonly ReportFile[]): Promise<void> {
  const before = (await ownFiles(out)) ?? [];
  if (before.length === 0 && files.length === 0) return;
  await mkdir(out, { recursive: true });
  const names = [...files.map(({ name }) => name)].sort();
  await writeAtomically(join(out, MARKER), [...new Set([...before, ...names]), ""].join("\n"));
  for (const { name, text } of files) await writeAtomically(join(out, name), text);
  for (const name of before) {
    if (!names.includes(name)) await rm(join(out, name), { force: true });
  }
  if (names.length === 0) await rm(join(out, MARKER), { force: true });
  else await writeAtomically(join(out, MARKER), [...names, ""].join("\n"));
}

/** Writes to a temporary file and renames it, so that a reader never sees partial content. */
async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes folders that became empty. Others still contain files and stay. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

/** Removes files and folders that become empty. Never follows a link out of the folder. */
async function removeFiles(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const sub = dirname(name);
    const inside = sub === "." || (await kindOf(join(folder, sub), false)) === "folder";
    if (inside) await rm(join(folder, name), { force: true });
  }
  for (const sub of FOLDERS) {
    if ((await kindOf(join(folder, sub), false)) === "folder") await removeEmpty(join(folder, sub));
  }
}

/**
 * Replaces the files written for the stack before. Call `checkOut` first.
 *
 * @throws UsageError if something inside is not a folder but must be
 */
export async function writeOut(
  out: string,
  stack: string,
  files: readonly ReportFile[],
): Promise<void> {
  const folder = join(out, stack);
  await mkdir(folder, { recursive: true });
  const before = (await ownFiles(folder)) ?? [];
  const now = files.map(({ name }) => name);
  const list = (names: readonly string[]): string => `${[...new Set(names)].sort().join("\n")}\n`;
  // Writes the list first, so that no file is unlisted if this is interrupted.
  await writeAtomically(join(folder, MARKER), list([...before, ...now]));
  for (const sub of new Set(now.map(dirname))) {
    if (sub === ".") continue;
    if ((await kindOf(join(folder, sub), false)) === "other") {
      throw new UsageError(
        `${join(folder, sub)} is not a folder. Move it, or choose another --out.`,
      );
    }
    await mkdir(join(folder, sub), { recursive: true });
  }
  for (const { name, text } of files) await writeAtomically(join(folder, name), text);
  const kept = new Set(now);
  await removeFiles(
    folder,
    before.filter((name) => !kept.has(name)),
  );
  await writeAtomically(join(folder, MARKER), list(now));
}

/**
 * Removes the files written for the stack before, so that they are not mistaken for the result of a failed
 * run. Does not touch a folder that this command did not write.
 */
export async function clearOut(out: string, stack: string): Promise<void> {
  const folder = join(out, stack);
  const before = await ownFiles(folder);
  if (before === undefined) return;
  await removeFiles(folder, before);
  await rm(join(folder, MARKER), { force: true });
  await removeEmpty(folder);
}

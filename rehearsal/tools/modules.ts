/** The Go modules that the programs are built from, and where what was built is kept. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { PROGRAMS, type Program, type ProgramName } from "./programs";

const MODULES = join(__dirname, "modules");

export const moduleFolder = ({ module }: Program): string => join(MODULES, module);

/** The version that the module asks for, such as `v1.37.2`. */
export function versionOf(program: Program): string {
  const words = readFileSync(join(moduleFolder(program), "go.mod"), "utf8").split(/\s+/u);
  const version = words.find(
    (word, at) => /^v\d/u.test(word) && words[at - 1] === program.versioned,
  );
  if (version === undefined) {
    throw new Error(
      `rehearsal/tools/modules/${program.module}/go.mod asks for no ${program.versioned}.`,
    );
  }
  return version;
}

/** What the linker is told. */
export function linkerFlags(program: Program): string {
  const version = versionOf(program);
  return ["-s -w", ...(program.stamped ?? []).map((name) => `-X ${name}=${version}`)].join(" ");
}

/**
 * Where a built program is kept. Its folder is named by everything that decides what is built, so another version never
 * meets an old program.
 */
export function cachedPath(name: ProgramName, env: NodeJS.ProcessEnv = process.env): string {
  const program: Program = PROGRAMS[name];
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "main.go"]) {
    const path = join(moduleFolder(program), file);
    hash.update(`${file}\n`).update(existsSync(path) ? readFileSync(path) : "");
  }
  hash.update(`${linkerFlags(program)}\n${process.platform}\n${process.arch}`);
  const cache = env["XDG_CACHE_HOME"] ?? join(env["HOME"] ?? homedir(), ".cache");
  const folder = `${program.module}-${hash.digest("hex").slice(0, 16)}`;
  return join(cache, "runstack", "tools", folder, program.command);
}

/** Where the programs of a rehearsal are on this machine. Nothing is downloaded or built here: `npm run -s tools` does. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cachedPath, versionOf } from "./modules";
import { PROGRAM_NAMES, PROGRAMS, type Binaries, type Program, type ProgramName } from "./programs";

export type { Binaries, ControlPlaneBinaries } from "./programs";

/** Programs that a rehearsal needs and that this machine does not have. */
export class MissingBinaries extends Error {
  override readonly name = "MissingBinaries";

  constructor(readonly missing: readonly ProgramName[]) {
    const all = missing.map((name) => `${PROGRAMS[name].command} (${versionOf(PROGRAMS[name])})`);
    super(
      `Missing: ${all.join(", ")}. Neither the folder KUBEBUILDER_ASSETS, the PATH nor the cache has ` +
        `${missing.length === 1 ? "it" : "them"}. \`npm run -s tools\` builds what is missing from source; ` +
        "it needs Go.",
    );
  }
}

/**
 * Looks in KUBEBUILDER_ASSETS (the folder of envtest), then on the PATH, then among what was built here. The commands of
 * npm packages are passed over, because the `pulumi` of one downloads the real one at its first use.
 */
export function findBinary(
  name: ProgramName,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const { command }: Program = PROGRAMS[name];
  const folders = [env["KUBEBUILDER_ASSETS"] ?? "", ...(env["PATH"] ?? "").split(delimiter)];
  const own = join("node_modules", ".bin");
  return [
    ...folders
      .filter((folder) => folder !== "" && !folder.endsWith(own))
      .map((folder) => join(folder, command)),
    cachedPath(name, env),
  ].find(isExecutable);
}

/** @throws MissingBinaries */
export function findBinaries(env?: NodeJS.ProcessEnv): Binaries;
export function findBinaries<Name extends ProgramName>(
  env: NodeJS.ProcessEnv | undefined,
  names: readonly Name[],
): Pick<Binaries, Name>;
export function findBinaries(
  env: NodeJS.ProcessEnv = process.env,
  names: readonly ProgramName[] = PROGRAM_NAMES,
): Partial<Binaries> {
  const found = names.map((name) => [name, findBinary(name, env)] as const);
  const missing = found.flatMap(([name, path]) => (path === undefined ? [name] : []));
  if (missing.length > 0) throw new MissingBinaries(missing);
  return Object.fromEntries(found);
}

/** A program that has no option for it says nothing about its version. */
const ASKED: Partial<Record<ProgramName, readonly string[]>> = {
  etcd: ["--version"],
  apiServer: ["--version"],
  kwok: ["--version"],
  kubectl: ["version", "--client"],
  pulumi: ["version"],
};

/** By command: what it says of itself, or the version that it was built from. */
export function versionsOf(binaries: Partial<Binaries>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PROGRAM_NAMES.flatMap((name) => {
      const path = binaries[name];
      if (path === undefined) return [];
      const { command }: Program = PROGRAMS[name];
      const asked = ASKED[name];
      if (asked === undefined) {
        return path === cachedPath(name) ? [[command, versionOf(PROGRAMS[name])]] : [];
      }
      const said = execFileSync(path, asked, { encoding: "utf8" });
      return [[command, /v?\d+\.\d+\.\d+[^\s,]*/u.exec(said)?.[0] ?? said.trim()]];
    }),
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Starts programs and policy packs exactly as the engine's language host does (pulumi/pulumi,
 * `sdk/nodejs/cmd/pulumi-language-nodejs/main.go`), except that the environment is minimal and errors are more
 * readable.
 */
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { ProjectConfigError } from "./errors";
import type { SpawnRequest } from "./processes";
import { nodeOptions, type Project } from "./project-file";
import type { StackConfig } from "./stack-files";
import type { Deployment } from "./urn";
import { readYamlFile } from "./yaml-file";

/** The environment variables that a program may see: no credentials and no tokens. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "TMPDIR",
  "TMP",
  "TEMP",
  "LANG",
  "LC_ALL",
  "TZ",
  "NODE_OPTIONS",
  "NODE_PATH",
  "NODE_EXTRA_CA_CERTS",
  "NODE_NO_WARNINGS",
  "NODE_COMPILE_CACHE",
  "SystemRoot",
] as const;

/**
 * Size of V8's young generation, in MiB. A plan creates many short-lived objects, and frequent collection
 * is slow.
 */
const YOUNG = "--max-semi-space-size=32";
/** Makes errors readable; see the file. This one may be running from the folder of built files instead. */
const PRELOAD = `--require=${join(__dirname, "../offline/preload.cjs")}`;

export interface Target extends Deployment {
  readonly organization: string;
  readonly projectDir: string;
  readonly config: StackConfig;
}

export function environment(): NodeJS.ProcessEnv {
  const passed: NodeJS.ProcessEnv = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}

/** The program's working directory and entry point, from `main` in Pulumi.yaml. */
export function entryPoint(
  projectDir: string,
  main: string,
): { readonly pwd: string; readonly entry: string } {
  if (main === "") return { pwd: projectDir, entry: "." };
  const path = resolve(projectDir, main);
  if (relative(projectDir, path).startsWith("..")) {
    throw new ProjectConfigError(
      `Pulumi.yaml: main "${main}" is outside the project. Name a file inside it.`,
    );
  }
  if (!existsSync(path)) {
    throw new ProjectConfigError(
      `Pulumi.yaml: main "${main}" does not exist. Name the program's file or folder.`,
    );
  }
  if (statSync(path).isDirectory()) return { pwd: path, entry: "." };
  return { pwd: dirname(path), entry: basename(path) };
}

export function programRequest(project: Project, target: Target, address: string): SpawnRequest {
  const { pwd, entry } = entryPoint(target.projectDir, project.main);
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(target.config.values)) {
    config[key.replace(":", ":config:")] = value;
  }
  return {
    args: [
      YOUNG,
      PRELOAD,
      ...splitArguments(project.runtime.nodeargs),
      locate("@pulumi/pulumi/cmd/run", pwd),
      ...["--monitor", address],
      ...["--engine", address],
      ...["--organization", target.organization],
      ...["--project", target.project],
      ...["--root-directory", target.projectDir],
      ...["--stack", target.stack],
      ...["--pwd", pwd],
      "--dry-run",
      ...["--parallel", "16"],
      entry,
    ],
    cwd: target.projectDir,
    env: {
      ...environment(),
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(target.config.secretKeys),
      ...typescriptVariables(project.runtime),
    },
  };
}

/** Node arguments in PulumiPolicy.yaml go to the pack, not to Node, as in the engine. */
export function policyRequest(packDir: string, target: Target, address: string): SpawnRequest {
  const runtime = nodeOptions(readYamlFile(join(packDir, "PulumiPolicy.yaml")));
  return {
    args: [
      YOUNG,
      PRELOAD,
      locate("@pulumi/pulumi/cmd/run-policy-pack", packDir),
      ...splitArguments(runtime.nodeargs),
      address,
      packDir,
    ],
    cwd: packDir,
    env: {
      ...environment(),
      ...typescriptVariables(runtime),
      PULUMI_NODEJS_ORGANIZATION: target.organization,
      PULUMI_NODEJS_PROJECT: target.project,
      PULUMI_NODEJS_STACK: target.stack,
      PULUMI_NODEJS_DRY_RUN: "true",
      PULUMI_CONFIG: JSON.stringify(target.config.values),
    },
  };
}

const typescriptVariables = (runtime: Project["runtime"]): NodeJS.ProcessEnv => ({
  ...(runtime.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
  ...(runtime.tsconfig === "" ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: runtime.tsconfig }),
});

/** Resolves a module as the program itself would, so that the program's version of the library runs. */
function locate(module: string, from: string): string {
  try {
    return createRequire(join(from, "index.js")).resolve(module);
  } catch {
    throw new ProjectConfigError(`${module} is not installed for ${from}. Run \`npm ci\` first.`);
  }
}

/** Splits like a shell: at blanks, except in quotes or after a backslash. */
export function splitArguments(text: string): string[] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gu) ?? [];
  return words.map((word) =>
    word.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gu,
      (_, double?: string, single?: string, escaped?: string) =>
        double === undefined ? (single ?? escaped ?? "") : double.replace(/\\(["\\$`])/gu, "$1"),
    ),
  );
}

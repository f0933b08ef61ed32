/**
 * `.runstack.yaml`: what a repository decides once for all its checks. It is looked for in the folder that `check`
 * is called from and in those above, up to the root of the repository. Options on the command line come first.
 */
import { existsSync, lstatSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { nearest, list } from "../../lib/words";
import { readYamlFile, type YamlFile } from "../../offline/yaml-file";
import { UsageError } from "../options";

export const PROJECT_FILE = ".runstack.yaml";

/** Each key is optional. Paths are relative to the file. */
const KEYS = {
  paths: "texts",
  ignore: "texts",
  environment: "text",
  policyVersion: "text",
  namespace: "text",
  severity: "text",
  failOn: "text",
  theme: "texts",
  crds: "texts",
  policies: "any",
  exemptions: "any",
  baseline: "text",
} as const;

type Key = keyof typeof KEYS;
export type TextKey = { [K in Key]: (typeof KEYS)[K] extends "text" ? K : never }[Key];
type ListKey = { [K in Key]: (typeof KEYS)[K] extends "texts" ? K : never }[Key];

export interface Project {
  /** As it is shown: relative to where `check` is called; empty without a file. */
  readonly file: string;
  /** `.runstack.yaml, line 3`: where a key stands, for messages. */
  readonly where: (key: Key) => string;
  readonly text: (key: TextKey) => string | undefined;
  readonly list: (key: ListKey) => readonly string[] | undefined;
  readonly any: (key: "policies" | "exemptions") => unknown;
  /** A path of the file, as seen from where `check` is called. */
  readonly path: (path: string) => string;
}

export const NO_PROJECT: Project = {
  file: "",
  where: () => "",
  text: () => undefined,
  list: () => undefined,
  any: () => undefined,
  path: (path) => path,
};

/** @param named another file than the one that is found, or `none` @throws UsageError */
export function readProject(cwd: string, named?: string): Project {
  if (named === "none") return NO_PROJECT;
  const path = named === undefined ? discovered(cwd) : resolve(cwd, named);
  return path === undefined ? NO_PROJECT : projectIn(path, cwd);
}

/** The nearest file. A folder with `.git` is the root of a repository: what lies above is not its own. */
function discovered(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, PROJECT_FILE);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
      throw new UsageError(`${path} is no file. Mend it, or write --settings none.`);
    }
    if (found !== undefined) return path;
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return undefined;
  }
}

function projectIn(path: string, cwd: string): Project {
  const file = relative(cwd, path);
  const yaml = readFile(path, file);
  const where = (key: Key): string => `${file}, line ${yaml.lineOf(key)}`;
  for (const key of Object.keys(yaml.content)) checkKey(yaml, key, file);
  const folder = dirname(path);
  return {
    file,
    where,
    text: (key) => yaml.content[key] as string | undefined,
    list: (key) => yaml.content[key] as readonly string[] | undefined,
    any: (key) => yaml.content[key],
    path: (own) => relative(cwd, resolve(folder, own)) || ".",
  };
}

function readFile(path: string, file: string): YamlFile {
  try {
    return readYamlFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be used: ${reason}`);
  }
}

function checkKey(yaml: YamlFile, key: string, file: string): void {
  const refuse = (text: string): never => {
    throw new UsageError(`${file}, line ${yaml.lineOf(key)}: ${text}`);
  };
  const names = Object.keys(KEYS);
  if (!isKey(key)) {
    const near = nearest(key, names);
    const hint = near === undefined ? `allowed are ${list(names)}` : `did you mean ${near}?`;
    return refuse(`there is no key ${JSON.stringify(key)}; ${hint}`.replace(/([^?])$/, "$1."));
  }
  const value = yaml.content[key];
  const kind = KEYS[key];
  const isText = (one: unknown): boolean => typeof one === "string" && one !== "";
  if (kind === "text" && !isText(value)) {
    return refuse(`${key} is ${JSON.stringify(value)}; it must be a text.`);
  }
  if (kind === "texts" && !(Array.isArray(value) && value.every(isText))) {
    return refuse(`${key} is ${JSON.stringify(value)}; it must be a list of texts.`);
  }
}

const isKey = (key: string): key is Key => Object.hasOwn(KEYS, key);

/** Whether a path, or a folder that it is in, matches one of the patterns: `*` within a name, `**` across folders. */
export function ignores(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern
      .replace(/^\.\//, "")
      .replace(/\/+$/, "")
      .split(/(\*\*\/?|\*|\?)/);
    const source = parts.map((part) => GLOBS[part] ?? part.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&"));
    return new RegExp(`^${source.join("")}(?:/|$)`);
  });
  return (path) => expressions.some((expression) => expression.test(path));
}

const GLOBS: Readonly<Record<string, string>> = {
  "*": "[^/]*",
  "?": "[^/]",
  "**": ".*",
  "**/": "(?:.*/)?",
};

/**
 * Pulumi.<stack>.yaml: the configuration of a stack, checked as the engine checks it
 * (pulumi/pulumi, `pkg/workspace/config.go`). Encrypted values are never decrypted.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ProjectConfigError, messageOf } from "./errors";
import { loadProject, matches, typeText, type Declaration, type Project } from "./project-file";
import { REMOVED_KEYS } from "../lib/removed-keys";
import { nearest } from "../lib/words";
import { isSecretKey, isSecure, plainValues, withoutEncrypted } from "./secret-keys";
import { isYamlMap, readYamlFile, type Yaml, type YamlFile } from "./yaml-file";

export interface StackConfig {
  /** By full key. Structured values are JSON. Whatever is encrypted is `UNKNOWN_VALUE`. */
  readonly values: Readonly<Record<string, string>>;
  /** Full keys, sorted: encrypted ones, and those declared secret in Pulumi.yaml. */
  readonly secretKeys: readonly string[];
}

export interface StackFile {
  readonly name: string;
  readonly config: StackConfig;
  /** What the plan cannot know, for its diagnostics. */
  readonly warnings?: readonly string[];
}

interface LoadOptions {
  /**
   * Plan although the file imports ESC environments, which nobody can open without credentials.
   * @default false: an error, because they may set any key that the file does not
   */
  readonly ignoreEnvironments?: boolean;
}

/**
 * All keys of a stack file that the engine reads (pulumi/pulumi, `sdk/go/common/workspace/project.go`).
 */
const KEYS = ["config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment"];

const FILE = /^Pulumi\.(.+)\.yaml$/u;

/** The names of the stacks that have a file, sorted. */
export function listStacks(projectDir: string): string[] {
  try {
    return readdirSync(projectDir)
      .flatMap((file) => FILE.exec(file)?.[1] ?? [])
      .sort();
  } catch (error) {
    throw new ProjectConfigError(`The project directory cannot be read: ${messageOf(error)}.`);
  }
}

/** @throws ProjectConfigError with the file, line, key and what is allowed */
export function loadStack(
  projectDir: string,
  stackName: string,
  { ignoreEnvironments = false }: LoadOptions = {},
): StackFile {
  const project = loadProject(projectDir);
  const stacks = listStacks(projectDir);
  if (!stacks.includes(stackName)) {
    const known =
      stacks.length === 0 ? "There are no stack files." : `The stacks are: ${stacks.join(", ")}.`;
    throw new ProjectConfigError(
      `The stack "${stackName}" does not exist: there is no Pulumi.${stackName}.yaml. ${known}`,
    );
  }
  const file = readYamlFile(join(projectDir, `Pulumi.${stackName}.yaml`));
  refuseUnknownTop(file);
  const imported = environmentsOf(file.content["environment"] ?? null);
  if (imported !== undefined && !ignoreEnvironments) {
    throw file.error(
      ["environment"],
      `a plan has no credentials to open ${imported}, which may set any key that this file does not. ` +
        "Set the keys that Pulumi.yaml declares in this file and plan with --ignore-environments, or " +
        "use `pulumi preview`.",
    );
  }
  return {
    name: stackName,
    config: stackConfig(file, project, stackName),
    ...(imported === undefined
      ? {}
      : {
          warnings: [
            `This plan does not know the values of ${imported}: keys that are only set there have ` +
              "their defaults here.",
          ],
        }),
  };
}

/** The ESC environments of a stack file in words: names, or a definition with imports and values. */
function environmentsOf(value: Yaml): string | undefined {
  const names = (isYamlMap(value) ? value["imports"] : value) ?? [];
  const imports = (Array.isArray(names) ? names : [names]).map((name: Yaml) =>
    typeof name === "string" ? name : Object.keys(isYamlMap(name) ? name : {}).join(),
  );
  if (imports.length > 0) return `the ESC environment ${imports.join(", ")}`;
  return isYamlMap(value) && Object.keys(value).length > 0
    ? "the ESC environment in this file"
    : undefined;
}

/** The engine silently ignores other keys, so everything below a misspelt key is lost. */
function refuseUnknownTop(file: YamlFile): void {
  for (const key of Object.keys(file.content)) {
    if (KEYS.includes(key)) continue;
    const near = nearest(key.toLowerCase(), KEYS);
    const hint = near === undefined ? `The keys are: ${KEYS.join(", ")}.` : `Did you mean ${near}?`;
    throw file.error([key], `a stack file has no key ${JSON.stringify(key)}. ${hint}`);
  }
}

function stackConfig(file: YamlFile, project: Project, stack: string): StackConfig {
  const given = givenValues(file);
  const values: Record<string, string> = {};
  const secretKeys = new Set<string>();
  for (const [key, { raw, value }] of given) {
    const declared = project.declared.get(key);
    if (declared === undefined) refuseUnknown(file, raw, key, project);
    if (declared?.secret === true || isSecretKey(key, value, project.name)) {
      refusePlain(file, raw, key, value, stack);
    }
    const secure = isSecure(value);
    if (secure) secretKeys.add(key);
    else if (declared !== undefined) check(file, raw, value, declared);
    values[key] = textOf(withoutEncrypted(value));
  }
  const missing: string[] = [];
  for (const [key, declared] of project.declared) {
    if (declared.secret) secretKeys.add(key);
    if (given.has(key)) continue;
    if (declared.default !== undefined) values[key] = textOf(declared.default);
    else if (!declared.secret && key.startsWith(`${project.name}:`)) missing.push(key);
  }
  if (missing.length > 0) {
    const list = missing.sort().join(", ");
    throw file.error(
      ["config"],
      `the stack "${stack}" must set ${list}, which Pulumi.yaml declares without a default.`,
    );
  }
  return { values, secretKeys: [...secretKeys].sort() };
}

interface Given {
  /** The key as written. */
  readonly raw: string;
  readonly value: Yaml;
}

function givenValues(file: YamlFile): Map<string, Given> {
  const config = file.content["config"] ?? {};
  if (!isYamlMap(config))
    throw file.error(["config"], "config must be a mapping of keys to values.");
  const result = new Map<string, Given>();
  for (const [raw, value] of Object.entries(config)) {
    const parts = raw.split(":");
    const long = parts.length === 3 && parts[1] === "config";
    const [namespace, name] = long ? [parts[0], parts[2]] : parts;
    if ((parts.length !== 2 && !long) || !namespace || !name) {
      throw file.error(
        ["config", raw],
        `"${raw}" is not a configuration key; keys are written <namespace>:<name>.`,
      );
    }
    const key = `${namespace}:${name}`;
    if (result.has(key))
      throw file.error(["config", raw], `the key ${key} is given twice; keep one of the two.`);
    result.set(key, { raw, value });
  }
  return result;
}

/** Keys in the project's own namespace must be declared. Keys in other namespaces belong to providers. */
function refuseUnknown(file: YamlFile, raw: string, key: string, project: Project): void {
  const own = [...project.declared.keys()].filter((declared) =>
    declared.startsWith(`${project.name}:`),
  );
  if (!key.startsWith(`${project.name}:`) || own.length === 0) return;
  const bare = (full: string): string => full.slice(project.name.length + 1);
  const removed = REMOVED_KEYS[bare(key)];
  if (removed !== undefined) {
    const next = `Remove it with: pulumi config rm ${key}`;
    throw file.error(["config", raw], `${key} was removed: ${removed}. ${next}`);
  }
  const near = nearest(bare(key), own.map(bare));
  const hint =
    near === undefined
      ? `The keys are: ${own.sort().join(", ")}.`
      : `Did you mean ${project.name}:${near}?`;
  throw file.error(["config", raw], `Pulumi.yaml declares no ${key}. ${hint}`);
}

/** A secret must be encrypted as a whole. The message never repeats a value. */
function refusePlain(file: YamlFile, raw: string, key: string, value: Yaml, stack: string): void {
  const errors = plainValues(value).map(({ path, suffix }) => {
    const place = `${key}${suffix}`;
    const option = suffix === "" ? place : `--path '${place}'`;
    return file.error(
      ["config", raw, ...path],
      `${place} is plain text, but must be encrypted. Generate a new value, because this one was readable, ` +
        `and set it with: pulumi config set --secret --stack ${stack} ${option}`,
    );
  });
  if (errors.length > 0) {
    throw new ProjectConfigError(errors.map(({ message }) => message).join("\n"));
  }
}

function check(file: YamlFile, raw: string, value: Yaml, { type }: Declaration): void {
  const seen = typeof value === "object" && value !== null ? value : textOf(value);
  if (type !== undefined && !matches(type, seen)) {
    throw file.error(
      ["config", raw],
      `${raw} must be of type ${typeText(type)}, but is ${JSON.stringify(value)}.`,
    );
  }
}

/** Configuration values are text; structured ones are JSON. */
function textOf(value: Yaml): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Pulumi.yaml: how to run the program, and its declared configuration. */
import { join } from "node:path";
import type { ProjectConfigError } from "./errors";
import { isSecretKey, plainValues } from "./secret-keys";
import { isYamlMap, readYamlFile, type Yaml, type YamlFile, type YamlMap } from "./yaml-file";

export interface Project {
  readonly name: string;
  /** Relative to the project; empty means the directory itself. */
  readonly main: string;
  readonly runtime: {
    readonly nodeargs: string;
    /** @default true, as in the engine */
    readonly typescript: boolean;
    readonly tsconfig: string;
  };
  /** By full key, for example `runstack:region`. */
  readonly declared: ReadonlyMap<string, Declaration>;
}

export interface Declaration {
  /** Undefined accepts any value. */
  readonly type: Type | undefined;
  readonly secret: boolean;
  /** Undefined if the stack must set it. */
  readonly default: Yaml | undefined;
}

export interface Type {
  readonly name: "string" | "integer" | "boolean" | "object" | "array";
  readonly items: Type | undefined;
}

const TYPES: ReadonlySet<string> = new Set(["string", "integer", "boolean", "object", "array"]);
const SCHEMA_KEYS = ["type", "default", "value", "description", "secret", "items"];

export function loadProject(projectDir: string): Project {
  const file = readYamlFile(join(projectDir, "Pulumi.yaml"));
  const { content } = file;
  const name = content["name"];
  if (typeof name !== "string" || !/^[A-Za-z0-9_.-]+$/u.test(name)) {
    throw file.error(
      ["name"],
      "name must be set, to letters, digits, hyphens, underscores and periods.",
    );
  }
  const main = content["main"] ?? "";
  if (typeof main !== "string") throw file.error(["main"], "main must be a path.");
  return { name, main, runtime: nodeOptions(file), declared: declarations(file, name) };
}

/** How Node is started, for both Pulumi.yaml and PulumiPolicy.yaml. */
export function nodeOptions(file: YamlFile): Project["runtime"] {
  const runtime = file.content["runtime"];
  const name = isYamlMap(runtime) ? runtime["name"] : runtime;
  if (name !== "nodejs") {
    throw file.error(
      ["runtime"],
      `runtime must be nodejs; ${JSON.stringify(name ?? null)} cannot be planned offline.`,
    );
  }
  const options = isYamlMap(runtime) && isYamlMap(runtime["options"]) ? runtime["options"] : {};
  const { nodeargs = "", typescript = true, tsconfig = "" } = options;
  const path = ["runtime", "options"];
  if (typeof nodeargs !== "string")
    throw file.error([...path, "nodeargs"], "nodeargs must be a string.");
  if (typeof typescript !== "boolean")
    throw file.error([...path, "typescript"], "typescript must be true or false.");
  if (typeof tsconfig !== "string")
    throw file.error([...path, "tsconfig"], "tsconfig must be a path.");
  return { nodeargs, typescript, tsconfig };
}

function declarations(file: YamlFile, project: string): Map<string, Declaration> {
  const config = file.content["config"] ?? {};
  if (!isYamlMap(config))
    throw file.error(["config"], "config must be a mapping of keys to their declarations.");
  const result = new Map<string, Declaration>();
  for (const [key, value] of Object.entries(config)) {
    const fail = (text: string): ProjectConfigError => file.error(["config", key], text);
    const full = fullKey(key, project);
    const declared = declaration(key, value, fail);
    const { default: initial = null } = declared;
    if (
      initial !== null &&
      isSecretKey(full, initial, project) &&
      plainValues(initial).length > 0
    ) {
      throw fail(`config ${key}: a secret has no default. Remove it, and set it in each stack.`);
    }
    result.set(full, declared);
  }
  return result;
}

/** A key without a namespace gets the project's. */
const fullKey = (key: string, project: string): string =>
  key.includes(":") ? key : `${project}:${key}`;

function declaration(
  key: string,
  value: Yaml,
  fail: (text: string) => ProjectConfigError,
): Declaration {
  const schema =
    isYamlMap(value) && SCHEMA_KEYS.some((name) => name in value) ? value : { default: value };
  const secret = schema["secret"] ?? false;
  if (typeof secret !== "boolean") throw fail(`config ${key}: secret must be true or false.`);
  const type = schema["type"] === undefined ? undefined : typeFrom(schema, key, fail);
  const initial = schema["default"] ?? schema["value"] ?? undefined;
  if (type !== undefined && initial !== undefined && !matches(type, initial)) {
    throw fail(`config ${key}: the default must be of type ${typeText(type)}.`);
  }
  return { type, secret, default: initial };
}

function typeFrom(schema: YamlMap, key: string, fail: (text: string) => ProjectConfigError): Type {
  const name = schema["type"];
  if (typeof name !== "string" || !isTypeName(name)) {
    throw fail(`config ${key}: type must be one of ${[...TYPES].join(", ")}.`);
  }
  const items = schema["items"];
  if (name !== "array") return { name, items: undefined };
  if (!isYamlMap(items)) throw fail(`config ${key}: an array needs items with a type.`);
  return { name, items: typeFrom(items, `${key}.items`, fail) };
}

const isTypeName = (name: string): name is Type["name"] => TYPES.has(name);

/** `array<string>` */
export const typeText = (type: Type): string =>
  type.items === undefined ? type.name : `array<${typeText(type.items)}>`;

/** Text counts as a number or a boolean if it can be parsed as one, as in the engine. */
export function matches(type: Type, value: Yaml): boolean {
  switch (type.name) {
    case "string":
      return typeof value === "string";
    case "integer":
      return typeof value === "number"
        ? Number.isInteger(value)
        : typeof value === "string" && /^[+-]?\d+$/u.test(value);
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return isYamlMap(value);
    case "array": {
      const { items } = type;
      return (
        Array.isArray(value) &&
        items !== undefined &&
        value.every((item: Yaml) => matches(items, item))
      );
    }
  }
}

/**
 * Reads a YAML file that may be broken or malicious, and reports in one sentence what is wrong and where.
 */
import { basename } from "node:path";
import { isMap, LineCounter, parseDocument, type Document } from "yaml";
import { bytesOf, reasonOf, textIn } from "../lib/reading";
import { ProjectConfigError, messageOf } from "./errors";
import { setKey } from "./wire";

/** Limit for values after alias expansion, against files that grow exponentially. */
const MOST_ALIASES = 100;
/** Bytes; project and stack files are small. */
const LARGEST_FILE = 1024 * 1024;

export type Yaml = null | boolean | number | string | readonly Yaml[] | YamlMap;
export interface YamlMap {
  readonly [key: string]: Yaml;
}

export interface YamlFile {
  /** The file's name, for messages. */
  readonly name: string;
  readonly content: YamlMap;
  /** The line of a key, from 1; the nearest enclosing one if it is absent. */
  lineOf(...path: readonly string[]): number;
  /** An error at a key: `<file>, line <n>: <text>`. */
  error(path: readonly string[], text: string): ProjectConfigError;
}

export const isYamlMap = (value: Yaml | undefined): value is YamlMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function readYamlFile(path: string): YamlFile {
  const name = basename(path);
  let text: string;
  try {
    text = textIn(bytesOf(path, LARGEST_FILE));
  } catch (error) {
    throw new ProjectConfigError(`${name} cannot be read: ${reasonOf(error)}.`);
  }
  return parseYamlFile(name, text);
}

function parseYamlFile(name: string, text: string): YamlFile {
  const at = (line: number, what: string): ProjectConfigError =>
    new ProjectConfigError(`${name}, line ${String(line)}: ${what}`);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    intAsBigInt: true,
  });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0]);
    if (problem.code === "MULTIPLE_DOCS")
      throw at(line, "the file holds several documents; keep one.");
    if (TOO_DEEP.test(problem.message)) throw at(line, "it is nested too deeply.");
    if (problem.code !== "DUPLICATE_KEY")
      throw at(line, `this is not YAML: ${sentence(problem.message)}`);
    const key = /^(?:[^:\n]|:(?!\s))*/u.exec(text.slice(problem.pos[0]))?.[0].trim() ?? "";
    throw at(line, `the key ${key} is given twice; keep one of the two.`);
  }
  const content = plain(document, name);
  if (content === null)
    throw at(1, "the file is empty; it must hold a mapping, for example `config:`.");
  if (!isYamlMap(content)) throw at(1, "the file must hold a mapping of keys to values.");
  const lineOf = (...path: readonly string[]): number => lineOfKey(document, lines, path);
  return { name, content, lineOf, error: (path2, what) => at(lineOf(...path2), what) };
}

const TOO_DEEP = /call stack/u;
const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);

function plain(document: Document, name: string): Yaml {
  try {
    return convert(document.toJS({ maxAliasCount: MOST_ALIASES }), []);
  } catch (error) {
    if (messageOf(error).startsWith("Excessive alias count")) throw tooManyAliases(name);
    throw new ProjectConfigError(`${name} cannot be read: ${sentence(messageOf(error))}`);
  }
}

const tooManyAliases = (name: string): ProjectConfigError =>
  new ProjectConfigError(
    `${name}, line 1: its aliases expand to too much; a file can expand to at most ` +
      `${String(MOST_ALIASES)} values by aliases. Write the values out instead.`,
  );

/** Large integers are kept exactly, as text; keys such as `__proto__` are ordinary keys. */
function convert(value: unknown, parents: readonly object[]): Yaml {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (typeof value !== "object")
    throw new Error("it contains a value that is not text, a number, a list or a mapping");
  if (parents.includes(value)) throw new Error("an alias refers to its own parent; write it out");
  const inside = [...parents, value];
  if (Array.isArray(value)) return value.map((item) => convert(item, inside));
  const result: Record<string, Yaml> = {};
  for (const [key, item] of Object.entries(value)) setKey(result, key, convert(item, inside));
  return result;
}

function lineOfKey(document: Document, lines: LineCounter, path: readonly string[]): number {
  let node: unknown = document.contents;
  let line = 1;
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => String(item.key) === key) : undefined;
    if (pair === undefined) return line;
    const range = (pair.key as { range?: readonly number[] | null }).range;
    line = range?.[0] === undefined ? line : lines.linePos(range[0]).line;
    node = pair.value;
  }
  return line;
}

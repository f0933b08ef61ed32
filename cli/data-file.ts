/** Reads the file of an option: one YAML or JSON document. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { reasonOf, textIn } from "../lib/reading";
import { UsageError } from "./options";
import { YamlError, parseYaml } from "./check/yaml";

/** The only document of a file; null if it is empty. @throws UsageError */
export function readData(option: string, file: string, cwd: string): unknown {
  let text: string;
  try {
    text = textIn(readFileSync(resolve(cwd, file)));
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read: ${reasonOf(error)}.`);
  }
  try {
    const [first = null, ...more] = parseYaml(text);
    if (more.length === 0) return first;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line, column } = error.place;
    throw new UsageError(`${file}:${line}:${column}: ${error.message}.`);
  }
  throw new UsageError(`${file} contains several documents; ${option} takes one.`);
}

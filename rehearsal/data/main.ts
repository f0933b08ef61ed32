/**
 * `npm run test:data -- STACK… [--case TEXT]`: dumps, loses and restores the databases of the stacks with real servers, and
 * plays faults. Ends with 1 if a case fails, and with 77 if a tool is missing.
 */
import { join } from "node:path";
import { loadStack } from "../../offline/stack-files";
import { unwatched } from "../../systems/reading";
import { settingsOf } from "../secrets";
import { rehearseData, type DataResult } from "./rehearse";
import { line, objectives } from "./report";
import { DIFFERENT_VALUES } from "./stage";
import { findTools } from "./tools";

const SKIPPED = 77;
const PROJECT = join(__dirname, "..", "..");

async function main(words: readonly string[]): Promise<number> {
  const at = words.indexOf("--case");
  const only = at < 0 ? undefined : new RegExp(words[at + 1] ?? "", "u");
  const stacks = at < 0 ? words : words.slice(0, at);
  const tools = findTools();
  if (typeof tools === "string") {
    console.log(`${tools} No backup is rehearsed.`);
    return SKIPPED;
  }
  console.log(`not as in the images: ${tools.differences.join(", ")}`);
  console.log(`not as in the cluster: the values of ${DIFFERENT_VALUES.join(", ")}`);
  const results: DataResult[] = [];
  for (const stack of stacks) {
    console.log(`\n${stack}`);
    const onResult = (result: DataResult): void => {
      console.log(line(result));
    };
    const options = { project: PROJECT, tools, onResult, ...(only && { only }) };
    const found = await rehearseData(stack, options);
    const system = unwatched(settingsOf(loadStack(PROJECT, stack)).system);
    for (const text of objectives(system, found)) console.log(text);
    results.push(...found);
  }
  const count = (passed: boolean | undefined): number =>
    results.filter((one) => one.passed === passed).length;
  console.log(
    `\n${String(count(true))} passed, ${String(count(false))} failed, ${String(count(undefined))} not rehearsed`,
  );
  return count(false) === 0 && count(true) > 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);

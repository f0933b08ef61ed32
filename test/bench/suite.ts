/** CPU time of the tests, compared with vitest's default of one process per file. */
import { join } from "node:path";
import { measure } from "./process-tree";

const ROOT = join(__dirname, "../..");
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");

/** @param paths tests to run; all if empty */
export async function suiteSection(paths: readonly string[]): Promise<string> {
  const rows: string[] = [];
  let isolated = Number.NaN;
  for (const [name, ...flags] of [["isolated", "--isolate"], ["as configured"]] as const) {
    process.stderr.write(`tests, ${name}\n`);
    const measured = await measure([VITEST, "run", ...flags, ...paths], ROOT);
    if (measured.code !== 0) throw new Error(`The tests fail (${name}): run npm test first.`);
    if (Number.isNaN(isolated)) isolated = measured.processorMs;
    const cells = [
      `${(measured.processorMs / 1000).toFixed(0)} s`,
      (measured.processorMs / isolated).toFixed(2),
      `${(measured.ms / 1000).toFixed(0)} s`,
      `${measured.peakMiB.toFixed(0)} MiB`,
    ];
    rows.push([name.padEnd(14), ...cells.map((cell) => cell.padStart(11))].join(""));
  }
  const head = ["", "processor", "× isolated", "wall", "memory"];
  return [
    "",
    head.map((cell, at) => (at === 0 ? cell.padEnd(14) : cell.padStart(11))).join(""),
    ...rows,
    "",
    `One run each of ${paths.length === 0 ? "all tests" : paths.join(" ")}. Memory is the sum of each process's largest resident set.`,
    "",
  ].join("\n");
}

/**
 * The placement matrix with the policy pack: every system on every cloud, with each way to run its data services.
 * Each cell is either refused by the configuration, with what to choose instead, or its first `up` has no mandatory
 * violation. Every run takes production; `npm run matrix` takes staging and the recovery environment as well, and
 * the first preview of each cell.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { SYSTEMS, type SystemId } from "../../systems";
import { PROJECT } from "../plan";
import { CLOUDS, settingsOf, stackFile, VARIANTS, type Cell } from "./cells";
import { create } from "./cloud";
import { withSecrets } from "./given";
import { run } from "./inside";

/** Minutes on a busy machine. */
const PATIENCE = 300_000;

const everything = process.env["RUNSTACK_CELLS"] === "all";
const environments = everything ? (["prod", "staging", "dr"] as const) : (["prod"] as const);

const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

const cells: readonly Cell[] = environments.flatMap((environment) =>
  (Object.keys(SYSTEMS) as SystemId[]).flatMap((system) =>
    keysOf(CLOUDS).flatMap((cloud) =>
      VARIANTS.map((variant) => ({ environment, system, cloud, variant })),
    ),
  ),
);

/** The mandatory violations of a cell, or why the configuration refuses it. */
async function judged(cell: Cell): Promise<readonly string[] | string> {
  const stack = stackFile("cell", settingsOf(cell));
  let complete;
  try {
    complete = withSecrets(stack);
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
  const runs = [await run(complete, create), ...(everything ? [await run(stack)] : [])];
  return runs.flatMap(({ violations }) =>
    violations
      .filter(({ level, message }) => level === "mandatory" || message.includes("can't run"))
      .map(({ policy, message }) => `${policy}: ${message}`),
  );
}

/** Cells that the configuration refuses, and why: in the golden file, so that no cell is refused unseen. */
const refused: string[] = [];

describe("ALL-02, ALL-03, PO-04", () => {
  it.each(cells)(
    "$system on $cloud in $environment, $variant",
    async (cell) => {
      const found = await judged(cell);
      if (typeof found !== "string") {
        expect(found).toEqual([]);
        return;
      }
      refused.push(`${Object.values(cell).join(" ")}\n${found.replaceAll(/^/gm, "  ")}\n`);
      for (const line of found.split("\n")) {
        expect(line).toMatch(/ must be .+\. (Set|Remove) it with: pulumi config (set|rm) /u);
      }
    },
    PATIENCE,
  );

  it.skipIf(everything)("refuses these", async () => {
    await expect(refused.join("")).toMatchFileSnapshot(
      join(PROJECT, "test", "golden", "matrix-refused.txt"),
    );
  });
});

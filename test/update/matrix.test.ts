/**
 * The placement matrix with the policy pack: every system on every cloud, with each way to run its data services.
 * Each cell is either accepted, and its first `up` has no mandatory violation; or the configuration refuses it, and
 * whoever does what the refusal says comes to such a cell.
 *
 * Every run takes production whole, and of staging and the recovery environment what the runbooks choose. `npm run
 * matrix` takes all variants of each, and the first preview of each cell.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { PROJECT } from "../plan";
import { advised, cellsOf, settingsOf, stackFile, WAYS, waysOf, type Cell } from "./cells";
import { create } from "../../rehearsal/clouds/outputs";
import { withSecrets } from "../../rehearsal/secrets";
import { run } from "./inside";

/** Minutes on a busy machine. */
const PATIENCE = 300_000;

const everything = process.env["RUNSTACK_CELLS"] === "all";

/** What every run takes. */
const usual: readonly Cell[] = [
  ...WAYS.flatMap((way) => cellsOf("prod", way)),
  ...cellsOf("staging", "runbook"),
  ...cellsOf("dr", "runbook"),
];
const others: readonly Cell[] = everything
  ? [
      ...cellsOf("prod", "runbook"),
      ...WAYS.flatMap((way) => [...cellsOf("staging", way), ...cellsOf("dr", way)]),
    ]
  : [];

/** Why the configuration refuses a cell; undefined if it does not. */
function refusalOf(cell: Cell): string | undefined {
  try {
    withSecrets(stackFile("cell", settingsOf(cell)));
    return undefined;
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
}

/** The mandatory violations of a cell. */
async function judged(cell: Cell): Promise<readonly string[]> {
  const stack = stackFile("cell", settingsOf(cell));
  const runs = [await run(withSecrets(stack), create), ...(everything ? [await run(stack)] : [])];
  return runs.flatMap(({ violations }) =>
    violations
      .filter(({ level, message }) => level === "mandatory" || message.includes("can't run"))
      .map(({ policy, message }) => `${policy}: ${message}`),
  );
}

const known = new Map<string, Promise<readonly string[]>>();

/** Several refusals lead to the same cell. */
function once(cell: Cell): Promise<readonly string[]> {
  const key = JSON.stringify(Object.entries(cell).sort());
  const found = known.get(key) ?? judged(cell);
  known.set(key, found);
  return found;
}

/** How often the configuration may refuse somebody who does what it says. */
const STEPS = 2;

/** Cells that the configuration refuses, and why: in the golden file, so that no cell is refused unseen. */
const refused = new Set<string>();

/** Where the advice ends, whichever values are taken; on the way there, `refused` grows. */
function ends(cell: Cell, usually: boolean, steps = STEPS): readonly [Cell, ...Cell[]] {
  const refusal = refusalOf(cell);
  if (refusal === undefined) return [cell];
  if (steps === 0) throw new Error(`Still refused: ${JSON.stringify(cell)}\n${refusal}`);
  const [next, ...others] = advised(cell, refusal);
  if (usually) {
    refused.add(
      `${cell.environment} ${cell.system} on ${cell.cloud}, ${waysOf(cell)}\n${refusal.replaceAll(/^/gm, "  ")}\n` +
        `  and then: on ${next.cloud}, ${waysOf(next)}\n`,
    );
  }
  const [end, ...rest] = ends(next, usually, steps - 1);
  return [end, ...rest, ...others.flatMap((one) => ends(one, false, steps - 1))];
}

describe("ALL-02, ALL-03, PO-04", () => {
  it.each([...usual, ...others].map((cell) => ({ ...cell, ways: waysOf(cell), cell })))(
    "$system on $cloud in $environment, $ways",
    async ({ cell }) => {
      const [end] = ends(cell, usual.includes(cell));
      expect(await once(end)).toEqual([]);
    },
    PATIENCE,
  );

  it("refuses these", async () => {
    await expect([...refused].join("")).toMatchFileSnapshot(
      join(PROJECT, "test", "golden", "matrix-refused.txt"),
    );
  });
});

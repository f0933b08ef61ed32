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
import { create } from "./cloud";
import { withSecrets } from "./given";
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

const known = new Map<string, Promise<readonly string[] | string>>();

/** Several refusals lead to the same cell. */
function once(cell: Cell): Promise<readonly string[] | string> {
  const key = JSON.stringify(Object.entries(cell).sort());
  const found = known.get(key) ?? judged(cell);
  known.set(key, found);
  return found;
}

/** How often the configuration may refuse somebody who does what it says. */
const STEPS = 2;

/** Cells that the configuration refuses, and why: in the golden file, so that no cell is refused unseen. */
const refused = new Set<string>();

/** The mandatory violations where the advice ends; on the way there, `refused` grows. */
async function followed(cell: Cell): Promise<readonly string[]> {
  let at = cell;
  for (let step = 0; step <= STEPS; step += 1) {
    const found = await once(at);
    if (typeof found !== "string") return found;
    const next = advised(at, found);
    if (usual.includes(cell)) {
      refused.add(
        `${at.environment} ${at.system} on ${at.cloud}, ${waysOf(at)}\n${found.replaceAll(/^/gm, "  ")}\n` +
          `  and then: on ${next.cloud}, ${waysOf(next)}\n`,
      );
    }
    at = next;
  }
  throw new Error(`Refused ${STEPS + 1} times: ${JSON.stringify(cell)}`);
}

describe("ALL-02, ALL-03, PO-04", () => {
  it.each([...usual, ...others].map((cell) => ({ ...cell, ways: waysOf(cell), cell })))(
    "$system on $cloud in $environment, $ways",
    async ({ cell }) => {
      expect(await followed(cell)).toEqual([]);
    },
    PATIENCE,
  );

  it("refuses these", async () => {
    await expect([...refused].join("")).toMatchFileSnapshot(
      join(PROJECT, "test", "golden", "matrix-refused.txt"),
    );
  });
});

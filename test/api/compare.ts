/**
 * `npm run -s test:api -- FOLDER…`: sends every object below the folders to a real API server as a strict dry
 * run, and compares its verdict with that of the policies. `--changes` also breaks one field at a time, `--crds DIR`
 * installs CustomResourceDefinitions first, `--record FILE` writes the server's verdicts on the changes, and `--out FILE`
 * writes every disagreement as a line of JSON.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { isDefinition } from "../../policies/kubernetes/api/custom/definitions";
import type { Client, Json, Verdict } from "./client";
import { ours } from "./ours";
import { changesIn } from "./changes";
import { samplesBelow, type Sample } from "./corpus";
import { startServer } from "./server";

interface Compared {
  readonly sample: Sample;
  readonly server: Verdict;
  readonly ours: readonly string[];
}

const COLUMNS = ["both accept", "both refuse", "only the server", "only ours"] as const;
type Column = (typeof COLUMNS)[number];

function columnOf({ server, ours: own }: Compared): Column {
  if (server.says === "refused") return own.length > 0 ? "both refuse" : "only the server";
  return own.length > 0 ? "only ours" : "both accept";
}

interface Setting {
  readonly client: Client;
  readonly definitions: readonly Json[];
}

/** So many requests at a time keep both of a machine's processors busy. */
const AT_ONCE = 16;

/** @param see is given each one, so that not all are kept */
async function compareAll(
  { client, definitions }: Setting,
  samples: Iterable<Sample>,
  see: (one: Compared) => void,
): Promise<void> {
  for (const some of groups(samples, AT_ONCE)) {
    const verdicts = await Promise.all(some.map(({ object }) => client.dryRun(object)));
    for (const [index, sample] of some.entries()) {
      const server = verdicts[index];
      if (server === undefined || server.says === "unserved") continue;
      see({ sample, server, ours: ours(sample.object, definitions) });
    }
  }
}

function* groups<T>(all: Iterable<T>, size: number): Generator<readonly T[]> {
  let group: T[] = [];
  for (const one of all) {
    group.push(one);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  yield group;
}

/** Counts, and the lines of the disagreements. */
class Table {
  readonly lines: string[] = [];
  private readonly counts = new Map<Column, number>();

  add(one: Compared): void {
    const column = columnOf(one);
    this.counts.set(column, (this.counts.get(column) ?? 0) + 1);
    if (column === "both accept" || column === "both refuse") return;
    const { sample, server, ours: own } = one;
    const { apiVersion, kind } = sample.object;
    const message = server.says === "refused" ? server.message : "";
    this.lines.push(
      JSON.stringify({ column, title: sample.title, apiVersion, kind, message, ours: own }),
    );
  }

  print(title: string): void {
    const number = (column: Column): number => this.counts.get(column) ?? 0;
    const all = COLUMNS.reduce((sum, column) => sum + number(column), 0);
    const agreed = number("both accept") + number("both refuse");
    const cells = COLUMNS.map((column) => `${column} ${number(column)}`).join(", ");
    const share = all === 0 ? 100 : (100 * agreed) / all;
    console.log(`${title}: ${all} objects, ${cells}; agreement ${share.toFixed(2)} %`);
  }
}

/** Writes what the server says of each change, for a test that runs without it. */
async function record(client: Client, valid: readonly Sample[], file: string): Promise<void> {
  const accepted: string[] = [];
  let count = 0;
  for (const { title, object } of changesIn(valid)) {
    count += 1;
    if ((await client.dryRun(object)).says === "accepted") accepted.push(title);
  }
  const recorded = { server: await client.version(), changes: count, accepted };
  writeFileSync(file, `${JSON.stringify(recorded, null, 0).replaceAll('","', '",\n"')}\n`);
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      changes: { type: "boolean" },
      out: { type: "string" },
      record: { type: "string" },
      crds: { type: "string", multiple: true },
    },
  });
  const { client, stop } = await startServer();
  try {
    console.log(`API server ${await client.version()}`);
    const definitions = (values.crds ?? []).flatMap((path) =>
      samplesBelow(resolve(path))
        .map(({ object }) => object)
        .filter(isDefinition),
    );
    for (const definition of definitions) await client.define(definition);
    const lines: string[] = [];
    for (const folder of positionals) {
      const [table, changes] = [new Table(), new Table()];
      const valid: Sample[] = [];
      await compareAll({ client, definitions }, samplesBelow(resolve(folder)), (one) => {
        table.add(one);
        if (one.server.says === "accepted") valid.push(one.sample);
      });
      table.print(folder);
      lines.push(...table.lines);
      if (values.record !== undefined) await record(client, valid, values.record);
      if (values.changes !== true) continue;
      await compareAll({ client, definitions }, changesIn(valid), (one) => {
        changes.add(one);
      });
      changes.print(`${folder}, one field changed`);
      lines.push(...changes.lines);
    }
    if (values.out !== undefined) writeFileSync(values.out, `${lines.join("\n")}\n`);
  } finally {
    await stop();
  }
}

void run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});

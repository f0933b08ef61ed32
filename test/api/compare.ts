/**
 * `npm run -s test:api -- FOLDER…`: sends every object below the folders to a real API server as a strict dry
 * run, and compares its verdict with that of the policies. `--changes` also breaks one field at a time, `--crds DIR`
 * installs CustomResourceDefinitions first, `--out FILE` writes every disagreement as a line of JSON.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Client, Verdict } from "./client";
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

/** So many requests at a time keep both of a machine's processors busy. */
const AT_ONCE = 16;

async function compareAll(
  client: Client,
  samples: readonly Sample[],
): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  for (let start = 0; start < samples.length; start += AT_ONCE) {
    const some = samples.slice(start, start + AT_ONCE);
    const verdicts = await Promise.all(some.map(({ object }) => client.dryRun(object)));
    for (const [index, sample] of some.entries()) {
      const server = verdicts[index];
      if (server === undefined || server.says === "unserved") continue;
      compared.push({ sample, server, ours: ours(sample.object) });
    }
  }
  return compared;
}

function printTable(title: string, compared: readonly Compared[]): void {
  const counts = COLUMNS.map((column) => compared.filter((one) => columnOf(one) === column).length);
  const agreed = (counts[0] ?? 0) + (counts[1] ?? 0);
  const share = compared.length === 0 ? 100 : (100 * agreed) / compared.length;
  const cells = COLUMNS.map((column, index) => `${column} ${counts[index] ?? 0}`).join(", ");
  console.log(`${title}: ${compared.length} objects, ${cells}; agreement ${share.toFixed(2)} %`);
}

function disagreements(compared: readonly Compared[]): string {
  return compared
    .filter((one) => ["only the server", "only ours"].includes(columnOf(one)))
    .map((one) => {
      const { sample, server, ours: own } = one;
      const { apiVersion, kind } = sample.object;
      const message = server.says === "refused" ? server.message : "";
      return JSON.stringify({
        column: columnOf(one),
        title: sample.title,
        apiVersion,
        kind,
        message,
        ours: own,
      });
    })
    .join("\n");
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      changes: { type: "boolean" },
      out: { type: "string" },
      crds: { type: "string", multiple: true },
    },
  });
  const { client, stop } = await startServer();
  try {
    console.log(`API server ${await client.version()}`);
    for (const path of values.crds ?? []) {
      for (const { object } of samplesBelow(resolve(path))) await client.create(object);
    }
    const all: Compared[] = [];
    for (const folder of positionals) {
      const samples = samplesBelow(resolve(folder));
      const compared = await compareAll(client, samples);
      printTable(folder, compared);
      all.push(...compared);
      if (values.changes !== true) continue;
      const valid = compared.filter(({ server }) => server.says === "accepted");
      const changes = await compareAll(client, changesIn(valid.map(({ sample }) => sample)));
      printTable(`${folder}, one field changed`, changes);
      all.push(...changes);
    }
    if (values.out !== undefined) writeFileSync(values.out, `${disagreements(all)}\n`);
  } finally {
    stop();
  }
}

void run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});

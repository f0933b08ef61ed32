/**
 * The verdicts of a real API server, recorded by
 * `npm run -s test:api -- --record test/fixtures/api/recorded.json test/fixtures/api/objects.yaml`, against those of
 * the policies: valid objects, and each of their fields changed in several ways.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { schemaVersion } from "../../policies/kubernetes/api/schemas";
import { changesIn } from "./changes";
import { samplesBelow } from "./corpus";
import { ours } from "./ours";

const FOLDER = join(__dirname, "../fixtures/api");

interface Recorded {
  readonly server: string;
  readonly changes: number;
  /** The changes that the server accepts; it refuses all others. */
  readonly accepted: readonly string[];
}

const recorded = JSON.parse(readFileSync(join(FOLDER, "recorded.json"), "utf8")) as Recorded;
const samples = samplesBelow(join(FOLDER, "objects.yaml"));

/** Changes that the server refuses and the policies do not, with what they would have to know. */
const UNSEEN: readonly RegExp[] = [
  // Two sources of a projected volume that write the same file.
  /projected\.sources\.\d+\.downwardAPI\.items doubled$/,
];

it("is of the version whose types the policies know", () => {
  expect(recorded.server).toBe(schemaVersion());
});

it("accepts every object of the corpus", () => {
  expect(samples.length).toBeGreaterThan(20);
  const found = samples.flatMap(({ title, object }) =>
    ours(object).map((one) => `${title}: ${one}`),
  );
  expect(found).toEqual([]);
});

it("says of every change what the server says", () => {
  const accepted = new Set(recorded.accepted);
  const all = [...changesIn(samples)];
  expect(all).toHaveLength(recorded.changes);
  const differing = all.flatMap(({ title, object }) => {
    const said = ours(object);
    if (accepted.has(title)) return said.map((one) => `only ours: ${title}: ${one}`);
    const isUnseen = said.length > 0 || UNSEEN.some((pattern) => pattern.test(title));
    return isUnseen ? [] : [`only the server: ${title}`];
  });
  expect(differing).toEqual([]);
}, 120_000);

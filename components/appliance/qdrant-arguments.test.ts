import { describe, expect, it } from "vitest";
import { mib } from "../../systems/units";
import { refusal } from "../kit/testing";
import { atLeast, checkQdrant, type QdrantArguments } from "./qdrant-arguments";
import { qdrantArguments } from "./testing";

const args = qdrantArguments;

describe("invalid Qdrant arguments", () => {
  it.each<[Partial<QdrantArguments>, string]>([
    [
      { objectName: "Seeds" },
      'objectName is "Seeds", but must be 1 to 48 lower-case letters, digits and hyphens, beginning with a letter. The names of its pods and jobs are made from it.',
    ],
    [
      { version: "1.7" },
      'version is "1.7", but must be three numbers, 1.7.0 or later. Older versions have no read-only key.',
    ],
    [
      { version: "1.6.9" },
      'version is "1.6.9", but must be three numbers, 1.7.0 or later. Older versions have no read-only key.',
    ],
    [
      { replicas: 2 },
      "replicas is 2, but must be 1 or an odd number from 3. With an even number, half of the peers have no majority.",
    ],
    [
      { replicas: 0 },
      "replicas is 0, but must be 1 or an odd number from 3. With an even number, half of the peers have no majority.",
    ],
    [
      { storage: mib(512) },
      "storage is 536870912 bytes, but must be 1 GiB or more. A volume can be enlarged, but not shrunk.",
    ],
    [
      { snapshots: { prefix: "a/" } },
      'snapshots.prefix is "a/", but must be without a slash at either end. Each snapshot gets a folder below it.',
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkQdrant("store", { ...args, ...changes });
      }),
    ).toBe(`Qdrant store: ${expected}`);
  });

  it.each<[Partial<QdrantArguments>]>([
    [{ version: "1.7.0" }],
    [{ version: "2.0.0" }],
    [{ replicas: 5 }],
    [{ snapshots: { prefix: "a/b" } }],
  ])("accepts %j", (changes) => {
    expect(
      refusal(() => {
        checkQdrant("store", { ...args, ...changes });
      }),
    ).toBe("");
  });

  it.each<[string, boolean]>([
    ["1.7.3", true],
    ["1.7.10", true],
    ["1.10.0", true],
    ["2.0.0", true],
    ["1.7.2", false],
    ["0.9.9", false],
    ["v1.9.0", false],
  ])("compares versions by number: %s is 1.7.3 or later: %s", (version, expected) => {
    expect(atLeast(version, [1, 7, 3])).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../systems";
import { parseSettings, type RawSettings } from "../settings";
import { commands, good, images, onAws } from "../settings/testing";
import { restoring } from "./restoring";

const aeneas: RawSettings = {
  ...onAws,
  system: "aeneas",
  region: "us-east-1",
  images: images(SYSTEMS.aeneas),
  commands: commands(SYSTEMS.aeneas),
};
const said = (raw: RawSettings, base = aeneas) => restoring(parseSettings({ ...base, ...raw }));

const FILLS =
  "runstack:restoreFrom.postgresql fills incarnation 4 of postgresql when it is created. If that one runs already, nothing is restored: set runstack:incarnations.postgresql to 5. Once it is restored, remove runstack:restoreFrom.postgresql.";
const KEY =
  "runstack:restoreFrom.postgresql: RDS keeps the KMS key of the source for as long as the instance exists. If the key is that of another environment, never delete it, or restore from a copy of the snapshot under this environment's key (docs/recovery.md).";
const SNAPSHOT = "arn:aws:rds:us-east-1:210987654321:snapshot:aeneas-final";

describe("what a plan says of a restore", () => {
  it("is nothing without one", () => {
    expect(said({})).toEqual([]);
    expect(said({}, good)).toEqual([]);
  });

  it.each<[string, RawSettings, readonly string[]]>([
    [
      "an incarnation of this environment",
      { restoreFrom: { postgresql: { incarnation: 3 } } },
      [FILLS],
    ],
    [
      "a backup, whose key may be another one",
      { restoreFrom: { postgresql: { from: SNAPSHOT } } },
      [FILLS, KEY],
    ],
    [
      "an incarnation of an earlier environment, whose key is another one",
      { incarnation: 3, restoreFrom: { postgresql: { incarnation: 2 } } },
      [FILLS, KEY],
    ],
    [
      "one that fills a database in the cluster, where no key is kept",
      { postgres: "operator", restoreFrom: { postgresql: { from: "copied" } } },
      [FILLS],
    ],
  ])("is when it is of use: %s", (_, raw, expected) => {
    expect(said({ incarnations: { postgresql: 4 }, ...raw })).toEqual(expected);
  });

  it("is that protection is lifted, where there is any", () => {
    const replace = ["kafka", "postgres"];
    expect(said({ replace })).toEqual([
      "runstack:replace lifts the protection of postgres, kafka: remove it as soon as the replacement is done.",
    ]);
    expect(said({ replace, protect: "false" })).toEqual([]);
  });
});

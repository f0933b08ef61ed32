import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { UsageError } from "./options";
import { policiesOf } from "./planning";

const dir = mkdtempSync(join(tmpdir(), "planning-"));
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

it("gives each pack its configuration, the project's own first", () => {
  const [first, second] = [{ all: "advisory" }, { all: "mandatory" }];
  expect(policiesOf(dir, ["a", "b"], [first, second])).toEqual({
    foreign: [
      { dir: "a", config: first },
      { dir: "b", config: second },
    ],
  });
  mkdirSync(join(dir, "policies"), { recursive: true });
  writeFileSync(join(dir, "policies", "PulumiPolicy.yaml"), "runtime: nodejs\n");
  expect(policiesOf(dir, ["a", "b"], [first, second])).toEqual({
    own: { dir: join(dir, "policies"), config: first },
    foreign: [
      { dir: "a", config: second },
      { dir: "b", config: {} },
    ],
  });
  expect(() => policiesOf(dir, [], [first, second])).toThrow(
    new UsageError(
      "--policy-pack-config is given 2 times for 1 policy pack: give it at most once for each pack, " +
        "the project's own first.",
    ),
  );
});

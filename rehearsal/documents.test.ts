import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commandsUnder } from "./documents";

const folder = mkdtempSync(join(tmpdir(), "runstack-documents-"));
const file = join(folder, "recovery.md");
writeFileSync(
  file,
  [
    "# Recovery",
    "## A pump fails",
    "Close the valve first:",
    "```sh",
    "# a comment of the shell, no heading",
    "valve close 7",
    "```",
    "```yaml",
    "valve: 8",
    "```",
    "```sh",
    "pump start 9",
    "```",
    "### Afterwards",
    "```sh",
    "valve open 7",
    "```",
    "## A pump leaks",
    "Call somebody.",
    "",
  ].join("\n"),
);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("commandsUnder", () => {
  it("gives the shell blocks of the section alone, in order and as they stand", () => {
    expect(commandsUnder(file, "A pump fails")).toEqual([
      "# a comment of the shell, no heading\nvalve close 7\n",
      "pump start 9\n",
    ]);
    expect(commandsUnder(file, "Afterwards")).toEqual(["valve open 7\n"]);
  });

  it("refuses a heading that is not there, or that has no commands", () => {
    expect(() => commandsUnder(file, "A pump")).toThrow(`${file} has no heading "A pump".`);
    expect(() => commandsUnder(file, "A pump leaks")).toThrow(
      `${file} has no commands below "A pump leaks".`,
    );
  });
});

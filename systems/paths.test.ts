import { expect, it } from "vitest";
import { labelsOf } from "./paths";

it.each([
  ["names", [{ name: "a" }, { name: "b" }], ["a", "b"]],
  [
    "names and severities",
    [
      { name: "a", severity: "warning" },
      { name: "a", severity: "critical" },
    ],
    ["a/warning", "a/critical"],
  ],
  ["hosts", [{ host: "x", environment: "prod" }, { host: "x" }], ["x/prod", "x"]],
  ["positions where nothing tells them apart", [{ kind: "cpu" }, { kind: "cpu" }], ["0", "1"]],
  ["nothing", [], []],
])("elements of a list are told apart by %s", (_, list, expected) => {
  expect(labelsOf(list)).toEqual(expected);
});

import { expect, it } from "vitest";
import { commandLine } from "./command-line";

it.each([
  ["/shop/node_modules/.bin/runstack", "runstack check"],
  ["/opt/runstack/cli/runstack.cjs", "runstack check"],
  ["/opt/runstack/cli/run.cjs", "npm run -s check --"],
  [undefined, "npm run -s check --"],
])("a command started as %s is typed as %s", (script, expected) => {
  expect(commandLine("check", script)).toBe(expected);
});

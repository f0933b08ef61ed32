import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { parseOptions } from "../options";
import { checkArguments, COMMAND } from "./arguments";
import { ignores, NO_PROJECT, readProject } from "./project";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "runstack-project-"));
  mkdirSync(join(root, "repository/.git"), { recursive: true });
  mkdirSync(join(root, "repository/apps/shop"), { recursive: true });
});

const write = (file: string, text: string): void => {
  writeFileSync(join(root, file), text);
};
const argumentsIn = (folder: string, ...argv: readonly string[]) =>
  checkArguments(parseOptions(COMMAND, argv), join(root, folder));

const FILE = `paths: [apps]
environment: staging
namespace: shop
severity: medium
failOn: high
theme: [network]
baseline: known.json
`;

describe("the project's file", () => {
  it("is the nearest one up to the root of the repository", () => {
    write(".runstack.yaml", "namespace: outside\n");
    expect(readProject(join(root, "repository/apps"))).toBe(NO_PROJECT);
    write("repository/.runstack.yaml", "namespace: root\n");
    const above = readProject(join(root, "repository/apps/shop"));
    expect([above.file, above.text("namespace")]).toEqual(["../../.runstack.yaml", "root"]);
    write("repository/apps/.runstack.yaml", "namespace: nearer\n");
    expect(readProject(join(root, "repository/apps/shop")).text("namespace")).toBe("nearer");
  });

  it("has the values of options, with paths as seen from where the command is called", () => {
    write("repository/.runstack.yaml", FILE);
    expect(argumentsIn("repository/apps/shop")).toMatchObject({
      paths: [".."],
      environment: "staging",
      namespace: "shop",
      severity: "medium",
      failOn: "high",
      themes: ["network"],
      baseline: "../../known.json",
    });
  });

  it("comes second to the command line", () => {
    write("repository/.runstack.yaml", FILE);
    const options = ["--environment", "prod", "--severity", "low", "--fail-on", "never"];
    const other = ["--theme", "rbac", "--baseline", "b.json", "-n", "web", "a.yaml"];
    expect(argumentsIn("repository", ...options, ...other)).toMatchObject({
      paths: ["a.yaml"],
      environment: "prod",
      namespace: "web",
      severity: "low",
      failOn: "never",
      themes: ["rbac"],
      baseline: "b.json",
    });
  });

  it("can be another one, or none", () => {
    write("repository/.runstack.yaml", FILE);
    write("repository/other.yaml", "namespace: other\n");
    const named = argumentsIn("repository/apps", "a", "--settings", "../other.yaml");
    expect([named.namespace, named.environment]).toEqual(["other", "prod"]);
    expect(argumentsIn("repository", "a", "--settings", "none").namespace).toBeUndefined();
  });

  it.each([
    [
      "enviroment: prod",
      '.runstack.yaml, line 1: there is no key "enviroment"; did you mean environment?',
    ],
    ["namespace: 3", ".runstack.yaml, line 1: namespace is 3; it must be a text."],
    ["\npaths: deploy", '.runstack.yaml, line 2: paths is "deploy"; it must be a list of texts.'],
    ["paths: ['']", '.runstack.yaml, line 1: paths is [""]; it must be a list of texts.'],
    [
      "failOn: always",
      '.runstack.yaml, line 1: failOn is "always"; it must be "mandatory", "low", "medium", "high", "critical" or "never".',
    ],
    ["- a", ".runstack.yaml cannot be used: "],
    ["a: [", ".runstack.yaml cannot be used: "],
    ["a: &a [*a]", "cannot be read: an alias refers to its own parent; write it out."],
    [`paths: ${"[".repeat(5000)}`, "line 1: it is nested too deeply."],
    ["a: 1\n---\nb: 2", "line 2: the file holds several documents; keep one."],
  ])("refuses %j", (text, message) => {
    write("repository/.runstack.yaml", text);
    expect(() => argumentsIn("repository", "a")).toThrow(message);
  });

  it("is an error if it is no file, because its settings would be left out without a word", () => {
    symlinkSync("gone", join(root, "repository/.runstack.yaml"));
    expect(() => argumentsIn("repository", "a")).toThrow(
      ".runstack.yaml is no file. Mend it, or write --settings none.",
    );
  });

  it("is an error if it is named and is not there", () => {
    expect(() => argumentsIn("repository", "a", "--settings", "gone.yaml")).toThrow(
      "gone.yaml cannot be used: gone.yaml cannot be read",
    );
  });
});

it.each([
  ["legacy", ["legacy/a.yaml", "legacy/b/c.yaml"], ["old/legacy/a.yaml", "legacy.yaml"]],
  ["./legacy/", ["legacy/a.yaml"], ["legacy2/a.yaml"]],
  ["**/*.tmpl.yaml", ["a.tmpl.yaml", "b/c/a.tmpl.yaml"], ["a.yaml"]],
  ["charts/*/ci", ["charts/a/ci/b.yaml"], ["charts/a/b/ci/c.yaml"]],
  ["v?.yaml", ["v1.yaml"], ["v12.yaml", "v/.yaml"]],
  ["a+(b).yaml", ["a+(b).yaml"], ["aab.yaml"]],
])("ignores by %s", (pattern, ignored, kept) => {
  const isIgnored = ignores([pattern]);
  expect(ignored.map(isIgnored)).toEqual(ignored.map(() => true));
  expect(kept.map(isIgnored)).toEqual(kept.map(() => false));
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "./arguments";
import { readPolicyPackConfig } from "./policy-pack-config";

let folder: string;
const file = (text: string): string => {
  const path = join(folder, "config.json");
  writeFileSync(path, text);
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "policy-config-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("readPolicyPackConfig", () => {
  it("reads an object, also with a byte order mark", () => {
    const config = { all: "advisory", "image-pinned": { digest: true } };
    expect(readPolicyPackConfig(file(`\uFEFF${JSON.stringify(config)}`))).toEqual(config);
  });

  it.each(["[]", "null", '"advisory"', "7"])("refuses %s", (text) => {
    const path = file(text);
    expect(() => readPolicyPackConfig(path)).toThrow(
      new UsageError(
        `--policy-pack-config ${path} is not an object; write policy names, or all, with their levels: { "all": "advisory" }.`,
      ),
    );
  });

  it("reports why a file is not JSON, or cannot be read", () => {
    const path = file("{ all }");
    expect(() => readPolicyPackConfig(path)).toThrow(
      new RegExp(`^--policy-pack-config ${path} is not JSON: .+ JSON .+\\.$`),
    );
    const missing = join(folder, "missing.json");
    expect(() => readPolicyPackConfig(missing)).toThrow(
      new UsageError(`--policy-pack-config ${missing} cannot be read (ENOENT); name a JSON file.`),
    );
  });
});

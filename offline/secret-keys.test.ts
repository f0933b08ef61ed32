import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CREDENTIALS } from "./secret-keys";

const SECRET_INPUT = /resourceInputs\["(\w+)"\] = args\?\.\w+ \? pulumi\.secret\(/gu;

describe("credentials", () => {
  it.each(["aws", "digitalocean", "gcp"])(
    "include all keys that the SDK of %s marks as secret",
    (name) => {
      const source = readFileSync(require.resolve(`@pulumi/${name}/provider.js`), "utf8");
      const marked = [...source.matchAll(SECRET_INPUT)].map(([, key = ""]) => `${name}:${key}`);
      expect(marked).not.toEqual([]);
      expect(marked.filter((key) => !CREDENTIALS.has(key))).toEqual([]);
    },
  );
});

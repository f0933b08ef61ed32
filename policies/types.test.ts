/** Every cloud type that a policy names exists in the cloud's SDK. */
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { POLICIES } from "./catalog";

const load = createRequire(__filename);
const TOKEN = /^(aws|digitalocean|gcp|random):(\w+)\/(\w+):(\w+)$/;

const sources = readdirSync(__dirname, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !/\.test\.ts$|^testing\//.test(file),
);
const literals = sources.flatMap(
  (file) => readFileSync(join(__dirname, file), "utf8").match(/(?<=")[\w:/]+(?=")/g) ?? [],
);
const evaluated = POLICIES.flatMap(({ check }) =>
  check.kind === "resource" && check.types !== "every" ? check.types : [],
);
const tokens = [...new Set([...literals, ...evaluated])].filter((text) => TOKEN.test(text)).sort();

/**
 * The type of the class in the token's module; loaded file by file, because a whole SDK is slow.
 */
function typeOf(token: string): unknown {
  const [, cloud = "", module = "", resource = "", name = ""] = TOKEN.exec(token) ?? [];
  const sdk = dirname(load.resolve(`@pulumi/${cloud}/package.json`));
  const folder = module === "index" ? sdk : join(sdk, module);
  // `sSLPolicy` is in `sslpolicy.js`.
  const file = readdirSync(folder).find(
    (one) => one.toLowerCase() === `${resource.toLowerCase()}.js`,
  );
  if (file === undefined) return "no such module";
  const found = (load(join(folder, file)) as Record<string, unknown>)[name];
  return typeof found === "function" ? Reflect.get(found, "__pulumiType") : "no such class";
}

it("finds the types", () => {
  expect(tokens.length).toBeGreaterThan(150);
});

it("names cloud types only in the four forms", () => {
  const clouds = evaluated.filter((type) => !/^(kubernetes|pulumi):/.test(type));
  expect(clouds.filter((type) => !TOKEN.test(type))).toEqual([]);
});

it.each(tokens)("%s", (token) => {
  expect(typeOf(token)).toBe(token);
});

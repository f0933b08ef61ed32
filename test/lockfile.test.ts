import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PROJECT } from "./plan";

interface Entry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
  readonly version?: string;
}

const lock = JSON.parse(readFileSync(join(PROJECT, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Entry>>;
};

it("the lock file contains every platform's packages, or `npm ci` fails on the others", () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in lock.packages) &&
        !(`${path}/node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});

it("the engine that Pulumi.yaml asks for starts at the SDK's version, and takes the packaged one and that of .ci/run", () => {
  const text = readFileSync(join(PROJECT, "Pulumi.yaml"), "utf8");
  const [, oldest = ""] =
    /^requiredPulumiVersion: ">=(\d+\.\d+\.\d+) <4\.0\.0"$/mu.exec(text) ?? [];
  const version = (name: string): string => lock.packages[`node_modules/${name}`]?.version ?? "";
  expect(oldest).toBe(version("@pulumi/pulumi"));
  const script = readFileSync(join(PROJECT, ".ci", "run"), "utf8");
  const [, built = ""] = /^ENGINE_VERSION=v(\d+\.\d+\.\d+)$/mu.exec(script) ?? [];
  for (const engine of [version("pulumi"), built]) {
    const [major, minor] = engine.split(".").map(Number);
    expect(major).toBe(3);
    expect(minor).toBeGreaterThanOrEqual(Number(oldest.split(".")[1]));
  }
});

it("the lock file contains no download addresses", () => {
  expect(
    Object.values(lock.packages).filter(({ resolved }) => resolved?.startsWith("http")),
  ).toEqual([]);
});

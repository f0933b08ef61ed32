/** New systems, planned with the policies in a copy of the project. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { main } from "../cli/new-system";
import { PROJECT } from "./plan";

const folder = mkdtempSync(join(tmpdir(), "runstack-new-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Files that a plan does not need, and the repository's own stacks. */
const LEFT_OUT =
  /^(node_modules|\.git|\.github|coverage|out|docs|test)($|\/)|\.test\.ts$|^Pulumi\..+\.yaml$/;

beforeAll(() => {
  cpSync(PROJECT, folder, {
    recursive: true,
    filter: (path) => !LEFT_OUT.test(relative(PROJECT, path)),
  });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
});

/** Different clouds, data services, numbers of services, and the longest name. */
const ANSWERS: Readonly<Record<string, string>> = {
  shop: "--cloud digitalocean --service web:3000 --postgres managed --redis managed --kafka managed",
  depot: "--cloud aws --service api:8080 --service work:9000 --postgres operator --redis operator",
  "first-bike-of-turin": "--cloud aws --service api:8080 --redis managed --kafka managed",
  bank: "--cloud gcp --service api:8080 --postgres managed --redis managed --kafka managed",
  home: "--cloud existing --service web:8000 --postgres external --redis operator --kafka external",
};
const stacks = Object.keys(ANSWERS).flatMap((name) => [`${name}-prod`, `${name}-staging`]);

interface Run {
  readonly code: number;
  readonly out: string;
}

function plan(): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--require", "tsx/cjs", "cli/plan.ts", ...stacks],
      { cwd: folder, maxBuffer: 64 * 1024 ** 2 },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
        resolve({ code, out: code === 0 ? stdout : stdout + stderr });
      },
    );
  });
}

/** Ten stacks; in milliseconds. */
const MANY = 900_000;

it(
  "can be planned right away, without a mandatory violation",
  async () => {
    for (const [name, flags] of Object.entries(ANSWERS)) {
      const errors: string[] = [];
      const argv = ["--name", name, "--dir", folder, ...flags.split(" ")];
      const code = await main(argv, {
        out: () => undefined,
        err: (text) => errors.push(text),
        ask: undefined,
      });
      expect([name, code, errors]).toEqual([name, 0, []]);
    }
    const { code, out } = await plan();
    expect([code, code === 0 ? "" : out]).toEqual([0, ""]);
    const verdicts = out.split("\n").filter((line) => /^\S+: \d+ resources/.test(line));
    expect(verdicts.map((line) => line.replace(/:.*/, ""))).toEqual(expect.arrayContaining(stacks));
    expect(verdicts.filter((line) => line.includes("mandatory"))).toEqual([]);
    // Nothing of a defined system is left out without a reason.
    expect(out.replaceAll(/\s+/g, " ")).not.toContain("systems/uses gives no reason");
    const index = readFileSync(join(folder, "systems/index.ts"), "utf8");
    expect(index).toContain('  "first-bike-of-turin": firstBikeOfTurinSystem,\n');
    expect(index).toContain('import { firstBikeOfTurinSystem } from "./first-bike-of-turin";\n');
  },
  MANY,
);

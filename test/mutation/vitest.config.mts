import { readFileSync } from "node:fs";
import { relative, join } from "node:path";
import { defineConfig } from "vitest/config";
import { instrument } from "./mutants.js";

const ROOT = join(import.meta.dirname, "..", "..");

/** The policies' code, without tests and test helpers. */
const SOURCES = /^policies\/(?!testing\/|.*\.test\.ts$).*\.ts$/;

export default defineConfig({
  root: ROOT,
  plugins: [
    {
      name: "mutation",
      enforce: "pre",
      transform(_, id) {
        const file = relative(ROOT, id);
        if (!SOURCES.test(file)) return undefined;
        return { code: instrument(file, readFileSync(id, "utf8")).code, map: null };
      },
    },
  ],
  test: {
    include: ["policies/**/*.test.ts"],
    // They start processes or try hundreds of inputs. The policies' own tests catch the same errors.
    exclude: ["policies/pack.test.ts", "policies/safety.test.ts", "policies/docs.test.ts"],
    runner: join(import.meta.dirname, "runner.mts"),
    testTimeout: 600_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: ["dot"],
  },
});

import { defineConfig } from "vitest/config";

const NEVER = ["**/node_modules/**", "coverage/**"];

/** These replace a module, which must not have been loaded by another file. */
const MOCKING = ["policies/environment.test.ts"];

export default defineConfig({
  test: {
    // Whole-system plans start real child processes.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
    projects: [
      // Loading the SDKs and the policies anew for each of several hundred files took two thirds of
      // the processor time.
      {
        extends: true,
        test: {
          name: "shared",
          isolate: false,
          include: ["**/*.test.ts"],
          exclude: [...NEVER, ...MOCKING],
        },
      },
      { extends: true, test: { name: "isolated", include: MOCKING, exclude: NEVER } },
    ],
    // What vitest takes by itself, and the one that fails the run over skipped tests.
    reporters: [
      "default",
      ...(process.env["GITHUB_ACTIONS"] === "true" ? ["github-actions"] : []),
      "./test/skips.ts",
    ],
    coverage: {
      provider: "v8",
      include: ["**/*.ts"],
      exclude: ["**/*.test.ts", "test/**", "node_modules/**", "*.config.ts"],
      reporter: ["text-summary", "html"],
    },
  },
});

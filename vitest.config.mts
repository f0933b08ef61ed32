import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Whole-system plans start real child processes.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // As for a plan (`offline/runner.ts`): with a young generation of the usual size, a quarter of the time is its collection.
    execArgv: ["--max-semi-space-size=32"],
    maxWorkers: 2,
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "coverage/**"],
    // Loading the SDKs and the policies anew for each of several hundred files took two thirds of the
    // processor time. So no test may replace a module or change what others load.
    isolate: false,
    setupFiles: "./test/setup.ts",
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

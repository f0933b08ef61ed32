import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "coverage/**"],
    // Whole-system plans start real child processes.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
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

import eslint from "@eslint/js";
import vitest from "@vitest/eslint-plugin";
import boundaries from "eslint-plugin-boundaries";
import tseslint from "typescript-eslint";

/** Folder → what it may import. Everything else is refused: dependencies point one way. */
const MAY_IMPORT = {
  systems: ["systems"],
  root: ["root", "systems", "components"],
  components: ["components", "systems", "root"],
  policies: ["policies", "systems"],
  offline: ["offline"],
  reports: ["reports", "offline", "systems"],
  cli: ["cli", "reports", "offline", "policies", "systems", "root"],
  test: ["test", "cli", "reports", "offline", "policies", "components", "systems", "root"],
};

export default tseslint.config(
  { ignores: ["node_modules", "coverage", "out", "**/fixtures/**"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { boundaries },
    settings: {
      "boundaries/elements": [
        { type: "root", mode: "full", pattern: ["index.ts", "settings.ts", "versions.ts"] },
        ...Object.keys(MAY_IMPORT)
          .filter((type) => type !== "root")
          .map((type) => ({ type, pattern: type })),
      ],
      "import/resolver": { typescript: true, node: { extensions: [".ts", ".js"] } },
    },
    rules: {
      "boundaries/element-types": [
        "error",
        {
          default: "disallow",
          rules: Object.entries(MAY_IMPORT).map(([from, allow]) => ({ from, allow })),
        },
      ],
      "max-lines": ["warn", { max: 300, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    files: ["**/*.test.ts"],
    plugins: { vitest },
    rules: {
      ...vitest.configs.recommended.rules,
      "vitest/valid-title": "error",
      "vitest/valid-expect": "error",
      "vitest/expect-expect": ["error", { assertFunctionNames: ["expect", "expect*", "fc.assert"] }],
      "vitest/no-disabled-tests": "error",
      "vitest/no-focused-tests": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='apply'] CallExpression[callee.name='expect']",
          message: "An expectation inside apply is never awaited: read the output through a helper.",
        },
      ],
    },
  },
  { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);

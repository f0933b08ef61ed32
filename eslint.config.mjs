import eslint from "@eslint/js";
import vitest from "@vitest/eslint-plugin";
import boundaries from "eslint-plugin-boundaries";
import tseslint from "typescript-eslint";

/** Folder → what it may import. Everything else is refused: dependencies point one way. */
const MAY_IMPORT = {
  systems: ["systems"],
  versions: [],
  settings: ["settings", "systems", "versions"],
  components: ["components", "settings", "systems", "versions"],
  program: ["components", "settings"],
  policies: ["policies", "systems"],
  offline: ["offline"],
  reports: ["reports", "offline", "systems"],
  cli: ["cli", "reports", "offline", "systems"],
  test: [
    "test",
    "cli",
    "reports",
    "offline",
    "policies",
    "components",
    "settings",
    "systems",
    "versions",
  ],
};

/** Elements that are files; the others are folders. */
const FILES = {
  versions: ["versions.ts"],
  settings: ["settings.ts", "settings/*.ts"],
  program: ["index.ts"],
};

export default tseslint.config(
  { ignores: ["node_modules", "coverage", "out", "**/fixtures/**"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { boundaries },
    settings: {
      "boundaries/elements": [
        ...Object.entries(FILES).map(([type, pattern]) => ({ type, pattern, partialMatch: false })),
        ...Object.keys(MAY_IMPORT)
          .filter((type) => !(type in FILES))
          .map((type) => ({ type, pattern: type })),
      ],
      "import/resolver": { node: { extensions: [".ts", ".js"] } },
    },
    rules: {
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          policies: [
            ...Object.entries(MAY_IMPORT).map(([type, allowed]) => ({
              from: { element: { type } },
              allow: { to: { element: { types: { anyOf: allowed } } } },
            })),
            {
              from: { element: { type: "*" } },
              allow: { to: { module: { origin: ["external", "core"] } } },
            },
          ],
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
      "vitest/expect-expect": [
        "error",
        { assertFunctionNames: ["expect", "expect*", "fc.assert"] },
      ],
      "vitest/no-disabled-tests": "error",
      "vitest/no-focused-tests": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name='apply'] CallExpression[callee.name='expect']",
          message:
            "An expectation inside apply is never awaited: read the output through a helper.",
        },
      ],
    },
  },
  { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);

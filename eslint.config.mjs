import eslint from "@eslint/js";
import vitest from "@vitest/eslint-plugin";
import boundaries from "eslint-plugin-boundaries";
import tseslint from "typescript-eslint";

/** Folder → what it may import. Everything else is refused: dependencies point one way. */
const MAY_IMPORT = {
  lib: ["lib"],
  systems: ["systems", "lib"],
  versions: [],
  settings: ["settings", "systems", "versions", "lib"],
  components: ["components", "settings", "systems", "versions", "lib"],
  program: ["components", "settings", "transforms"],
  transforms: ["components", "settings"],
  policies: ["policies", "systems", "versions", "lib"],
  offline: ["offline", "lib"],
  reports: ["reports", "offline", "systems", "lib"],
  cli: ["cli", "reports", "offline", "policies", "settings", "systems", "lib"],
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
    "lib",
  ],
};

/** Elements that are single files at the top; the others are folders. */
const FILES = {
  versions: "versions.ts",
  program: "index.ts",
  transforms: "transforms.ts",
};
const folders = Object.keys(MAY_IMPORT).filter((type) => !(type in FILES));

/** What `from` may not import: a folder by its element, a file at the top by its category. */
const refused = (from, type) => {
  const others = Object.keys(MAY_IMPORT).filter((other) => !MAY_IMPORT[type].includes(other));
  const inFolders = others.filter((other) => folders.includes(other));
  const inFiles = others.filter((other) => other in FILES);
  return [
    ...(inFolders.length === 0
      ? []
      : [{ from, disallow: { to: { element: { types: { anyOf: inFolders } } } } }]),
    ...(inFiles.length === 0
      ? []
      : [{ from, disallow: { to: { file: { categories: { anyOf: inFiles } } } } }]),
  ];
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
      "boundaries/elements": folders.map((type) => ({ type, pattern: type })),
      "boundaries/files": Object.entries(FILES).map(([category, pattern]) => ({
        category,
        pattern,
      })),
      "import/resolver": { node: { extensions: [".ts", ".js"] } },
    },
    rules: {
      "boundaries/dependencies": [
        "error",
        {
          default: "allow",
          policies: [
            ...folders.flatMap((type) => refused({ element: { type } }, type)),
            ...Object.keys(FILES).flatMap((type) => refused({ file: { categories: type } }, type)),
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
  { files: ["**/*.mjs", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      globals: { process: "readonly", require: "readonly", __dirname: "readonly" },
    },
  },
  {
    files: [".github/scripts/*.mjs"],
    languageOptions: { globals: { Buffer: "readonly", console: "readonly", fetch: "readonly" } },
  },
);

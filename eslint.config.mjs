import eslint from "@eslint/js";
import vitest from "@vitest/eslint-plugin";
import boundaries from "eslint-plugin-boundaries";
import { builtinRules } from "eslint/use-at-your-own-risk";
import tseslint from "typescript-eslint";

/** Folder → what it may import. Everything else is refused: dependencies point one way. */
const MAY_IMPORT = {
  lib: ["lib"],
  systems: ["systems", "lib"],
  versions: [],
  settings: ["settings", "systems", "versions", "lib"],
  components: ["components", "settings", "systems", "versions", "lib"],
  library: ["library", "components", "systems"],
  program: ["components", "settings", "transforms"],
  transforms: ["components", "settings"],
  policies: ["policies", "systems", "versions", "lib"],
  offline: ["offline", "lib"],
  reports: ["reports", "offline", "systems", "lib"],
  rehearsal: ["rehearsal", "reports", "offline", "settings", "systems", "versions", "lib"],
  cli: ["cli", "rehearsal", "reports", "offline", "policies", "settings", "systems", "lib"],
  test: [
    "test",
    "cli",
    "rehearsal",
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

/**
 * The floors of `components/`, from the ground up: a folder imports from the floors below its own, and
 * from no other folder of its floor.
 */
const FLOORS = [
  ["kit"],
  ["cluster", "identity", "secret-store"],
  ["object-store", "dns"],
  ["kafka", "redis", "postgres", "appliance"],
  ["platform", "observability", "recovery", "workload"],
  ["data"],
  ["clouds/contract"],
  ["clouds/aws", "clouds/digitalocean", "clouds/gcp", "clouds/existing"],
  ["clouds/index"],
  ["environment"],
];
/** Where a member of a floor is more, or less, than the folder of its name. */
const FLOOR_FILES = {
  "clouds/contract": "components/clouds/!(index).ts",
  "clouds/index": "components/clouds/index.ts",
  environment: "components/*.ts",
};
const onFloors = FLOORS.flat();
const category = (member) => `components/${member}`;

const refusedInComponents = [
  {
    from: { element: { type: "components" }, file: { isUnknown: true } },
    disallow: { to: { element: { type: "components" } } },
    message: "This folder has no floor: give it one in FLOORS.",
  },
  ...FLOORS.flatMap((floor, height) =>
    floor.map((member) => {
      const below = FLOORS.slice(0, height).flat();
      const others = onFloors.filter((other) => other !== member && !below.includes(other));
      return {
        from: { file: { categories: category(member) } },
        disallow: { to: { file: { categories: { anyOf: others.map(category) } } } },
        message: `${category(member)} imports from the floors below it: see FLOORS, and CONTRIBUTING.md.`,
      };
    }),
  ),
];

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

/** Lines of code, without blank ones and comments. */
const BOUNDS = { most: 40, mostOfConstructors: 60 };
const LENGTH = builtinRules.get("max-lines-per-function");

/** ESLint's own `max-lines-per-function`, with one bound for constructors and one for the others. */
const functionLength = {
  meta: { type: "suggestion", schema: [{ type: "object" }], messages: LENGTH.meta.messages },
  create(context) {
    const [{ most, mostOfConstructors }] = context.options;
    const listeners = [false, true].map((ofConstructors) => {
      const max = ofConstructors ? mostOfConstructors : most;
      return LENGTH.create({
        sourceCode: context.sourceCode,
        options: [{ max, skipBlankLines: true, skipComments: true }],
        report: (found) => {
          if ((found.node.kind === "constructor") === ofConstructors) context.report(found);
        },
      });
    });
    return Object.fromEntries(
      Object.keys(listeners[0]).map((event) => [
        event,
        (node) => listeners.forEach((one) => one[event](node)),
      ]),
    );
  },
};

const refusedAtTop = [
  ...folders.flatMap((type) => refused({ element: { type } }, type)),
  ...Object.keys(FILES).flatMap((type) => refused({ file: { categories: type } }, type)),
];
const dependencies = (policies) => [
  "error",
  // Internals: what is in one folder at the top may still be on two floors.
  { default: "allow", checkInternals: true, policies },
];

export default tseslint.config(
  { ignores: ["node_modules", ".built", "coverage", "dist", "examples", "out", "**/fixtures/**"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { boundaries, local: { rules: { "function-length": functionLength } } },
    settings: {
      "boundaries/elements": folders.map((type) => ({ type, pattern: type })),
      "boundaries/files": [
        ...Object.entries(FILES).map(([category, pattern]) => ({ category, pattern })),
        ...onFloors.map((member) => ({
          category: category(member),
          pattern: FLOOR_FILES[member] ?? `components/${member}/**`,
        })),
      ],
      "import/resolver": { node: { extensions: [".ts", ".js"] } },
    },
    rules: {
      "boundaries/dependencies": dependencies([...refusedAtTop, ...refusedInComponents]),
      "local/function-length": ["error", BOUNDS],
      "max-lines": ["warn", { max: 300, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    // A test of one component may use others, of any floor, as its surroundings.
    files: ["components/**/*.test.ts", "components/**/*testing.ts"],
    rules: { "boundaries/dependencies": dependencies(refusedAtTop) },
  },
  {
    // What describes a test, or a system made up for one, is a list rather than a function.
    files: ["**/*.test.ts", "**/*testing.ts", "**/testing/**/*.ts", "test/**/*.ts"],
    rules: { "local/function-length": "off" },
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

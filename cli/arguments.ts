/** Arguments of `plan`: the parsed values, or one sentence about what is wrong. */
import { parseArgs } from "node:util";
import { nearest } from "../lib/words";

export interface PlanArguments {
  readonly stacks: readonly string[];
  readonly json: boolean;
  readonly out: string | undefined;
  /** A git revision to compare with. */
  readonly against: string | undefined;
  /** The file that configures the policies. */
  readonly policyPackConfig: string | undefined;
  readonly help: boolean;
}

/** The command line is wrong. The message says what is wrong and what to type instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const OPTIONS = {
  json: { type: "boolean" },
  out: { type: "string" },
  against: { type: "string" },
  "policy-pack-config": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Name = keyof typeof OPTIONS;

const HELP = "Run `npm run -s plan -- --help` for help.";

const isName = (name: string): name is Name => Object.hasOwn(OPTIONS, name);

function unknownOption(raw: string, name: string): UsageError {
  const near = nearest(name, Object.keys(OPTIONS));
  const hint = near === undefined ? HELP : `Did you mean --${near}?`;
  return new UsageError(`Unknown option ${JSON.stringify(raw)}. ${hint}`);
}

/** Placeholders for the options' values in the help. */
const VALUES: Readonly<Partial<Record<Name, string>>> = {
  out: "DIR",
  against: "REV",
  "policy-pack-config": "FILE",
};
const NOUNS: Readonly<Record<string, string>> = {
  DIR: "a folder",
  FILE: "a file",
  REV: "a revision",
};

interface Given {
  readonly name: Name;
  readonly value: string | undefined;
  readonly inline: boolean;
}

/** The option's value. Another option in its place is an error: it is unlikely to be meant as a value. */
function valueOf({ name, value, inline }: Given): string | undefined {
  const placeholder = VALUES[name];
  if (placeholder === undefined) {
    if (value === undefined) return undefined;
    throw new UsageError(`The option --${name} takes no value: write just --${name}.`);
  }
  if (value === undefined || value === "" || (!inline && value.startsWith("-"))) {
    const noun = NOUNS[placeholder] ?? "a value";
    throw new UsageError(`--${name} needs ${noun}: write --${name} ${placeholder}.`);
  }
  return value;
}

/** @throws UsageError */
export function parsePlanArguments(args: readonly string[]): PlanArguments {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const stacks: string[] = [];
  const given = new Map<Name, string | undefined>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (stacks.includes(token.value)) {
        throw new UsageError(
          `The stack ${JSON.stringify(token.value)} is given twice; give each stack once.`,
        );
      }
      stacks.push(token.value);
    }
    if (token.kind !== "option") continue;
    if (!isName(token.name)) throw unknownOption(token.rawName, token.name);
    const { name, value, inlineValue } = token;
    if (given.has(name)) {
      throw new UsageError(`The option --${name} is given twice; give it once.`);
    }
    given.set(name, valueOf({ name, value, inline: inlineValue === true }));
  }
  return {
    stacks,
    json: given.has("json"),
    out: given.get("out"),
    against: given.get("against"),
    policyPackConfig: given.get("policy-pack-config"),
    help: given.has("help"),
  };
}

export const USAGE = `Plans stacks without credentials, state or network, and checks them against the policies.

  npm run -s plan -- [STACK…] [--against REV] [--json] [--out DIR]
                     [--policy-pack-config FILE]

  STACK      a stack's name; default: every Pulumi.STACK.yaml
  --json     one JSON object on standard output (an array for several stacks) instead of text
  --out DIR  also writes DIR/STACK/plan.json, summary.md, policies.sarif, and the folders manifests,
             rules and dashboards
  --against REV
             shows the differences from a git revision (a branch, tag or commit), which is planned
             in a temporary worktree; with --out, also writes DIR/summary.md and DIR/difference.json
  --policy-pack-config FILE
             levels and properties of policies as JSON, the same file that pulumi accepts
  --help     this text

Exit code: 0 success, 1 a mandatory policy is violated or could not run, 2 the program or its
configuration has an error. With --against, this is the exit code of the plans here: differences
alone exit with 0.
`;

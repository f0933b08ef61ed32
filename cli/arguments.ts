/** Arguments of `plan`: what was asked for, or one sentence about what cannot be understood. */
import { parseArgs } from "node:util";
import { nearest } from "../lib/words";

export interface PlanArguments {
  readonly stacks: readonly string[];
  readonly json: boolean;
  readonly out: string | undefined;
  /** A revision of git to compare with. */
  readonly against: string | undefined;
  /** The file that configures the policies. */
  readonly policyPackConfig: string | undefined;
  readonly help: boolean;
}

/** The command line is wrong; the message says how, and what to type instead. */
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

const HELP = "Run `npm run -s plan -- --help` to see what there is.";

const isName = (name: string): name is Name => Object.hasOwn(OPTIONS, name);

function unknownOption(raw: string, name: string): UsageError {
  const near = nearest(name, Object.keys(OPTIONS));
  const hint = near === undefined ? HELP : `Did you mean --${near}?`;
  return new UsageError(`There is no option ${JSON.stringify(raw)}. ${hint}`);
}

/** What an option's value is, in the help. */
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

/** The value of an option that takes one; another option in its place was hardly meant as one. */
function valueOf({ name, value, inline }: Given): string | undefined {
  const placeholder = VALUES[name];
  if (placeholder === undefined) {
    if (value === undefined) return undefined;
    throw new UsageError(`The option --${name} takes no value; write --${name} alone.`);
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
          `The stack ${JSON.stringify(token.value)} is named twice; name each stack once.`,
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

  STACK      a stack's name; none means every Pulumi.STACK.yaml
  --json     one JSON object on standard output (an array for several stacks) instead of text
  --out DIR  also writes DIR/STACK/plan.json, summary.md, policies.sarif, and the folders manifests,
             rules and dashboards
  --against REV
             shows what is different from the plans of a git revision (a branch, a tag, a commit),
             which is planned in a temporary worktree; with --out also as DIR/summary.md and
             DIR/difference.json
  --policy-pack-config FILE
             levels and properties of policies, as JSON or YAML; pulumi takes the same as JSON
  --help     this text

Exit code: 0 clean, 1 a mandatory policy is violated or could not run, 2 the program or its
configuration is wrong. With --against these are of the plans here: a difference alone is 0.
`;

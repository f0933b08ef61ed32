/** Arguments of `plan`: what was asked for, or one sentence about what cannot be understood. */
import { parseArgs } from "node:util";
import { nearest } from "../text/words";

export interface PlanArguments {
  readonly stacks: readonly string[];
  readonly json: boolean;
  readonly out: string | undefined;
  readonly help: boolean;
}

/** The command line is wrong; the message says how, and what to type instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const OPTIONS = {
  json: { type: "boolean" },
  out: { type: "string" },
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

/** The folder that `--out` names; another option in its place was hardly meant as one. */
function outValue(value: string | undefined, inline: boolean): string {
  if (value === undefined || value === "" || (!inline && value.startsWith("-"))) {
    throw new UsageError("--out needs a folder: write --out DIR.");
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
  const seen = new Set<Name>();
  let out: string | undefined;
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
    if (seen.has(token.name)) {
      throw new UsageError(`The option --${token.name} is given twice; give it once.`);
    }
    seen.add(token.name);
    if (token.name === "out") out = outValue(token.value, token.inlineValue === true);
    else if (token.value !== undefined) {
      throw new UsageError(
        `The option --${token.name} takes no value; write --${token.name} alone.`,
      );
    }
  }
  return { stacks, json: seen.has("json"), out, help: seen.has("help") };
}

export const USAGE = `Plans stacks without credentials, state or network, and checks them against the policies.

  npm run -s plan -- [STACK…] [--json] [--out DIR]

  STACK      a stack's name; none means every Pulumi.STACK.yaml
  --json     one JSON object on standard output (an array for several stacks) instead of text
  --out DIR  also writes DIR/STACK/plan.json, summary.md, policies.sarif, and the folders manifests,
             rules and dashboards
  --help     this text

Exit code: 0 clean, 1 a mandatory policy is violated or could not run, 2 the program or its
configuration is wrong.
`;

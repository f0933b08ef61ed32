/** The command line of `new-system`. */
import { parseArgs } from "node:util";
import { nearest } from "../../lib/words";
import { AnswerError } from "./answers";

const OPTIONS = {
  name: { type: "string" },
  title: { type: "string" },
  cloud: { type: "string" },
  service: { type: "string", multiple: true },
  postgres: { type: "string" },
  redis: { type: "string" },
  kafka: { type: "string" },
  domain: { type: "string" },
  dir: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export type Flags = ReturnType<typeof parseFlags>;

const HELP = "Run `npm run -s new-system -- --help` for help.";

/** @throws AnswerError: one sentence about what is wrong. */
export function parseFlags(argv: readonly string[]) {
  const options = { args: [...argv], options: OPTIONS, allowPositionals: true } as const;
  const { tokens } = parseArgs({ ...options, strict: false, tokens: true });
  const given: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      throw new AnswerError(`${JSON.stringify(token.value)} is not an option. ${HELP}`);
    }
    if (token.kind !== "option") continue;
    const { name, rawName, value = "" } = token;
    if (!Object.hasOwn(OPTIONS, name)) {
      const near = nearest(name, Object.keys(OPTIONS));
      const hint = near === undefined ? HELP : `Did you mean --${near}?`;
      throw new AnswerError(`Unknown option ${JSON.stringify(rawName)}. ${hint}`);
    }
    if (name !== "help" && (value === "" || value.startsWith("-"))) {
      throw new AnswerError(`--${name} needs a value. ${HELP}`);
    }
    if (name !== "service" && given.includes(name)) {
      throw new AnswerError(`The option --${name} is given twice; give it once.`);
    }
    given.push(name);
  }
  return parseArgs({ ...options, strict: true }).values;
}

export const USAGE = `Writes a new system and two stack files that plan without a mandatory violation.

  npm run -s new-system -- [--name NAME] [--title TITLE] [--cloud CLOUD] [--service NAME:PORT]…
                           [--postgres WHO] [--redis WHO] [--kafka WHO] [--domain DOMAIN] [--dir DIR]

  --name NAME          the system's id: its file, its namespace, its stacks NAME-prod and NAME-staging
  --title TITLE        its display name; default: the name in capitals
  --cloud CLOUD        digitalocean, aws, gcp, or existing for a cluster that you have
  --service NAME:PORT  a service and its HTTP port, repeatable; the domain leads to the first
  --postgres WHO       who runs it: managed (the cloud), operator (in the cluster), external (another
  --redis WHO          provider), or none (default)
  --kafka WHO
  --domain DOMAIN      the production host; default: NAME.example.com
  --dir DIR            the project's folder; default: the current one
  --help               this text

On a terminal, it asks for missing answers. Existing files are not overwritten.

Exit code: 0 files written, 2 an answer is invalid and nothing was written.
`;

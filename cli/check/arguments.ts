/** Arguments of `check`: what was asked for, or one sentence about what cannot be understood. */
import { parseArgs } from "node:util";
import { list, nearest } from "../../lib/words";
import { UsageError } from "../arguments";

export interface CheckArguments {
  /** Files and folders; `-` is standard input. */
  readonly paths: readonly string[];
  readonly environment: "prod" | "staging";
  /** A Kubernetes minor version such as `v1.34`; undefined for the newest that the pack knows. */
  readonly policyVersion: string | undefined;
  /** Where objects lie that name no namespace; undefined where they stay without. */
  readonly namespace: string | undefined;
  readonly config: string | undefined;
  readonly exemptions: string | undefined;
  readonly sarif: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

const OPTIONS = {
  environment: { type: "string" },
  "policy-version": { type: "string" },
  namespace: { type: "string", short: "n" },
  config: { type: "string" },
  exemptions: { type: "string" },
  sarif: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Name = keyof typeof OPTIONS;

/** What stands for the value of an option in the help. */
const VALUES: Readonly<Partial<Record<Name, string>>> = {
  environment: "ENVIRONMENT",
  "policy-version": "VERSION",
  namespace: "NAME",
  config: "FILE",
  exemptions: "FILE",
  sarif: "FILE",
};

const ENVIRONMENTS = ["prod", "staging"] as const;
const HELP = "Run `npm run -s check -- --help` to see what there is.";

const isName = (name: string): name is Name => Object.hasOwn(OPTIONS, name);

function unknownOption(raw: string, name: string): UsageError {
  const near = nearest(name, Object.keys(OPTIONS));
  const hint = near === undefined ? HELP : `Did you mean --${near}?`;
  return new UsageError(`There is no option ${JSON.stringify(raw)}. ${hint}`);
}

interface Token {
  readonly name: Name;
  readonly value: string | undefined;
  readonly isInline: boolean;
}

/** The option's value, empty for one that takes none. */
function valueOf({ name, value, isInline }: Token): string {
  const placeholder = VALUES[name];
  if (placeholder === undefined) {
    if (value === undefined) return "";
    throw new UsageError(`The option --${name} takes no value; write --${name} alone.`);
  }
  // Another option in its place was hardly meant as a value.
  if (value === undefined || value === "" || (!isInline && value.startsWith("-"))) {
    throw new UsageError(`--${name} needs a value: write --${name} ${placeholder}.`);
  }
  return value;
}

function environmentOf(text: string): CheckArguments["environment"] {
  const found = ENVIRONMENTS.find((environment) => environment === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--environment is ${JSON.stringify(text)}; it must be ${list(ENVIRONMENTS)}.`,
  );
}

function versionOf(text: string | undefined): string | undefined {
  if (text === undefined || text === "latest" || /^v?1\.\d{1,3}$/.test(text)) return text;
  throw new UsageError(
    `--policy-version is ${JSON.stringify(text)}; write a Kubernetes version such as v1.34, or latest.`,
  );
}

function namespaceOf(text: string | undefined): string | undefined {
  if (text === undefined || (text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text))) {
    return text;
  }
  throw new UsageError(
    `--namespace is ${JSON.stringify(text)}; a namespace has at most 63 lower-case letters, digits and hyphens.`,
  );
}

/** @throws UsageError */
export function parseCheckArguments(args: readonly string[]): CheckArguments {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const paths = new Set<string>();
  const given = new Map<Name, string>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      const { value } = token;
      if (value === "") throw new UsageError("A path is empty; write a file, a folder or -.");
      paths.add(value);
    }
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!isName(name)) throw unknownOption(rawName, name);
    if (given.has(name)) {
      throw new UsageError(`The option --${name} is given twice; give it once.`);
    }
    given.set(name, valueOf({ name, value, isInline: inlineValue === true }));
  }
  const help = given.has("help");
  if (paths.size === 0 && !help) throw new UsageError(`Name a file, a folder or -. ${HELP}`);
  return {
    paths: [...paths],
    environment: environmentOf(given.get("environment") ?? "prod"),
    policyVersion: versionOf(given.get("policy-version")),
    namespace: namespaceOf(given.get("namespace")),
    config: given.get("config"),
    exemptions: given.get("exemptions"),
    sarif: given.get("sarif"),
    json: given.has("json"),
    help,
  };
}

export const USAGE = `Checks Kubernetes manifests against the policies, without a cluster, a stack or network.

  npm run -s check -- FILE|DIR|- … [--environment prod|staging] [--policy-version VERSION]
                      [--namespace NAME] [--config FILE] [--exemptions FILE] [--json] [--sarif FILE]

  FILE|DIR|-                YAML or JSON; all *.yaml, *.yml and *.json of a folder and its
                            subfolders, except node_modules and names with a dot in front; - reads
                            standard input: helm template CHART | npm run -s check -- -
  --environment ENVIRONMENT prod (default) or staging, where most policies only advise
  --policy-version VERSION  Kubernetes version whose Pod Security Standards hold, such as v1.34;
                            default: the newest that the pack knows
  --namespace NAME          where objects lie that name no namespace, as for kubectl and helm (-n);
                            default: they stay without
  --config FILE             JSON or YAML with levels and properties of policies, in the form of
                            pulumi's --policy-pack-config
  --exemptions FILE         YAML list of exemptions: policy, resource, reason, owner, expires
  --json                    one JSON object on standard output instead of text
  --sarif FILE              also writes the results as SARIF 2.1.0
  --help                    this text

Exit code: 0 clean (advisory violations may remain), 1 a mandatory policy is violated, 2 the
arguments are wrong, something cannot be read, or there is nothing to check.
`;

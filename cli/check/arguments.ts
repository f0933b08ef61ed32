/** Arguments of `check`: the parsed values, or one sentence about what is wrong. */
import { list } from "../../lib/words";
import { UsageError } from "../options";
import { helpHint, type Command, type Given } from "../options";

export interface CheckArguments {
  /** Files and folders; `-` is standard input. */
  readonly paths: readonly string[];
  readonly environment: "prod" | "staging";
  /** A Kubernetes minor version such as `v1.34`; undefined means the newest that the pack knows. */
  readonly policyVersion: string | undefined;
  /** The namespace for objects that have none; undefined leaves them without one. */
  readonly namespace: string | undefined;
  readonly config: string | undefined;
  readonly exemptions: string | undefined;
  readonly sarif: string | undefined;
  readonly json: boolean;
  /** Whether kustomizations and charts are rendered by the tools on PATH. */
  readonly render: boolean;
}

type Name =
  | "environment"
  | "policy-version"
  | "namespace"
  | "config"
  | "exemptions"
  | "json"
  | "no-render"
  | "sarif"
  | "list"
  | "theme"
  | "explain";

export const COMMAND: Command<Name> = {
  name: "check",
  summary:
    "Checks Kubernetes manifests against the policies, without a cluster, stack or network access.",
  operand: {
    shown: "FILE|DIR|- …",
    term: "FILE|DIR|-",
    help:
      "YAML or JSON files; for a folder, all *.yaml, *.yml and *.json in it and its subfolders, except " +
      "node_modules and dotfiles; - reads standard input: helm template CHART | npm run -s check -- -",
  },
  options: {
    environment: {
      value: "ENVIRONMENT",
      help: "prod (default) or staging, where most policies are advisory",
    },
    "policy-version": {
      value: "VERSION",
      help:
        "Kubernetes version whose Pod Security Standards apply, such as v1.34; default: the newest " +
        "that the pack knows",
    },
    namespace: {
      value: "NAME",
      short: "n",
      help:
        "namespace for objects that have none, as for kubectl and helm (-n); default: they stay " +
        "without one",
    },
    config: {
      value: "FILE",
      help:
        "JSON or YAML with levels and properties of policies, in the format of pulumi's " +
        "--policy-pack-config",
    },
    exemptions: {
      value: "FILE",
      help: "YAML list of exemptions: policy, resource, reason, owner, expires",
    },
    "no-render": {
      help:
        "names kustomizations and Helm charts instead of rendering them by the kubectl, kustomize or helm " +
        "on PATH",
    },
    json: { help: "one JSON object on standard output instead of text" },
    sarif: { value: "FILE", help: "also writes the results as SARIF 2.1.0" },
    list: {
      help: "checks nothing: lists the policies, with their levels in production and staging",
    },
    theme: { value: "THEME", help: "with --list: only those of a theme, such as network" },
    explain: {
      value: "POLICY",
      help: "checks nothing: says what a policy is for, how to pass it, and its options",
    },
  },
  exitCodes:
    "0 success (there may be advisory violations), 1 a mandatory policy is violated, 2 the arguments " +
    "are wrong, a file cannot be read, or there is nothing to check.",
};

const ENVIRONMENTS = ["prod", "staging"] as const;

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
export function checkArguments({ operands, has, value }: Given<Name>): CheckArguments {
  if (operands.includes("")) {
    throw new UsageError("A path is empty; write a file, a folder or -.");
  }
  if (operands.length === 0) {
    throw new UsageError(`Name a file, a folder or -. ${helpHint(COMMAND.name)}`);
  }
  return {
    paths: [...new Set(operands)],
    environment: environmentOf(value("environment") ?? "prod"),
    policyVersion: versionOf(value("policy-version")),
    namespace: namespaceOf(value("namespace")),
    config: value("config"),
    exemptions: value("exemptions"),
    sarif: value("sarif"),
    json: has("json"),
    render: !has("no-render"),
  };
}

/** Arguments of `check`: the parsed values, or one sentence about what is wrong. */
import { commandLine } from "../../lib/command-line";
import { instead } from "../../lib/words";
import type { Severity } from "../../policies/policy";
import { UsageError } from "../options";
import { helpHint, type Command, type Given } from "../options";
import { PROJECT_FILE, readProject, type Project, type TextKey } from "./project";

export const FORMATS = ["text", "json", "sarif", "junit", "github", "gitlab"] as const;
export type Format = (typeof FORMATS)[number];

/** From the least. */
export const SEVERITIES = ["low", "medium", "high", "critical"] as const satisfies Severity[];
const FAIL_ON = ["mandatory", ...SEVERITIES, "never"] as const;
/** What makes the check fail besides errors; a severity is in addition to mandatory violations. */
export type FailOn = (typeof FAIL_ON)[number];

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
  /** Files and folders with CustomResourceDefinitions. */
  readonly crds: readonly string[];
  readonly sarif: string | undefined;
  readonly format: Format;
  /** Whether text shows counts only. */
  readonly summary: boolean;
  /** Only policies of at least this severity. */
  readonly severity: Severity | undefined;
  /** Only policies of these themes; empty for all. */
  readonly themes: readonly string[];
  /** Only these policies; empty for all. */
  readonly only: readonly string[];
  readonly failOn: FailOn;
  /** A file of violations that do not count. */
  readonly baseline: string | undefined;
  /** Where to write such a file. */
  readonly writeBaseline: string | undefined;
  readonly project: Project;
  /** Whether kustomizations and charts are rendered by the tools on PATH. */
  readonly render: boolean;
}

type Name =
  | "baseline"
  | "environment"
  | "policy"
  | "policy-version"
  | "namespace"
  | "config"
  | "crds"
  | "exemptions"
  | "explain"
  | "fail-on"
  | "format"
  | "json"
  | "no-render"
  | "list"
  | "sarif"
  | "settings"
  | "severity"
  | "summary"
  | "theme"
  | "write-baseline";

export const COMMAND: Command<Name> = {
  name: "check",
  summary:
    "Checks Kubernetes manifests against the policies, without a cluster, stack or network access.",
  operand: {
    shown: "[FILE|DIR|- …]",
    term: "FILE|DIR|-",
    help:
      "YAML or JSON files; for a folder, all *.yaml, *.yml and *.json in it and its subfolders, except " +
      `node_modules and dotfiles; - reads standard input: helm template CHART | ${commandLine("check")} -`,
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
    crds: {
      value: "DIR|FILE",
      many: true,
      help:
        "CustomResourceDefinitions whose objects are checked against their schema and rules, besides those " +
        "among the manifests; may be given again",
    },
    "no-render": {
      help:
        "names kustomizations and Helm charts instead of rendering them by the kubectl, kustomize or helm " +
        "on PATH",
    },
    policy: { value: "POLICY", many: true, help: "checks only this policy; may be given again" },
    severity: {
      value: "SEVERITY",
      help: "checks only policies of at least this severity: low, medium, high or critical",
    },
    "fail-on": {
      value: "LEVEL",
      help:
        "what exits with 1: mandatory (default) for mandatory violations; low, medium, high or critical for " +
        "advisory ones of at least this severity too; or never",
    },
    baseline: {
      value: "FILE",
      help: "leaves out the violations that FILE lists, so that only new ones are shown and fail",
    },
    "write-baseline": { value: "FILE", help: "writes all violations to FILE, for --baseline" },
    settings: {
      value: "FILE",
      help: `the file to use instead of the nearest ${PROJECT_FILE}, or none`,
    },
    format: {
      value: "FORMAT",
      help: "text (default), json, sarif, junit, github (annotations) or gitlab (code quality)",
    },
    summary: { help: "shows how many violations there are by policy and severity, not each one" },
    json: { help: "the same as --format json" },
    sarif: { value: "FILE", help: "also writes the results as SARIF 2.1.0" },
    list: {
      help: "checks nothing: lists the policies, with their levels in production and staging",
    },
    theme: {
      value: "THEME",
      many: true,
      help: "checks, or lists, only the policies of this theme, such as network; may be given again",
    },
    explain: {
      value: "POLICY",
      help: "checks nothing: says what a policy is for, how to pass it, and its options",
    },
  },
  exitCodes:
    "0 success (there may be advisory violations), 1 there are violations that --fail-on names, 2 the " +
    "arguments are wrong, something cannot be read or rendered, or nothing can be judged.",
};

const ENVIRONMENTS = ["prod", "staging"] as const;

/** A value, and how a message names it: `--environment`, or a line of the project's file. */
interface Written {
  readonly text: string;
  readonly said: string;
}

/** One of the words. @throws UsageError */
function oneOf<Word extends string>(words: readonly Word[], { text, said }: Written): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`${said} is ${JSON.stringify(text)}; ${instead(text, words)}`);
}

function versionOf({ text, said }: Written): string {
  if (text === "latest" || /^v?1\.\d{1,3}$/.test(text)) return text;
  throw new UsageError(
    `${said} is ${JSON.stringify(text)}; write a Kubernetes version such as v1.34, or latest.`,
  );
}

function namespaceOf({ text, said }: Written): string {
  if (text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)) return text;
  throw new UsageError(
    `${said} is ${JSON.stringify(text)}; a namespace has at most 63 lower-case letters, digits and hyphens.`,
  );
}

function pathsOf(operands: readonly string[], project: Project): readonly string[] {
  if (operands.includes("")) {
    throw new UsageError("A path is empty; write a file, a folder or -.");
  }
  const paths = operands.length > 0 ? operands : (project.list("paths")?.map(project.path) ?? []);
  if (paths.length === 0) {
    throw new UsageError(`Name a file, a folder or -. ${helpHint(COMMAND.name)}`);
  }
  return [...new Set(paths)];
}

function formatOf({ has, value }: Given<Name>): Format {
  const written = value("format");
  if (written === undefined) return has("json") ? "json" : "text";
  const format = oneOf(FORMATS, { text: written, said: "--format" });
  if (has("json") && format !== "json") {
    throw new UsageError(`--json and --format ${format} exclude each other; write one of them.`);
  }
  return format;
}

/** @throws UsageError */
export function checkArguments(given: Given<Name>, cwd: string): CheckArguments {
  const { operands, has, value, values } = given;
  const project = readProject(cwd, value("settings"));
  /** An option, otherwise the project's key. */
  const read = <T>(option: Name, key: TextKey, parse: (written: Written) => T): T | undefined => {
    const text = value(option);
    if (text !== undefined) return parse({ text, said: `--${option}` });
    const own = project.text(key);
    return own === undefined
      ? undefined
      : parse({ text: own, said: `${project.where(key)}: ${key}` });
  };
  const chosen = values("theme");
  const crds = values("crds");
  return {
    paths: pathsOf(operands, project),
    environment: read("environment", "environment", (it) => oneOf(ENVIRONMENTS, it)) ?? "prod",
    policyVersion: read("policy-version", "policyVersion", versionOf),
    namespace: read("namespace", "namespace", namespaceOf),
    config: value("config"),
    exemptions: value("exemptions"),
    crds: crds.length > 0 ? crds : (project.list("crds")?.map(project.path) ?? []),
    sarif: value("sarif"),
    format: formatOf(given),
    summary: has("summary"),
    severity: read("severity", "severity", (it) => oneOf(SEVERITIES, it)),
    themes: chosen.length > 0 ? chosen : (project.list("theme") ?? []),
    only: values("policy"),
    failOn: read("fail-on", "failOn", (it) => oneOf(FAIL_ON, it)) ?? "mandatory",
    baseline: read("baseline", "baseline", ({ text, said }) =>
      said === "--baseline" ? text : project.path(text),
    ),
    writeBaseline: value("write-baseline"),
    project,
    render: !has("no-render"),
  };
}

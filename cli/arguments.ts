/** Arguments of `plan`: what was asked for, or one sentence about what cannot be understood. */
import { UsageError, type Command, type Given } from "./options";

export interface PlanArguments {
  readonly stacks: readonly string[];
  readonly json: boolean;
  readonly out: string | undefined;
  /** A git revision to compare with. */
  readonly against: string | undefined;
  /** The engine's preview to compare with. */
  readonly preview: string | undefined;
  /** Folders of further policy packs. */
  readonly policyPacks: readonly string[];
  /** Files that configure the packs, the project's own first. */
  readonly policyPackConfigs: readonly string[];
  readonly ignoreEnvironments: boolean;
}

type Name =
  | "against"
  | "ignore-environments"
  | "json"
  | "out"
  | "policy-pack"
  | "policy-pack-config"
  | "preview";

export const COMMAND: Command<Name> = {
  name: "plan",
  summary:
    "Plans stacks without credentials, state or network, and checks them against the policies.",
  operand: {
    shown: "[STACK…]",
    term: "STACK",
    help: "a stack's name; default: every Pulumi.STACK.yaml",
  },
  options: {
    against: {
      value: "REV",
      help:
        "shows what is different from the plans of a git revision (a branch, a tag, a commit), which " +
        "is planned in a temporary worktree; with --out also as DIR/summary.md and DIR/difference.json",
    },
    "ignore-environments": {
      help: "plan a stack that imports ESC environments without the values that only they have",
    },
    json: {
      help: "one JSON object on standard output (an array for several stacks) instead of text",
    },
    out: {
      value: "DIR",
      help:
        "also writes DIR/STACK/plan.json, summary.md, policies.sarif, and the folders manifests, rules " +
        "and dashboards",
    },
    "policy-pack": {
      value: "DIR",
      many: true,
      help:
        "a policy pack to apply after the project's own; a policy that cannot judge an unknown value " +
        "only advises there, as with pulumi",
    },
    "policy-pack-config": {
      value: "FILE",
      many: true,
      help:
        "levels and properties of policies, as JSON or YAML; pulumi takes the same as JSON. The first " +
        "is for the project's own pack, the others for each --policy-pack in turn",
    },
    preview: {
      value: "FILE",
      help:
        "compares one stack's plan with what `pulumi preview --json --show-sames` printed, before an up: " +
        "the same resources with the same inputs",
    },
  },
  exitCodes:
    "0 clean, 1 a mandatory policy is violated or could not run, 2 the program or its configuration is " +
    "wrong. With --against these are of the plans here: a difference alone is 0, unless it is another " +
    "incarnation of something protected, which is 2. With --preview a difference is 2.",
};

/** @throws UsageError */
export function planArguments({ operands, has, value, values }: Given<Name>): PlanArguments {
  const twice = operands.find((stack, index) => operands.indexOf(stack) < index);
  if (twice !== undefined) {
    throw new UsageError(
      `The stack ${JSON.stringify(twice)} is given twice; give each stack once.`,
    );
  }
  const preview = value("preview");
  const other = (["against", "json", "out"] as const).find(has);
  if (preview !== undefined && other !== undefined) {
    throw new UsageError(`--preview and --${other} exclude each other; write one of them.`);
  }
  if (preview !== undefined && operands.length !== 1) {
    throw new UsageError("--preview is of one stack: name it.");
  }
  return {
    preview,
    stacks: operands,
    json: has("json"),
    out: value("out"),
    against: value("against"),
    policyPacks: values("policy-pack"),
    policyPackConfigs: values("policy-pack-config"),
    ignoreEnvironments: has("ignore-environments"),
  };
}

/** What identity policies allow. */
import { each, type Check } from "../../expect";
import type { Policy, ResourceCheck } from "../../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../../policy";
import type { Value } from "../../values";
import { aws } from "../../tokens";
import { DANGERS, type Danger } from "./dangers";
import { covers, documentOf, isBroad, isEverything, leaveOpen, type Statement } from "./documents";

const ROLE = aws("iam", "Role");
const HOLDERS = ["Policy", "RolePolicy", "UserPolicy", "GroupPolicy"].map((name) =>
  aws("iam", name),
);
const TYPES = [...HOLDERS, ROLE] as const;

const IAM_DOCS = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html";
const common = {
  enforcement: STRICT_IN_PRODUCTION,
  themes: ["iam", "aws"],
} as const;

function documents({ resource }: Check): readonly Value[] {
  const { props, type } = resource;
  if (type !== ROLE) return [props.get("policy")];
  const inline = props.get("inlinePolicies");
  return inline.isUnknown ? [inline] : inline.list().map((it) => it.get("policy"));
}

type Evaluate = (statement: Statement, say: (what: string) => void) => void;

/** Evaluates every Allow statement. */
function evaluateGrants(check: Check, evaluate: Evaluate): void {
  for (const document of documents(check)) {
    for (const statement of documentOf(document).statements) {
      if (!statement.isAllow) continue;
      evaluate(statement, (what) => {
        check.context.report(`${nameOf(check.resource)}: ${statement.path} ${what}.`);
      });
    }
  }
}

const everyGrant = (evaluate: Evaluate): ResourceCheck =>
  each(TYPES, (check) => {
    evaluateGrants(check, evaluate);
  });

/** Every action of all services, or of one. */
const isWholeService = (action: string): boolean => /^[\w-]+:\*+$/.test(action);
const isEveryAction = (action: string): boolean => /^\*+(:\*+)?$/.test(action);

const shown = (values: readonly string[]): string =>
  values.map((it) => JSON.stringify(it)).join(", ");

function everything(statement: Statement, say: (what: string) => void): void {
  if (statement.notActions.length > 0) {
    const but = shown(statement.notActions);
    say(
      `allows everything but ${but}, including actions that AWS adds later; list the actions in Action`,
    );
  }
  if (statement.actions.some(isEveryAction)) {
    say("allows every action; list those that are needed");
  }
}

function wholeServices(statement: Statement, say: (what: string) => void): void {
  const wide = statement.actions.filter(isWholeService);
  if (wide.length === 0 || !isBroad(statement)) return;
  say(`allows ${shown(wide)} on ${where(statement)}; list the actions, or the resources`);
}

const where = ({ resources, notResources }: Statement): string =>
  notResources.length > 0
    ? `everything but ${shown(notResources)}`
    : shown(resources.filter(isEverything));

/** Excludes statements that allow a whole service: another policy reports those. */
function dangerous({ actions, expected }: Danger) {
  return (statement: Statement, say: (what: string) => void): void => {
    if (statement.conditions.length > 0 || !isBroad(statement)) return;
    const granted = statement.actions.filter(
      (pattern) =>
        !isWholeService(pattern) &&
        !isEveryAction(pattern) &&
        actions.some((action) => covers(pattern, action)),
    );
    if (granted.length > 0) say(`allows ${shown(granted)} on ${where(statement)}; ${expected}`);
  };
}

export const identityPolicies: readonly Policy[] = [
  {
    ...common,
    name: "aws-iam-no-every-action",
    title: "IAM policies do not allow every action",
    clause: {
      reference: "PO-03; CKV_AWS_62; CKV_AWS_63; CKV2_AWS_40; IAM.1; CIS AWS 1.15",
      url: CONTROLS,
    },
    severity: "critical",
    prevents: "One leaked credential compromises the whole account.",
    description: "No IAM policy allows every action, or uses NotAction to allow all but a few.",
    remediation:
      "List the actions that are used in Action; IAM Access Analyzer can generate the list.",
    // The unknown parts of a document are noted here, for all policies in this file.
    check: each(TYPES, (check) => {
      for (const document of documents(check)) leaveOpen(document, check);
      evaluateGrants(check, everything);
    }),
  },
  {
    ...common,
    name: "aws-iam-no-whole-service",
    title: "IAM policies do not allow all actions of a service",
    clause: { reference: "PO-03; CKV_AWS_355; CKV_AWS_356; IAM.21", url: CONTROLS },
    severity: "high",
    prevents: "A role that only reads one bucket can delete all of them.",
    description: "No IAM policy allows all actions of a service on all of its resources.",
    remediation: "List the actions, or the ARNs of the resources.",
    check: everyGrant(wholeServices),
  },
  ...DANGERS.map((danger): Policy => ({
    ...common,
    name: danger.name,
    title: danger.title,
    clause: { reference: `PO-03; ${danger.controls}`, url: `${IAM_DOCS}/${danger.page}` },
    severity: danger.severity,
    prevents: danger.prevents,
    description: danger.description,
    remediation: danger.remediation,
    check: everyGrant(dangerous(danger)),
  })),
];

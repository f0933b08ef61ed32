/** Policy results in SARIF 2.1.0 (OASIS), the form in which code hosts show findings on a change. */
import { createHash } from "node:crypto";
import type { Plan, PolicyDescription, Violation } from "../offline/plan";
import { jsonText, visible } from "./escape";
import { groupViolations, type PolicyGroup } from "./policies";

export const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

export const level = (enforcement: Violation["enforcement"]): "error" | "warning" =>
  enforcement === "mandatory" ? "error" : "warning";

/** Violations of one policy on one resource stay the same finding while their wording changes. */
export const fingerprint = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** A rule for each policy that was violated; a policy may be mandatory here and advisory there. */
function rules(plan: Plan): readonly object[] {
  const seen = new Set<string>();
  return groupViolations(plan.policies).flatMap((group) => {
    if (seen.has(group.policy)) return [];
    seen.add(group.policy);
    return [rule(group)];
  });
}

const IN_STACK =
  "An exemption with a reason and an expiry date can be declared in the stack's configuration.";

/** @param exempt how to let something off the policy */
export function rule(
  { policy, clause, enforcement, about }: Omit<PolicyGroup, "violations">,
  exempt: string = IN_STACK,
): object {
  const { title = "", description = "", remediation = "", url = "", severity = "" } = about ?? {};
  const enforces = clause === "" ? "No clause given." : `Enforces ${visible(clause)}.`;
  const mend = remediation === "" ? "The message of each result says how to mend it." : remediation;
  return {
    id: visible(policy),
    ...(title === "" ? {} : { name: visible(title) }),
    shortDescription: { text: title === "" ? `Policy ${visible(policy)}` : visible(title) },
    fullDescription: { text: description === "" ? enforces : `${description} ${enforces}` },
    help: {
      text: `${mend} ${enforces} ${exempt}`,
    },
    ...(/^https?:\/\//.test(url) && URL.canParse(url) ? { helpUri: new URL(url).href } : {}),
    defaultConfiguration: { level: level(enforcement) },
    ...(severity === "" ? {} : { properties: { severity } }),
  };
}

function result(
  plan: Plan,
  violation: Violation,
  about: PolicyDescription | undefined,
  ruleIndex: number,
): object {
  const { policy, enforcement, urn, message } = violation;
  const text = message || about?.description || "The policy gave no message.";
  return {
    ruleId: visible(policy),
    ruleIndex,
    level: level(enforcement),
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(visible(`Pulumi.${plan.stack}.yaml`)) },
          region: { startLine: 1 },
        },
        ...(urn === ""
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: visible(urn), kind: "resource" }] }),
      },
    ],
    partialFingerprints: { "policyAndResource/v1": fingerprint(plan.stack, policy, urn) },
  };
}

/** A policy that could not run is the tool's failure, not a finding about the change. */
function invocation(plan: Plan): object {
  return {
    executionSuccessful: plan.policies.failures.length === 0,
    toolExecutionNotifications: plan.policies.failures.map(({ policy, urn, message }) => ({
      level: "error",
      message: { text: `Policy ${visible(policy)} could not run: ${message}` },
      ...(urn === ""
        ? {}
        : {
            locations: [
              { logicalLocations: [{ fullyQualifiedName: visible(urn), kind: "resource" }] },
            ],
          }),
    })),
  };
}

/** One SARIF log with one run; the same plan gives the same bytes. */
export function renderSarif(plan: Plan): string {
  const groups = groupViolations(plan.policies);
  const names = [...new Set(groups.map(({ policy }) => policy))];
  const indexes = new Map(names.map((name, index) => [name, index]));
  return jsonText({
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Runstack policies", rules: rules(plan) } },
        automationDetails: { id: `runstack/${visible(plan.stack)}/` },
        invocations: [invocation(plan)],
        results: groups.flatMap(({ policy, about, violations }) =>
          violations.map((violation) => result(plan, violation, about, indexes.get(policy) ?? -1)),
        ),
      },
    ],
  });
}

/** The results of `check` in SARIF 2.1.0, with the place of each in its file. */
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { CheckMessage, CheckReport, CheckViolation, CheckedPolicy } from "./check";
import { jsonText, visible } from "./escape";
import { SCHEMA, fingerprint, level, rule } from "./sarif";

const EXEMPT = "An exemption with a reason and an expiry date can be given with --exemptions.";

/** Files in the working directory are relative to it, so that code hosts find them. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split("/").map(encodeURIComponent).join("/");
}

function physical({ file, line, column }: Omit<CheckMessage, "message">): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(line === 0 ? {} : { region: { startLine: line, startColumn: column } }),
    },
  };
}

function objectName({ kind, namespace, name }: CheckViolation): string {
  return visible(`${kind} ${namespace === "" ? name : `${namespace}/${name}`}`.trimEnd());
}

function location(one: CheckViolation): object {
  const fullyQualifiedName = objectName(one);
  return {
    ...(one.file === "" ? {} : physical(one)),
    ...(fullyQualifiedName === ""
      ? {}
      : { logicalLocations: [{ fullyQualifiedName, kind: "resource" }] }),
  };
}

function result(one: CheckViolation, ruleIndex: number): object {
  const { policy, enforcement, file, path, message } = one;
  return {
    ruleId: visible(policy),
    ruleIndex,
    level: level(enforcement),
    message: { text: message },
    locations: [location(one)],
    partialFingerprints: {
      "policyAndObject/v1": fingerprint(policy, file, one.apiVersion, objectName(one), path),
    },
  };
}

function ruleOf(policy: CheckedPolicy, violations: readonly CheckViolation[]): object {
  const first = violations.find((one) => one.policy === policy.name);
  const enforcement = first?.enforcement ?? "advisory";
  return rule({ policy: policy.name, clause: policy.clause, enforcement, about: policy }, EXEMPT);
}

/** One SARIF log with one run; the same report gives the same bytes. */
export function renderCheckSarif(report: CheckReport): string {
  const { violations, policies, errors } = report;
  const indexes = new Map(policies.map(({ name }, index) => [name, index]));
  return jsonText({
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Runstack policies",
            rules: policies.map((policy) => ruleOf(policy, violations)),
          },
        },
        automationDetails: { id: "runstack/check/" },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: errors.length === 0,
            toolExecutionNotifications: errors.map((error) => ({
              level: "error",
              message: { text: error.message },
              ...(error.file === "" ? {} : { locations: [physical(error)] }),
            })),
          },
        ],
        results: violations.map((one) => result(one, indexes.get(one.policy) ?? -1)),
      },
    ],
  });
}

/** Policies on custom resources whose definition is known: in the stack or the manifests, or given by `--crds`. */
import type { CheckContext, Policy, Stack, StackResource } from "../../../policy";
import { ANYWHERE, finding, nameOf } from "../../../policy";
import type { Value } from "../../../values";
import { tokenOf } from "../../tokens";
import { Faults } from "../fault";
import { definitionsOf } from "./definitions";
import { evaluateRules, type Evaluated } from "./rules";
import type { Schema } from "./schema";
import { compare, type Findings } from "./structure";

interface Custom {
  readonly resource: StackResource;
  readonly schema: Schema;
}

/** The objects of the kinds that are defined. */
function customs(stack: Stack, context: CheckContext): readonly Custom[] {
  const definitions = definitionsOf(stack, context.definitions ?? []);
  if (definitions.size === 0) return [];
  return stack.resources.flatMap((resource) => {
    const token = tokenOf(resource.type);
    if (token === undefined || resource.props.entries().length === 0) return [];
    // A patch is a part of an object, which says nothing of the rest.
    if (resource.type.endsWith(`:${token.kind}Patch`)) return [];
    const schema = definitions.get(`${token.apiVersion} ${token.kind}`);
    return schema === undefined ? [] : [{ resource, schema }];
  });
}

function noteUndecided(
  context: CheckContext,
  policy: string,
  { urn }: StackResource,
  value: Value,
  reason: string,
): void {
  const where = value.path === "" ? reason : `${value.path}: ${reason}`;
  context.pack.unknown.note(policy, urn, where);
}

function structure(stack: Stack, context: CheckContext): void {
  for (const { resource, schema } of customs(stack, context)) {
    const findings: Findings = { faults: new Faults(), undecided: [] };
    guarded(
      () => {
        compare(resource.props, schema, findings, true);
      },
      (reason) => {
        findings.undecided.push({ value: resource.props, reason });
      },
    );
    for (const value of findings.faults.unknown) context.noteUnknown(value, resource.urn);
    for (const { value, expected } of findings.faults.all) {
      context.report(finding(resource, value, expected), resource.urn);
    }
    for (const { value, reason } of findings.undecided)
      noteUndecided(context, SCHEMA, resource, value, reason);
  }
}

function rules(stack: Stack, context: CheckContext): void {
  for (const { resource, schema } of customs(stack, context)) {
    if (hasFault(resource, schema)) continue;
    const found: Evaluated = { broken: [], undecided: [], unknown: [] };
    guarded(
      () => {
        evaluateRules(resource.props, schema, found);
      },
      (reason) => {
        found.undecided.push({ value: resource.props, reason });
      },
    );
    for (const value of found.unknown) context.noteUnknown(value, resource.urn);
    for (const { value, message } of found.broken) {
      context.report(brokenRule(resource, value, message), resource.urn);
    }
    for (const { value, reason } of found.undecided)
      noteUndecided(context, RULES, resource, value, reason);
  }
}

/** Then the API server does not come to the rules. */
function hasFault({ props }: StackResource, schema: Schema): boolean {
  const findings: Findings = { faults: new Faults(), undecided: [] };
  guarded(
    () => {
      compare(props, schema, findings, true);
    },
    () => undefined,
  );
  return findings.faults.all.length > 0;
}

function brokenRule(
  resource: StackResource,
  value: Value,
  message: string,
): ReturnType<typeof finding> {
  const sentence = message.replace(/\.$/, "");
  if (value.keys.length > 0) return finding(resource, value, sentence);
  return { message: `${nameOf(resource)}: ${sentence}.`, at: [] };
}

/** A definition may be malformed in any way; then its objects are undecided, not wrong. */
function guarded(run: () => void, failed: (reason: string) => void): void {
  try {
    run();
  } catch (error) {
    failed(
      `the definition cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const SCHEMA = "api-custom-schema";
const RULES = "api-custom-rules";
const common = { severity: "high", themes: ["api"], enforcement: ANYWHERE } as const;
const CRDS =
  "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/";

export const custom: readonly Policy[] = [
  {
    ...common,
    name: SCHEMA,
    title: "Custom resources match their definition",
    clause: { reference: "PO-01; kubeconform", url: `${CRDS}#validation` },
    prevents:
      "The API server refuses the object, or drops a field that its definition does not have.",
    description:
      "A custom resource has the fields, types and values of its CustomResourceDefinition, if that is in the same stack or manifests, or is given by check --crds.",
    remediation: "Correct the field as the message says.",
    check: { kind: "stack", run: structure },
  },
  {
    ...common,
    name: RULES,
    title: "Custom resources keep the rules of their definition",
    clause: { reference: "PO-01", url: `${CRDS}#validation-rules` },
    prevents: "The API server refuses the object.",
    description:
      "The rules in CEL of a CustomResourceDefinition hold for its objects; those on changes are not evaluated.",
    remediation: "Change the object so that the rule holds; the message is the definition's own.",
    check: { kind: "stack", run: rules },
  },
];

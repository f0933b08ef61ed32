/** Policies on custom resources whose definition is known: in the stack or the manifests, or given by `--crds`. */
import { list, nearest } from "../../../../lib/words";
import type { CheckContext, Finding, Policy, Stack, StackResource } from "../../../policy";
import { ANYWHERE, nameOf } from "../../../policy";
import type { Value } from "../../../values";
import { tokenOf, type Token } from "../../tokens";
import { Faults } from "../fault";
import { findingOf } from "../finding";
import { definitionsOf, type Definitions } from "./definitions";
import { evaluateRules, type Evaluated } from "./rules";
import type { Schema } from "./schema";
import { compare, type Findings } from "./structure";

interface Defined {
  readonly resource: StackResource;
  readonly schema: Schema;
}

/** Of a group that is defined, without a schema for it. */
interface Undefined {
  readonly resource: StackResource;
  readonly schema?: undefined;
  readonly token: Token;
  readonly kinds: ReadonlyMap<string, readonly string[]>;
}

type Custom = Defined | Undefined;
type Undecided = Findings["undecided"][number];

/** Both policies read the definitions of the same stack. */
const read = new WeakMap<Stack, Definitions>();

/** The objects of the groups that are defined. */
function customs(stack: Stack, context: CheckContext): readonly Custom[] {
  const definitions = read.get(stack) ?? definitionsOf(stack, context.definitions ?? []);
  read.set(stack, definitions);
  if (definitions.groups.size === 0) return [];
  return stack.resources.flatMap((resource): readonly Custom[] => {
    const token = tokenOf(resource.type);
    if (token === undefined || resource.props.entries().length === 0) return [];
    // A patch is a part of an object, which says nothing of the rest.
    if (resource.type.endsWith(`:${token.kind}Patch`)) return [];
    const schema = definitions.schemas.get(`${token.apiVersion} ${token.kind}`);
    const kinds = definitions.groups.get(token.group);
    if (schema !== undefined) return [{ resource, schema }];
    return kinds === undefined ? [] : [{ resource, kinds, token }];
  });
}

function leaveUndecided(
  context: CheckContext,
  resource: StackResource,
  { value, reason }: Undecided,
): void {
  const why = `not judged: ${reason}`;
  const { message } =
    value.keys.length === 0
      ? { message: `${nameOf(resource)}: ${why}.` }
      : findingOf(resource, { aspect: "value-allowed", value, expected: why });
  context.leaveUndecided({ message, at: value.keys }, resource.urn);
}

function structure(stack: Stack, context: CheckContext): void {
  for (const one of customs(stack, context)) {
    const { resource } = one;
    if (one.schema === undefined) {
      judgeVersion(one, context);
      continue;
    }
    const { faults, undecided } = compared(one);
    for (const value of faults.unknown) context.noteUnknown(value, resource.urn);
    for (const fault of faults.all) context.report(findingOf(resource, fault), resource.urn);
    for (const value of undecided) leaveUndecided(context, resource, value);
  }
}

/** An object of a group that is defined, whose kind or version is not. */
function judgeVersion({ resource, kinds, token }: Undefined, context: CheckContext): void {
  const { group, apiVersion, kind } = token;
  const versions = kinds.get(kind);
  const who = nameOf(resource);
  if (versions !== undefined) {
    const others = versions.map((version) => `${group}/${version}`);
    // Its definition may leave the schema out.
    if (others.includes(apiVersion)) return;
    const expected =
      others.length === 0
        ? "its definition serves no version"
        : `its definition serves ${list(others)}`;
    const message = `${who}: apiVersion is ${JSON.stringify(apiVersion)}; ${expected}.`;
    context.report({ message, at: ["apiVersion"] }, resource.urn);
    return;
  }
  // The definitions at hand may be a part of the group's.
  const near = nearest(kind, [...kinds.keys()]);
  const hint = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
  const message = `${who}: kind is ${JSON.stringify(kind)}; not judged: no definition of ${group} here has that kind${hint || "."}`;
  context.leaveUndecided({ message, at: ["kind"] }, resource.urn);
}

function rules(stack: Stack, context: CheckContext): void {
  for (const one of customs(stack, context)) {
    // Of an object with a fault the API server does not come to the rules.
    if (one.schema === undefined || compared(one).faults.all.length > 0) continue;
    const { resource, schema } = one;
    const found: Evaluated = { broken: [], undecided: [], unknown: [] };
    guarded(
      () => {
        evaluateRules(resource.props, schema, found, true);
      },
      (reason) => {
        found.undecided.push({ value: resource.props, reason });
      },
    );
    for (const value of found.unknown) context.noteUnknown(value, resource.urn);
    for (const { value, message } of found.broken) {
      context.report(brokenRule(resource, value, message), resource.urn);
    }
    for (const value of found.undecided) leaveUndecided(context, resource, value);
  }
}

/** By the schema and the object: both policies need it. */
const known = new WeakMap<Schema, WeakMap<Value, Findings>>();

function compared({ resource: { props }, schema }: Defined): Findings {
  const objects = known.get(schema) ?? new WeakMap<Value, Findings>();
  known.set(schema, objects);
  const findings = objects.get(props) ?? { faults: new Faults(), undecided: [] };
  if (objects.has(props)) return findings;
  objects.set(props, findings);
  guarded(
    () => {
      compare(props, schema, findings, true);
    },
    (reason) => {
      findings.undecided.push({ value: props, reason });
    },
  );
  return findings;
}

function brokenRule(resource: StackResource, value: Value, message: string): Finding {
  const sentence = message.replace(/\.$/, "");
  const fault = { aspect: "rules", value, expected: sentence } as const;
  if (value.keys.length > 0) return findingOf(resource, fault);
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

/**
 * Secret values that are not marked as secret: Pulumi stores them in plain text in the state.
 *
 * A provider may extend a mark, as the Kubernetes provider does to a whole list for one secret in
 * it; the engine then encrypts all of it, and the policy accepts that too.
 */
import { namedTexts, suspicion } from "./credentials";
import type { CheckContext, Policy, Resource } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf, typeKey } from "../policy";
import type { Value } from "../values";

export { suspicion } from "./credentials";

const WRAP = "wrap it in pulumi.secret, or read it from the stack with requireSecret";

/** In Kubernetes objects `secretKey` names a key of a Secret; elsewhere it is a credential. */
const isKeyName = (resource: Resource, name: string): boolean =>
  name === "secretKey" && resource.type.startsWith("kubernetes:");

function reportPlain(resource: Resource, value: Value, what: string, context: CheckContext): void {
  if (value.isSecret) return;
  // The value itself must not be shown.
  context.report(`${nameOf(resource)}: ${value.path} holds ${what} in plain text; ${WRAP}.`);
}

function search(resource: Resource, context: CheckContext): void {
  for (const { value, name, text } of namedTexts(resource.props)) {
    const what = isKeyName(resource, name) ? undefined : suspicion(name, text);
    if (what !== undefined) reportPlain(resource, value, what, context);
  }
}

function secretData(resource: Resource, context: CheckContext): void {
  for (const field of ["data", "stringData"]) {
    const value = resource.props.get(field);
    if (value.entries().length === 0 || value.isSecret) continue;
    for (const [, item] of value.entries()) {
      if (!item.isUnknown) reportPlain(resource, item, "a key of a Secret", context);
    }
  }
}

export const secrets: readonly Policy[] = [
  {
    name: "secret-not-plain",
    title: "Secrets are marked as secret",
    clause: {
      reference: "PO-03; ALL-07",
      url: "https://www.pulumi.com/docs/iac/concepts/secrets/",
    },
    severity: "critical",
    themes: ["secrets"],
    prevents: "A password is stored in plain text in the state, in previews and in logs.",
    description:
      "Inputs that look like secrets by name or format, and the data of Kubernetes Secrets, are marked as secret.",
    remediation:
      "Wrap the value in pulumi.secret or read it with requireSecret; pass it to a container with valueFrom.secretKeyRef instead of value.",
    enforcement: STRICT_IN_PRODUCTION,
    // A manifest has no secret marks: the policies next to this one check what it must not contain.
    needs: "program",
    check: {
      kind: "resource",
      types: "every",
      run: (resource, context) => {
        if (typeKey(resource.type) === "kubernetes:core:Secret") secretData(resource, context);
        else search(resource, context);
      },
    },
  },
];

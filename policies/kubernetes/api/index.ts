/** Policies on what the API server refuses, in its own words made plain. */
import type { CheckContext, Policy, Resource } from "../../policy";
import { ANYWHERE } from "../../policy";
import { each } from "../../expect";
import { custom } from "./custom";
import type { Aspect } from "./fault";
import { findingOf } from "./finding";
import { judge } from "./judge";

const reported =
  (aspect: Aspect) =>
  ({
    resource,
    context,
  }: {
    readonly resource: Resource;
    readonly context: CheckContext;
  }): void => {
    const { faults, unknown } = judge(resource);
    // Each unknown value is noted once, by the policy on its type.
    if (aspect === "field-type") for (const value of unknown) context.noteUnknown(value);
    for (const fault of faults) {
      if (fault.aspect === aspect) context.report(findingOf(resource, fault));
    }
  };

const common = {
  severity: "high",
  themes: ["api"],
  enforcement: ANYWHERE,
} as const;
const CONVENTIONS =
  "https://kubernetes.io/docs/reference/using-api/api-concepts/#validation-of-fields";

export const api: readonly Policy[] = [
  {
    ...common,
    name: "api-field-known",
    title: "Fields exist in the Kubernetes API",
    clause: { reference: "PO-01; kubeconform", url: CONVENTIONS },
    prevents:
      "The API server refuses the object, or drops the field without a word and runs the object without what it asks for.",
    description: "Every field of a built-in kind is one that the kind has, at that place.",
    remediation: "Correct the name of the field, or move it to the object that has it.",
    check: each("every", reported("field-known")),
  },
  {
    ...common,
    name: "api-field-type",
    title: "Fields have values of their type",
    clause: { reference: "PO-01; kubeconform", url: CONVENTIONS },
    prevents: "The API server refuses the object.",
    description: "Every field of a built-in kind has a value of the type that the API gives it.",
    remediation:
      "Write numbers, true and false without quotes; put text in quotes where YAML reads it as something else.",
    check: each("every", reported("field-type")),
  },
  {
    ...common,
    name: "api-field-required",
    title: "Required fields are set",
    clause: { reference: "PO-01; kubeconform", url: CONVENTIONS },
    prevents: "The API server refuses the object.",
    description: "Every field without which the API server refuses a built-in kind is set.",
    remediation: "Set the field that the message names.",
    check: each("every", reported("field-required")),
  },
  {
    ...common,
    name: "api-value-allowed",
    title: "Values are ones that the API accepts",
    clause: { reference: "PO-01; kubeconform", url: CONVENTIONS },
    prevents: "The API server refuses the object.",
    description:
      "Enumerations, names, quantities, addresses and numbers of built-in kinds are within what the API accepts.",
    remediation: "Write one of the values, or the form, that the message names.",
    check: each("every", reported("value-allowed")),
  },
  {
    ...common,
    name: "api-rules",
    title: "Fields agree with each other",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/reference/kubernetes-api/",
    },
    prevents: "The API server refuses the object.",
    description:
      "The rules of the API over several fields hold: one handler a probe, one source a volume, mounts of declared volumes, unique ports and names, requests within limits.",
    remediation: "Change or remove the field that the message names.",
    check: each("every", reported("rules")),
  },
  ...custom,
];

/** What a policy found, as a finding with its place in a file. */
import type { Found } from "../../policies/manifests/evaluate";
import { fullName } from "../../policies/manifests/resource";
import type { Policy } from "../../policies/policy";
import { pathOf, type Key } from "../../policies/values";
import type { CheckFinding } from "../../reports/check";
import { NO_PLACE, type AboutPolicy, type Place } from "../../reports/findings";
import { placeOf, type Located } from "./located";
import { templateAbove } from "./read";
import type { Judged } from "./suppressions";

/** @param exemptionsIn the file of the exemptions */
export function located(
  found: readonly Found[],
  exemptionsIn: string | undefined,
): readonly Judged[] {
  return found.map((one) => {
    // The manifests passed in all come from files.
    const object = one.manifest as Located | undefined;
    if (object === undefined) {
      const file = one.policy.name === "exemption-valid" ? (exemptionsIn ?? "") : "";
      return { finding: finding(one, { ...NO_PLACE, file }, ""), object };
    }
    const place = placeOf(object, one.at.length === 0 ? ["kind"] : one.at);
    const above = object.placed === undefined ? templateAbove(object.source.text, place.line) : "";
    return { finding: finding(one, place, object.origin ?? above ?? ""), object };
  });
}

function finding(found: Found, place: Place, template: string): CheckFinding {
  const { policy, level, at, message } = found;
  const { apiVersion = "", kind = "", namespace = "", name = "" } = found.manifest ?? {};
  const path = pathOf(at);
  const subjectId = `${kind} ${fullName({ namespace, name })}`.trim();
  const origin = template === "" ? "" : ` (${template})`;
  return {
    about: aboutOf(policy),
    enforcement: level,
    place,
    subject: subjectId === "" ? "all objects together" : subjectId + origin,
    subjectId,
    message,
    identity: [place.file, apiVersion, subjectId, stablePath(found.manifest?.object, at)],
    object: { apiVersion, kind, namespace, name, template },
    path,
  };
}

/** The path with the names of list items instead of their numbers, which change when items are added. */
function stablePath(object: unknown, at: readonly Key[]): string {
  let value = object;
  return at
    .map((key) => {
      value = (value as Readonly<Record<Key, unknown>> | null | undefined)?.[key];
      const name = (value as { readonly name?: unknown } | null | undefined)?.name;
      if (typeof key === "number") return `[${typeof name === "string" ? name : key}]`;
      return `.${key}`;
    })
    .join("")
    .replace(/^\./, "");
}

function aboutOf({ clause: { reference, url = "" }, ...policy }: Policy): AboutPolicy {
  const { name, title, description, remediation, severity } = policy;
  return { name, title, description, remediation, severity, clause: reference, url };
}

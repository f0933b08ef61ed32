/** Findings of policies as findings in files: each with its place, in the order of the files. */
import { fullName } from "../../policies/manifests/resource";
import type { Found } from "../../policies/manifests/evaluate";
import type { Policy } from "../../policies/policy";
import { pathOf, type Key } from "../../policies/values";
import type { CheckFinding } from "../../reports/check";
import { NO_PLACE, type AboutPolicy, type Place } from "../../reports/findings";
import { placeOf, type Located } from "./located";
import { templateAbove } from "./read";

export interface Judged {
  readonly finding: CheckFinding;
  /** The object that it is about; undefined if it is about all of them. */
  readonly object: Located | undefined;
}

/** Findings with their lines. */
export function located(
  found: readonly Found[],
  exemptionsIn: string | undefined,
): readonly Judged[] {
  return found.map((one) => {
    // The manifests passed in all come from files.
    const manifest = one.manifest as Located | undefined;
    if (manifest === undefined) {
      const file = one.policy.name === "exemption-valid" ? (exemptionsIn ?? "") : "";
      return { finding: finding(one, { ...NO_PLACE, file }, ""), object: undefined };
    }
    const place = placeOf(manifest, one.at.length === 0 ? ["kind"] : one.at);
    const above = templateAbove(manifest.source.text, place.line);
    const template = manifest.origin ?? (manifest.placed === undefined ? above : "") ?? "";
    return { finding: finding(one, place, template), object: manifest };
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

/** Findings of one object sorted by line; objects in the order of the files. */
export function inOrder(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const ofObject = ({ place, object }: CheckFinding): string =>
    JSON.stringify([place.file, object.apiVersion, object.kind, object.namespace, object.name]);
  const ranks = new Map<string, number>();
  for (const one of findings) {
    const key = ofObject(one);
    if (!ranks.has(key)) ranks.set(key, ranks.size);
  }
  const rank = (one: CheckFinding): number => ranks.get(ofObject(one)) ?? 0;
  return findings
    .map((one) => ({ one, place: one.place, rank: rank(one) }))
    .sort(
      (a, b) => a.rank - b.rank || a.place.line - b.place.line || a.place.column - b.place.column,
    )
    .map(({ one }) => one);
}

import { describe, expect, it } from "vitest";
import type { Configured } from "../../lib/policy-configuration";
import { exemptionValid } from "../../policies/governance";
import { manifestOf } from "../../policies/manifests/resource";
import { replicas, tier } from "../../policies/manifests/testing";
import type { Policy } from "../../policies/policy";
import { unjudged } from "./chosen";

const encrypted: Policy = { ...tier, name: "aws-disk-encrypted" };
const POLICIES = [replicas, tier, encrypted, exemptionValid];
const ELSEWHERE = "Pulumi programs, clouds and runbooks are judged by `npm run -s plan --`";

function said(kinds: readonly string[], enabled: readonly Policy[], named?: readonly string[]) {
  const configured = new Map(
    POLICIES.map((policy): [string, Configured] => [
      policy.name,
      { level: enabled.includes(policy) ? "mandatory" : "disabled", properties: {} },
    ]),
  );
  const objects = kinds.flatMap((kind) => manifestOf("a.yaml", { apiVersion: "v1", kind }) ?? []);
  const { errors, notes } = unjudged(POLICIES, configured, objects, named);
  return { errors: errors.map((one) => one.message), notes: notes.map((one) => one.message) };
}

describe("unjudged", () => {
  it("says nothing where a chosen policy can judge an object", () => {
    expect(said(["Pod"], [tier, exemptionValid])).toEqual({ errors: [], notes: [] });
    expect(said([], [encrypted])).toEqual({ errors: [], notes: [] });
  });

  it("refuses a choice that judges no manifest", () => {
    const none = `nothing was judged: none of the chosen policies judges manifests, or all of them are disabled; ${ELSEWHERE}`;
    expect(said(["Pod"], [encrypted, exemptionValid])).toEqual({ errors: [none], notes: [] });
  });

  it("refuses a choice that judges none of the kinds in the input", () => {
    expect(said(["Pod", "Service"], [replicas], ["replicas"])).toEqual({
      errors: [
        "nothing was judged: none of the 2 objects is of a kind that the chosen policies judge (replicas); choose others",
      ],
      notes: [],
    });
  });

  it("says so of the only object, too", () => {
    expect(said(["Pod"], [replicas]).errors).toEqual([
      "nothing was judged: the object is not of a kind that the chosen policies judge (replicas); choose others",
    ]);
  });

  it("notes several chosen policies that judge no manifest", () => {
    const named = ["tier", "aws-disk-encrypted", "aws-disk-tagged"];
    expect(said(["Pod"], [tier, encrypted], named).notes).toEqual([
      `none of aws-disk-encrypted and aws-disk-tagged judges a manifest: ${ELSEWHERE}`,
    ]);
  });

  it("notes a chosen policy that judges no manifest beside others that do", () => {
    expect(said(["Pod"], [tier, encrypted], ["tier", "aws-disk-encrypted"])).toEqual({
      errors: [],
      notes: [`aws-disk-encrypted judges no manifest: ${ELSEWHERE}`],
    });
  });
});

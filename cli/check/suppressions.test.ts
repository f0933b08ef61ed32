import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { configurePack } from "../../policies/configuration";
import { exemptionValid } from "../../policies/governance";
import { SAMPLE } from "../../policies/manifests/testing";
import type { CheckReport } from "../../reports/check";
import { placeText } from "../../reports/findings";
import { check } from "./checking";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "runstack-suppressions-"));
});

function checked(text: string, config: object = {}): CheckReport {
  writeFileSync(join(cwd, "a.yaml"), text);
  const policies = [...SAMPLE, exemptionValid];
  const policyContext = {
    environment: "prod",
    exemptions: [],
    podSecurityMinor: Infinity,
    zoned: true,
    restored: {},
  } as const;
  return check(["a.yaml"], cwd, {
    policies,
    policyContext,
    configured: configurePack(policies, policyContext, { housed: "disabled", ...config }),
    stdin: () => new Uint8Array(),
    day: "2026-03-01",
  });
}

const said = ({ findings, exempted, errors, notes }: CheckReport) => ({
  found: findings.map(({ about, place }) => `${about.name} ${place.line}`),
  exempted,
  errors: errors.map(({ message, ...place }) => `${placeText(place)}: ${message}`),
  notes: notes.map(({ message, ...place }) => `${placeText(place)}: ${message}`),
});

/** Violates served (line 2), tier (line 4) and replicas (the last line). */
const deployment = (metadata = "", replicas = "  replicas: 1\n", head = ""): string =>
  `${head}apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\n  labels: {tier: db}\n${metadata}spec:\n${replicas}`;

const WHY = "until 2026-03-01: one is enough";

describe("a comment", () => {
  it("suppresses what it stands beside", () => {
    const text = deployment("", `  replicas: 1 # runstack:ignore replicas ${WHY}\n`);
    expect(said(checked(text))).toEqual({
      found: ["served 2", "tier 5"],
      exempted: 1,
      errors: [],
      notes: [],
    });
  });

  it("suppresses what it stands above, and nothing else", () => {
    const above = `  # runstack:ignore replicas ${WHY}\n  replicas: 1\n`;
    const { found, notes } = said(checked(`${deployment("", above)}---\n${deployment()}`));
    // Both documents have the others, which are said once.
    expect(found).toEqual(["served 2", "tier 5", "replicas 16"]);
    expect(notes).toEqual(["a.yaml:2:1: Deployment api appears again in a.yaml:11:1"]);
  });

  it("suppresses a policy in a document at whose start it stands", () => {
    const head = `# runstack:ignore tier ${WHY}\n# runstack:ignore served ${WHY}\n`;
    expect(said(checked(deployment("", undefined, head))).found).toEqual(["replicas 9"]);
  });
});

it("an annotation suppresses a policy for its object", () => {
  const annotation = `  annotations:\n    ignore.runstack.dev/tier: "${WHY}"\n`;
  const report = checked(
    `${deployment(annotation)}---\n${deployment().replace("name: api", "name: web")}`,
  );
  expect(said(report)).toMatchObject({
    found: ["served 2", "replicas 9", "served 12", "tier 15", "replicas 17"],
    exempted: 1,
    errors: [],
    notes: [],
  });
});

describe("a suppression that does not hold", () => {
  it.each([
    ["replicas", "this suppression of replicas has no last day; write: until YYYY-MM-DD: REASON"],
    [
      "replicas until 2026-02-30: a",
      "this suppression of replicas has no last day; write: until YYYY-MM-DD: REASON",
    ],
    [
      "replicas one is enough",
      "this suppression of replicas has no last day; write: until YYYY-MM-DD: REASON",
    ],
    [
      "replicas until 2026-03-01",
      "this suppression of replicas has no reason; write: until YYYY-MM-DD: REASON",
    ],
    [
      "replicas until 2026-03-01:  ",
      "this suppression of replicas has no reason; write: until YYYY-MM-DD: REASON",
    ],
    [
      "replicas until 2026-02-28: a",
      "this suppression of replicas expired on 2026-02-28; mend the object and remove it, or decide on a new date",
    ],
    [
      "replica until 2026-03-01: a",
      'this names the policy "replica", which does not exist; did you mean replicas?',
    ],
    ["exemption-valid until 2026-03-01: a", "exemption-valid cannot be suppressed; remove this"],
  ])("%s", (comment, message) => {
    const { found, exempted, errors } = said(
      checked(deployment("", `  replicas: 1 # runstack:ignore ${comment}\n`)),
    );
    expect({ found, exempted }).toEqual({
      found: ["served 2", "tier 5", "replicas 7"],
      exempted: 0,
    });
    expect(errors).toEqual([`a.yaml:7:15: ${message}`]);
  });

  it("as an annotation has the place of its key", () => {
    const annotation = `  annotations:\n    ignore.runstack.dev/tier: 3\n`;
    expect(said(checked(deployment(annotation))).errors).toEqual([
      "a.yaml:7:5: this suppression of tier has no last day; write: until YYYY-MM-DD: REASON",
    ]);
  });
});

it("notes a suppression that is not needed, unless its policy does not run", () => {
  const text = deployment("", `  replicas: 2 # runstack:ignore replicas ${WHY}\n`);
  expect(said(checked(text)).notes).toEqual([
    "a.yaml:7:15: this suppresses nothing: replicas is not violated here; remove it",
  ]);
  expect(said(checked(text, { replicas: "disabled" })).notes).toEqual([]);
});

it("reads no suppression in a value: a block of text, or a quotation", () => {
  const text = `data:\n  a: |\n    # runstack:ignore tier\n    b\n  c: "see # runstack:ignore tier"\n`;
  const { errors, notes } = said(
    checked(`${deployment()}---\napiVersion: v1\nkind: ConfigMap\n${text}`),
  );
  expect({ errors, notes }).toEqual({ errors: [], notes: [] });
});

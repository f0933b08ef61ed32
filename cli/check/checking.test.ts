import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { configurePack } from "../../policies/configuration";
import type { PolicyContext } from "../../policies/policy-context";
import { exemptionValid } from "../../policies/governance";
import { SAMPLE, deploymentObject, tier } from "../../policies/manifests/testing";
import type { Policy } from "../../policies/policy";
import type { CheckReport } from "../../reports/check";
import { NO_PLACE } from "../../reports/findings";
import { check } from "./checking";

const POLICY_CONTEXT: PolicyContext = {
  environment: "prod",
  exemptions: [],
  podSecurityMinor: Infinity,
  zoned: true,
  restored: {},
};

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "runstack-checking-"));
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
}

function evaluated(
  paths: readonly string[],
  policyContext = POLICY_CONTEXT,
  namespace?: string,
  policies: readonly Policy[] = [...SAMPLE, exemptionValid],
): CheckReport {
  return check(paths, cwd, {
    policies,
    policyContext,
    configured: configurePack(policies, policyContext),
    exemptionsIn: "exemptions.yaml",
    namespace,
    stdin: () => new TextEncoder().encode(DEPLOYMENT),
    day: "2026-03-01",
  });
}

const places = ({ findings }: CheckReport): readonly string[] =>
  findings.map(({ place, object: { kind, namespace, name }, about }) =>
    `${place.file}:${place.line}:${place.column} ${kind} ${namespace}/${name} ${about.name}`.trim(),
  );

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  replicas: 1
`;

describe("check", () => {
  it("reports everything about a violation", () => {
    write("a.yaml", DEPLOYMENT);
    const report = evaluated(["a.yaml"]);
    expect(report.findings[2]).toEqual({
      about: {
        name: "replicas",
        title: "The replicas",
        description: "The rule of replicas.",
        remediation: "Write replicas.",
        severity: "high",
        clause: "PO-03; REPLICAS",
        url: "https://example.com/replicas",
      },
      enforcement: "mandatory",
      place: { file: "a.yaml", line: 7, column: 3 },
      subject: "Deployment shop/api",
      subjectId: "Deployment shop/api",
      message: 'Deployment "shop/api": spec.replicas is 1; it must be 2 or more.',
      identity: ["a.yaml", "apps/v1", "Deployment shop/api", "spec.replicas"],
      object: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        namespace: "shop",
        name: "api",
        template: "",
      },
      path: "spec.replicas",
    });
    expect(report.findings.at(-1)).toMatchObject({
      place: NO_PLACE,
      subject: "all objects together",
      subjectId: "",
      object: { apiVersion: "", kind: "", namespace: "", name: "", template: "" },
    });
    expect(report).toMatchObject({ files: ["a.yaml"], evaluated: 5, skipped: 0 });
    expect(report.objects).toEqual([
      { file: "a.yaml", apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "api" },
    ]);
    expect(report.errors).toEqual([]);
  });

  it("identifies a violation by names of list items, which outlast their numbers", () => {
    const policy: Policy = {
      ...tier,
      check: {
        kind: "resource",
        types: "every",
        run: ({ props }, { report }) => {
          for (const [index] of props.get("spec", "containers").list().entries()) {
            report({ message: "odd", at: ["spec", "containers", index, "args", 0] });
          }
        },
      },
    };
    write("a.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers: [{name: web}, {}]\n");
    const { findings } = evaluated(["a.yaml"], POLICY_CONTEXT, undefined, [policy]);
    expect(findings.map(({ identity }) => identity.at(-1))).toEqual([
      "spec.containers[web].args[0]",
      "spec.containers[1].args[0]",
    ]);
  });

  it("names the template of an object in a stream", () => {
    write("a.yaml", `---\n# Source: shop/templates/a.yaml\n${DEPLOYMENT}`);
    const [first] = evaluated(["a.yaml"]).findings;
    expect(first?.subject).toBe("Deployment shop/api (shop/templates/a.yaml)");
    expect(first?.object.template).toBe("shop/templates/a.yaml");
  });

  it("reads standard input", () => {
    expect(places(evaluated(["-"]))[2]).toBe("stdin:7:3 Deployment shop/api replicas");
  });

  it("orders by file, object and line, with findings about all objects last", () => {
    write("b.yaml", DEPLOYMENT);
    write("a.yaml", `${DEPLOYMENT}---\n${DEPLOYMENT.replace("name: api", "name: web")}`);
    expect(places(evaluated(["b.yaml", "."]))).toEqual([
      "b.yaml:2:1 Deployment shop/api served",
      "b.yaml:3:1 Deployment shop/api tier",
      "b.yaml:7:3 Deployment shop/api replicas",
      "a.yaml:10:1 Deployment shop/web served",
      "a.yaml:11:1 Deployment shop/web tier",
      "a.yaml:15:3 Deployment shop/web replicas",
      ":0:0  / housed",
    ]);
  });

  it("finds the lines of list items, and of keys from anchors", () => {
    write(
      "list.yaml",
      `apiVersion: v1
kind: List
items:
- &first
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: a, labels: {tier: web}}
  spec: {replicas: 1}
- <<: *first
  metadata: {name: b, labels: {tier: web}}
- {apiVersion: v1, kind: Service, metadata: {name: a, labels: {tier: web}}}
- {apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {tier: db}}}
`,
    );
    expect(places(evaluated(["list.yaml"]))).toEqual([
      "list.yaml:8:10 Deployment /a replicas",
      "list.yaml:6:3 Deployment /b served",
      "list.yaml:8:10 Deployment /b replicas",
      "list.yaml:12:66 Namespace /b tier",
    ]);
  });

  it("puts objects without a namespace into the given one", () => {
    write("a.yaml", DEPLOYMENT.replace("  namespace: shop\n", ""));
    const names = (namespace?: string): ReadonlySet<string> =>
      new Set(
        evaluated(["a.yaml"], POLICY_CONTEXT, namespace).findings.map(
          ({ object }) => object.namespace,
        ),
      );
    expect(names().has("till")).toBe(false);
    expect(names("till").has("till")).toBe(true);
  });

  it("names the exemptions file, and applies its resource patterns", () => {
    write("a.json", JSON.stringify(deploymentObject("api", 1)));
    const exemption = { policy: "replicas", reason: "r", owner: "o", expires: "2026-03-01" };
    const exemptions = [
      { ...exemption, resource: "urn:check::a.json::*Deployment::shop/api" },
      { ...exemption, resource: "nobody" },
    ];
    const report = evaluated(["a.json"], { ...POLICY_CONTEXT, exemptions });
    expect(report.exempted).toBe(1);
    expect(places(report)).toEqual([
      "a.json:1:25 Deployment shop/api served",
      ":0:0  / housed",
      "exemptions.yaml:0:0  / exemption-valid",
    ]);
  });

  it("notes charts, kustomizations and duplicate objects", () => {
    write("a.yaml", DEPLOYMENT);
    write("b.yaml", `${DEPLOYMENT}---\n${DEPLOYMENT.replace("apps/v1", "apps/v1beta1")}`);
    write(
      "c.yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n---\napiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n---\nkind: Pod\napiVersion: v1\n---\nkind: Pod\napiVersion: v1",
    );
    write("kustomization.yaml", "resources: [a.yaml]");
    write("shop/Chart.yaml", "name: shop");
    const { notes, skipped, files } = evaluated(["."]);
    const pipe = "| npm run -s check -- -";
    expect(notes).toEqual([
      {
        ...NO_PLACE,
        file: "shop",
        message: `is a Helm chart and was not checked; render it first: helm template shop ${pipe}`,
      },
      {
        ...NO_PLACE,
        file: "kustomization.yaml",
        message: `is a kustomization and was not checked; build it first: kubectl kustomize . ${pipe}; the files of objects that it lists are judged as they are written`,
      },
      {
        file: "a.yaml",
        line: 2,
        column: 1,
        message: "Deployment shop/api appears again in b.yaml:2:1, b.yaml:10:1",
      },
    ]);
    expect({ skipped, files }).toEqual({ skipped: 0, files: ["a.yaml", "b.yaml", "c.yaml"] });
  });

  it.each([
    [10, []],
    [11, ["1 more objects appear more than once"]],
  ])("lists at most ten of %i duplicate objects", (count, more) => {
    const all = Array.from({ length: count }, (_, index) =>
      DEPLOYMENT.replace("name: api", `name: api-${index}`),
    );
    write("a.yaml", [...all, ...all].join("---\n"));
    const { notes } = evaluated(["a.yaml"]);
    expect(notes.slice(10).map(({ message }) => message)).toEqual(more);
    expect(notes).toHaveLength(10 + more.length);
  });

  it("does not read files that are too large", () => {
    write("a.yaml", "");
    truncateSync(join(cwd, "a.yaml"), 64 * 1024 * 1024 + 1);
    expect(evaluated(["a.yaml"]).errors).toEqual([
      {
        ...NO_PLACE,
        file: "a.yaml",
        message: "cannot be read: it is larger than 64 MiB",
      },
    ]);
  });

  it("reports that there is nothing to check, unless there are other errors", () => {
    write("a/values.yaml", "a: 1");
    write("b/c.yaml", "apiVersion: [");
    expect(evaluated(["a", "a/"])).toMatchObject({
      skipped: 1,
      errors: [{ ...NO_PLACE, message: "a, a/: there is nothing to check" }],
    });
    expect(evaluated(["b"]).errors).toMatchObject([{ file: "b/c.yaml", line: 1 }]);
  });
});

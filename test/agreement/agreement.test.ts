/** What the comparison is made of; the other tools' examples are not in this repository. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { POLICIES } from "../../policies/catalog";
import { asDeployment } from "./as-deployment";
import { DIFFERENCES } from "./differences";
import { objectsOf, type Example } from "./example";
import { mappingOf } from "./mapping";
import { TOOLS } from "./tools";
import { checkov } from "./tools/checkov";
import { datree } from "./tools/datree";
import { kubeLinter } from "./tools/kube-linter";
import { kubeScore } from "./tools/kube-score";
import { kubescape } from "./tools/kubescape";
import { kyverno } from "./tools/kyverno";
import { polaris } from "./tools/polaris";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "agreement-"));
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [] }\n`;

/** Check, whether it is a fault, and the names of the objects that it is about. */
const shown = (examples: readonly Example[]): readonly unknown[] =>
  examples.map(({ check, isFault, objects, about = () => true }) => [
    check,
    isFault,
    objects.filter(about).map(({ name }) => name),
  ]);

describe("tables", () => {
  it.each(TOOLS)("of $name have policies that exist", ({ table }) => {
    const names = new Set(POLICIES.map(({ name }) => name));
    const used = Object.values(table).flatMap((one) =>
      typeof one === "string" ? [] : [...one.policies, ...Object.keys(one.options ?? {})],
    );
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });

  it("are asked by name, by what is before a slash, and by the longest prefix", () => {
    const table = { "a-*": "long", "*": "short", b: "own", "b/rule": "rule" };
    expect(["a-1", "c", "b", "b/rule", "b/other"].map((check) => mappingOf(table, check))).toEqual([
      "long",
      "short",
      "own",
      "rule",
      "own",
    ]);
    expect(mappingOf({ a: "x" }, "b")).toBeUndefined();
  });

  it("give differences of tools that are known", () => {
    const names = TOOLS.map(({ name }) => name);
    expect(DIFFERENCES.filter(({ tool }) => !names.includes(tool))).toEqual([]);
  });
});

describe("readers", () => {
  it("read Polaris", () => {
    write("test/checks/hostPIDSet/success.yaml", pod("a"));
    write("test/checks/hostPIDSet/failure.two.yaml", pod("b"));
    write("test/checks/hostPIDSet/mutated.yaml", pod("c"));
    expect(shown(polaris(root))).toEqual([
      ["hostPIDSet", true, ["b"]],
      ["hostPIDSet", false, ["a"]],
    ]);
  });

  it("read Datree, whose folders are numbers", () => {
    write(
      "pkg/defaultRules/defaultRules.yaml",
      'rules:\n  - id: 7\n    name: x\n    uniqueName: "POD"\n',
    );
    write("pkg/policy/tests/7/fail/7.yaml", pod("a"));
    write("pkg/policy/tests/8/pass/8.yaml", pod("b"));
    expect(shown(datree(root))).toEqual([
      ["POD", true, ["a"]],
      ["8", false, ["b"]],
    ]);
  });

  it("read kube-score's calls, each with its own check", () => {
    write(
      "score/a_test.go",
      `testExpectedScore(t, "a.yaml", "Stable version", scorecard.GradeAllOK)
       testExpectedScoreWithConfig(t, []ks.NamedReader{testFile("b.yaml")}, nil, &config{
         "c": true,
       }, "Pod Probes", scorecard.GradeWarning)
       testExpectedScore(t, "c.yaml", "Skipped", 0)
       testExpectedScore(t, "missing.yaml", "Missing", scorecard.GradeCritical)`,
    );
    for (const name of ["a", "b", "c"]) write(`score/testdata/${name}.yaml`, pod(name));
    expect(shown(kubeScore(root))).toEqual([
      ["Stable version", false, ["a"]],
      ["Pod Probes", true, ["b"]],
    ]);
  });

  it("read kube-linter's kinds and names", () => {
    write(
      "e2etests/bats-tests.sh",
      `@test "host-pid" {\n  tmp="tests/a.yml"\n  [[ "x" == "Pod: shares" ]]\n}\n`,
    );
    write("tests/a.yml", `${pod("app")}---\n${pod("dont-fire")}`);
    expect(shown(kubeLinter(root))).toEqual([
      ["host-pid", true, ["app", "dont-fire"]],
      ["host-pid", false, ["dont-fire"]],
    ]);
  });

  it("read Checkov's files and resources", () => {
    write("tests/kubernetes/checks/example_Tiller/a-FAILED.yaml", pod("a"));
    write("tests/kubernetes/checks/example_Tiller/b-UNKNOWN.yaml", pod("b"));
    write("tests/kubernetes/checks/test_Tiller2.py", 'folder = here + "/example_Tiller"');
    const graph = "tests/kubernetes/graph/checks/resources/Reads";
    write(`${graph}/expected.yaml`, "pass: [Pod.default.c.app-c]\nfail: [Role.default.x]\n");
    write(`${graph}/c.yaml`, pod("c"));
    expect(shown(checkov(root))).toEqual([
      ["Tiller2", true, ["a"]],
      ["Reads", false, ["c"]],
      ["Reads", true, []],
    ]);
  });

  it("read Kubescape's expected objects", () => {
    write("rules/host/test/one/input/a.yaml", `${pod("a")}---\n${pod("b")}`);
    const alert = {
      alertObject: { k8sApiObjects: [{ kind: "Pod", metadata: { name: "b" } }] },
    };
    write("rules/host/test/one/expected.json", JSON.stringify([alert]));
    write("rules/host/test/two/input/c.yaml", pod("c"));
    write("rules/host/test/two/expected.json", "[]");
    expect(shown(kubescape(root))).toEqual([
      ["host", false, ["a"]],
      ["host", true, ["b"]],
      ["host", false, ["c"]],
    ]);
  });

  it("read Kyverno's results, and no second language of a policy", () => {
    const test =
      "policies: []\nresources: [r.yaml]\nresults:\n" +
      "- { policy: p, rule: r, kind: Pod, resources: [shop/a], result: fail }\n" +
      "- { policy: p, rule: r, kind: Pod, resource: b, result: skip }\n" +
      "- { policy: p, rule: r, kind: Pod, resource: b, result: pass, patchedResources: x }\n";
    write("best/p/.kyverno-test/kyverno-test.yaml", test);
    write("best/p/.kyverno-test/r.yaml", `${pod("a")}---\n${pod("b")}`);
    write("best-cel/p/.kyverno-test/kyverno-test.yaml", test);
    expect(shown(kyverno(root))).toEqual([["p/r", true, ["a"]]]);
  });
});

it("makes a Pod one of a Deployment, and nothing else", () => {
  write("a.yaml", `${pod("a")}---\n{ apiVersion: v1, kind: Service, metadata: { name: s } }\n`);
  const [one, other] = objectsOf(join(root, "a.yaml")).map(asDeployment);
  expect(one).toMatchObject({
    kind: "Deployment",
    name: "a",
    namespace: "default",
    object: {
      kind: "Deployment",
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "a" } },
        template: { metadata: { labels: { app: "a" } }, spec: { containers: [] } },
      },
    },
  });
  expect(other?.kind).toBe("Service");
});

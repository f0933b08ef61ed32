import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { configurePack } from "../../policies/configuration";
import { SAMPLE } from "../../policies/manifests/testing";
import { exemptionValid } from "../../policies/governance";
import { PROD } from "../../policies/testing";
import type { CheckReport } from "../../reports/check";
import { placeText } from "../../reports/findings";
import { check } from "./checking";
import { toolsOnPath, type Tools } from "./tools";

let [cwd, bin] = ["", ""];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "runstack-render-"));
  bin = mkdtempSync(join(tmpdir(), "runstack-tools-"));
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
}

/** An executable that is a program in JavaScript; `asked` are its arguments. */
function install(name: string, program: string, folder = bin): void {
  const file = join(folder, name);
  writeFileSync(
    file,
    `#!${process.execPath}\nconst asked = process.argv.slice(2);\nconst fs = require("node:fs");\n${program}\n`,
  );
  chmodSync(file, 0o755);
}

const tools = (): Tools => toolsOnPath(["relative", "", bin].join(delimiter), [cwd]);

function checked(given: Tools = tools(), ...paths: readonly string[]): CheckReport {
  const policies = [...SAMPLE, exemptionValid];
  return check(paths.length === 0 ? ["."] : paths, cwd, {
    policies,
    policyContext: PROD,
    configured: configurePack(policies, PROD),
    tools: given,
    stdin: () => new Uint8Array(),
    day: "2026-03-01",
  });
}

const found = ({ findings }: CheckReport): readonly string[] =>
  findings
    .filter(({ about }) => about.name === "replicas")
    .map(({ place, subject, message }) => `${placeText(place)} ${subject}: ${message}`);
const notes = ({ notes: all }: CheckReport): readonly string[] =>
  all.map((one) => `${placeText(one)} ${one.message}`);

const deployment = (name: string, replicas?: number): string =>
  [
    "apiVersion: apps/v1",
    "kind: Deployment",
    `metadata: {name: ${name}, namespace: shop}`,
    "spec:",
    replicas === undefined ? "  paused: false" : `  replicas: ${replicas}`,
    "",
  ].join("\n");

/** Writes the file `out.yaml` of the folder that it is asked to build. */
const BUILD =
  'if (asked[0] !== "kustomize") process.exit(9);\nprocess.stdout.write(fs.readFileSync(asked[1] + "/out.txt"));';

const says = 'Deployment "shop/web": spec.replicas is 1; it must be 2 or more.';

describe("kustomizations", () => {
  beforeEach(() => {
    write("base/web.yaml", deployment("web"));
    write("base/kustomization.yaml", "resources: [web.yaml]\npatches: [{path: patch.yaml}]");
    write("base/patch.yaml", deployment("web", 0));
    write("prod/kustomization.yaml", "resources: [../base]\ntransformers: [labels.yaml]");
    write("prod/labels.yaml", "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}");
    write("prod/out.txt", deployment("web", 1));
  });

  it("judges what the tool renders, at the place in the file that it comes from", () => {
    install("kubectl", BUILD);
    const report = checked();
    expect(found(report)).toEqual([
      `base/web.yaml:4:1 Deployment shop/web (prod/kustomization.yaml): ${says}`,
    ]);
    expect([report.objects.length, report.errors, notes(report)]).toEqual([1, [], []]);
  });

  it("suppresses by a comment in the file that was rendered", () => {
    install("kubectl", BUILD);
    const comment = "  # runstack:ignore replicas until 2026-03-01: one is enough\n";
    write(
      "base/web.yaml",
      `${deployment("web").trimEnd().replace("spec:", `${comment.trim()}\nspec:`)}\n`,
    );
    const { exempted, errors, ...report } = checked();
    expect({ exempted, errors, found: found({ ...report, exempted, errors }) }).toEqual({
      exempted: 1,
      errors: [],
      found: [],
    });
  });

  it("renders with kustomize too", () => {
    install("kustomize", BUILD.replace('"kustomize"', '"build"'));
    expect(found(checked())).toHaveLength(1);
  });

  it("judges the files of objects, and no patch, where no tool is", () => {
    const report = checked({});
    expect(found(report)).toEqual([
      'base/web.yaml:4:1 Deployment shop/web: Deployment "shop/web": spec.replicas is missing; it must be 2 or more.',
    ]);
    expect(report.objects).toHaveLength(1);
    expect(notes(report)).toEqual([
      "prod/kustomization.yaml is a kustomization and was not checked; build it first: kubectl kustomize prod | npm run -s check -- -; the files of objects that it lists are judged as they are written",
    ]);
  });

  it("says once what several variants have, each judged on its own", () => {
    install("kubectl", BUILD);
    write("dev/kustomization.yaml", "resources: [../base]\nnamePrefix: dev-");
    write("dev/out.txt", deployment("dev-web", 1));
    write("test/kustomization.yaml", "resources: [../base]");
    write("test/out.txt", deployment("web", 1));
    const report = checked();
    expect(found(report)).toEqual([
      'base/web.yaml:4:1 Deployment shop/dev-web (dev/kustomization.yaml): Deployment "shop/dev-web": spec.replicas is 1; it must be 2 or more.',
      `base/web.yaml:4:1 Deployment shop/web (prod/kustomization.yaml): ${says}`,
    ]);
    expect([report.objects.length, notes(report)]).toEqual([3, []]);
  });

  it("takes one suppression for what several variants have, though one does not need it", () => {
    install("kubectl", BUILD);
    const why = "ignore.runstack.dev/replicas: 'until 2026-04-01: one is enough'";
    const annotated = (replicas: number): string =>
      deployment("web", replicas).replace("shop}", `shop, annotations: {${why}}}`);
    write("base/web.yaml", annotated(1));
    write("test/kustomization.yaml", "resources: [../base]");
    write("test/out.txt", annotated(1));
    // Only one of the two needs it.
    write("prod/out.txt", annotated(2));
    const { exempted, ...report } = checked();
    expect([exempted, found({ ...report, exempted }), notes({ ...report, exempted })]).toEqual([
      1,
      [],
      [],
    ]);
  });

  it("shows the kustomization where an object comes from no file", () => {
    install("kubectl", BUILD);
    write("prod/out.txt", deployment("other", 1));
    expect(found(checked())[0]).toMatch(/^prod\/kustomization\.yaml:1:1 Deployment shop\/other /);
  });

  const NEVER = "process.exit(9);";
  it.each([
    [
      "resources: [https://example.com/a.yaml]",
      "it refers to https://example.com/a.yaml, which is not fetched",
    ],
    [
      "resources: ['github.com/a/b//c?ref=v1']",
      "it refers to github.com/a/b//c?ref=v1, which is not fetched",
    ],
    ["bases: ['git@example.com:a/b']", "it refers to git@example.com:a/b, which is not fetched"],
    ["helmCharts: [{name: a}]", "helmCharts needs the network and --enable-helm"],
    [
      "generators:\n- |\n  kind: X\n  url: https://example.com",
      "its plugin in place may use the network",
    ],
  ])("never runs a tool for %j", (text, why) => {
    install("kubectl", NEVER);
    write("prod/kustomization.yaml", text);
    const report = checked();
    const [first = ""] = notes(report).filter((one) => one.startsWith("prod/"));
    expect(first).toContain(`is a kustomization and was not rendered: ${why}`);
    expect(report.errors.filter(({ file }) => file.startsWith("prod/"))).toEqual([]);
  });

  it.each([
    ["resources: [missing.yaml]", "it refers to missing.yaml, which does not exist"],
    ["patches: [{path: no.yaml}]", "it refers to no.yaml, which does not exist"],
    [
      "configMapGenerator: [{name: a, files: [b=no.txt]}]",
      "it refers to no.txt, which does not exist",
    ],
    ["resources: [../prod]\ncomponents: [../base]\npatches: [", "it cannot be read: "],
  ])("refuses %j, which no tool can render, and judges the rest", (text, why) => {
    install("kubectl", NEVER);
    write("prod/kustomization.yaml", text);
    write("other.yaml", deployment("other", 1));
    const { errors, ...report } = checked();
    expect(errors.find(({ file }) => file.startsWith("prod/"))?.message).toContain(
      `is a kustomization and was not rendered: ${why}`,
    );
    expect(found({ ...report, errors }).join("\n")).toContain("other.yaml:5:3");
    const without = checked({});
    expect(without.errors).toEqual([]);
    expect(notes(without).join("\n")).toContain(`was not rendered: ${why}`);
  });

  it("looks through what a kustomization uses, also outside of the input", () => {
    install("kubectl", NEVER);
    write("base/kustomization.yaml", "resources: [https://example.com/a.yaml]");
    expect(notes(checked(tools(), "prod"))[0]).toContain("https://example.com/a.yaml");
  });

  it("names kustomizations in a circle, and components that nothing uses", () => {
    install("kubectl", NEVER);
    write("base/kustomization.yaml", "resources: [../prod]");
    write("part/kustomization.yaml", "kind: Component\npatches: [{path: p.yaml}]");
    write("part/p.yaml", deployment("web", 0));
    const report = checked();
    const all = notes(report);
    expect(report.errors.filter((one) => one.message.includes("it uses itself"))).toHaveLength(2);
    expect(all.filter((one) => one.includes("is a component that no"))).toHaveLength(1);
  });

  const OBJECTS = "the files of objects that it lists are judged as they are written";
  it.each([
    ["# Warning: x\\nerror: no such key\\n", "error: no such key"],
    ["W1201 08:00:00.000000     123 a.go:1] x\\nE1201 08:00:00.000000     123 a.go:12] no", "no"],
    [
      String.raw`E1201 08:00:00.000000     123 run.go:72] \"command failed\" err=\"field \\\"foo\\\"\"`,
      'field "foo"',
    ],
    ["error: see warnings.yaml\\r\\n", "error: see warnings.yaml"],
    ["Warning: only this\\n", "Warning: only this"],
    ["", "it ended with 1"],
  ])("says why the tool fails, which is an error: %j", (stderr, why) => {
    install("kubectl", `process.stderr.write("${stderr}"); process.exit(1);`);
    const message = `is a kustomization and was not rendered: kubectl says: ${why}; ${OBJECTS}`;
    for (const path of [".", "prod/kustomization.yaml"]) {
      const { errors, ...rest } = checked(tools(), path);
      expect(errors).toEqual([{ file: "prod/kustomization.yaml", line: 0, column: 0, message }]);
      expect(rest.notes).toEqual([]);
    }
  });
});

describe("charts", () => {
  beforeEach(() => {
    write("shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
    write(
      "shop/templates/web.yaml",
      "kind: Deployment\nspec:\n  replicas: {{ .Values.replicas }}\n",
    );
  });
  const TEMPLATE = (text: string): string =>
    `if (asked.slice(0, 2).join() !== "template,shop") process.exit(9);\nprocess.stdout.write(${JSON.stringify(text)});`;

  it("judges what helm renders, at the line of the template", () => {
    const text = deployment("web", 1).replace(", namespace: shop", "");
    install("helm", TEMPLATE(`---\n# Source: shop/templates/web.yaml\n${text}`));
    const report = checked();
    expect(found(report)).toEqual([
      `shop/templates/web.yaml:3:3 Deployment shop/web (shop/templates/web.yaml): ${says}`,
    ]);
    expect(notes(report)).toEqual([
      "shop rendered with its default values, as release shop in namespace shop",
    ]);
  });

  it("takes suppressions beside the line of a template, and of a kustomization's file", () => {
    const why = "# runstack:ignore replicas until 2026-04-01: one is enough";
    write("shop/templates/web.yaml", `kind: Deployment\nspec:\n  replicas: 1 ${why}\n`);
    const text = deployment("web", 1);
    install("helm", TEMPLATE(`---\n# Source: shop/templates/web.yaml\n${text}`));
    const report = checked();
    expect([found(report), report.exempted]).toEqual([[], 1]);
    write("base/web.yaml", deployment("web", 1).replace("replicas: 1", `replicas: 1 ${why}`));
    write("base/kustomization.yaml", "resources: [web.yaml]");
    write("base/out.txt", deployment("web", 1));
    install("kubectl", BUILD);
    const both = checked();
    expect([found(both), both.exempted]).toEqual([[], 2]);
  });

  it("names a chart that cannot be rendered", () => {
    install("helm", 'process.stderr.write("Error: set image.tag\\n"); process.exit(1);');
    write("other.yaml", deployment("other", 1));
    const report = checked();
    expect([found(report).length, report.errors, report.notes]).toEqual([
      1,
      [
        {
          ...{ file: "shop", line: 0, column: 0 },
          message:
            "is a Helm chart and was not rendered: helm says: Error: set image.tag; render it with its values: helm template -f VALUES shop | npm run -s check -- -",
        },
      ],
      [],
    ]);
    expect(notes(checked({}))[0]).toContain("shop is a Helm chart and was not checked");
    write("shop/Chart.yaml", "name: shop\ntype: library");
    expect(notes(checked())[0]).toContain("is a library chart");
  });
});

describe("toolsOnPath", () => {
  it("takes no tool from the files that are checked, nor from a relative folder", () => {
    install("kubectl", "", cwd);
    expect(toolsOnPath([cwd, "."].join(delimiter), [cwd])).toEqual({});
    expect(toolsOnPath(cwd, [])).toEqual({
      kustomize: { path: join(cwd, "kubectl"), args: ["kustomize"] },
    });
  });

  it("runs a tool without the user's environment and configuration", () => {
    install(
      "kubectl",
      "process.stderr.write(Object.keys(process.env).filter((key) => !/^(__|SHLVL|_$|PWD)/.test(key)).sort().join()); process.exit(1);",
    );
    write("kustomization.yaml", "resources: []");
    expect(checked().errors[0]?.message).toContain(
      "HELM_PLUGINS,HOME,HTTPS_PROXY,HTTP_PROXY,KUBECONFIG,NO_PROXY,PATH,XDG_CACHE_HOME,XDG_CONFIG_HOME,XDG_DATA_HOME,http_proxy,https_proxy",
    );
  });
});

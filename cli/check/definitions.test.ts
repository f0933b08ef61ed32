import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../options";
import { definitionsIn } from "./definitions";

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {kind: Widget, plural: widgets}
  versions:
  - name: v1
    schema: {openAPIV3Schema: {type: object}}
`;

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "runstack-crds-"));
  mkdirSync(join(cwd, "crds"));
  writeFileSync(join(cwd, "crds/a.yaml"), CRD);
  writeFileSync(join(cwd, "crds/b.yaml"), `${CRD}---\napiVersion: v1\nkind: ConfigMap\n`);
  writeFileSync(join(cwd, "none.yaml"), "apiVersion: v1\nkind: ConfigMap\n");
  writeFileSync(join(cwd, "broken.yaml"), "apiVersion: [\n");
});

describe("definitionsIn", () => {
  it("reads a file, and the definitions of a folder", () => {
    expect(definitionsIn("crds/b.yaml", cwd)).toHaveLength(1);
    expect(definitionsIn("crds", cwd)).toHaveLength(2);
  });

  it("refuses a file without any", () => {
    expect(() => definitionsIn("none.yaml", cwd)).toThrow(
      new UsageError(
        "--crds none.yaml holds no CustomResourceDefinition of apiextensions.k8s.io/v1 with a schema; name a file or a folder that does.",
      ),
    );
  });

  it.each(["absent", "broken.yaml"])("refuses %s, which cannot be read", (path) => {
    expect(() => definitionsIn(path, cwd)).toThrow(UsageError);
    expect(() => definitionsIn(path, cwd)).toThrow(`--crds ${path}: `);
  });
});

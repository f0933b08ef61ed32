import { beforeAll, describe, expect, it } from "vitest";
import type { Preview } from "./host";
import { errorsOf, previewFixture, resourceNamed, urnOf } from "./testing";

const stack = urnOf("pulumi:pulumi:Stack", "fixture-dev");
const thing = (name: string, parents = ""): string => urnOf(`${parents}test:index:Thing`, name);
const outer = urnOf("test:index:Box", "outer");
const inner = thing("outer-inner", "test:index:Box$");
const innermost = thing("outer-box-inner", "test:index:Box$test:index:Box$");

describe("the structure of a program", () => {
  let preview: Preview;
  beforeAll(async () => {
    preview = await previewFixture("structure.ts");
  });

  it("runs without errors", () => {
    expect(errorsOf(preview)).toEqual([]);
    expect(preview.resources.map((resource) => resource.urn)).toContain(stack);
  });

  it("qualifies the types of children, except for those of the stack", () => {
    expect(resourceNamed(preview, "outer-inner")).toMatchObject({ urn: inner, parent: outer });
    expect(resourceNamed(preview, "outer-box-inner")).toMatchObject({
      urn: innermost,
      parent: urnOf("test:index:Box$test:index:Box", "outer-box"),
    });
    expect(resourceNamed(preview, "base")).toMatchObject({ urn: thing("base"), parent: stack });
    expect(resourceNamed(preview, "fixture-dev")).toMatchObject({
      urn: stack,
      parent: null,
      custom: false,
    });
  });

  it("passes protection to children", () => {
    const names = ["outer", "outer-box", "outer-inner", "outer-box-inner", "base"];
    expect(names.map((name) => resourceNamed(preview, name).protect)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it("expands a component in dependsOn, and adds the inputs' dependencies", () => {
    expect(resourceNamed(preview, "all").dependencies).toEqual(
      [inner, innermost, thing("base")].sort(),
    );
  });

  it("shows resources, assets and archives by their references", () => {
    expect(resourceNamed(preview, "all").inputs).toEqual({
      reference: { $resource: thing("base") },
      component: { $resource: outer },
      identifier: { $unknown: true },
      file: { $asset: "files/note.txt" },
      text: { $asset: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
      archive: { $archive: { a: { $asset: "https://example.com/a" } } },
    });
  });

  it("shows the options that are set", () => {
    expect(resourceNamed(preview, "all").options).toEqual({
      ignoreChanges: ["a", "b.c"],
      replaceOnChanges: ["d"],
      additionalSecretOutputs: ["text"],
      retainOnDelete: true,
      deleteBeforeReplace: true,
      customTimeouts: { create: 5400, update: 20 },
      deletedWith: thing("base"),
      version: "1.2.3",
    });
    expect(resourceNamed(preview, "child").options?.aliases).toEqual([
      { name: "former", parent: thing("base") },
      { parent: thing("base") },
      "urn:pulumi:dev::fixture::old:index:Type::name",
    ]);
  });

  it("records the stack's outputs", () => {
    expect(preview.outputs["depth"]).toBe(3);
    expect(preview.outputs["resource"]).toMatchObject({
      urn: thing("base"),
      id: { $unknown: true },
    });
  });
});

import { describe, expect, it } from "vitest";
import { UNKNOWN, evaluate, type Fixture, type Setting } from "../../../testing";
import { unknownValues } from "../../../unknown-values";
import { custom } from ".";

const SCHEMA = {
  type: "object",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      required: ["size", "mode"],
      "x-kubernetes-validations": [
        { rule: "self.size <= self.max", message: "size must not be above max." },
        { rule: "!has(self.link) || isURL(self.link)" },
        { rule: "self.size >= oldSelf.size" },
      ],
      properties: {
        size: { type: "integer", minimum: 1, maximum: 20 },
        max: { type: "integer", default: 11 },
        mode: { type: "string", enum: ["Fast", "Slow"], default: "Slow" },
        code: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
        link: { type: "string" },
        port: { "x-kubernetes-int-or-string": true },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        labels: { type: "object", additionalProperties: { type: "string" } },
        items: {
          type: "array",
          maxItems: 2,
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["key"],
          items: { type: "object", properties: { key: { type: "string" } } },
        },
        when: { type: "string", format: "date-time" },
        nothing: { type: "string", nullable: true },
        choice: {
          type: "object",
          properties: { a: { type: "string" }, b: { type: "string" } },
          oneOf: [{ required: ["a"] }, { required: ["b"] }],
        },
      },
    },
  },
};

const definition = (schema: object = SCHEMA): Fixture => ({
  type: "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
  name: "widgets",
  props: {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Widget", plural: "widgets" },
      versions: [{ name: "v1", schema: { openAPIV3Schema: schema } }],
    },
  },
});

const widget = (spec: object): Fixture => ({
  type: "kubernetes:example.com/v1:Widget",
  name: "a",
  props: { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "a" }, spec },
});

const GOOD = { size: 7, port: "http", free: { anything: 1 }, labels: { x: "y" }, nothing: null };

async function messages(
  spec: object,
  { schema, setting = {} }: { readonly schema?: object; readonly setting?: Setting } = {},
): Promise<readonly string[]> {
  const found = await evaluate(
    [...custom, unknownValues],
    [definition(schema), widget(spec)],
    setting,
  );
  return found.map(({ message }) => message);
}

describe("custom resources", () => {
  it("accepts what fits, with defaults", async () => {
    expect(await messages(GOOD)).toEqual([]);
  });

  it.each<readonly [object, string]>([
    [{ size: "7" }, 'spec.size is "7"; it must be a number: write it without quotes.'],
    [{ size: 0 }, "spec.size is 0; it must be 1 or more."],
    [{ size: undefined }, "spec.size is missing; it is required."],
    [{ mode: "fast" }, 'spec.mode is "fast"; it must be "Fast" or "Slow".'],
    [{ code: "A1" }, 'spec.code is "A1"; it must match ^[a-z]+$.'],
    [{ code: "abcdef" }, 'spec.code is "abcdef"; it must have 5 characters or less.'],
    [{ port: true }, "spec.port is true; it must be a whole number or a string."],
    [{ prot: 80 }, 'spec.prot is 80; there is no such field, but there is "port".'],
    [{ labels: { x: 1 } }, "spec.labels.x is 1; it must be a string: put it in quotes."],
    [
      { items: [{ key: "a" }, { key: "a" }] },
      'spec.items is [{"key":"a"},{"key":"a"}]; it must not have entries with the same key.',
    ],
    [{ when: "yesterday" }, 'spec.when is "yesterday"; it must be of the format date-time.'],
    [
      { choice: { a: "x", b: "y" } },
      'spec.choice is {"a":"x","b":"y"}; it must be exactly one of [{"required":["a"]},{"required":["b"]}].',
    ],
    [{ size: 12 }, "SPEC; size must not be above max."],
    [{ link: "::" }, "SPEC; it breaks the rule !has(self.link) || isURL(self.link)."],
  ])("refuses %j", async (change, says) => {
    const spec = Object.fromEntries(
      Object.entries({ ...GOOD, ...change })
        .filter(([, value]) => (value as unknown) !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    const expected = says.replace("SPEC", `spec is ${shown(spec)}`);
    expect(await messages(spec)).toEqual([`Widget "a": ${expected}`]);
  });

  const shown = (spec: object): string => {
    const text = JSON.stringify(spec);
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  };

  it("counts what is unknown", async () => {
    const found = await messages({ ...GOOD, size: UNKNOWN });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("api-custom-schema");
    expect(found[0]).toContain("api-custom-rules");
  });

  it.each<readonly [string, string]>([
    [
      "example.com/v2 Widget",
      'apiVersion is "example.com/v2"; its definition serves "example.com/v1".',
    ],
    [
      "example.com/v1alpha1 Widget",
      'apiVersion is "example.com/v1alpha1"; its definition serves "example.com/v1".',
    ],
    [
      "example.com/v1 Widgte",
      'kind is "Widgte"; not judged: no definition of example.com here has that kind; did you mean "Widget"?',
    ],
    ["example.org/v1 Widget", ""],
  ])("names %s, which the definition does not serve", async (which, says) => {
    const [apiVersion = "", kind = ""] = which.split(" ");
    const base = definition();
    const spec = {
      ...(base.props["spec"] as object),
      versions: [
        { name: "v1", schema: { openAPIV3Schema: SCHEMA } },
        { name: "v1alpha1", served: false, schema: { openAPIV3Schema: SCHEMA } },
      ],
    };
    const given = { ...base, props: { ...base.props, spec } };
    const object: Fixture = {
      type: `kubernetes:${apiVersion}:${kind}`,
      name: "a",
      props: { apiVersion, kind, metadata: { name: "a" }, spec: GOOD },
    };
    const found = await evaluate([...custom, unknownValues], [given, object]);
    const expected =
      says === "" ? [] : [expect.stringContaining(`${kind} "a": ${says}`) as unknown];
    expect(found.map(({ message }) => message)).toEqual(expected);
  });

  it("lets a rule see the name of an object that its schema does not list", async () => {
    const schema = {
      ...SCHEMA,
      "x-kubernetes-validations": [
        { rule: "self.metadata.name == 'a' && self.kind == 'Widget'" },
        { rule: "self.metadata.name == 'b'", message: "only b" },
      ],
    };
    expect(await messages(GOOD, { schema })).toEqual(['Widget "a": only b.']);
  });

  it.each([
    [".spec.size", '"a": spec.size is '],
    [".spec['size']", '"a": spec.size is '],
    [".spec.none", '"a": spec.none is missing; '],
    ["", '"a": '],
  ])("are shown at their fieldPath %j", async (fieldPath, start) => {
    const rules = [{ rule: "false", message: "never", fieldPath }];
    const schema = { ...SCHEMA, "x-kubernetes-validations": rules };
    const [first = ""] = (await messages(GOOD, { schema })).filter((one) => one.includes("never"));
    expect(first).toContain(start);
  });

  it.each([
    ["self.size.unheardOf()", "a function that the library does not have"],
    ["self.size + ", "a rule that it cannot parse"],
    ["1 + 1", "a rule that is neither true nor false"],
  ])("counts %s as undecided: %s", async (rule) => {
    const spec = { ...SCHEMA.properties.spec, "x-kubernetes-validations": [{ rule }] };
    const found = await messages(GOOD, { schema: { type: "object", properties: { spec } } });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /^api-custom-rules is undecided: Widget "a": spec is .*; not judged: the rule /,
    );
  });

  it("refuses where a rule reads a field that is missing, as the API server does", async () => {
    const spec = {
      ...SCHEMA.properties.spec,
      "x-kubernetes-validations": [{ rule: "self.code == 'a'", message: "code must be a" }],
    };
    expect(await messages(GOOD, { schema: { type: "object", properties: { spec } } })).toEqual([
      expect.stringContaining("code must be a (No such key: code)."),
    ]);
  });

  it("ends a pattern or a rule that takes too long", async () => {
    const slow = { type: "string", pattern: "^(a+)+$" };
    const schema = {
      type: "object",
      properties: { spec: { type: "object", properties: { code: slow } } },
    };
    const found = await messages({ code: `${"a".repeat(40)}!` }, { schema });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /^api-custom-schema is undecided: Widget "a": spec\.code is .*; not judged: the pattern /,
    );
  });

  it("leaves objects of a malformed definition undecided", async () => {
    const found = await messages(GOOD, {
      schema: { type: "object", required: 7, properties: { spec: { enum: 3, required: {} } } },
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("api-custom-schema");
  });

  it("takes definitions from the context", async () => {
    const setting = { policyContext: { definitions: [definition().props] } };
    const found = await evaluate(custom, [widget({ size: 0, mode: "Fast" })], setting);
    expect(found.map(({ message }) => message)).toEqual([
      'Widget "a": spec.size is 0; it must be 1 or more.',
    ]);
    expect(await evaluate(custom, [widget({ size: 0 })])).toEqual([]);
  });
});

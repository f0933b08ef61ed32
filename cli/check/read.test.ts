import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSource, templateAbove, type Contents } from "./read";

const read = (text: string, file = "a.yaml", isNamed = true): Contents =>
  readSource({ file, text, isNamed });

/** The compared parts: document, path in it, and the object's type and names. */
const objects = (contents: Contents): readonly unknown[] =>
  contents.objects.map(({ document, base, apiVersion, kind, namespace, name }) =>
    [document, base.join("."), apiVersion, kind, namespace, name].join(" "),
  );

const NO_OBJECT = "this is not a Kubernetes object with apiVersion and kind";
const PIPE = "| npm run -s check -- -";

describe("readSource", () => {
  it("reads every document", () => {
    const text = `apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
---
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {generateName: events-}
`;
    expect(read(text)).toMatchObject({ errors: [], notes: [] });
    expect(objects(read(text))).toEqual([
      "0  v1 Service shop api",
      "2  kafka.strimzi.io/v1 Kafka  events-*",
    ]);
  });

  it("unpacks lists, including lists of one kind and nested lists", () => {
    const text = JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [
        { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } },
        { apiVersion: "apps/v1", kind: "DeploymentList", items: [{ metadata: { name: "b" } }] },
        { apiVersion: "x.example.com/v1", kind: "AllowList", items: "all" },
      ],
    });
    expect(objects(read(text))).toEqual([
      "0 items.0 v1 Pod  a",
      "0 items.1.items.0 apps/v1 Deployment  b",
      "0 items.2 x.example.com/v1 AllowList  ",
    ]);
  });

  it.each([
    ["a: 1", 1],
    ["- a", 1],
    ["just text", 1],
    ["\n\nkind: Pod", 3],
    ["apiVersion: v1\nkind: 3", 1],
    ["apiVersion: 1\nkind: Pod", 1],
    ["apiVersion: a/b/c\nkind: Pod", 1],
    ["apiVersion: v1\nkind: 'a b'", 1],
  ])("refuses %j in a named file", (text, line) => {
    expect(read(text)).toEqual({
      objects: [],
      errors: [{ file: "a.yaml", line, column: 1, message: NO_OBJECT }],
      notes: [],
    });
  });

  it.each(["a: 1\nb: apiVersion", "- apiVersion", "nothing: {{ to parse }}", ""])(
    "skips %j in a folder",
    (text) => {
      expect(read(text, "a.yaml", false)).toEqual({ objects: [], errors: [], notes: [] });
    },
  );

  const META = "metadata: {name: a}";
  it.each([
    [`apiversion: v1\nkind: Pod\n${META}`, 1, 'it has the key "apiversion"; write apiVersion'],
    [`${META}\nApiVersion: v1\nkind: Pod`, 2, 'it has the key "ApiVersion"; write apiVersion'],
    ["apiversion: v1\nkind: Pod", 1, 'it has the key "apiversion"; write apiVersion'],
    [`apiVersion: v1\nKind: Pod\n${META}`, 2, 'it has the key "Kind"; write kind'],
    [`${META}\nkind: Pod`, 2, "it has the kind Pod and no apiVersion; add it"],
    [`apiVersion: v1\n${META}`, 1, "it has the apiVersion v1 and no kind; add it"],
  ])("names %j in a folder, which was meant to be an object", (text, line, message) => {
    const all = `this is not a Kubernetes object: ${message}`;
    for (const isNamed of [true, false]) {
      expect(read(text, "a.yaml", isNamed)).toEqual({
        objects: [],
        errors: [{ file: "a.yaml", line, column: 1, message: all }],
        notes: [],
      });
    }
  });

  it.each(["kind: pipeline\nname: a", "kind: Pod", `kind: pod\n${META}`, "kind: [", META])(
    "skips %j in a folder, which may be anything",
    (text) => {
      expect(read(text, "a.yaml", false)).toEqual({ objects: [], errors: [], notes: [] });
    },
  );

  it("notes a file of a folder that looks like an object and cannot be read", () => {
    expect(read("kind: Pod\nmetadata:\n  name: a\n b: 1", "a.yaml", false)).toEqual({
      objects: [],
      errors: [],
      notes: [
        { file: "a.yaml", line: 4, column: 2, message: "bad indentation of a mapping entry" },
      ],
    });
  });

  it("names placeholders, and objects whose kind is one", () => {
    const text =
      "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec:\n  type: ${TYPE}\n  clusterIP: $IP\n---\napiVersion: v1\nkind: ${KIND}";
    for (const isNamed of [true, false]) {
      const { objects: found, errors, notes } = read(text, "a.yaml", isNamed);
      expect([found.length, errors]).toEqual([1, []]);
      expect(notes).toEqual([
        {
          file: "a.yaml",
          line: 5,
          column: 3,
          message:
            'Service api: 2 values not judged, because a tool fills them in later: spec.type is "${TYPE}", spec.clusterIP is "$IP"',
        },
        {
          file: "a.yaml",
          line: 9,
          column: 1,
          message:
            'kind is "${KIND}", which a tool fills in later, so that the object was not judged',
        },
      ]);
    }
  });

  it("refuses other data among objects, also in a folder", () => {
    const text =
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n- 1\n---\na: 1";
    expect(read(text, "a.yaml", false)).toMatchObject({
      objects: [{ kind: "Pod" }],
      errors: [
        { file: "a.yaml", line: 6, column: 3, message: NO_OBJECT },
        { file: "a.yaml", line: 8, column: 1, message: NO_OBJECT },
      ],
    });
  });

  it.each(["", "# nothing\n---\n", "apiVersion: v1\nkind: List\nitems: []"])(
    "refuses %j, which contains nothing",
    (text) => {
      expect(read(text).errors).toEqual([
        { file: "a.yaml", line: 0, column: 0, message: "it contains no objects" },
      ]);
    },
  );

  it("reports where YAML is invalid, and that a template must be rendered", () => {
    const text = "apiVersion: v1\nkind: Pod\nmetadata: ]";
    expect(read(text, "a.yaml", false).errors).toEqual([
      { file: "a.yaml", line: 3, column: 11, message: "bad indentation of a mapping entry" },
    ]);
    expect(read("apiVersion: v1\nkind: Pod\nname: {{ .Values.name }}").errors).toEqual([
      {
        file: "a.yaml",
        line: 3,
        column: 8,
        message: `a key must be a string, not a mapping or a list; render a Helm template first: helm template CHART ${PIPE}`,
      },
    ]);
  });

  it("reads braces in strings as text", () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\ndata: {a: "{{ $value }}"}';
    expect(read(text).objects).toHaveLength(1);
  });

  it("names the tool that builds charts and kustomizations", () => {
    const whole = { line: 0, column: 0 };
    const chart = `is a Helm chart and was not checked; render it first: helm template charts/a ${PIPE}`;
    expect(read("name: a", "charts/a/Chart.yaml").errors).toEqual([
      { file: "charts/a/Chart.yaml", ...whole, message: chart },
    ]);
    const message = `is a kustomization and was not checked; build it first: kubectl kustomize over/prod ${PIPE}`;
    const said = [{ file: "over/prod/kustomization.yml", ...whole, message }];
    expect(read("resources: []", "over/prod/kustomization.yml")).toEqual({
      objects: [],
      errors: said,
      notes: [],
    });
    expect(read("resources: []", "over/prod/kustomization.yml", false)).toEqual({
      objects: [],
      errors: [],
      notes: said,
    });
  });

  it("never throws", () => {
    const pieces = ["apiVersion: v1\n", "kind: List\n", "items:\n", "- ", "  kind: Pod\n", "---\n"];
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc
        .array(fc.constantFrom(...pieces, "metadata: ", "{", "}", "&a ", "*a\n", "{{ x }}", "\n"))
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, fc.boolean(), (text, isNamed) => {
        const { objects: found, errors } = read(text, "a.yaml", isNamed);
        expect(found.length + errors.length).toBeGreaterThanOrEqual(isNamed ? 1 : 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe("templateAbove", () => {
  const text = [
    "---",
    "# Source: shop/templates/a.yaml",
    "kind: A",
    "---",
    "kind: B",
    "---",
    "# Source: shop/templates/c.yaml ",
    "kind: C",
    "# Source: none",
  ].join("\n");

  it.each([
    [3, "shop/templates/a.yaml"],
    [5, undefined],
    [8, "shop/templates/c.yaml"],
  ])("of line %i is %s", (line, template) => {
    expect(templateAbove(text, line)).toBe(template);
  });

  it("is empty without Helm's comment", () => {
    expect(templateAbove("kind: A", 1)).toBeUndefined();
    expect(templateAbove("# Source: x.yaml\r\nkind: A", 2)).toBe("x.yaml");
  });
});

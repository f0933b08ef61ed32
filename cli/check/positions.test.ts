import { describe, expect, it } from "vitest";
import { Positions } from "./positions";

const TEXT = `# comment
--- # another
apiVersion: v1
"quoted": &shared
  one: 1
  8080: yes
spec:
  items:
  - first
  -   name: second
      empty:
  -
    name: third
  - { name: fourth, inner: [ a, 'b' ] }
  copy: *shared
  merged:
    <<: *shared
    own: 1
  both:
    <<: [{two: 2}, *shared]
yes: no
---
? explicit
: value
---
---
`;

describe("Positions", () => {
  const positions = new Positions(TEXT);

  it.each([
    [[], 3, 1],
    [["apiVersion"], 3, 1],
    [["quoted"], 4, 1],
    [["quoted", "one"], 5, 3],
    [["quoted", "8080"], 6, 3],
    [["spec", "items", 0], 9, 5],
    [["spec", "items", 1], 10, 7],
    [["spec", "items", 1, "empty"], 11, 7],
    [["spec", "items", 2, "name"], 13, 5],
    [["spec", "items", 3, "inner", 1], 14, 33],
    [["true"], 21, 1],
  ])("finds %j", (path, line, column) => {
    expect(positions.find(0, path)).toEqual({ line, column });
  });

  it.each([
    [["nobody"], 3, 1],
    [["spec", "nobody", "inside"], 7, 1],
    [["spec", "items", 7], 8, 3],
    [["spec", "items", "name"], 8, 3],
    [["quoted", "one", "inside"], 5, 3],
    [["quoted", 0], 4, 1],
    [["spec", "items", 1, "empty", "inside"], 11, 7],
  ])("finds the nearest parent of %j, which is missing", (path, line, column) => {
    expect(positions.find(0, path)).toEqual({ line, column });
  });

  it.each([
    [["spec", "copy", "one"], 5, 3],
    [["spec", "merged", "own"], 18, 5],
    [["spec", "merged", "one"], 5, 3],
    [["spec", "both", "two"], 20, 11],
    [["spec", "both", "8080"], 6, 3],
    [["spec", "merged", "nobody"], 16, 3],
  ])("finds %j at the source of an alias or a merge", (path, line, column) => {
    expect(positions.find(0, path)).toEqual({ line, column });
  });

  it("distinguishes documents, and finds an empty one at its start", () => {
    expect(positions.find(1, ["explicit"])).toEqual({ line: 23, column: 3 });
    expect(positions.find(2, ["explicit"])).toEqual({ line: 1, column: 1 });
    expect(positions.find(9, ["explicit"])).toEqual({ line: 1, column: 1 });
  });

  it("forgets the anchors of the previous document", () => {
    const two = new Positions("a: &x {b: 1}\n---\nc: &x {b: 2}\nd: *x\n");
    expect(two.find(1, ["d", "b"])).toEqual({ line: 3, column: 8 });
  });

  it.each(["\r\n", "\n", "\r"])("counts lines that end in %j", (end) => {
    const text = ["a: 1", "b:", "  - c: 2", ""].join(end);
    expect(new Positions(text).find(0, ["b", 0, "c"])).toEqual({ line: 3, column: 5 });
  });

  it("points to the list if an item is empty", () => {
    expect(new Positions("a:\n  -\n  - b\n").find(0, ["a", 0])).toEqual({ line: 1, column: 1 });
  });

  it("reads the keys of JSON", () => {
    expect(new Positions('{\n  "a": {"b": [10, 20]}\n}').find(0, ["a", "b", 1])).toEqual({
      line: 2,
      column: 19,
    });
  });
});

import { describe, expect, it } from "vitest";
import { readSource } from "./read";
import { salvaged } from "./salvage";
import { parseYaml, YamlError } from "./yaml";

function left(text: string): readonly unknown[] {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { text: rest, broken } = salvaged(text, error);
    expect(rest.length).toBe(text.length);
    const said = broken.map(
      ({ error: { message, place } }) => `${place.line}:${place.column} ${message}`,
    );
    return [said, ...parseYaml(rest).filter((one) => one !== null)];
  }
}

const INDENTATION = "bad indentation of a mapping entry";

describe("salvaged", () => {
  it.each([
    ["a: 1\n---\nb: c: d\n---\ne: 2\n", [`3:5 ${INDENTATION}`], { a: 1 }, { e: 2 }],
    [
      "b: c: d\n---\r\ne: 2\r\n--- # x\n b: c: d",
      [`1:5 ${INDENTATION}`, `5:6 ${INDENTATION}`],
      { e: 2 },
    ],
    ["%YAML 1.1\n---\nb: c: d\n---\na: 1", [`3:5 ${INDENTATION}`], { a: 1 }],
    ["a: |\n  x\n---\nb: c: d dddddd\n", [`4:5 ${INDENTATION}`], { a: "x\n" }],
    [
      "a: |\n  -----BEGIN X\n---\n- [\n---\na: 1",
      ["5:1 unexpected end of the stream within a flow collection"],
      { a: "-----BEGIN X\n" },
      { a: 1 },
    ],
    [
      "a: 1\n---\na: &a [*a]\n",
      ["2:1 an alias refers to its own parent; write the value out"],
      { a: 1 },
    ],
    [
      "a: 1\n---\na: [\n1\n]\n---\na: 1\na: 2",
      ["8:1 the key a is written twice; keep one of the two"],
      { a: 1 },
      { a: [1] },
    ],
    ["b: c: d", [`1:5 ${INDENTATION}`]],
  ])("leaves the other documents of %j", (text, ...expected) => {
    expect(left(text)).toEqual(expected);
  });
});

it("judges the objects beside a document that cannot be parsed, at their places", () => {
  const object = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n";
  const text = `b: c: d\n---\n${object}`;
  for (const isNamed of [true, false]) {
    const { objects, errors, notes } = readSource({ file: "a.yaml", text, isNamed });
    expect(objects.map(({ name, document }) => ({ name, document }))).toEqual([
      { name: "a", document: 0 },
    ]);
    expect(errors).toEqual([{ file: "a.yaml", line: 1, column: 5, message: INDENTATION }]);
    expect(notes).toEqual([]);
  }
});

import { expect, it } from "vitest";
import { blockFrom } from "./blocks";

const TEXT = `# top
---
# document
apiVersion: v1
spec:
  # list
  containers:
  - name: web # beside
    # image
    image: web

  # second
  - name: log
    args:
      - "a"
  volumes: []
---
kind: List
items:
  # item
  - kind: Pod
    spec: {}
  - kind: Service
# last`.split("\n");

/** The lines that the comment is about, by their text. */
const about = (comment: string): readonly string[] => {
  const index = TEXT.findIndex((line) => line.includes(`# ${comment}`));
  const [first, last] = blockFrom(TEXT, index);
  return TEXT.slice(first - 1, last).map((line) => line.trim());
};

it.each([
  ["beside a value", "beside", ["- name: web # beside"]],
  ["above a key", "image", ["image: web"]],
  ["above an item", "second", ["- name: log", "args:", '- "a"']],
  ["above the item of a list of objects", "item", ["- kind: Pod", "spec: {}"]],
  ["above nothing", "last", ["# last"]],
  ["above a separator", "top", ["# top"]],
])("%s", (_, comment, lines) => {
  expect(about(comment)).toEqual(lines);
});

it("above the key of a list whose items stand at the same column", () => {
  expect(about("list")).toEqual(TEXT.slice(6, 15).map((line) => line.trim()));
});

it("above the first key of a document, all of it", () => {
  expect(about("document")).toEqual(TEXT.slice(3, 16).map((line) => line.trim()));
});

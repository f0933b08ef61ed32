import { describe, expect, it } from "vitest";
import { AFTER, BEFORE, differenceOf, EVERYTHING } from "../fixtures/difference";
import { known } from "../fixtures/plan";
import { renderDifferenceJson } from "./json";

interface Parsed {
  readonly version: number;
  readonly against: object;
  readonly stacks: readonly {
    readonly stack: string;
    readonly status: string;
    readonly resources: readonly { readonly kind: string; readonly urn: string }[];
  }[];
}

const parsed = (found = EVERYTHING) => JSON.parse(renderDifferenceJson(found)) as Parsed;

describe("a difference as JSON", () => {
  it("has a version, the revision, and every stack with its status", () => {
    const { version, against, stacks } = parsed();
    expect(version).toBe(1);
    expect(against).toEqual({
      revision: "main",
      commit: "0123456789abcdef0123456789abcdef01234567",
    });
    expect(stacks.map(({ stack, status }) => `${stack} ${status}`)).toEqual([
      "prod changed",
      "staging changed",
      "new added",
      "old removed",
      "same unchanged",
    ]);
  });

  it("has everything of a changed stack, always in the same order", () => {
    const [stack] = parsed().stacks;
    expect(Object.keys(stack ?? {})).toEqual([
      "stack",
      "status",
      "placement",
      "resources",
      "following",
      "reordered",
      "policies",
      "estimate",
      "warnings",
    ]);
    expect(stack?.resources.map(({ kind }) => kind)).toEqual([
      "replace",
      "update",
      "rename",
      "create",
      "delete",
    ]);
    expect(stack?.resources[0]).toEqual({
      kind: "replace",
      urn: known.cluster.urn,
      type: known.cluster.type,
      name: "todo-chatbot",
      parent: known.cluster.parent,
      protect: true,
      refused: true,
      mayReplace: false,
      inputs: [{ path: "region", from: "nyc3", to: "ams3", forces: true }],
      options: [],
    });
    expect(stack?.resources[2]).toMatchObject({ was: { name: "dapr" }, aliased: false });
    expect(stack).toMatchObject({
      policies: { fresh: [{ policy: "new" }], gone: [{ policy: "old" }], changed: [] },
      estimate: {
        rebuildMinutes: { from: 40, to: 75 },
        objectives: [{ from: { of: "system", met: true }, to: { of: "system", met: false } }],
      },
      warnings: { fresh: ["soon to go"], gone: [] },
    });
  });

  it("reports which side failed, and why", () => {
    const failed = [{ stack: "prod", side: "here" as const, errors: ["It is broken."] }];
    expect(parsed(differenceOf({ prod: BEFORE }, {}, { failed })).stacks).toEqual([
      { stack: "prod", status: "failed", side: "here", errors: ["It is broken."] },
    ]);
  });

  it("is the same every time", () => {
    expect(renderDifferenceJson(differenceOf({ a: BEFORE }, { a: AFTER }))).toBe(
      renderDifferenceJson(differenceOf({ a: BEFORE }, { a: AFTER })),
    );
  });
});

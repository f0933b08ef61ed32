import { describe, expect, it } from "vitest";
import { anyOf, bucket, podsOf, selector } from "./promql";

describe("selector", () => {
  it("writes equalities, regular expressions and verbatim matchers, in that order", () => {
    expect(selector({ a: "x", b: { matches: "y.*" }, c: undefined }, 'status=~"5.."')).toBe(
      '{a="x",b=~"y.*",status=~"5.."}',
    );
  });

  it("is empty without matchers", () => {
    expect(selector({ a: undefined })).toBe("");
  });

  it("escapes quotes and backslashes", () => {
    expect(selector({ a: 'say "\\d"' })).toBe('{a="say \\"\\\\d\\""}');
  });
});

describe("anyOf", () => {
  it("is an equality for a single string, so that absent() can name what is missing", () => {
    expect(anyOf(["a.b"])).toBe("a.b");
  });

  it("matches several strings literally", () => {
    expect(anyOf(["a.b", "c+"])).toEqual({ matches: "a\\.b|c\\+" });
  });
});

describe("podsOf", () => {
  const { matches } = podsOf("backend") as { matches: string };
  const pattern = new RegExp(`^(?:${matches})$`);

  it.each([
    ["backend-7d9f8c-x2x1a", true],
    ["backend-api-7d9f8c-x2x1a", false],
    ["my-backend-7d9f8c-x2x1a", false],
  ])("%s: %s", (pod, expected) => {
    expect(pattern.test(pod)).toBe(expected);
  });
});

describe("bucket", () => {
  it("matches both notations of a whole number", () => {
    expect(bucket(2)).toEqual({ matches: "2(\\.0)?" });
    expect(bucket(0.5)).toBe("0.5");
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import type { Preview } from "./host";
import { SECRET, UNKNOWN } from "./plan";
import { engineView, planView, policyView, transformView, withDependencies } from "./properties";
import { ARCHIVE, ASSET, OUTPUT, RESOURCE, SECRET_VALUE, SIGNATURE, UNKNOWN_VALUE } from "./wire";
import { errorsOf, previewFixture, resourceNamed, urnOf } from "./testing";

const same = (text: string): string => text;
const secret = (value: string): { readonly [key: string]: string } => ({
  [SIGNATURE]: SECRET_VALUE,
  value,
});

describe("views of marked values", () => {
  it("replaces an output by its value", () => {
    expect(engineView({ [SIGNATURE]: OUTPUT })).toBe(UNKNOWN_VALUE);
    expect(engineView({ [SIGNATURE]: OUTPUT, value: [1], dependencies: ["x"] })).toEqual([1]);
    expect(engineView({ [SIGNATURE]: OUTPUT, value: "a", secret: true })).toEqual(secret("a"));
    expect(engineView({ [SIGNATURE]: OUTPUT, secret: true })).toEqual(secret(UNKNOWN_VALUE));
  });

  it("gives policies an id instead of a resource, or its URN if it has none", () => {
    expect(policyView({ [SIGNATURE]: RESOURCE, urn: "u", id: "i" })).toBe("i");
    expect(policyView({ [SIGNATURE]: RESOURCE, urn: "u", id: "" })).toBe(UNKNOWN_VALUE);
    expect(policyView({ [SIGNATURE]: RESOURCE, urn: "u" })).toBe("u");
    expect(policyView({ kept: secret("a") })).toEqual({ kept: secret("a") });
  });

  it("gives transforms outputs for secrets and unknowns", () => {
    expect(transformView([UNKNOWN_VALUE, secret("a"), secret(UNKNOWN_VALUE), 1])).toEqual([
      { [SIGNATURE]: OUTPUT },
      { [SIGNATURE]: OUTPUT, secret: true, value: "a" },
      { [SIGNATURE]: OUTPUT, secret: true },
      1,
    ]);
  });

  it("adds dependencies only if they are missing", () => {
    const output = { [SIGNATURE]: OUTPUT, value: 1, dependencies: ["a"] };
    expect(withDependencies(output, ["a"])).toBe(output);
    expect(withDependencies(output, ["b"])).toEqual({ ...output, dependencies: ["a", "b"] });
    expect(withDependencies(5, ["b"])).toEqual({
      [SIGNATURE]: OUTPUT,
      value: 5,
      dependencies: ["b"],
    });
    expect(withDependencies(5, [])).toBe(5);
  });

  it("encodes what JSON cannot express for the plan", () => {
    expect(planView(UNKNOWN_VALUE, same)).toEqual(UNKNOWN);
    expect(
      planView({ a: secret("x"), b: { [SIGNATURE]: RESOURCE, urn: "u", id: "" } }, same),
    ).toEqual({
      a: SECRET,
      b: { $resource: "u" },
    });
    expect(planView({ [SIGNATURE]: ASSET, text: "abc" }, same)).toEqual({
      $asset: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
    expect(planView({ [SIGNATURE]: ARCHIVE, path: "dir" }, same)).toEqual({ $archive: "dir" });
  });

  it("treats __proto__ as an ordinary key", () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as {
      readonly [key: string]: string;
    };
    expect(JSON.stringify(planView(hostile, same))).toBe('{"__proto__":{"polluted":true}}');
  });
});

describe("a program with unknowns", () => {
  let preview: Preview;
  beforeAll(async () => {
    preview = await previewFixture("unknowns.ts");
  });

  it("gets its inputs as outputs, and cloud-computed values as unknown", () => {
    expect(errorsOf(preview)).toEqual([]);
    expect(resourceNamed(preview, "second").inputs).toEqual({
      direct: UNKNOWN,
      identifier: UNKNOWN,
      nested: { list: ["known", UNKNOWN], deep: { text: UNKNOWN } },
      echoed: 8,
      name: "first",
      refused: UNKNOWN,
    });
    expect(preview.outputs).toEqual({ known: 7, unknown: [UNKNOWN] });
    expect(preview.failed).toBe(false);
  });

  it("gets no outputs from a provider with unknown configuration", () => {
    expect(resourceNamed(preview, "late").inputs).toEqual({ endpoint: UNKNOWN, version: "1.2.3" });
    expect(resourceNamed(preview, "behind").provider).toBe(urnOf("pulumi:providers:test", "late"));
    expect(resourceNamed(preview, "third").inputs).toEqual({ size: UNKNOWN });
  });
});

describe("a program with secrets", () => {
  const fixture = {
    program: "secrets.ts",
    declarations:
      "  password: { type: string, secret: true, default: sesame-open-0 }\n  absent: { type: string, secret: true }\n" +
      "  encrypted: {}\n  partly: { type: object }\n  structured: { type: array, items: { type: object } }\n",
    config:
      "  fixture:encrypted: { secure: v1:abc:def }\n  fixture:partly: { a: { secure: v1:g:h }, b: { c: d } }\n" +
      "  fixture:structured: [{ a: 1, b: [true] }]\n",
  };

  let preview: Preview;
  beforeAll(async () => {
    const before = process.env["AWS_SECRET_ACCESS_KEY"];
    process.env["AWS_SECRET_ACCESS_KEY"] = "sesame-open-9";
    preview = await previewFixture(fixture);
    if (before === undefined) delete process.env["AWS_SECRET_ACCESS_KEY"];
  });

  it("marks them, also inside lists and as outputs", () => {
    expect(errorsOf(preview)).toEqual([]);
    expect(resourceNamed(preview, "first").inputs).toEqual({
      token: SECRET,
      plain: "in the open",
      nested: { list: [1, SECRET] },
    });
    expect(resourceNamed(preview, "second").inputs).toEqual({
      token: SECRET,
      promoted: SECRET,
      // The library itself forgets that an unknown value was secret.
      unknownSecret: UNKNOWN,
    });
    expect(resourceNamed(preview, "leak").inputs).toEqual({
      text: "the default is [secret]",
      kept: SECRET,
    });
    expect(preview.outputs).toEqual({
      encrypted: SECRET,
      url: SECRET,
      partly: "d",
      madeIsSecret: true,
      secretKeys: '["fixture:absent","fixture:encrypted","fixture:partly","fixture:password"]',
      structured: [{ a: 1, b: [true] }],
      out: SECRET,
      environment: ["PULUMI_CONFIG_SECRET_KEYS"],
    });
  });

  it("never shows their values, wherever the program writes them", () => {
    expect(JSON.stringify([preview.resources, preview.diagnostics, preview.outputs])).not.toContain(
      "sesame",
    );
    const messages = preview.diagnostics.map((item) => item.message);
    expect(messages.filter((message) => message.includes("secret"))).toEqual([
      "[secret] and [secret]",
      "The program printed to standard error:\nalso printed [secret]",
      "The program printed:\nprinted [secret]",
    ]);
  });

  it("keeps a resource's name readable even if it contains a secret's value", () => {
    expect(resourceNamed(preview, "user-application").inputs).toEqual({ user: SECRET });
    const messages = preview.diagnostics.map((item) => item.message);
    expect(messages).toContain("of user-application");
  });
});

import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, secret, type Given } from "../testing";

const stack = (props: Given["props"]): Given => ({
  type: "pulumi:pulumi:Stack",
  name: "runstack-prod",
  props,
});
const said = (props: Given["props"]): Promise<readonly string[]> =>
  messages("pulumi-output-not-plain", [stack(props)]);

describe("pulumi-output-not-plain", () => {
  it("accepts what is marked, what is no secret and what is not known yet", async () => {
    expect(
      await said({
        grafanaPassword: secret("hunter-2 is long"),
        nested: secret({ apiToken: "abcdef0123456789" }),
        endpoint: "https://shop.example.com",
        databasePassword: UNKNOWN,
        count: 7,
      }),
    ).toEqual([]);
  });

  it("refuses a secret by its name or form, however deep", async () => {
    expect(
      await said({
        grafanaPassword: "correct horse",
        access: { urls: ["postgres://shop:correct@db.example.com/shop"] },
      }),
    ).toEqual([
      "The stack's output access.urls[0] holds a URL with a password in plain text; export it as pulumi.secret(…).",
      "The stack's output grafanaPassword holds a secret by its name in plain text; export it as pulumi.secret(…).",
    ]);
  });

  it("looks at nothing but the stack", async () => {
    const given = { ...stack({ password: "correct horse" }), type: "random:index/thing:Thing" };
    expect(await messages("pulumi-output-not-plain", [given])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, secret, type Fixture } from "../testing";

const stack = (props: Fixture["props"]): Fixture => ({
  type: "pulumi:pulumi:Stack",
  name: "runstack-prod",
  props,
});
const reported = (props: Fixture["props"]): Promise<readonly string[]> =>
  messages("pulumi-output-not-plain", [stack(props)]);

describe("pulumi-output-not-plain", () => {
  it("accepts marked, non-secret and unknown values", async () => {
    expect(
      await reported({
        grafanaPassword: secret("hunter-2 is long"),
        nested: secret({ apiToken: "abcdef0123456789" }),
        endpoint: "https://shop.example.com",
        databasePassword: UNKNOWN,
        count: 7,
      }),
    ).toEqual([]);
  });

  it("refuses a secret by its name or format, at any depth", async () => {
    expect(
      await reported({
        grafanaPassword: "correct horse",
        access: { urls: ["postgres://shop:correct@db.example.com/shop"] },
      }),
    ).toEqual([
      "The stack's output access.urls[0] holds a URL with a password in plain text; export it as pulumi.secret(…).",
      "The stack's output grafanaPassword holds a likely secret (by its name) in plain text; export it as pulumi.secret(…).",
    ]);
  });

  it("applies only to the stack", async () => {
    const fixture = { ...stack({ password: "correct horse" }), type: "random:index/thing:Thing" };
    expect(await messages("pulumi-output-not-plain", [fixture])).toEqual([]);
  });
});

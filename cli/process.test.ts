import { describe, expect, it } from "vitest";
import { callersFolder } from "./process";

describe("callersFolder", () => {
  it.each([
    ["/called", { npm_lifecycle_event: "check", INIT_CWD: "/called" }],
    ["/here", { npm_lifecycle_event: "test", INIT_CWD: "/called" }],
    ["/here", { npm_lifecycle_event: "check" }],
    ["/here", {}],
  ])("is %s with %j", (expected, env) => {
    expect(callersFolder("check", env, "/here")).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { isEverywhere } from "./addresses";
import { UNKNOWN } from "./testing";
import { Value } from "./values";
import { valueOf } from "./wire";

describe("isEverywhere", () => {
  const at = (address: unknown): boolean => isEverywhere(Value.plain({ address }).get("address"));

  it.each([
    "0.0.0.0/0",
    "0.0.0.0",
    "::/0",
    "::",
    "[::]/0",
    "0:0:0:0:0:0:0:0/0",
    "cidr:0.0.0.0/0",
    "cidr:::/0",
    "ip:0.0.0.0",
    " 0.0.0.0/0 ",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "cidr:128.0.0.0/1",
    "::/1",
    " 8000::/1",
  ])("treats %j as every address", (address) => {
    expect(at(address)).toBe(true);
  });

  it.each([
    "10.0.0.0/0",
    "0.0.0.0/8",
    "0.0.0.0/10",
    "64.0.0.0/1",
    "ip:128.0.0.0/1",
    "128.0.0.0",
    "0.0.0.0/00",
    "0.0.0.0.0/0",
    "::1",
    "::/8",
    "dns:::",
    "",
    0,
    null,
    ["::/0"],
  ])("treats %j as a smaller range", (address) => {
    expect(at(address)).toBe(false);
  });

  it("treats an unknown as a smaller range", () => {
    expect(isEverywhere(valueOf({ address: UNKNOWN }).get("address"))).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { reasonOf, textIn } from "./reading";

describe("textIn", () => {
  it.each([
    [[0x61], "a"],
    [[0xef, 0xbb, 0xbf, 0x61], "a"],
    [[0xff, 0xfe, 0x61, 0], "a"],
    [[0xfe, 0xff, 0, 0x61], "a"],
  ])("reads %j", (bytes, text) => {
    expect(textIn(Uint8Array.from(bytes))).toBe(text);
  });

  it.each([
    [[0x61, 0xff], "it is not UTF-8"],
    [[0xff, 0xfe, 0], "it is not UTF-16LE"],
    [[0xfe, 0xff, 0xd8, 0], "it is not UTF-16BE"],
  ])("refuses %j", (bytes, message) => {
    expect(() => textIn(Uint8Array.from(bytes))).toThrow(message);
  });
});

describe("reasonOf", () => {
  it("has texts for known errors, and uses the message of others", () => {
    expect(reasonOf(Object.assign(new Error("x"), { code: "EACCES" }))).toBe("permission denied");
    expect(reasonOf(Object.assign(new Error("x"), { code: "EBUSY" }))).toBe("x");
    expect(reasonOf(new Error("it is broken"))).toBe("it is broken");
    expect(reasonOf("text")).toBe("text");
  });
});

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytesOf, reasonOf, textIn } from "./reading";

const MIB = 1024 * 1024;

describe("bytesOf", () => {
  it("reads a file of at most so many bytes, and no more of a device that never ends", () => {
    const file = join(mkdtempSync(join(tmpdir(), "runstack-reading-")), "a");
    for (const size of [0, 1, 2 * MIB]) {
      writeFileSync(file, Buffer.alloc(size, 97));
      expect(bytesOf(file, 2 * MIB)).toEqual(Buffer.alloc(size, 97));
    }
    writeFileSync(file, Buffer.alloc(2 * MIB + 1));
    expect(() => bytesOf(file, 2 * MIB)).toThrow("it is larger than 2 MiB");
    expect(() => bytesOf("/dev/zero", MIB)).toThrow("it is larger than 1 MiB");
    expect(() => bytesOf(join(file, "b"), MIB)).toThrow("ENOTDIR");
  });
});

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

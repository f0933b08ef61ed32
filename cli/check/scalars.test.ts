import { describe, expect, it } from "vitest";
import { plainScalar } from "./scalars";

describe("plainScalar", () => {
  it.each([
    ["y", true],
    ["Y", true],
    ["yes", true],
    ["Yes", true],
    ["YES", true],
    ["yEs", "yEs"],
    ["on", true],
    ["true", true],
    ["TRUE", true],
    ["n", false],
    ["N", false],
    ["no", false],
    ["Off", false],
    ["false", false],
    ["", null],
    ["~", null],
    ["null", null],
    ["NULL", null],
    ["nUll", "nUll"],
    [".nan", NaN],
    [".inf", Infinity],
    ["+.Inf", Infinity],
    ["-.INF", -Infinity],
    ["+.nan", "+.nan"],
  ])("reads the word %j as %j", (text, value) => {
    expect(plainScalar(text)).toBe(value);
  });

  it.each([
    ["0", 0],
    ["12", 12],
    ["-12", -12],
    ["+12", 12],
    ["1_000", 1000],
    ["010", 8],
    ["-010", -8],
    ["0o17", 15],
    ["0O17", 15],
    ["08", 8],
    ["0x1F", 31],
    ["-0X1f", -31],
    ["0b101", 5],
    ["0B101", 5],
    ["0b", "0b"],
    ["0xg", "0xg"],
    ["1.5", 1.5],
    ["1.", 1],
    [".5", 0.5],
    [".5e2", 50],
    ["-.5", -0.5],
    ["1e3", 1000],
    ["1E-1", 0.1],
    ["99999999999999999999", 1e20],
  ])("reads the number %j as %j", (text, value) => {
    expect(plainScalar(text)).toBe(value);
  });

  it.each([
    "text",
    "1.7.3",
    "500m",
    "128Mi",
    "2026-11-22",
    "12:30:45",
    "-",
    "+",
    ".",
    "..",
    "._5",
    "1e",
    "0x",
    "x10",
    " 1",
  ])("reads %j as a string", (text) => {
    expect(plainScalar(text)).toBe(text);
  });
});

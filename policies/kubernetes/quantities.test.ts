import { expect, it } from "vitest";
import { Value } from "../values";
import { quantityOf } from "./quantities";

it.each<[unknown, number | undefined]>([
  ["1", 1],
  [3, 3],
  [0.5, 0.5],
  ["0", 0],
  ["250m", 0.25],
  ["1.5", 1.5],
  [".5", 0.5],
  ["5.", 5],
  ["+2", 2],
  ["7n", 7e-9],
  ["7u", 7e-6],
  ["2k", 2000],
  ["2M", 2e6],
  ["3G", 3e9],
  ["3T", 3e12],
  ["3P", 3e15],
  ["3E", 3e18],
  ["2Ki", 2048],
  ["3Mi", 3 * 2 ** 20],
  ["3Gi", 3 * 2 ** 30],
  ["3Ti", 3 * 2 ** 40],
  ["3Pi", 3 * 2 ** 50],
  ["3Ei", 3 * 2 ** 60],
  ["12e3", 12_000],
  ["12E-1", 1.2],
  ["1KB", undefined],
  ["1mi", undefined],
  ["-1", undefined],
  [-1, undefined],
  ["", undefined],
  ["Mi", undefined],
  ["1 Gi", undefined],
  ["x1", undefined],
  [true, undefined],
  [undefined, undefined],
])("%j is %j", (written, expected) => {
  const found = quantityOf(Value.plain({ written }).get("written"));
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toBeCloseTo(expected, 12);
});

import { expect, it } from "vitest";
import { stackFrom } from "./context";
import { perStack } from "./per-stack";

it("makes it once for each stack", () => {
  const [one, other] = [stackFrom([]), stackFrom([])];
  let count = 0;
  const made = perStack((stack) => ({ stack, number: (count += 1) }));
  expect([made(one), made(other), made(one)]).toEqual([
    { stack: one, number: 1 },
    { stack: other, number: 2 },
    { stack: one, number: 1 },
  ]);
});

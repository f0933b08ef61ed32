import { expect, it } from "vitest";
import { named } from "./find";

const list = [
  { name: "a", n: 3 },
  { name: "b", n: 5 },
];

it("finds by name", () => {
  expect(named(list, "b")).toEqual({ name: "b", n: 5 });
});

it("lists the names if one is unknown", () => {
  expect(() => named(list, "c")).toThrow('There is no "c" among "a", "b".');
});

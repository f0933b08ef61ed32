import { expect, it } from "vitest";
import { perResource } from "./per-resource";
import type { Resource } from "./policy";
import { Value } from "./values";

const resource = (props: object): Resource => ({
  ...{ urn: "u", name: "n", type: "t", protect: false },
  props: Value.plain(props),
});

it("makes it once for the properties of a resource, also if it makes nothing", () => {
  const [one, other] = [resource({ a: 1 }), resource({ a: 2 })];
  const asked: unknown[] = [];
  const made = perResource(({ props }) => {
    const { number } = props.get("a");
    asked.push(number);
    return number === 1 ? undefined : number;
  });
  expect([made(one), made(other), made({ ...one }), made(other)]).toEqual([
    undefined,
    2,
    undefined,
    2,
  ]);
  expect(asked).toEqual([1, 2]);
});

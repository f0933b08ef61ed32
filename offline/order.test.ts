import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { topologicalOrder } from "./order";

const needs = (graph: Readonly<Record<string, readonly string[]>>) => (key: string) =>
  graph[key] ?? [];

describe("a topological order", () => {
  it("puts dependencies first, then sorts by name", () => {
    const graph = { a: ["z"], b: [], z: [], c: ["a", "missing", "c"] };
    expect(topologicalOrder(Object.keys(graph), needs(graph))).toEqual(["b", "z", "a", "c"]);
  });

  it("puts a cycle last", () => {
    expect(topologicalOrder(["y", "x", "a"], needs({ x: ["y"], y: ["x"] }))).toEqual([
      "a",
      "x",
      "y",
    ]);
  });

  it("does not depend on the order of its input, and respects every dependency", () => {
    const graphs = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(graphs, fc.func(fc.nat()), (lists, weight) => {
        // Only earlier ones are needed, so that there is no cycle.
        const graph = Object.fromEntries(
          lists.map((list, index) => [
            String(index),
            list.filter((need) => need < index).map(String),
          ]),
        );
        const keys = Object.keys(graph);
        const order = topologicalOrder(keys, needs(graph));
        const shuffled = [...keys].sort((a, b) => weight(a) - weight(b));
        expect(topologicalOrder(shuffled, needs(graph))).toEqual(order);
        for (const key of keys) {
          for (const need of graph[key] ?? [])
            expect(order.indexOf(need)).toBeLessThan(order.indexOf(key));
        }
      }),
    );
  });
});

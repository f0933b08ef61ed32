import { describe, expect, it } from "vitest";
import { readPaths, unreadPaths, unwatched, valuePaths, watched } from "./reading";
import { shop } from "./validate/fixtures/shop";

/** What is read of a fresh view. */
function reads(use: (system: typeof shop) => unknown): readonly string[] {
  const view = watched(shop);
  use(view);
  return [...readPaths(view)];
}

describe("a view of a system", () => {
  it("records texts, numbers, quantities and lists of texts, by path", () => {
    expect(reads(({ id }) => id)).toEqual(["id"]);
    expect(reads(({ recovery }) => recovery[0]?.rto.seconds)).toEqual(["recovery[orders].rto"]);
    expect(reads(({ incidents }) => [...incidents.escalation])).toEqual(["incidents.escalation"]);
    expect(reads(({ alerts }) => alerts.map(({ name }) => name)).length).toBe(shop.alerts.length);
  });

  it("does not record looking at elements, kinds of quantities or lengths of lists", () => {
    expect(reads(({ services }) => services.map(({ scaling }) => scaling.replicas))).toEqual([]);
    expect(reads(({ recovery }) => recovery[0]?.rto.kind)).toEqual([]);
    expect(reads(({ incidents }) => incidents.escalation.length)).toEqual([]);
    expect(reads((system) => Object.keys(system))).toEqual([]);
    expect(reads((system) => unwatched(system).id)).toEqual([]);
    expect(reads((system) => unwatched(system.services)[0]?.name)).toEqual([]);
  });

  it("tells two places apart that share an object", () => {
    const shared = { ...shop, validations: [] as typeof shop.validations };
    const [one] = shop.validations;
    if (one === undefined) throw new Error("The fixture has no validation.");
    const view = watched({ ...shared, validations: [one, { ...one, name: "other" }] });
    expect(view.validations[0]?.requests[0]?.path).toBe("/health");
    expect([...readPaths(view)]).toEqual(["validations[smoke].requests[/health].path"]);
  });

  it("returns the same object for the same place, so that identity holds", () => {
    const view = watched(shop);
    expect(view.services[0]).toBe(view.services.find(({ name }) => name !== ""));
    expect(view.services.indexOf(view.services[0] as never)).toBe(0);
  });

  it("is otherwise the system", () => {
    expect(watched(shop)).toEqual(shop);
    expect(JSON.stringify(watched(shop))).toBe(JSON.stringify(shop));
  });

  it("has read everything once it is written out, and nothing before", () => {
    const view = watched(shop);
    expect(unreadPaths(view)).toEqual(valuePaths(shop));
    JSON.stringify(view);
    expect(unreadPaths(view)).toEqual([]);
  });
});

it("a system that is no view is plain: nothing is known of it", () => {
  expect(unwatched(shop)).toBe(shop);
  expect([unreadPaths(shop), readPaths(shop).size]).toEqual([[], 0]);
});

it("every value has a path of its own", () => {
  const paths = valuePaths(shop);
  expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
  expect(paths.length).toBeGreaterThan(200);
  expect(shop.maintenance.checklist.before).toEqual([]);
  expect(paths).not.toContain("maintenance.checklist.before");
});

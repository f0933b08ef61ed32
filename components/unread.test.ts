import { expect, it } from "vitest";
import { SYSTEMS } from "../systems";
import type { System } from "../systems/model";
import { readPaths, valuePaths, watched } from "../systems/reading";
import { unread } from "./unread";

const PROD = { environment: "prod", cloud: "aws" } as const;

/** A view of which everything is read but the values below these attributes. */
function without(system: System, ...left: readonly (keyof System)[]): System {
  const view = watched(system);
  const names = Object.keys(system) as (keyof System)[];
  for (const name of names) if (!left.includes(name)) JSON.stringify(view[name]);
  return view;
}

it("says nothing of what is read, or of a system that records nothing", () => {
  expect(unread(without(SYSTEMS.aia), PROD)).toEqual([]);
  expect(unread(SYSTEMS.aia, PROD)).toEqual([]);
});

it("gives one sentence for each reason, with the values' paths", () => {
  expect(unread(without(SYSTEMS.aeneas, "failover"), PROD)).toEqual([
    "Nothing reads failover.{primaryHost, path}: only a failover record of Route 53 asks the host; without one, `runstack:failover` moves the name.",
  ]);
});

it("says nothing of what others read: people, policies, reports, other stacks", () => {
  const view = without(SYSTEMS.aeneas, "runbook", "exceptions", "recovery", "findings");
  expect(unread(view, PROD)).toEqual([]);
  expect(valuePaths(SYSTEMS.aeneas).length - readPaths(view).size).toBeGreaterThan(100);
});

it("names a value for which no reason is listed", () => {
  const system = { ...SYSTEMS.aia, colour: "red" } as System;
  expect(unread(without(system, "colour" as keyof System), PROD)).toEqual([
    "Nothing reads colour: systems/uses gives no reason.",
  ]);
});

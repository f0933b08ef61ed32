/** Rules for every system. Facts of one runbook are in that system's own test. */
import { describe, expect, it } from "vitest";
import { SYSTEMS } from "./index";
import type { System } from "./model";
import { REQUIREMENTS } from "./requirements";
import { validateSystem } from "./validate";
import { elements } from "./validate/writing";

const systems: readonly { id: string; system: System }[] = Object.entries(SYSTEMS).map(
  ([id, system]) => ({ id, system }),
);

it("has each requirement and each finding once", () => {
  const ids = [
    ...Object.keys(REQUIREMENTS),
    ...systems.flatMap(({ system: { requirements = {}, findings } }) => [
      ...Object.keys(requirements),
      ...findings.map(({ id }) => id),
    ]),
  ];
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.length).toBeGreaterThan(10);
});

describe.each(systems)("$id", ({ id, system }) => {
  it("is listed under its own id", () => {
    expect(system.id).toBe(id);
  });

  it("has no contradictions", () => {
    expect(validateSystem(system)).toEqual([]);
  });

  it("has one prefix for its requirements and findings, and numbers the findings in order", () => {
    const { requirements = {}, findings } = system;
    const prefixes = [...Object.keys(requirements), ...findings.map(({ id: finding }) => finding)]
      .map((name) => name.replace(/-F?\d+$/, ""))
      .filter((prefix, index, all) => all.indexOf(prefix) === index);
    expect(prefixes.length).toBeLessThan(2);
    expect(findings.map((finding) => finding.id)).toEqual(
      findings.map((_, index) => `${String(prefixes[0])}-F${index + 1}`),
    );
  });

  it("writes every finding and reason as complete sentences", () => {
    const texts = [
      ...system.findings.flatMap(({ found, instead }) => [found, instead]),
      ...elements(system).flatMap(([, element]) =>
        Object.values((element["ours"] ?? {}) as Record<string, string>),
      ),
    ];
    expect(texts.filter((text) => !/^[A-Za-z0-9$].*[.)]$/.test(text))).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { SYSTEMS } from "./index";
import { REQUIREMENTS } from "./requirements";
import { validateSystem } from "./validate";
import { elements } from "./validate/writing";

const PREFIX = {
  "todo-chatbot": "TC",
  "ai-wealth": "AW",
  aeneas: "AE",
  "phase-5": "P5",
  aia: "AI",
} as const;

const systems = Object.entries(SYSTEMS).map(([id, system]) => ({ id, system }));

it("has the five systems under their own ids", () => {
  expect(systems.map(({ id, system }) => [id, system.id])).toEqual(
    Object.keys(PREFIX).map((id) => [id, id]),
  );
});

describe.each(systems)("$id", ({ id, system }) => {
  const prefix = PREFIX[id as keyof typeof PREFIX];
  const cited = new Set(
    elements(system).flatMap(([, element]) => (element["clause"] as { ids: string[] }).ids),
  );

  it("contradicts itself nowhere", () => {
    expect(validateSystem(system)).toEqual([]);
  });

  it("realises every requirement of its runbook", () => {
    const own = Object.keys(REQUIREMENTS).filter((requirement) => requirement.startsWith(prefix));
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((requirement) => !cited.has(requirement))).toEqual([]);
  });

  it("realises no requirement of another runbook", () => {
    expect([...cited].filter((requirement) => !/^ALL-/.test(requirement)).sort()).toEqual(
      Object.keys(REQUIREMENTS)
        .filter((requirement) => requirement.startsWith(prefix))
        .sort(),
    );
  });

  it("numbers its findings in order", () => {
    expect(system.findings.map((finding) => finding.id)).toEqual(
      system.findings.map((_, index) => `${prefix}-F${index + 1}`),
    );
    expect(system.findings.length).toBeGreaterThan(15);
  });

  it("writes every finding and reason as whole sentences", () => {
    const texts = [
      ...system.findings.flatMap(({ found, instead }) => [found, instead]),
      ...elements(system).flatMap(([, element]) =>
        Object.values((element["ours"] ?? {}) as Record<string, string>),
      ),
    ];
    expect(texts.filter((text) => !/^[A-Za-z0-9$].*[.)]$/.test(text))).toEqual([]);
  });
});

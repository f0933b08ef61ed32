/** How far back, and how near, a database can be restored to. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SYSTEMS } from "../../systems";
import type { RawSettings } from "../parse";
import { commands, good, images, mistakes, onAws, sentence } from "../testing";

const NOW = "2027-03-15T12:00:00Z";
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  vi.useRealTimers();
});

const ofSystem = (system: "aeneas" | "phase-5", database: string): RawSettings => ({
  ...onAws,
  system,
  region: "us-east-1",
  images: images(SYSTEMS[system]),
  commands: commands(SYSTEMS[system]),
  incarnations: { [database]: 2 },
});
const aeneas = ofSystem("aeneas", "postgresql");
const phase5 = ofSystem("phase-5", "postgres");

describe("a restore is refused", () => {
  it.each([
    ["from before the retention", "2027-02-13T11:59:59Z"],
    ["from the future", "2027-03-15T12:00:01Z"],
  ])("%s", (_, time) => {
    expect(mistakes({ restoreFrom: { postgresql: { incarnation: 1, time } } }, aeneas)).toBe(
      sentence(
        "restoreFrom.postgresql.time",
        `is "${time}"`,
        "within the last 30 days, which postgresql can be restored to (once it is restored, remove restoreFrom)",
      ),
    );
  });

  it("30 days is the runbook's retention, and the edge is within it", () => {
    const source = { incarnation: 1, time: "2027-02-13T12:00:00Z" };
    expect(mistakes({ restoreFrom: { postgresql: source } }, aeneas)).toBe("");
  });

  it("if the stack shortened or lengthened the retention, by that one", () => {
    const from = (time: string) => ({ restoreFrom: { postgresql: { incarnation: 1, time } } });
    const lengthened = { ...from("2027-02-13T11:59:59Z"), pointInTimeRecovery: 35 };
    expect(mistakes(lengthened, aeneas)).toBe("");
    const shortened = {
      ...from("2027-03-07T12:00:00Z"),
      environment: "staging",
      pointInTimeRecovery: 7,
    };
    expect(mistakes(shortened, aeneas)).toContain("within the last 7 days");
    expect(mistakes({ ...shortened, pointInTimeRecovery: 8 }, aeneas)).toBe("");
  });

  it("if the runbook's backups are kept for longer than its log, by those", () => {
    const aia: RawSettings = {
      ...onAws,
      system: "aia",
      images: images(SYSTEMS.aia),
      mail: { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" },
    };
    const name = SYSTEMS.aia.databases[0]?.name ?? "";
    const days = (count: number) => new Date(Date.parse(NOW) - count * 86_400_000).toISOString();
    const from = (count: number) => ({
      incarnations: { [name]: 2 },
      restoreFrom: { [name]: { incarnation: 1, time: days(count) } },
    });
    expect(mistakes(from(29), aia)).toBe("");
    expect(mistakes(from(31), aia)).toContain("within the last 30 days");
  });

  it("to a time that the archive may not have yet", () => {
    const at = (base: RawSettings, name: string, time: string) =>
      mistakes({ restoreFrom: { [name]: { incarnation: 1, time } } }, base);
    const neon = { ...good, postgres: "operator", incarnations: { neon: 2 } };
    for (const [base, name, minutes, edge] of [
      [phase5, "postgres", 5, "11:55:00"],
      [neon, "neon", 9, "11:51:00"],
    ] as const) {
      expect(at(base, name, `2027-03-15T${edge}Z`)).toBe("");
      const later = `2027-03-15T${edge.replace(/.$/, "1")}Z`;
      expect(at(base, name, later)).toBe(
        sentence(
          `restoreFrom.${name}.time`,
          `is "${later}"`,
          `at least ${minutes} minutes ago, because what is newer may not be in the archive: leave time out for the latest`,
        ),
      );
    }
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { POLICIES, policyNamed } from "./catalog";

/** A complete, normalized https URL. */
function isPage(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "https:" && [text, `${text}/`].includes(url.href);
}

describe("the catalog", () => {
  it.each(POLICIES.map((policy) => [policy.name, policy] as const))(
    "%s is complete",
    (name, { title, clause, themes, prevents, description, remediation }) => {
      expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(clause.reference).toMatch(/^(PO|ALL)-\d\d(; .+)?$/);
      expect(clause.url ?? "https://none.example/").toSatisfy(isPage);
      expect(themes).not.toHaveLength(0);
      for (const sentence of [prevents, description, remediation]) {
        expect(sentence).toMatch(/^[A-Z].*\.$/);
      }
    },
  );

  it("has unique titles", () => {
    const titles = POLICIES.map(({ title }) => title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  it("covers policies only by others of the pack", () => {
    const names = new Set(POLICIES.map(({ name }) => name));
    const by = POLICIES.flatMap(({ coveredBy = [] }) => coveredBy);
    expect(by.length).toBeGreaterThan(0);
    expect(by.filter((name) => !names.has(name))).toEqual([]);
  });

  it("has remediations only in resource policies", () => {
    const mending = POLICIES.filter(({ remediate }) => remediate !== undefined);
    expect(mending.length).toBeGreaterThan(0);
    expect(mending.filter(({ check }) => check.kind !== "resource")).toEqual([]);
  });

  it("ends with the policies about the others' findings", () => {
    expect(POLICIES.slice(-3).map(({ name }) => name)).toEqual([
      "exemption-needed",
      "exempted",
      "undecided",
    ]);
  });

  it("finds a policy by name, and throws if there is none", () => {
    expect(policyNamed("image-pinned").title).toBe("Images are pinned");
    expect(() => policyNamed("image-pined")).toThrow(
      new Error('The pack has no policy "image-pined".'),
    );
  });

  it("has the version of the project", () => {
    const version = (file: string): unknown =>
      (JSON.parse(readFileSync(join(__dirname, file), "utf8")) as Record<string, unknown>).version;
    expect(version("package.json")).toBe(version("../package.json"));
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

const ROOT = join(__dirname, "..");

interface Release {
  readonly releaseNotes: (tag: string, version: string, changelog: string) => string;
}

describe("the notes of a release", () => {
  let release: Release;

  beforeAll(async () => {
    release = (await import(join(ROOT, ".github/scripts/release-notes.mjs"))) as Release;
  });

  const CHANGELOG =
    "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n### Added\n\n- a\n\n## 0.1.0\n\nfirst\n";

  it("are the changelog's section for the version", () => {
    expect(release.releaseNotes("v0.2.0", "0.2.0", CHANGELOG)).toBe("### Added\n\n- a\n");
    expect(release.releaseNotes("v0.1.0", "0.1.0", CHANGELOG)).toBe("first\n");
  });

  it.each([
    ["v0.2.1", "0.2.0", 'The tag is "v0.2.1", but package.json has version 0.2.0: tag v0.2.0.'],
    ["v0.3.0", "0.3.0", 'CHANGELOG.md has no section "## 0.3.0": rename "Unreleased" to it.'],
    ["v0.2", "0.2", 'CHANGELOG.md has no section "## 0.2": rename "Unreleased" to it.'],
  ])("refuse %s of version %s", (tag, version, message) => {
    expect(() => release.releaseNotes(tag, version, CHANGELOG)).toThrow(message);
  });

  it("exist for the version in package.json", () => {
    const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(release.releaseNotes(`v${version}`, version, read("CHANGELOG.md"))).not.toBe("");
  });
});

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { CheckFinding } from "../../reports/check";
import { CHECKED } from "../../reports/fixtures/check";
import { beyond, writeBaseline } from "./baseline";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "runstack-baseline-"));
});

const { findings } = CHECKED;
const [tier, replicas] = findings as readonly [CheckFinding, CheckFinding, ...CheckFinding[]];

const looked = (more: object = {}) => ({
  cwd,
  files: CHECKED.files,
  ran: () => true,
  ...more,
});

const remaining = (now: readonly CheckFinding[], more: object = {}) => {
  const { findings: fresh, count: known, notes } = beyond(now, "b.json", looked(more));
  return { fresh, known, notes: notes.map(({ message }) => message) };
};

it("leaves out what it has, however the lines and words have changed", () => {
  writeBaseline([tier, replicas], "b.json", cwd);
  const moved = { ...tier, message: "anew", place: { ...tier.place, line: 99 } };
  expect(remaining([moved, replicas])).toEqual({ fresh: [], known: 2, notes: [] });
});

it("leaves what is new: another policy, object or path, or one more of the same", () => {
  writeBaseline([tier, tier], "b.json", cwd);
  const other = { ...tier, identity: [...tier.identity.slice(0, 3), "metadata.labels.other"] };
  const all = [tier, tier, tier, other, replicas];
  expect(remaining(all)).toEqual({ fresh: [tier, other, replicas], known: 2, notes: [] });
});

it("has once what several kustomizations render of the same object", () => {
  const inVariant = (template: string): CheckFinding => ({
    ...tier,
    object: { ...tier.object, template },
  });
  const [dev, prod] = [inVariant("dev/kustomization.yaml"), inVariant("prod/kustomization.yaml")];
  writeBaseline([dev], "b.json", cwd);
  expect(remaining([dev, prod, prod])).toEqual({ fresh: [prod], known: 2, notes: [] });
  const one = readFileSync(join(cwd, "b.json"), "utf8");
  writeBaseline([dev, prod], "b.json", cwd);
  expect(readFileSync(join(cwd, "b.json"), "utf8")).toBe(one);
  expect(remaining([prod]).notes).toEqual([]);
});

it("notes what is gone", () => {
  writeBaseline(findings, "b.json", cwd);
  expect(remaining([tier, replicas]).notes).toEqual([
    "2 violations of the baseline are gone: write it anew, so that they cannot come back unseen (--write-baseline b.json)",
  ]);
});

it("does not take for gone what this check did not look at", () => {
  writeBaseline(findings, "b.json", cwd);
  const { files } = CHECKED;
  expect(remaining([], { files: [], ran: (policy: string) => policy !== "housed" }).notes).toEqual(
    [],
  );
  const gone = remaining([], {
    files: files.slice(0, 1),
    ran: (policy: string) => policy === "tier",
  });
  expect(gone.notes).toHaveLength(1);
  expect(gone.notes[0]).toMatch(/^1 violation of the baseline is gone/);
});

it("has paths relative to itself, sorted, so that a review shows what changes", () => {
  mkdirSync(join(cwd, "policies"));
  writeBaseline([replicas, tier, tier], "policies/b.json", cwd);
  expect(JSON.parse(readFileSync(join(cwd, "policies/b.json"), "utf8"))).toEqual({
    version: 1,
    violations: [
      {
        policy: "tier",
        file: "../deploy/a.yaml",
        object: "apps/v1 Deployment shop/api",
        path: "metadata.labels.tier",
        count: 2,
      },
      {
        policy: "replicas",
        file: "../deploy/a.yaml",
        object: "apps/v1 Deployment shop/api",
        path: "spec.replicas",
        count: 1,
      },
    ],
  });
  const inDeploy = { ...tier, identity: ["a.yaml", ...tier.identity.slice(1)] };
  expect(
    beyond([inDeploy], "../policies/b.json", looked({ cwd: join(cwd, "deploy") })),
  ).toMatchObject({ count: 1 });
});

describe("does without, and says why", () => {
  it.each([
    [
      '{"version":2,"violations":[]}',
      "has version 2, and this command reads 1; write it anew: --write-baseline b.json",
    ],
    ["[]", "is none of this command; write it anew"],
    ['{"violations":[]}', "is none of this command; write it anew"],
    [
      '{"version":1,"violations":[{"policy":"a"}]}',
      "has violations that this command did not write",
    ],
    ['{"version":1,"violations":{}}', "has violations that this command did not write"],
    [
      '{"version":1,"violations":[{"policy":"a","file":"","object":"","path":"","count":-1}]}',
      "has violations that this command did not write",
    ],
    ["{", "cannot be read: it is not JSON ("],
  ])("%s", (text, message) => {
    writeFileSync(join(cwd, "b.json"), text);
    const { findings: kept, errors } = beyond(findings, "b.json", looked());
    expect(kept).toEqual(findings);
    expect(errors.map((one) => `${one.file}: ${one.message}`)).toEqual([
      expect.stringContaining(`b.json: the baseline ${message}`),
    ]);
  });

  it("a file that is not there, and a place where none can be written", () => {
    expect(beyond([], "gone.json", looked()).errors.map(({ message }) => message)).toEqual([
      "the baseline cannot be read: there is no such file or folder",
    ]);
    expect(() => {
      writeBaseline([], "gone/b.json", cwd);
    }).toThrow("--write-baseline gone/b.json cannot be written: there is no such file or folder.");
  });
});

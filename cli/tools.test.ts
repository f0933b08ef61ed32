import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runMain } from "./testing";
import { main } from "./tools";

const run = (...argv: readonly string[]) => runMain(main, argv, { cwd: __dirname });

describe("tools", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "runstack-tools-command-"));
    for (const name of ["KUBEBUILDER_ASSETS", "PATH", "XDG_CACHE_HOME"]) vi.stubEnv(name, root);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  });

  it("says what is missing, and how to get it", async () => {
    const { code, out, err } = await run("--find", "etcd");
    expect([code, out]).toEqual([2, ""]);
    expect(err.replaceAll(/\s+/gu, " ")).toMatch(
      /^Missing: etcd \(v3\.7\.3\)\. .*`npm run -s tools` builds what is missing/u,
    );
  });

  it.each([
    ["kubctl", 'A rehearsal runs no program "kubctl". Did you mean kubectl?'],
    ["docker", 'A rehearsal runs no program "docker". They are: etcd, kwok, kube-apiserver,'],
  ])("refuses the unknown program %s", async (name, sentence) => {
    const { code, err } = await run(name);
    expect(code).toBe(2);
    expect(err.replaceAll(/\s+/gu, " ")).toContain(sentence);
  });
});

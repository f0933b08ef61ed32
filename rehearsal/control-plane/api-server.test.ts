import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Processes } from "../../offline/processes";
import { startApiServer } from "./api-server";

const folder = mkdtempSync(join(tmpdir(), "runstack-api-server-"));
const processes = new Processes();

afterEach(() => {
  processes.close();
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

it("tries other ports when one is taken, and says so in the end", async () => {
  const etcd = script(
    "fake-etcd",
    'echo "$3" >> ports; echo "bind: address already in use"; exit 1',
  );
  const apiServer = script("fake-server", "exec sleep 60");
  await expect(
    startApiServer({ folder, binaries: { etcd, apiServer }, processes, flags: [] }),
  ).rejects.toThrow(/^etcd ended\.\netcd:\n[\s\S]*address already in use/u);
  const ports = readFileSync(join(folder, "ports"), "utf8").trim().split("\n");
  expect(ports).toHaveLength(3);
  expect(new Set(ports).size).toBe(3);
});

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accessScript } from "./access-script";
import { bills, rides } from "./testing";

/** The script runs in a real shell; `kafka-acls.sh` is a stub that records its calls. */
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "bin-"));
});

afterEach(() => {
  rmSync(bin, { recursive: true });
});

function run(body: string, groups: readonly string[] = []) {
  const file = join(bin, "kafka-acls.sh");
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return spawnSync("/bin/sh", ["-c", accessScript({ topics: [rides, bills], groups })], {
    env: {
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      BIN: bin,
      BROKERS: "b-1.example.com:9096",
      CLIENT: "/client.properties",
      PAUSE: "0",
    },
    encoding: "utf8",
  });
}

const NOTE = 'printf "%s|" "$@" >>"$BIN/calls"; echo >>"$BIN/calls"';
const calls = () => readFileSync(join(bin, "calls"), "utf8").trimEnd().split("\n");
const CLIENT = "--bootstrap-server|b-1.example.com:9096|--command-config|/client.properties|";

describe("the commands that write ACLs", () => {
  it("lock nobody out: the administrator's ACL is the first", () => {
    expect(run(NOTE).status).toBe(0);
    expect(calls().slice(0, 3)).toEqual([
      `${CLIENT}--list|--cluster|`,
      `${CLIENT}--add|--allow-principal|User:admin|--operation|All|--cluster|`,
      `${CLIENT}--add|--allow-principal|User:admin|--operation|All|--topic|*|--group|*|--transactional-id|*|`,
    ]);
  });

  it("give each user only its own permissions", () => {
    run(NOTE, ["it's"]);
    const topics = "--topic|Rides_Taken|--topic|bills|";
    const groups = "--group|meter-group|--group|it's|";
    const add = `${CLIENT}--add|--allow-principal|User:`;
    const operations = (...names: string[]) => names.map((name) => `--operation|${name}|`).join("");
    expect(calls().slice(3)).toEqual([
      `${add}application|${operations("Describe", "Read", "Write")}${topics}`,
      `${add}application|${operations("Describe", "Read")}${groups}`,
      `${add}monitor|${operations("Describe")}${topics}`,
      `${add}monitor|${operations("Describe")}${groups}`,
    ]);
  });

  it("wait until the brokers know the password", () => {
    const { status } = run(
      `${NOTE}; case "$*" in *--list*) [ "$(wc -l <"$BIN/calls")" -gt 3 ];; esac`,
    );
    expect(status).toBe(0);
    expect(calls().filter((call) => call.includes("--list"))).toHaveLength(4);
  });

  it("give up after forty attempts, before anything is written", () => {
    expect(run(`${NOTE}; exit 1`).status).toBe(1);
    expect(calls()).toHaveLength(40);
    expect(calls().join("")).not.toContain("--add");
  });

  it("fail as a whole when one fails", () => {
    const { status } = run(`${NOTE}; case "$*" in *User:application*) exit 7;; esac`);
    expect(status).toBe(7);
    expect(calls().join("")).not.toContain("User:monitor");
  });

  it("are valid shell without Kubernetes variables", () => {
    const script = accessScript({ topics: [rides] });
    expect(execFileSync("/bin/sh", ["-n", "-c", script], { encoding: "utf8" })).toBe("");
    // In a command, Kubernetes reads $$ as an escaped $, and $(NAME) as a variable.
    expect(script).not.toContain("$$");
    expect(script).not.toMatch(/\$\([A-Za-z_.-]+\)/);
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as scripts from "./in-cluster-scripts";

/**
 * The scripts run in a real shell against stubs that give prepared answers and record their calls.
 * How the servers behave is not tested here.
 */
let root: string;
const at = (...path: string[]) => join(root, ...path);
const noted = (file: string) => readFileSync(at(file), "utf8");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "store-"));
  for (const folder of ["bin", "config", "credentials"]) mkdirSync(at(folder));
  writeFileSync(at("config", "valkey.conf"), "from the map\n");
  writeFileSync(at("credentials", "internal"), "s3cret");
  program("valkey-server", `printf '%s\\n' "$*" >"${root}/served"`);
  // Answers with the contents of the file `<host>:<port> <command>`.
  program(
    "valkey-cli",
    `echo "$*" >>"${root}/asked"
echo "$REDISCLI_AUTH $VALKEYCLI_AUTH" >"${root}/password"
while [ "$1" != -h ]; do shift; done
host=$2
port=$4
shift 4
[ "$1" != --user ] || shift 2
cat "${root}/$host:$port $*" 2>/dev/null`,
  );
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function program(name: string, body: string): void {
  writeFileSync(at("bin", name), `#!/bin/sh\n${body}\n`);
  chmodSync(at("bin", name), 0o755);
}

const answers = (from: string, command: string, text: string) => {
  writeFileSync(at(`${from} ${command}`), `${text}\n`);
};

const run = (script: string) =>
  spawnSync("/bin/sh", ["-c", script], {
    env: {
      PATH: `${at("bin")}:${process.env["PATH"] ?? ""}`,
      CONFIG: at("config"),
      CREDENTIALS: at("credentials"),
      TLS: at("tls"),
    },
    encoding: "utf8",
  });

it.each(Object.entries(scripts))("%s is valid shell without Kubernetes variables", (_, text) => {
  expect(execFileSync("/bin/sh", ["-n", "-c", text], { encoding: "utf8" })).toBe("");
  expect(text).not.toContain("$$");
});

describe("the probes", () => {
  it("is-alive succeeds if the server answers, even while it loads its log", () => {
    expect(run(scripts.IS_ALIVE).status).toBe(1);
    answers("localhost:6379", "ping", "LOADING Valkey is loading the dataset in memory");
    expect(run(scripts.IS_ALIVE).status).toBe(0);
  });

  it.each([
    ["LOADING …", 1],
    ["PONG", 0],
  ])("is-ready: %j gives %i", (ping, status) => {
    answers("localhost:6379", "ping", ping);
    expect(run(scripts.IS_READY).status).toBe(status);
  });

  it("keep the password out of the process list", () => {
    run(scripts.IS_READY);
    expect(noted("asked")).not.toContain("s3cret");
    expect(noted("password")).toBe("s3cret s3cret\n");
  });
});

it("START serves the configuration of the ConfigMap", () => {
  expect(run(scripts.START).status).toBe(0);
  expect(noted("served")).toBe(`${at("config", "valkey.conf")}\n`);
});

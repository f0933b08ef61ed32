import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as scripts from "./in-cluster-scripts";

/**
 * The scripts run in a real shell against stand-ins that answer what they are told to and write down
 * what they were given. What the servers make of it is not shown here.
 */
let root: string;
const at = (...path: string[]) => join(root, ...path);
const noted = (file: string) => readFileSync(at(file), "utf8");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "store-"));
  for (const folder of ["bin", "config", "credentials", "tls", "data", "run"])
    mkdirSync(at(folder));
  writeFileSync(at("config", "valkey.conf"), "from the map\n");
  writeFileSync(at("config", "sentinel.conf"), "first part\n");
  writeFileSync(at("config", "sentinel-primary.conf"), "last part\n");
  writeFileSync(at("credentials", "internal"), "s3cret");
  program("valkey-server", `printf '%s\\n' "$*" >"${root}/served"`);
  // Answers with what lies in the file `<host>:<port> <command>`.
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

function run(script: string, environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", script], {
    env: {
      PATH: `${at("bin")}:${process.env["PATH"] ?? ""}`,
      CONFIG: at("config"),
      CREDENTIALS: at("credentials"),
      TLS: at("tls"),
      DATA: at("data"),
      RUN: at("run"),
      ...environment,
    },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const member = { ME: "b", MEMBERS: "a b c", FIRST: "a" };
const WHO = "sentinel get-master-addr-by-name primary";

it.each(Object.entries(scripts))("%s is valid shell that Kubernetes leaves as it is", (_, text) => {
  expect(execFileSync("/bin/sh", ["-n", "-c", text], { encoding: "utf8" })).toBe("");
  expect(text).not.toContain("$$");
});

describe("START_MEMBER", () => {
  const configuration = () => noted("run/valkey.conf");

  it("follows the first member, the very first time", () => {
    expect(run(scripts.START_MEMBER, member)).toMatchObject({
      status: 0,
      stdout: "b starts; the primary is a\n",
    });
    expect(configuration()).toBe(
      "from the map\nmasteruser internal\nmasterauth s3cret\nreplica-announce-ip b\nreplicaof a 6379\n",
    );
    expect(noted("served")).toBe(`${at("run", "valkey.conf")}\n`);
  });

  it("follows nobody if it is the first", () => {
    run(scripts.START_MEMBER, { ...member, ME: "a" });
    expect(configuration()).not.toContain("replicaof");
  });

  it("believes whichever watcher answers", () => {
    answers("c:26379", WHO, "c\n6379");
    run(scripts.START_MEMBER, member);
    expect(configuration()).toContain("replicaof c 6379\n");
  });

  it("remembers, if all of them start at once, what its own watcher wrote down last", () => {
    mkdirSync(at("data", "sentinel"));
    writeFileSync(
      at("data", "sentinel", "sentinel.conf"),
      "sentinel myid 1\nsentinel monitor primary c 6379 2\n",
    );
    run(scripts.START_MEMBER, member);
    expect(configuration()).toContain("replicaof c 6379\n");
  });

  it("keeps the password out of the process list, and its file to itself", () => {
    run(scripts.START_MEMBER, member);
    expect(noted("asked")).not.toContain("s3cret");
    expect(noted("password")).toBe("s3cret s3cret\n");
    expect(execFileSync("stat", ["-c", "%a", at("run", "valkey.conf")], { encoding: "utf8" })).toBe(
      "600\n",
    );
  });

  describe("surprise: an empty primary would empty the others", () => {
    const primary = { ...member, ME: "a" };

    it("so it does not start as one beside a member that has keys", () => {
      answers("c:6379", "dbsize", "17");
      expect(run(scripts.START_MEMBER, primary)).toEqual({
        status: 1,
        stdout: "",
        stderr: "c has 17 keys and this member has none: waiting for another primary\n",
      });
      expect(existsSync(at("served"))).toBe(false);
    });

    it.each(["0", "NOPERM this user has no permissions", ""])(
      "but does beside one that answers %j",
      (answer) => {
        answers("c:6379", "dbsize", answer);
        expect(run(scripts.START_MEMBER, primary).status).toBe(0);
      },
    );

    it("and with data of its own", () => {
      answers("c:6379", "dbsize", "17");
      mkdirSync(at("data", "appendonlydir"));
      expect(run(scripts.START_MEMBER, primary).status).toBe(0);
    });

    it("and as a replica, which may be empty", () => {
      answers("c:6379", "dbsize", "17");
      expect(run(scripts.START_MEMBER, member).status).toBe(0);
    });
  });
});

describe("START_WATCHER", () => {
  const configuration = () => noted("data/sentinel/sentinel.conf");
  const id = "e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98";

  it("watches the first member, the very first time", () => {
    expect(run(scripts.START_WATCHER, member).status).toBe(0);
    expect(configuration()).toBe(
      `first part
requirepass s3cret
sentinel sentinel-pass s3cret
sentinel announce-ip b
sentinel myid ${id}
sentinel monitor primary a 6379 2
sentinel auth-user primary internal
sentinel auth-pass primary s3cret
last part
`,
    );
    expect(noted("served")).toBe(`${at("data", "sentinel", "sentinel.conf")} --sentinel\n`);
  });

  it("surprise: a new pod with a name of its own would count as one more watcher", () => {
    run(scripts.START_WATCHER, member);
    run(scripts.START_WATCHER, member);
    expect(configuration().match(/myid/g)).toHaveLength(1);
    expect(configuration()).toContain(id);
    run(scripts.START_WATCHER, { ...member, ME: "c" });
    expect(configuration()).not.toContain(id);
  });

  it("keeps what it found out, and takes everything else from the map and the secret", () => {
    mkdirSync(at("data", "sentinel"));
    const found = [
      "sentinel monitor primary c 6379 2",
      "sentinel config-epoch primary 5",
      "sentinel known-replica primary a 6379",
      "sentinel known-sentinel primary c 26379 abc",
      "sentinel current-epoch 5",
    ];
    writeFileSync(
      at("data", "sentinel", "sentinel.conf"),
      ["requirepass old", ...found, "sentinel auth-pass primary old", "port 1", ""].join("\n"),
    );
    run(scripts.START_WATCHER, member);
    for (const line of found) expect(configuration()).toContain(`${line}\n`);
    expect(configuration()).not.toMatch(/old|port 1|monitor primary a/);
  });
});

describe("STOP_MEMBER", () => {
  it("surprise: asked twice, the watchers would hand over twice", () => {
    answers("localhost:6379", "role", "master");
    answers("a:26379", "sentinel failover primary coordinated", "OK");
    program("sleep", `rm -f "${root}/localhost:6379 role"`);
    expect(run(scripts.STOP_MEMBER, member).status).toBe(0);
    expect(noted("asked").match(/failover/g)).toHaveLength(1);
  });

  it("asks the next watcher when one cannot", () => {
    answers("localhost:6379", "role", "master");
    answers("a:26379", "sentinel failover primary coordinated", "NOGOODSLAVE No suitable replica");
    answers(
      "c:26379",
      "sentinel failover primary coordinated",
      "INPROG Failover already in progress",
    );
    program("sleep", `rm -f "${root}/localhost:6379 role"`);
    run(scripts.STOP_MEMBER, member);
    expect(noted("asked").match(/-h \w -p 26379/g)).toEqual(["-h a -p 26379", "-h c -p 26379"]);
  });

  it("does not wait for what nobody can do", () => {
    answers("localhost:6379", "role", "master");
    program("sleep", `touch "${root}/slept"`);
    expect(run(scripts.STOP_MEMBER, member).status).toBe(0);
    expect(existsSync(at("slept"))).toBe(false);
  });

  it("leaves a replica alone", () => {
    answers("localhost:6379", "role", "slave");
    run(scripts.STOP_MEMBER, member);
    expect(noted("asked")).not.toContain("failover");
  });
});

describe("the probes", () => {
  it("alive is whoever answers, also while it reads its log", () => {
    expect(run(scripts.IS_ALIVE).status).toBe(1);
    answers("localhost:6379", "ping", "LOADING Valkey is loading the dataset in memory");
    expect(run(scripts.IS_ALIVE).status).toBe(0);
  });

  it.each([
    ["LOADING …", "role:master", {}, 1],
    ["PONG", "", {}, 0],
    ["PONG", "role:master", member, 0],
    ["PONG", "role:slave\r\nmaster_link_status:up", member, 0],
    ["PONG", "role:slave\r\nmaster_link_status:down", member, 1],
  ] as const)("ready: %j, %j, %j gives %i", (ping, replication, environment, status) => {
    answers("localhost:6379", "ping", ping);
    answers("localhost:6379", "info replication", replication);
    expect(run(scripts.IS_READY, environment).status).toBe(status);
  });

  it("watching is who answers", () => {
    expect(run(scripts.IS_WATCHING).status).toBe(1);
    answers("localhost:26379", "ping", "PONG");
    expect(run(scripts.IS_WATCHING).status).toBe(0);
  });
});

it("START_SINGLE serves what the map says", () => {
  expect(run(scripts.START_SINGLE).status).toBe(0);
  expect(noted("served")).toBe(`${at("config", "valkey.conf")}\n`);
});

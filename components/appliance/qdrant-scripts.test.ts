import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as scripts from "./qdrant-scripts";

/**
 * The scripts run in a real shell; curl and rclone are stubs that answer like Qdrant 1.7.0 and a
 * bucket, and record their calls. How the real ones behave is not tested here.
 */
let scratch: string;
let bin: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "scratch-"));
  bin = mkdtempSync(join(tmpdir(), "bin-"));
  program("rclone", RCLONE);
});

afterEach(() => {
  rmSync(scratch, { recursive: true });
  rmSync(bin, { recursive: true });
});

const RCLONE = `at() { case $1 in STORE:*) echo "$BIN/store/\${1#STORE:}" ;; *) echo "$1" ;; esac; }
command=$1
for last; do before=\${now:-}; now=$last; done
case $command in
  copy)
    mkdir -p "$(at "$now")"
    [ ! -d "$(at "$before")" ] || cp -R "$(at "$before")/." "$(at "$now")"
    case $* in *"--exclude SHA256SUMS"*) rm "$(at "$now")/SHA256SUMS" ;; esac
    ;;
  copyto) cp "$(at "$before")" "$(at "$now")" ;;
  cat) if [ -e "$BIN/corrupt" ]; then echo other; else cat "$(at "$now")"; fi ;;
  lsf) (cd "$(at "$now")" && find . -name SHA256SUMS | sed 's,^./,,') ;;
esac`;

/** Answers by `METHOD URL`, as branches of a `case`; any other request is an error. */
const curl = (answers: string) => {
  program(
    "curl",
    `method=GET output=/dev/stdout
while [ $# -gt 0 ]; do
  case $1 in
    --config) cp "$2" "$BIN/config"; shift ;;
    --connect-timeout | --header) shift ;;
    --request) method=$2; shift ;;
    --output) output=$2; shift ;;
    --form) method="FORM $2 TO"; shift ;;
    --data-binary) method="DATA $(cat "\${2#@}") TO"; shift ;;
    --*) ;;
    *) url=$1 ;;
  esac
  shift
done
echo "$method $url" >>"$BIN/asked"
case "$method $url" in
${answers}
  FORM* | DATA* | DELETE*) echo '{"result":true}' ;;
  *) echo "curl: (22) 404" >&2; exit 22 ;;
esac >"$output"`,
  );
};

function program(name: string, body: string): void {
  const file = join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

function run(script: string, environment: Readonly<Record<string, string>> = {}) {
  const path = `${bin}:${process.env["PATH"] ?? ""}`;
  return spawnSync("/bin/sh", ["-c", script], {
    env: { PATH: path, SCRATCH: scratch, BIN: bin, API_KEY: "hush", ...environment },
    encoding: "utf8",
  });
}

const asked = () => readFileSync(join(bin, "asked"), "utf8").trim().split("\n");

const QDRANT = `
  "GET http://q-0:6333/collections" | "GET http://q-1:6333/collections")
    echo '{"result":{"collections":[{"name":"beans"},{"name":"two words"}]},"status":"ok","time":1e-6}' ;;
  "POST http://q-"*"/collections/beans/snapshots")
    echo '{"result":{"name":"beans-77-2026-01-02-03-04-05.snapshot","creation_time":"2026-01-02T03:04:05","size":9},"status":"ok","time":0.1}' ;;
  "POST http://q-"*"/collections/%74%77%6f%20%77%6f%72%64%73/snapshots")
    echo '{"result":{"name":"two words-77-2026-01-02-03-04-06.snapshot","creation_time":"2026-01-02T03:04:06","size":9},"status":"ok","time":0.1}' ;;
  "GET http://q-"*"/snapshots/"*) echo "data of $url" ;;
  "GET http://q-"*"/collections/beans/snapshots")
    echo '{"result":[{"name":"beans-77-2026-01-02-03-04-05.snapshot","size":9},{"name":"beans-77-2025-12-31-03-04-05.snapshot","size":9},{"name":"beans-77-2026-01-01-03-04-05.snapshot","size":9}],"status":"ok","time":0}' ;;
  "GET http://q-"*"/collections/%74%77%6f%20%77%6f%72%64%73/snapshots")
    echo '{"result":[{"name":"two words-77-2026-01-02-03-04-06.snapshot","size":9}],"status":"ok","time":0}' ;;
  "GET http://q-0:6333/aliases")
    echo '{"result":{"aliases":[{"alias_name":"a","collection_name":"beans"},{"alias_name":"b","collection_name":"two words"}]},"status":"ok","time":0}' ;;`;

it.each(Object.entries(scripts))("%s is valid shell without Kubernetes variables", (_, text) => {
  expect(execFileSync("/bin/sh", ["-n", "-c", text], { encoding: "utf8" })).toBe("");
  expect(text).not.toContain("$$");
});

describe("a snapshot for the store", () => {
  const PEERS = "http://q-0:6333 http://q-1:6333";

  it("has one file for each peer and collection, with checksums, and leaves nothing behind", () => {
    curl(QDRANT);
    const { status, stdout, stderr } = run(scripts.SNAPSHOT_SCRIPT, { PEERS });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^\d{8}_\d{6}: 4 snapshots of 2 peers\n$/);
    const [folder = ""] = readdirSync(scratch).filter((name) => /^\d{8}_/.test(name));
    expect(readdirSync(join(scratch, folder)).sort()).toEqual([
      "0",
      "1",
      "SHA256SUMS",
      "aliases.json",
    ]);
    expect(readdirSync(join(scratch, folder, "1")).sort()).toEqual([
      "%74%77%6f%20%77%6f%72%64%73.snapshot",
      "beans.snapshot",
    ]);
    expect(readFileSync(join(scratch, folder, "1", "beans.snapshot"), "utf8")).toBe(
      "data of http://q-1:6333/collections/beans/snapshots/beans-77-2026-01-02-03-04-05.snapshot\n",
    );
    const sums = readFileSync(join(scratch, folder, "SHA256SUMS"), "utf8");
    expect(sums.trim().split("\n")).toHaveLength(5);
    expect(sums).not.toContain("SHA256SUMS");
    expect(asked().filter((request) => request.startsWith("DELETE"))).toHaveLength(4);
  });

  it("keeps the key out of the process list", () => {
    curl(QDRANT);
    run(scripts.SNAPSHOT_SCRIPT, { PEERS, CERTIFICATE_AUTHORITY: "PEM" });
    expect(readFileSync(join(bin, "config"), "utf8")).toBe(
      `header = "api-key: hush"\ncacert = "${scratch}/ca.pem"\n`,
    );
    expect(readFileSync(join(scratch, "ca.pem"), "utf8")).toBe("PEM\n");
    expect(asked().join()).not.toContain("hush");
  });

  it("fails if it cannot be read, and is still removed from Qdrant's volume", () => {
    curl(QDRANT.replace('echo "data of $url"', "exit 18"));
    const { status, stderr } = run(scripts.SNAPSHOT_SCRIPT, { PEERS });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "The snapshot of beans could not be read\n",
    });
    expect(asked().at(-1)).toBe(
      "DELETE http://q-0:6333/collections/beans/snapshots/beans-77-2026-01-02-03-04-05.snapshot",
    );
  });

  it("is valid without collections", () => {
    curl(`
  "GET http://q-0:6333/collections") echo '{"result":{"collections":[]},"status":"ok"}' ;;
  "GET http://q-0:6333/aliases") echo '{"result":{"aliases":[]},"status":"ok"}' ;;`);
    const { status, stdout } = run(scripts.SNAPSHOT_SCRIPT, { PEERS: "http://q-0:6333" });
    expect(status).toBe(0);
    expect(stdout).toContain(": 0 snapshots of 1 peers");
  });

  it("fails if Qdrant does not answer", () => {
    curl("");
    expect(run(scripts.SNAPSHOT_SCRIPT, { PEERS }).status).not.toBe(0);
  });
});

describe("snapshots on the volume", () => {
  it("are limited to the newest ones", () => {
    curl(QDRANT);
    const { status, stderr } = run(scripts.KEEP_SCRIPT, { PEERS: "http://q-0:6333", KEEP: "2" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(asked().filter((request) => request.startsWith("DELETE"))).toEqual([
      "DELETE http://q-0:6333/collections/beans/snapshots/beans-77-2025-12-31-03-04-05.snapshot",
    ]);
  });
});

describe("the store", () => {
  const DESTINATION = "the-bucket/seeds";

  beforeEach(() => {
    const folder = join(scratch, "20260102_030405");
    mkdirSync(join(folder, "0"), { recursive: true });
    writeFileSync(join(folder, "0", "beans.snapshot"), "data\n");
    const sum = execFileSync("sha256sum", ["./0/beans.snapshot"], { cwd: folder });
    writeFileSync(join(folder, "SHA256SUMS"), sum);
  });

  it("gets the checksums last, after every file was read back", () => {
    const { status, stdout, stderr } = run(scripts.STORE_SCRIPT, { DESTINATION });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe("20260102_030405: stored below the-bucket/seeds\n");
    const stored = join(bin, "store", DESTINATION, "20260102_030405");
    expect(readdirSync(stored).sort()).toEqual(["0", "SHA256SUMS"]);
  });

  it("gets no checksums if it stored something else", () => {
    writeFileSync(join(bin, "corrupt"), "");
    const { status, stderr } = run(scripts.STORE_SCRIPT, { DESTINATION });
    expect(status).toBe(1);
    expect(stderr).toContain("./0/beans.snapshot was stored with checksum ");
    const stored = join(bin, "store", DESTINATION, "20260102_030405", "SHA256SUMS");
    expect(existsSync(stored)).toBe(false);
  });

  it("returns a complete snapshot", () => {
    run(scripts.STORE_SCRIPT, { DESTINATION });
    const { status } = run(scripts.FETCH_SCRIPT, {
      SOURCE: DESTINATION,
      RESTORE_SNAPSHOT: "20260102_030405",
    });
    expect(status).toBe(0);
    expect(readFileSync(join(scratch, "snapshot", "0", "beans.snapshot"), "utf8")).toBe("data\n");
  });

  it.each([
    ["", "RESTORE_SNAPSHOT is empty: name one of these, the newest first\n20260102_030405\n"],
    ["a/b", "RESTORE_SNAPSHOT is a/b, but must be a folder's name without path\n"],
    ["20250101_000000", "There is no 20250101_000000 with its checksums below the-bucket/seeds\n"],
  ])("returns nothing for the name '%s', and says why", (name, message) => {
    run(scripts.STORE_SCRIPT, { DESTINATION });
    const { status, stderr } = run(scripts.FETCH_SCRIPT, {
      SOURCE: DESTINATION,
      RESTORE_SNAPSHOT: name,
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: message });
  });
});

describe("recovery", () => {
  const write = (peer: string, aliases: string) => {
    mkdirSync(join(scratch, "snapshot", peer), { recursive: true });
    writeFileSync(join(scratch, "snapshot", peer, "beans.snapshot"), "data");
    writeFileSync(join(scratch, "snapshot", "aliases.json"), aliases);
  };

  it("restores each peer's own data, and the aliases of the collections", () => {
    write("0", '{"result":{"aliases":[{"alias_name":"a","collection_name":"beans"}]},"time":0}');
    write("1", '{"result":{"aliases":[{"alias_name":"a","collection_name":"beans"}]},"time":0}');
    curl("");
    const { status, stdout, stderr } = run(scripts.RECOVER_SCRIPT, {
      PEERS: "http://q-0:6333 http://q-1:6333",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe("2 snapshots recovered\n");
    const upload = (peer: number) =>
      `FORM snapshot=@snapshot/${String(peer)}/beans.snapshot;filename=restored.snapshot TO http://q-${String(peer)}:6333/collections/beans/snapshots/upload?priority=snapshot`;
    const removal = (peer: number) =>
      `DELETE http://q-${String(peer)}:6333/collections/beans/snapshots/restored.snapshot`;
    expect(asked()).toEqual([
      upload(0),
      removal(0),
      upload(1),
      removal(1),
      'DATA {"actions":[{"create_alias":{"alias_name":"a","collection_name":"beans"}}]} TO http://q-0:6333/collections/aliases',
    ]);
  });

  it("sends no aliases if there were none", () => {
    write("0", '{"result":{"aliases":[]},"status":"ok","time":0}');
    curl("");
    expect(run(scripts.RECOVER_SCRIPT, { PEERS: "http://q-0:6333" }).status).toBe(0);
    expect(asked().filter((request) => request.startsWith("DATA"))).toEqual([]);
  });

  it("refuses a snapshot of more peers", () => {
    write("0", '{"result":{"aliases":[]}}');
    write("1", '{"result":{"aliases":[]}}');
    curl("");
    const { status, stderr } = run(scripts.RECOVER_SCRIPT, { PEERS: "http://q-0:6333" });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "The snapshot is of more than the 1 peers there are\n",
    });
    expect(existsSync(join(bin, "asked"))).toBe(false);
  });
});

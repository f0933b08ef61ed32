import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as scripts from "./scripts";

/**
 * The scripts run in a real shell; the programs that they call are stubs that record their calls.
 * How PostgreSQL and an object store behave is not tested here.
 */
let scratch: string;
let bin: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "scratch-"));
  bin = mkdtempSync(join(tmpdir(), "bin-"));
});

afterEach(() => {
  rmSync(scratch, { recursive: true });
  rmSync(bin, { recursive: true });
});

function program(name: string, body: string): void {
  const file = join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

function run(script: string, environment: Readonly<Record<string, string>>) {
  const path = `${bin}:${process.env["PATH"] ?? ""}`;
  return spawnSync("/bin/sh", ["-c", script], {
    env: { PATH: path, SCRATCH: scratch, BIN: bin, ...environment },
    encoding: "utf8",
  });
}

const noted = (file: string) => readFileSync(join(bin, file), "utf8");
const URL = "postgresql://app:p%40ss%25w%2f@db.example.com:6432/shop?sslmode=require";

it.each(Object.entries(scripts))("%s is valid shell without Kubernetes variables", (_, text) => {
  expect(execFileSync("/bin/sh", ["-n", "-c", text], { encoding: "utf8" })).toBe("");
  // In a command, Kubernetes reads $$ as an escaped $.
  expect(text).not.toContain("$$");
});

describe("DUMP_SCRIPT", () => {
  beforeEach(() => {
    program(
      "pg_dump",
      'echo "$*" >"$BIN/arguments"; echo "$PGPASSWORD" >"$BIN/password"; for a; do case $a in --file=*) echo data >"${a#--file=}";; esac; done',
    );
    program("pg_restore", 'case $1 in --list) echo "1; 0 TABLE DATA public t";; esac');
  });

  it("keeps the password out of the process list", () => {
    const { status, stdout } = run(scripts.DUMP_SCRIPT, {
      DATABASE_URL: URL,
      FILE_FORMAT: "shop-%Y.dump",
    });
    expect(status).toBe(0);
    const year = String(new Date().getUTCFullYear());
    expect(stdout).toBe(`shop-${year}.dump: 1 tables, 5 bytes, read back without error\n`);
    expect(noted("arguments")).toBe(
      `--dbname=postgresql://app@db.example.com:6432/shop?sslmode=require --no-password --lock-wait-timeout=300000 --format=custom --compress=6 --file=shop-${year}.dump\n`,
    );
    expect(noted("password")).toBe("p@ss%w/\n");
    expect(readFileSync(join(scratch, `shop-${year}.dump.sha256`), "utf8")).toBe(
      `6667b2d1aab6a00caa5aee5af8ad9f1465e567abf1c209d15727d57b3e8f6e5f  shop-${year}.dump\n`,
    );
  });

  it.each([
    ["ep-a-1-pooler.eu.aws.neon.tech", "ep-a-1.eu.aws.neon.tech"],
    ["ep-a-1-pooler.eu.aws.neon.tech:5432", "ep-a-1.eu.aws.neon.tech:5432"],
    ["ep-a-1.eu.aws.neon.tech", "ep-a-1.eu.aws.neon.tech"],
    ["a-pooler.example.com", "a-pooler.example.com"],
  ])("connects to Neon directly: %s", (given, used) => {
    run(scripts.DUMP_SCRIPT, { DATABASE_URL: `postgres://u:p@${given}/d`, FILE_FORMAT: "a.dump" });
    expect(noted("arguments")).toMatch(`--dbname=postgresql://u@${used}/d `);
  });

  it.each([
    [
      "postgresql+asyncpg://app:hush@h/d",
      "DATABASE_URL is not of the form postgresql://user:password@host/database\n",
    ],
    [
      "postgresql://app@h/d?password=hush",
      "DATABASE_URL has its password behind the ?: put it before the @\n",
    ],
  ])("refuses a URL without repeating it", (url, message) => {
    const { status, stderr } = run(scripts.DUMP_SCRIPT, { DATABASE_URL: url, FILE_FORMAT: "a" });
    expect({ status, stderr }).toEqual({ status: 1, stderr: message });
  });

  const PLAIN =
    'for a; do case $a in --file=*) printf "COPY public.t (a) FROM stdin;\\n\\n--\\n-- PostgreSQL database dump complete\\n--\\n\\n" | gzip >"${a#--file=}";; esac; done';

  it("writes compressed SQL if the file name requires it", () => {
    program("pg_dump", `echo "$*" >"$BIN/arguments"; ${PLAIN}`);
    program("pg_restore", "exit 3");
    const { status, stdout } = run(scripts.DUMP_SCRIPT, {
      DATABASE_URL: URL,
      FILE_FORMAT: "a.sql.gz",
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^a\.sql\.gz: 1 tables, \d+ bytes, read back without error\n$/);
    expect(noted("arguments")).toBe(
      "--dbname=postgresql://app@db.example.com:6432/shop?sslmode=require --no-password --lock-wait-timeout=300000 --format=plain --clean --if-exists --no-owner --no-privileges --compress=6 --file=a.sql.gz\n",
    );
    expect(existsSync(join(scratch, "a.sql.gz.sha256"))).toBe(true);
  });

  it.each([
    [
      "ends early",
      'echo "COPY public.t (a) FROM stdin;" | gzip',
      "a.sql.gz does not end as a dump does\n",
    ],
    ["is not compressed", 'echo "-- PostgreSQL database dump complete"', "a.sql.gz"],
  ])("does not accept SQL as a backup if it %s", (_, command, message) => {
    program("pg_dump", `for a; do case $a in --file=*) ${command} >"\${a#--file=}";; esac; done`);
    const { status, stderr } = run(scripts.DUMP_SCRIPT, {
      DATABASE_URL: URL,
      FILE_FORMAT: "a.sql.gz",
    });
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(existsSync(join(scratch, "a.sql.gz.sha256"))).toBe(false);
  });

  it.each(["pg_dump", "pg_restore"])("fails, without a checksum, when %s does", (name) => {
    program(name, "exit 3");
    const { status, stderr } = run(scripts.DUMP_SCRIPT, {
      DATABASE_URL: URL,
      FILE_FORMAT: "a.dump",
    });
    expect(status).toBe(3);
    expect(stderr).toBe(
      "a.dump is not a dump: earlier dumps are as they were. If the database refused the job, look at DATABASE_URL; if no space is left, the volume of SCRATCH is too small. Then run the job again\n",
    );
    expect(existsSync(join(scratch, "a.dump.sha256"))).toBe(false);
  });
});

describe("UPLOAD_SCRIPT", () => {
  const upload = () => {
    writeFileSync(join(scratch, "a.dump"), "data\n");
    execFileSync("/bin/sh", ["-c", "sha256sum a.dump >a.dump.sha256"], { cwd: scratch });
    return run(scripts.UPLOAD_SCRIPT, { DESTINATION: "bucket/shop" });
  };

  it("stores the checksum last, after the stored dump was read back", () => {
    program("rclone", 'echo "$*" >>"$BIN/calls"; if [ "$1" = cat ]; then echo data; fi');
    expect(upload().status).toBe(0);
    expect(noted("calls")).toBe(
      [
        "copy --immutable --include /a.dump . STORE:bucket/shop",
        "cat STORE:bucket/shop/a.dump",
        "copy --immutable --include /a.dump.sha256 . STORE:bucket/shop",
        "",
      ].join("\n"),
    );
  });

  it("refuses a dump that was stored with another checksum", () => {
    program("rclone", 'echo "$*" >>"$BIN/calls"; if [ "$1" = cat ]; then echo dat; fi');
    const { status, stderr } = upload();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^a\.dump was stored with checksum \w{64} instead of 6667b2d1/);
    expect(noted("calls")).not.toContain("a.dump.sha256");
  });

  it("replaces the checksum of a dump of the same name that its own data replaced", () => {
    program(
      "rclone",
      'echo "$*" >>"$BIN/calls"; case "$*" in cat*) echo data;; *"--include /a.dump.sha256"*) exit 6;; esac',
    );
    expect(upload().status).toBe(0);
    expect(noted("calls").split("\n").slice(-3)).toEqual([
      "cat STORE:bucket/shop/a.dump",
      "copyto a.dump.sha256 STORE:bucket/shop/a.dump.sha256",
      "",
    ]);
  });

  it("leaves the checksum of a dump of the same name whose data remain", () => {
    program(
      "rclone",
      'echo "$*" >>"$BIN/calls"; case "$*" in cat*) [ -e "$BIN/second" ] && echo other || echo data; touch "$BIN/second";; *"--include /a.dump.sha256"*) exit 6;; esac',
    );
    expect(upload().status).toBe(1);
    expect(noted("calls")).not.toContain("copyto");
  });

  it("says what to do after an error of rclone", () => {
    program("rclone", 'echo "api error Forbidden" >&2; exit 1');
    const { status, stderr } = upload();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "api error Forbidden\na.dump was not stored below bucket/shop: earlier dumps are as they were. If access is denied, look at the key or identity that the job has for the bucket; if the file is there already, the clock went back or two dumps began in the same second. Then run the job again\n",
    });
  });

  it("fails when there is no dump", () => {
    const { status, stderr } = run(scripts.UPLOAD_SCRIPT, { DESTINATION: "bucket/shop" });
    expect({ status, stderr }).toEqual({ status: 1, stderr: `There is no dump in ${scratch}\n` });
  });
});

describe("DOWNLOAD_SCRIPT", () => {
  it("lists the backups with a checksum, the newest first, when none is named", () => {
    program("rclone", 'echo "$*" >"$BIN/calls"; printf "a-1.dump.sha256\\na-2.dump.sha256\\n"');
    const { status, stderr } = run(scripts.DOWNLOAD_SCRIPT, { SOURCE: "bucket/shop" });
    expect(status).toBe(1);
    expect(stderr).toBe(
      "RESTORE_OBJECT is empty: name one of these, the newest first\na-2.dump\na-1.dump\n",
    );
    expect(noted("calls")).toBe("lsf --include *.sha256 STORE:bucket/shop/\n");
  });

  it("refuses a path", () => {
    const { status, stderr } = run(scripts.DOWNLOAD_SCRIPT, {
      SOURCE: "bucket/shop",
      RESTORE_OBJECT: "../a.dump",
    });
    expect(status).toBe(1);
    expect(stderr).toBe(
      "RESTORE_OBJECT is ../a.dump, but must be a dump's file name without path\n",
    );
  });

  it("reports that there is no such dump", () => {
    program("rclone", "exit 0");
    const { status, stderr } = run(scripts.DOWNLOAD_SCRIPT, {
      SOURCE: "bucket/shop",
      RESTORE_OBJECT: "a.dump",
    });
    expect(status).toBe(1);
    expect(stderr).toBe("There is no a.dump with its checksum below bucket/shop\n");
  });

  it("refuses a dump that does not match its checksum", () => {
    program(
      "rclone",
      `case $3 in *.sha256) echo "${"0".repeat(64)}  a.dump" >"$3";; *) echo data >"$3";; esac`,
    );
    const { status, stderr } = run(scripts.DOWNLOAD_SCRIPT, {
      SOURCE: "bucket/shop",
      RESTORE_OBJECT: "a.dump",
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /\na\.dump is not what was dumped: nothing was restored\. Name another dump\n$/u,
    );
  });
});

describe("RESTORE_SCRIPT", () => {
  const sql = "SET statement_timeout = 0;\nSET transaction_timeout = 0;\nCREATE TABLE t ();";
  const restore = () => {
    writeFileSync(join(scratch, "a.dump"), "data\n");
    writeFileSync(join(scratch, "a.dump.sha256"), "");
    program("psql", 'case $* in *--command=*) ;; *) cat >"$BIN/sql";; esac');
    return run(scripts.RESTORE_SCRIPT, { DATABASE_URL: URL });
  };

  it("executes the dump in one transaction, without settings that older servers do not support", () => {
    program("pg_restore", `case $* in *--file=-*) printf '%s\\n' "${sql}";; esac`);
    const { status, stdout } = restore();
    expect(status).toBe(0);
    expect(stdout).toBe("a.dump: restored into db.example.com:6432\n");
    expect(noted("sql")).toBe("BEGIN;\nSET statement_timeout = 0;\nCREATE TABLE t ();\nCOMMIT;\n");
  });

  it("never commits an incompletely read dump", () => {
    program("pg_restore", `case $* in *--file=-*) echo "CREATE TABLE t ();"; exit 1;; esac`);
    const { status, stderr } = restore();
    expect(status).toBe(1);
    expect(stderr).toBe(
      "a.dump could not be read to its end: the database is what it was before\n",
    );
    expect(noted("sql")).toBe("BEGIN;\nCREATE TABLE t ();\n");
  });

  describe("RESTORE_SCRIPT with compressed SQL", () => {
    const END = "-- PostgreSQL database dump complete";
    const restoreText = (text: string, more = "") => {
      execFileSync("/bin/sh", ["-c", `printf '%s\\n' "$TEXT" | gzip >a.sql.gz; ${more}`], {
        cwd: scratch,
        env: { ...process.env, TEXT: text },
      });
      writeFileSync(join(scratch, "a.sql.gz.sha256"), "");
      program("psql", 'case $* in *--command=*) ;; *) cat >"$BIN/sql";; esac');
      program("pg_restore", "exit 3");
      return run(scripts.RESTORE_SCRIPT, { DATABASE_URL: URL });
    };

    it("is one transaction too", () => {
      const { status, stdout } = restoreText(`${sql}\n${END}`);
      expect(status).toBe(0);
      expect(stdout).toBe("a.sql.gz: restored into db.example.com:6432\n");
      expect(noted("sql")).toBe(
        `BEGIN;\nSET statement_timeout = 0;\nCREATE TABLE t ();\n${END}\nCOMMIT;\n`,
      );
    });

    it.each([
      ["ends early", sql, ""],
      ["is cut off", `${sql}\n${END}`, "head -c 60 a.sql.gz >b; mv b a.sql.gz"],
    ])("touches nothing when it %s", (_, text, more) => {
      expect(restoreText(text, more).status).toBe(1);
      expect(existsSync(join(bin, "sql"))).toBe(false);
    });
  });

  it("touches nothing when the dump cannot be read at all", () => {
    program("pg_restore", "exit 1");
    expect(restore().status).toBe(1);
    expect(existsSync(join(bin, "sql"))).toBe(false);
  });
});

/** How commands, the program and the pack are loaded as one file each: never from sources that have changed. */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROJECT } from "./plan";

interface Ended {
  readonly out: string;
  readonly err: string;
}

let root: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Prints what the entry exports, in a process of its own. */
function load(...flags: readonly string[]): Promise<Ended> {
  const script = 'console.log(require("./bundle/load.cjs").load("index.ts").value())';
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, "-e", script], { cwd: root }, (_error, out, err) => {
      resolve({ out: out.trim(), err });
    });
  });
}

const BUILT = ".built/index.cjs";
const built = (): string => readFileSync(join(root, BUILT), "utf8");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "runstack-bundle-"));
  cpSync(join(PROJECT, "bundle"), join(root, "bundle"), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  for (const file of ["package.json", "package-lock.json", "tsconfig.json"]) {
    cpSync(join(PROJECT, file), join(root, file));
  }
  write(
    "index.ts",
    'import { part } from "./lib/part";\nexport const value = (): string => part;\n',
  );
  write("lib/part/index.ts", 'export const part: string = "one";\n');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe("a built file", () => {
  it("is built once and used again", async () => {
    expect(await load()).toEqual({ out: "one", err: "" });
    const { mtimeMs } = statSync(join(root, BUILT));
    expect(await load()).toEqual({ out: "one", err: "" });
    expect(statSync(join(root, BUILT)).mtimeMs).toBe(mtimeMs);
  });

  it("is what runs, until a source changes", async () => {
    await load();
    write(BUILT, built().replace('"one"', '"built"'));
    expect((await load()).out).toBe("built");
    // As long as before.
    write("lib/part/index.ts", 'export const part: string = "two";\n');
    expect((await load()).out).toBe("two");
  });

  it("is used where the same files have other times, as in a layer of an image", async () => {
    await load();
    write(BUILT, built().replace('"one"', '"built"'));
    for (const path of ["index.ts", "lib", "lib/part", "lib/part/index.ts", "package-lock.json"]) {
      utimesSync(join(root, path), 1, 1);
    }
    expect((await load()).out).toBe("built");
    // What was read once need not be read again.
    const renewed = built();
    expect(renewed).toContain('"built"');
    const [, stamp] = renewed.split("//# builtFrom=");
    expect(stamp).toContain('"1000:"');
    expect((await load()).out).toBe("built");
    expect(built()).toBe(renewed);
    write("lib/part/index.ts", 'export const part: string = "two";\n');
    expect((await load()).out).toBe("two");
  });

  it("is used with other times where nothing can be written beside it", async () => {
    await load();
    write(BUILT, built().replace('"one"', '"built"'));
    utimesSync(join(root, "index.ts"), 1, 1);
    const before = built();
    const blocked = `const fs = require("node:fs"); fs.renameSync = () => { throw new Error("read only"); };`;
    write(".blocked.cjs", blocked);
    expect((await load("-r", "./.blocked.cjs")).out).toBe("built");
    expect(built()).toBe(before);
    expect(readdirSync(join(root, ".built")).filter((name) => /\.\d+$/.test(name))).toEqual([]);
  });

  it("is not kept half loaded when it throws", async () => {
    write("lib/part/index.ts", 'export const part: string = "one";\nthrow new Error("here");\n');
    const script =
      'const { load } = require("./bundle/load.cjs"); for (const _ of [1, 2]) try { load("index.ts"); console.log("half"); } catch ({ message }) { console.log(message); }';
    const out = await new Promise((resolve) => {
      execFile(process.execPath, ["-e", script], { cwd: root }, (_error, text) => {
        resolve(text);
      });
    });
    expect(out).toBe("here\nhere\n");
  });

  it("runs with the code that was compiled of it, and of nothing else", async () => {
    await load();
    const code = readFileSync(join(root, `${BUILT}.code`));
    expect(await load()).toEqual({ out: "one", err: "" });
    expect(readFileSync(join(root, `${BUILT}.code`))).toEqual(code);
    expect(code.toString("latin1")).toMatch(`${process.version}:${process.arch}:`);
    // V8 compares the length only.
    write(BUILT, built().replace('"one"', '"two"'));
    expect((await load()).out).toBe("two");
    write(`${BUILT}.code`, "damaged");
    expect(await load()).toEqual({ out: "two", err: "" });
  });

  it("is built again when another file takes the place of a source", async () => {
    await load();
    write("lib/part.ts", 'export const part: string = "file before folder";\n');
    expect((await load()).out).toBe("file before folder");
  });

  it("is built again when the installed packages change", async () => {
    await load();
    write(BUILT, built().replace('"one"', '"built"'));
    write("package-lock.json", "{}");
    expect((await load()).out).toBe("one");
  });

  it("is built again when it is damaged", async () => {
    await load();
    write(BUILT, built().slice(0, 100));
    expect((await load()).out).toBe("one");
  });

  it("is right in each of many processes that start at once", async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => load()));
    expect(all).toEqual(Array.from({ length: 6 }, () => ({ out: "one", err: "" })));
    expect((await load()).out).toBe("one");
  });

  it("runs without its sources, as in a package", async () => {
    await load();
    renameSync(join(root, ".built"), join(root, "dist"));
    for (const path of ["index.ts", "lib"]) rmSync(join(root, path), { recursive: true });
    expect(await load()).toEqual({ out: "one", err: "" });
  });

  it("points to the line of the source in a stack trace", async () => {
    write("lib/part/index.ts", 'export const part: string = "one";\n\nthrow new Error("here");\n');
    const { err } = await load("--enable-source-maps");
    expect(err).toContain(`${join(root, "lib/part/index.ts")}:3:7`);
  });
});

it("runs even where nothing can be written", async () => {
  write(".built", "a file where the folder should be");
  expect(await load()).toEqual({ out: "one", err: "" });
});

it("says where a source cannot be read", async () => {
  write("lib/part/index.ts", "export const part: string = ;\n");
  const { out, err } = await load();
  expect(out).toBe("");
  expect(err).toMatch(/lib\/part\/index\.ts:1:28: ERROR: Unexpected ";"/);
});

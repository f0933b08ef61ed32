/**
 * Builds all that a package has instead of sources, before it is packed: the commands and the policy pack, one file each,
 * and the components file by file with their types, so that a program loads only what it imports.
 */
"use strict";
const { spawnSync } = require("node:child_process");
const { readFileSync, readdirSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const process = require("node:process");
const { buildSync } = require("esbuild");
const { options } = require("./build.cjs");
const { BUILT, ROOT, builtFile } = require("./load.cjs");

const FOLDER = "dist";
/** These are for a checkout, where the sources are. */
const NOT_PACKED = ["cli/new-system.ts", "index.ts"];

/** @returns the files that it was built from */
function bundle(entry) {
  const built = buildSync({
    ...options(ROOT, entry, builtFile(entry, FOLDER)),
    sourcemap: false,
    write: true,
  });
  return Object.keys(built.metafile.inputs);
}

function compile() {
  const tsc = require.resolve("typescript/bin/tsc");
  const project = join(ROOT, "library", "tsconfig.json");
  const { status } = spawnSync(process.execPath, [tsc, "-p", project], { stdio: "inherit" });
  if (status !== 0) throw new Error("The components do not compile: run `npm run typecheck`.");
}

const packageOf = (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

/** What the authors of the packages inside of the built files ask for. */
function licences(files) {
  const names = [...new Set(files.flatMap((file) => packageOf(file) ?? []))].sort();
  return names.map((name) => {
    const folder = join(ROOT, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
    return `## ${name} ${version} (${license})\n\n${text}`.trim();
  });
}

rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
const files = BUILT.filter((entry) => !NOT_PACKED.includes(entry)).flatMap(bundle);
writeFileSync(
  join(ROOT, FOLDER, "LICENSES.md"),
  ["# Packages inside of the built files", ...licences(files)].join("\n\n") + "\n",
);
compile();

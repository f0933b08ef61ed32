/**
 * Loads a TypeScript file of this project, with all that it imports, as one file of JavaScript: reading and
 * compiling several hundred files one by one took two thirds of a plan's time. In a checkout, `.built/` has that file. It
 * is built when it is missing, and again whenever one of the files that it was built from has changed.
 */
"use strict";
require("./budget.cjs");
const { existsSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const process = require("node:process");
const { requireCompiled } = require("./compiled.cjs");
const { isCurrent } = require("./stamp.cjs");

const ROOT = join(__dirname, "..");
/** What is started often. Commands for those who work on this project look for files beside their own source. */
const BUILT = [
  "index.ts",
  "policies/index.ts",
  ...["check", "findings", "new-system", "plan"].map((command) => `cli/${command}.ts`),
];

const hasSource = (entry) => existsSync(join(ROOT, entry));

/**
 * Where a file is built to: `cli/plan.ts` becomes `.built/cli-plan.cjs` in a checkout, and `dist/cli-plan.cjs` in a package,
 * which has no sources.
 */
const builtFile = (entry, folder = hasSource(entry) ? ".built" : "dist") =>
  join(ROOT, folder, `${entry.replace(/\.ts$/, "").replaceAll("/", "-")}.cjs`);

/** @returns what the file exports */
function load(entry) {
  if (!BUILT.includes(entry)) return loadOneByOne(entry);
  // Node.js 22.8 and newer keep compiled code between runs.
  Module.enableCompileCache?.();
  const file = builtFile(entry);
  // Nothing is written into an installed package.
  if (!hasSource(entry)) return require(file);
  if (isCurrent(ROOT, file)) return loadBuilt(file);
  const built = build(entry, file);
  if (built === undefined) return loadOneByOne(entry);
  return built.written ? loadBuilt(file) : compiled(file, built.text);
}

/**
 * Not where Node.js keeps compiled code by itself, nor where it maps the lines of traces, which it does only for what
 * it has loaded itself.
 */
const loadBuilt =
  Module.enableCompileCache === undefined && process.sourceMapsEnabled !== true
    ? requireCompiled
    : require;

/** Undefined if it cannot be built: the other way of loading says better why. */
function build(entry, file) {
  try {
    return require("./build.cjs").build(ROOT, entry, file);
  } catch {
    return undefined;
  }
}

/** The slow way. It reads only what it comes to, so an error elsewhere does not matter. */
function loadOneByOne(entry) {
  require("tsx/cjs");
  return require(join(ROOT, entry));
}

/** A file that could not be written, in a folder that is read only. */
function compiled(file, text) {
  const loaded = new Module(file, module);
  loaded.filename = file;
  loaded.paths = Module._nodeModulePaths(dirname(file));
  loaded._compile(text, file);
  return loaded.exports;
}

module.exports = { BUILT, ROOT, builtFile, load };

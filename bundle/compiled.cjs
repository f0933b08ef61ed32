/**
 * Runs a built file with the code that V8 compiled in an earlier run, which is kept beside it: compiling a built
 * file takes a quarter of the time of a small check. Node.js 22 does that by itself.
 */
"use strict";
const { Buffer } = require("node:buffer");
const { readFileSync, statSync } = require("node:fs");
const Module = require("node:module");
const { dirname } = require("node:path");
const process = require("node:process");
const { Script, constants } = require("node:vm");
const { attempt, replace } = require("./replace.cjs");

/** V8 compares a hash of its version and flags, but not the processor, and of the text only the length. */
function stateOf(file) {
  const { mtimeMs, size } = statSync(file);
  return Buffer.from(`${process.version}:${process.arch}:${mtimeMs}:${size}\n`);
}

/** What V8 compiled of this very file, as far as anybody knows. */
function codeOf(file, state) {
  try {
    const kept = readFileSync(`${file}.code`);
    return kept.subarray(0, state.length).equals(state) ? kept.subarray(state.length) : undefined;
  } catch {
    return undefined;
  }
}

/** A folder that is read only has no such file: every run compiles then. */
function keep(file, state, script) {
  attempt(() => replace(`${file}.code`, Buffer.concat([state, script.createCachedData()])));
}

/** @returns what the file exports */
function requireCompiled(file) {
  const state = stateOf(file);
  const cachedData = codeOf(file, state);
  const script = new Script(Module.wrap(readFileSync(file, "utf8")), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const loaded = new Module(file, module);
  loaded.filename = file;
  const load = Module.createRequire(file);
  load.cache[file] = loaded;
  try {
    script
      .runInThisContext()
      .call(loaded.exports, loaded.exports, load, loaded, file, dirname(file));
  } catch (error) {
    // As Node.js does: who loads it again must not get a half.
    delete load.cache[file];
    throw error;
  }
  loaded.loaded = true;
  if (cachedData === undefined || script.cachedDataRejected === true) {
    keep(file, state, script);
    // Then every function that was called is compiled. A pack is killed before.
    process.once("exit", () => keep(file, state, script));
  }
  return loaded.exports;
}

module.exports = { requireCompiled };

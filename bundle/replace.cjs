/** Writes a file as a whole or not at all, as many processes may read and write it at once. */
"use strict";
const { renameSync, rmSync, writeFileSync } = require("node:fs");
const process = require("node:process");

/** @throws Error if it cannot be written; then nothing of it stays */
function replace(path, content) {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, content);
    renameSync(draft, path);
  } catch (error) {
    attempt(() => rmSync(draft, { force: true }));
    throw error;
  }
}

/** Whether it succeeded. */
function attempt(change) {
  try {
    change();
    return true;
  } catch {
    return false;
  }
}

module.exports = { attempt, replace };

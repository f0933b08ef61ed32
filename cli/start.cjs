/**
 * Starts a command, and says in a sentence what is missing. Plain JavaScript, so that it can do so before anything else
 * is loaded. Exits with 2, as for every other error.
 */
"use strict";
const { ROOT, load } = require("../bundle/load.cjs");

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function refuseOldNode() {
  const oldest = require("../package.json").engines.node.replace(/^>=/, "");
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [leastMajor, leastMinor] = oldest.split(".").map(Number);
  if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
    fail(`Node.js ${process.versions.node} is too old: ${oldest} or newer is required.`);
  }
}

/**
 * @param entry the file of the command, such as `cli/check.ts`
 * @param install the command that installs what is missing
 */
function start(name, entry, install) {
  refuseOldNode();
  try {
    const { main, run } = load(entry);
    // A command for those who work on this project is loaded from its sources.
    if (run === undefined) require("./process.ts").runProcess(name, main);
    else run();
  } catch (error) {
    // A package, not a file of this repository.
    const [, missing] = /^Cannot find module '([^./][^']*)'/.exec(error.message) ?? [];
    if (error.code !== "MODULE_NOT_FOUND" || missing === undefined) throw error;
    const [scope, rest] = missing.split("/");
    const named = scope.startsWith("@") ? `${scope}/${rest}` : scope;
    fail(`The package ${named} is not installed. ${install(named)}`);
  }
}

module.exports = { ROOT, fail, start };

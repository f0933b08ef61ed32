/**
 * Starts a command: `node cli/run.cjs NAME FILE ARGUMENT…`. Plain JavaScript, so that it can report what is
 * missing before TypeScript is loaded. Exits with 2, as for every other error.
 */
"use strict";
const { join } = require("node:path");

const ROOT = join(__dirname, "..");

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

const oldest = require("../package.json").engines.node.replace(/^>=/, "");
const [major, minor] = process.versions.node.split(".").map(Number);
const [leastMajor, leastMinor] = oldest.split(".").map(Number);
if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  fail(`Node.js ${process.versions.node} is too old: ${oldest} or newer is required.`);
}
try {
  require("tsx/cjs");
  const [name, file] = process.argv.splice(2, 2);
  const { main, run } = require(join(ROOT, file));
  // A command that needs the terminal or the start of its process for itself brings its own.
  if (run === undefined) require("./process.ts").runProcess(name, main);
  else run();
} catch (error) {
  // A package, not a file of this repository.
  const [, name] = /^Cannot find module '([^./][^']*)'/.exec(error.message) ?? [];
  if (error.code !== "MODULE_NOT_FOUND" || name === undefined) throw error;
  const [scope, rest] = name.split("/");
  const named = scope.startsWith("@") ? `${scope}/${rest}` : scope;
  fail(`The package ${named} is not installed. Run \`npm ci\` in ${ROOT} first.`);
}

/**
 * Starts a command: `node cli/run.cjs NAME FILE ARGUMENT…`. Plain JavaScript, so that it can report what is
 * missing before TypeScript is loaded. Exits with 2, as for every other error.
 */
"use strict";
const { ROOT, load } = require("../bundle/load.cjs");

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
  const [name, file] = process.argv.splice(2, 2);
  const { main, run } = load(file);
  // A command for those who work on this project only is not built: see BUILT.
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

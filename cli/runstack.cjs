#!/usr/bin/env node
/** The command `runstack`, wherever it is installed. */
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { builtFile } = require("../bundle/load.cjs");
const { ROOT, fail, start } = require("./start.cjs");

const COMMANDS = {
  check: "checks Kubernetes manifests, without a cluster",
  plan: "plans the stacks of the Pulumi project in this folder, without credentials",
  findings: "prints what the runbooks of Runstack's own systems get wrong",
  "new-system": "writes a new system, in a checkout of Runstack",
};

const HELP = [
  "Checks Kubernetes manifests and Pulumi stacks before anything is created.",
  "",
  "  runstack COMMAND [ARGUMENT]…",
  "",
  ...Object.entries(COMMANDS).map(([name, does]) => `  ${name.padEnd(12)}${does}`),
  "",
  "`runstack COMMAND --help` describes a command. `runstack --version` prints the version.",
  "",
].join("\n");

const version = () => require("../package.json").version;

const notBuilt = (name) =>
  name === "new-system"
    ? "new-system needs a checkout of Runstack, to which it adds the system."
    : `${ROOT} was packed without its built files. Pack it with: npm run package`;

/** An optional dependency, because checks do not need it. */
function hasPulumi() {
  try {
    require.resolve("@pulumi/pulumi");
    return true;
  } catch {
    return false;
  }
}
const NO_PULUMI =
  "@pulumi/pulumi is not installed. Install it beside runstack: npm install @pulumi/pulumi @pulumi/policy";

function run() {
  const [name] = process.argv.splice(2, 1);
  if (name === undefined) fail(HELP.trimEnd());
  if (["--help", "-h", "help"].includes(name)) return void process.stdout.write(HELP);
  if (["--version", "-v"].includes(name)) return void process.stdout.write(`${version()}\n`);
  if (!Object.hasOwn(COMMANDS, name)) {
    const known = Object.keys(COMMANDS).join(", ");
    fail(`There is no command ${JSON.stringify(name)}. The commands are: ${known}.`);
  }
  const file = `cli/${name}.ts`;
  const packed = !existsSync(join(ROOT, file));
  if (packed && !existsSync(builtFile(file))) fail(notBuilt(name));
  if (name === "plan" && !hasPulumi()) fail(NO_PULUMI);
  start(name, file, (missing) =>
    packed
      ? `Install it beside runstack: npm install ${missing}`
      : `Run \`npm ci\` in ${ROOT} first.`,
  );
}

run();

/** Starts a command in a checkout: `node cli/run.cjs NAME FILE ARGUMENT…`. */
"use strict";
const { ROOT, start } = require("./start.cjs");

const [name, file] = process.argv.splice(2, 2);
start(name, file, () => `Run \`npm ci\` in ${ROOT} first.`);

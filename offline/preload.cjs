/**
 * Loaded into the program's process before anything else; changes only how errors are shown.
 *
 * 1. The runner's stack traces name positions in compiled code, unless the library that maps them
 *    back sees what the compiler produced.
 * 2. Colouring a trace that leads through `@pulumi/<file>.ts` never ends: Node searches for the end of
 *    the package's name without end (`markNodeModules` in `lib/internal/util/inspect.js`).
 */
"use strict";
const { createRequire } = require("node:module");
const process = require("node:process");
const util = require("node:util");

try {
  const runner = createRequire(process.argv[1]);
  runner("source-map-support").install({ hookRequire: true });
} catch {
  // Without it, positions are those of the compiled code.
}

const inspect = util.inspect;
util.inspect = Object.assign((value, options, ...rest) => {
  const colored = typeof options === "object" && options !== null && options.colors === true;
  return inspect(value, colored ? { ...options, colors: false } : options, ...rest);
}, inspect);

/**
 * Loaded into the program's process before anything else; changes how errors are shown, and drops
 * messages that the host would drop.
 *
 * 1. The runner's stack traces name positions in compiled code, unless the library that maps them
 *    back sees what the compiler produced.
 * 2. Colouring a trace that leads through `@pulumi/<file>.ts` never ends: Node searches for the end of
 *    the package's name without end (`markNodeModules` in `lib/internal/util/inspect.js`).
 * 3. The library sends each of its many messages for debugging as a request of its own, one after
 *    the other: most of the time of a large plan.
 */
"use strict";
const { createRequire } = require("node:module");
const process = require("node:process");
const util = require("node:util");

/** Loads a file of the runner; undefined in other processes that inherit this file, and ever after a change there. */
function ofRunner(name) {
  try {
    return createRequire(process.argv[1])(name);
  } catch {
    return undefined;
  }
}

ofRunner("source-map-support")?.install({ hookRequire: true });

const inspect = util.inspect;
util.inspect = Object.assign((value, options, ...rest) => {
  const colored = typeof options === "object" && options !== null && options.colors === true;
  return inspect(value, colored ? { ...options, colors: false } : options, ...rest);
}, inspect);

// After the runner has loaded, and before it starts the program.
process.nextTick(() => {
  const log = ofRunner("../../log");
  if (log?.debug !== undefined) log.debug = () => Promise.resolve();
});

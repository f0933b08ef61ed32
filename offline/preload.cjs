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
 * 4. Positions of stack traces that nobody sees are not mapped back to the source.
 */
"use strict";
const { createRequire } = require("node:module");
const { sep } = require("node:path");
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

/**
 * The library asks for a stack trace at each registration and each promise, and reads nothing of it
 * that a plan shows. Mapping all those positions back would be a good part of a plan's time.
 */
function mapOnlyWhatIsShown() {
  const mapped = Error.prepareStackTrace;
  if (mapped === undefined) return;
  Error.prepareStackTrace = (error, frames) =>
    error.message === "" && frames[0]?.getFileName()?.includes(LIBRARY) === true
      ? String(error)
      : mapped(error, frames);
}
const LIBRARY = ["", "node_modules", "@pulumi", "pulumi", ""].join(sep);

const inspect = util.inspect;
util.inspect = Object.assign((value, options, ...rest) => {
  const colored = typeof options === "object" && options !== null && options.colors === true;
  return inspect(value, colored ? { ...options, colors: false } : options, ...rest);
}, inspect);

// After the runner has loaded, and before it starts the program.
process.nextTick(() => {
  mapOnlyWhatIsShown();
  const log = ofRunner("../../log");
  if (log?.debug !== undefined) log.debug = () => Promise.resolve();
});

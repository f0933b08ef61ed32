/**
 * Loaded into the program's process before anything else. Changes how errors are shown, and drops
 * messages that the host would drop.
 *
 * 1. The runner's stack traces show positions in compiled code, unless the source map library sees
 *    the compiler's output.
 * 2. Colouring a trace with a frame in `@pulumi/<file>.ts` never ends: Node loops while it searches for the
 *    end of the package's name (`markNodeModules` in `lib/internal/util/inspect.js`).
 * 3. The library sends each of its many debug messages as a separate request, one after the other. In a
 *    large plan, this takes most of the time.
 * 4. Positions of stack traces that nobody sees are not mapped back to the source.
 */
"use strict";
const { createRequire } = require("node:module");
const { sep } = require("node:path");
const process = require("node:process");
const util = require("node:util");

/**
 * Loads a file of the runner; undefined in other processes that inherit this file, or if the runner's
 * layout changes.
 */
function ofRunner(name) {
  try {
    return createRequire(process.argv[1])(name);
  } catch {
    return undefined;
  }
}

ofRunner("source-map-support")?.install({ hookRequire: true });

/**
 * The library creates a stack trace at each registration and each promise, but a plan shows none of it. Mapping
 * all those positions back would take a large part of a plan's time.
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

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
 * 5. The runner of policy packs always loads the TypeScript compiler. It is loaded with the first `.ts` file.
 * 6. Other packages that a plan never uses are loaded when they are used.
 */
"use strict";
require("../bundle/budget.cjs");
const { createRequire } = require("node:module");
const { sep } = require("node:path");
const process = require("node:process");
const util = require("node:util");
const { mapOnlyWhatIsShown, withoutTraces } = require("./traces.cjs");

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

const LATE = require.resolve("./late.cjs");
require(LATE).loadLate();
ofRunner("source-map-support")?.install({ hookRequire: true });

const inspect = util.inspect;
util.inspect = Object.assign((value, options, ...rest) => {
  const colored = typeof options === "object" && options !== null && options.colors === true;
  return inspect(value, colored ? { ...options, colors: false } : options, ...rest);
}, inspect);

/** Gives the runner a compiler that loads the real one when a file needs it. */
function compileOnDemand() {
  const utilities = ofRunner("../../tsutils");
  if (utilities?.typeScriptRequireStrings === undefined) return;
  const real = utilities.typeScriptRequireStrings;
  const stand = require("./compiler.cjs");
  stand.onDemand(() => real());
  utilities.typeScriptRequireStrings = () => ({
    typescriptRequire: require.resolve("./compiler.cjs"),
    tsnodeRequire: require.resolve("./compiler.cjs"),
  });
}
const PACK_RUNNER = ["", "cmd", "run-policy-pack"].join(sep);

if (process.argv[1]?.includes(PACK_RUNNER) === true) compileOnDemand();

// After the runner has loaded, and before it starts the program.
process.nextTick(() => {
  mapOnlyWhatIsShown([LATE]);
  withoutTraces(ofRunner("../../runtime/debuggable"));
  const log = ofRunner("../../log");
  if (log?.debug !== undefined) log.debug = () => Promise.resolve();
});

/**
 * The library creates a stack trace at each registration and each promise, but a plan shows none of it. With all
 * those positions mapped back to the source, they would take more than half of a program's time.
 */
"use strict";
const { sep } = require("node:path");

const LIBRARY = ["", "node_modules", "@pulumi", "pulumi", ""].join(sep);

/** Leaves the library's own traces as they are. @param hidden files whose frames are not shown */
exports.mapOnlyWhatIsShown = (hidden = []) => {
  const mapped = Error.prepareStackTrace;
  if (mapped === undefined || mapped.isOurs) return;
  const map = (error, frames) =>
    error.message === "" && frames[0]?.getFileName()?.includes(LIBRARY) !== false
      ? String(error)
      : mapped(
          error,
          frames.filter((frame) => !hidden.includes(frame.getFileName())),
        );
  Error.prepareStackTrace = Object.assign(map, { isOurs: true });
};

/**
 * Does without the trace of where a promise was made, which is taken even if nothing will ever show it.
 *
 * @param debuggable the library's `runtime/debuggable`; undefined if its layout changes
 */
exports.withoutTraces = (debuggable) => {
  if (debuggable?.debugPromiseLeaks !== false || debuggable.debuggablePromise.isOurs) return;
  const { debuggablePromise } = debuggable;
  const untraced = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
  debuggable.debuggablePromise = Object.assign(untraced, { isOurs: true });
};

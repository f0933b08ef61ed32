/**
 * Delays packages that the library loads at its start, and that a plan rarely uses: for functions that become
 * resources, and for traces of the engine. They are more than half of the library's loading time.
 */
"use strict";
const Module = require("node:module");
const { sep } = require("node:path");

const LIBRARY = ["", "node_modules", "@pulumi", "pulumi", ""].join(sep);
const LATE = new Set([
  "@npmcli/arborist",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
  "typescript",
]);

/** A stand-in for what a package exports, which loads the package when something is read of it. */
function late(load) {
  let loaded;
  const real = () => (loaded ??= load());
  return new Proxy(
    {},
    {
      // The library asks for this mark while it loads.
      get: (_, key) => (key === "__esModule" ? true : (real()[key] ?? defaultOf(key, real()))),
      has: (_, key) => key in real(),
    },
  );
}

/** What `import thing from` gives of a package without the mark: all that it exports. */
const defaultOf = (key, exported) =>
  key === "default" && exported.__esModule !== true ? exported : undefined;

/** Applies to what is loaded from now on. */
exports.loadLate = () => {
  const load = Module._load;
  Module._load = function (request, parent, ...rest) {
    const now = () => load.call(this, request, parent, ...rest);
    return LATE.has(request) && parent?.filename?.includes(LIBRARY) === true ? late(now) : now();
  };
};

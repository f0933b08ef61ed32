/**
 * Stands in for `typescript` and `ts-node` where the runner of policy packs registers them. Most packs are
 * JavaScript, or bring a faster compiler, and never need the one that the runner loads.
 */
"use strict";
const { createRequire } = require("node:module");
const process = require("node:process");

let find;

/** @param paths gives those of the real modules */
exports.onDemand = (paths) => {
  find = paths;
};

/** The runner asks `typescript` for it, to choose the options for `register`. */
exports.version = "5.0.0";

/** @param options for the `register` of `ts-node` */
exports.register = (options) => {
  const { extensions } = createRequire(process.argv[1]);
  const load = (module, file) => {
    delete extensions[".ts"];
    registerReal(options);
    extensions[".ts"](module, file);
  };
  extensions[".ts"] = load;
};

function registerReal(options) {
  const load = createRequire(process.argv[1]);
  const { typescriptRequire, tsnodeRequire } = find();
  const [major, minor] = load(typescriptRequire).version.split(".").map(Number);
  const isOld = major < 4 || (major === 4 && minor < 7);
  const { compilerOptions } = options;
  const old = { ...compilerOptions, module: "commonjs", moduleResolution: "node" };
  load(tsnodeRequire).register({
    ...options,
    compiler: typescriptRequire,
    compilerOptions: isOld ? old : compilerOptions,
  });
}

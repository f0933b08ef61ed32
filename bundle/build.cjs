/**
 * Builds one file of JavaScript from a TypeScript file and all that it imports. Pulumi's packages stay outside: the
 * program and the runner that starts it share one instance of them.
 */
"use strict";
const { mkdirSync, statSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { buildSync } = require("esbuild");
const { attempt, replace } = require("./replace.cjs");
const { stampOf } = require("./stamp.cjs");

const options = (root, entry, file) => ({
  absWorkingDir: root,
  entryPoints: [join(root, entry)],
  outfile: file,
  // For a package that has both: of ES modules, what is not used is left out.
  mainFields: ["module", "main"],
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["@grpc/*", "@pulumi/*", "google-protobuf"],
  sourcemap: "linked",
  sourcesContent: false,
  metafile: true,
  write: false,
  logLevel: "silent",
});

/** Replaces a file at once, so that nobody reads half of it. */
/**
 * @returns the built text, and whether it could be written
 * @throws Error if the sources cannot be read or parsed
 */
function build(root, entry, file) {
  const folder = dirname(file);
  const writable = attempt(() => mkdirSync(folder, { recursive: true }));
  const since = afterChanges(root);
  const { outputFiles, metafile } = buildSync(options(root, entry, file));
  const [text, map] = [".cjs", ".cjs.map"].map(
    (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text,
  );
  const stamp = stampOf(root, Object.keys(metafile.inputs), since);
  const written =
    writable &&
    stamp !== undefined &&
    attempt(() => {
      replace(`${file}.map`, map);
      replace(file, text + stamp);
    });
  return { text, written };
}

/**
 * A time after the last change of the folder, which making the folder for built files is one of: file systems and the
 * clock do not agree to the millisecond. A folder with a time in the future is not waited for.
 */
function afterChanges(root) {
  const { mtimeMs } = statSync(root);
  const patience = Date.now() + 50;
  while (Date.now() <= mtimeMs && Date.now() < patience);
  return Date.now();
}

module.exports = { build, options };

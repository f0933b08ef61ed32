/**
 * What a built file was built from. It stands in the file's last line, so that the two are replaced together, as
 * many processes may start at once.
 */
"use strict";
const { Buffer } = require("node:buffer");
const { createHash } = require("node:crypto");
const {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  statSync,
} = require("node:fs");
const { dirname, join } = require("node:path");
const { attempt, replace } = require("./replace.cjs");

const MARK = "\n//# builtFrom=";
/** These decide how everything is built; the lock file, what is in the installed packages. */
const ALWAYS = ["package-lock.json", "tsconfig.json", "bundle/build.cjs", "bundle/stamp.cjs"];

/** A file's or folder's size and time of change. A folder changes when a file in it comes, goes or is renamed. */
function stateOf(root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs}:${stats.isDirectory() ? "" : stats.size}`;
}

/**
 * What a file holds, or the names in a folder: an image's layers, a cache and a copy give files other times. What no
 * build reads, and comes and goes, does not count.
 */
function contentOf(root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) return "";
  const content = stats.isDirectory()
    ? readdirSync(join(root, path)).filter(isSource).sort().join("/")
    : readFileSync(join(root, path));
  return createHash("sha256").update(content).digest("base64");
}

const isSource = (name) => /^[^.].*\.(?:ts|json|c?js)$|^[^.]+$/.test(name);

/** A file, and every folder that it is in: another file there may take its place. */
const withFolders = (path) => (path === "." ? [path] : [path, ...withFolders(dirname(path))]);

/**
 * The line to append; undefined if a file was changed since, so that nobody knows which version was built.
 *
 * @param files paths relative to the root
 * @param since milliseconds since 1970, before the first of them was read
 */
function stampOf(root, files, since) {
  const own = files.filter((file) => !file.includes("node_modules/"));
  const paths = [...new Set([...ALWAYS, ...own.flatMap(withFolders)])].sort();
  const states = paths.map((path) => stateOf(root, path));
  if (states.some((state) => isSince(state, since))) return undefined;
  const contents = paths.map((path) => contentOf(root, path));
  return `${MARK}${JSON.stringify({ paths, states, contents })}\n`;
}

/** Whether the built file is there and none of the files that it was built from has changed. */
function isCurrent(root, file) {
  const text = lastLine(file);
  if (text === undefined) return false;
  try {
    const since = Date.now();
    const { paths, states, contents } = JSON.parse(text);
    const now = paths.map((path) => stateOf(root, path));
    if (now.every((state, index) => state === states[index])) return true;
    const isSame = paths.every(
      (path, index) => now[index] === states[index] || contentOf(root, path) === contents[index],
    );
    if (isSame && !now.some((state) => isSince(state, since))) {
      attempt(() => renew(file, text, { paths, states: now, contents }));
    }
    return isSame;
  } catch {
    return false;
  }
}

const isSince = (state, since) => Number.parseFloat(state) >= since;

/** Else every run would read all sources of a copy, whose files have other times. */
function renew(file, old, stamp) {
  const text = readFileSync(file, "utf8");
  const end = `${MARK}${old}`;
  // Another process may have built it anew.
  if (!text.endsWith(end)) return;
  replace(file, `${text.slice(0, -end.length)}${MARK}${JSON.stringify(stamp)}\n`);
}

/** Longer than the stamp of any of them. */
const MOST_BYTES = 256 * 1024;

function lastLine(file) {
  let opened;
  try {
    opened = openSync(file, "r");
    const { size } = fstatSync(opened);
    const length = Math.min(size, MOST_BYTES);
    const bytes = Buffer.alloc(length);
    readSync(opened, bytes, 0, length, size - length);
    const text = bytes.toString("utf8");
    const start = text.lastIndexOf(MARK);
    return start < 0 ? undefined : text.slice(start + MARK.length);
  } catch {
    return undefined;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

module.exports = { isCurrent, stampOf };

/**
 * Makes V8 optimize later. A command, a program and a pack run for a second or two, most of their functions a
 * thousand times, and with V8's own budget a third of the processor time went into optimizing code that was hardly used
 * afterwards. What runs for long is still optimized.
 */
"use strict";
const process = require("node:process");
const { setFlagsFromString } = require("node:v8");

/** Bytes of bytecode that a function runs before it is optimized. V8's own is 132 KiB. */
const BUDGET = 800_000;
/** V8 of newer versions calls it otherwise, and has a compiler between the two. */
const NEWEST = 23;

if (Number.parseInt(process.versions.node, 10) <= NEWEST) {
  setFlagsFromString(`--interrupt-budget=${BUDGET}`);
}

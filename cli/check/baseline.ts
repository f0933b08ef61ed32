/**
 * A baseline: violations that were there when a repository began to check, so that only new ones fail. Its paths are
 * relative to its own folder, and it names what is violated rather than lines, so that other changes do not void it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { reasonOf } from "../../lib/reading";
import { many } from "../../lib/words";
import type { CheckFinding, Note } from "../../reports/check";
import { byText, NO_PLACE } from "../../reports/findings";
import { jsonText } from "../../reports/escape";
import { UsageError } from "../options";

const VERSION = 1;

interface Entry {
  readonly policy: string;
  /** Empty for a violation by all objects together. */
  readonly file: string;
  readonly object: string;
  /** With the names of list items instead of their numbers; empty for the whole object. */
  readonly path: string;
  /** How often. */
  readonly count: number;
}

export interface Remaining {
  readonly findings: readonly CheckFinding[];
  /** How many findings the baseline has. */
  readonly known: number;
  readonly notes: readonly Note[];
  /** The baseline cannot be used: everything counts as new. */
  readonly errors: readonly Note[];
}

/** What this check looked at: the rest of a baseline is not gone. */
export interface Looked {
  readonly cwd: string;
  readonly files: readonly string[];
  readonly ran: (policy: string) => boolean;
}

/** The findings that the baseline does not have. */
export function beyond(
  findings: readonly CheckFinding[],
  file: string,
  { cwd, files, ran }: Looked,
): Remaining {
  const entries = readEntries(file, cwd);
  if (typeof entries === "string") {
    const error = { ...NO_PLACE, file, message: entries };
    return { findings, known: 0, notes: [], errors: [error] };
  }
  const left = new Map(entries.map(({ count, ...entry }) => [keyOf(entry), count] as const));
  const fresh = findings.filter((finding) => {
    const key = keyOf(entryOf(finding, file, cwd));
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
  const read = new Set(["", ...files.map((one) => fromBaseline(one, file, cwd))]);
  const gone = entries
    .filter((entry) => read.has(entry.file) && ran(entry.policy))
    .reduce((sum, entry) => sum + (left.get(keyOf(entry)) ?? 0), 0);
  const message = `${many(gone, "violation")} of the baseline ${gone === 1 ? "is" : "are"} gone: write it anew, so that they cannot come back unseen (--write-baseline ${file})`;
  return {
    findings: fresh,
    known: findings.length - fresh.length,
    notes: gone === 0 ? [] : [{ ...NO_PLACE, file, message }],
    errors: [],
  };
}

/** @throws UsageError */
export function writeBaseline(findings: readonly CheckFinding[], file: string, cwd: string): void {
  const entries = new Map<string, Entry>();
  for (const finding of findings) {
    const entry = entryOf(finding, file, cwd);
    const key = keyOf(entry);
    entries.set(key, { ...entry, count: (entries.get(key)?.count ?? 0) + 1 });
  }
  const violations = [...entries]
    .sort(([one], [other]) => byText(one, other))
    .map(([, entry]) => entry);
  try {
    writeFileSync(resolve(cwd, file), jsonText({ version: VERSION, violations }));
  } catch (error) {
    throw new UsageError(`--write-baseline ${file} cannot be written: ${reasonOf(error)}.`);
  }
}

const keyOf = ({ policy, file, object, path }: Omit<Entry, "count">): string =>
  JSON.stringify([file, object, path, policy]);

const fromBaseline = (file: string, baseline: string, cwd: string): string =>
  relative(dirname(resolve(cwd, baseline)), resolve(cwd, file)).replaceAll("\\", "/");

function entryOf({ about, identity }: CheckFinding, baseline: string, cwd: string) {
  const [file = "", apiVersion = "", subject = "", path = ""] = identity;
  return {
    policy: about.name,
    file: file === "" ? "" : fromBaseline(file, baseline, cwd),
    object: `${apiVersion} ${subject}`.trim(),
    path,
  };
}

/** The entries, or what is wrong with the file. */
function readEntries(file: string, cwd: string): readonly Entry[] | string {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(resolve(cwd, file), "utf8"));
  } catch (error) {
    const isOther = error instanceof SyntaxError;
    const reason = isOther ? `it is not JSON (${error.message})` : reasonOf(error);
    return `the baseline cannot be read: ${reason}`;
  }
  const wrong = (text: string): string =>
    `the baseline ${text}; write it anew: --write-baseline ${file}`;
  if (!isMapping(content) || !("version" in content)) return wrong("is none of this command");
  const { version, violations } = content;
  if (version !== VERSION) {
    return wrong(`has version ${JSON.stringify(version)}, and this command reads ${VERSION}`);
  }
  if (!Array.isArray(violations) || !violations.every(isEntry)) {
    return wrong("has violations that this command did not write");
  }
  return violations;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isEntry = (value: unknown): value is Entry =>
  isMapping(value) &&
  ["policy", "file", "object", "path"].every((key) => typeof value[key] === "string") &&
  Number.isInteger(value["count"]) &&
  Number(value["count"]) > 0;

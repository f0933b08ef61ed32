/**
 * A baseline: violations that were there when a repository began to check, so that only new ones fail. Its paths are
 * relative to its own folder, and it names what is violated rather than lines, so that other changes do not void it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { reasonOf } from "../../lib/reading";
import { many } from "../../lib/words";
import type { CheckFinding } from "../../reports/check";
import { byText, NO_PLACE } from "../../reports/findings";
import { jsonText } from "../../reports/escape";
import { UsageError } from "../options";
import { isMapping } from "./read";
import type { Suppressed } from "./suppressions";

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

/** What this check looked at: the rest of a baseline is not gone. */
export interface Looked {
  readonly cwd: string;
  readonly files: readonly string[];
  readonly ran: (policy: string) => boolean;
}

/**
 * The findings that the baseline does not have, and how many it has; all of them, and an error, if it cannot be used. An
 * object that several kustomizations render has its violations once in the baseline.
 */
export function beyond(
  findings: readonly CheckFinding[],
  file: string,
  { cwd, files, ran }: Looked,
): Suppressed {
  const entries = readEntries(file, cwd);
  if (typeof entries === "string") {
    const error = { ...NO_PLACE, file, message: entries };
    return { findings, count: 0, notes: [], errors: [error] };
  }
  const known = new Map(entries.map(({ count, ...entry }) => [keyOf(entry), count] as const));
  const seen = new Tally();
  const fresh = findings.filter((finding) => {
    const key = keyOf(entryOf(finding, file, cwd));
    return seen.add(key, finding) > (known.get(key) ?? 0);
  });
  const read = new Set(["", ...files.map((one) => fromBaseline(one, file, cwd))]);
  const gone = entries
    .filter((entry) => read.has(entry.file) && ran(entry.policy))
    .reduce((sum, entry) => sum + Math.max(0, entry.count - seen.most(keyOf(entry))), 0);
  const message = `${many(gone, "violation")} of the baseline ${gone === 1 ? "is" : "are"} gone: write it anew, so that they cannot come back unseen (--write-baseline ${file})`;
  return {
    findings: fresh,
    count: findings.length - fresh.length,
    notes: gone === 0 ? [] : [{ ...NO_PLACE, file, message }],
    errors: [],
  };
}

/** Counts findings in each rendering, because the same one in another is no further one. */
class Tally {
  private readonly counts = new Map<string, Map<string, number>>();

  /** @returns how many of its rendering there are by now */
  add(key: string, { object: { template } }: CheckFinding): number {
    const own = this.counts.get(key) ?? new Map<string, number>();
    const count = (own.get(template) ?? 0) + 1;
    this.counts.set(key, own.set(template, count));
    return count;
  }

  most = (key: string): number => Math.max(0, ...(this.counts.get(key)?.values() ?? []));
}

/** @throws UsageError */
export function writeBaseline(findings: readonly CheckFinding[], file: string, cwd: string): void {
  const entries = new Map<string, Entry>();
  const seen = new Tally();
  for (const finding of findings) {
    const entry = entryOf(finding, file, cwd);
    const key = keyOf(entry);
    seen.add(key, finding);
    entries.set(key, { ...entry, count: seen.most(key) });
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

const isEntry = (value: unknown): value is Entry =>
  isMapping(value) &&
  ["policy", "file", "object", "path"].every((key) => typeof value[key] === "string") &&
  Number.isInteger(value["count"]) &&
  Number(value["count"]) > 0;

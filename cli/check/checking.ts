/**
 * From paths to a report: finds and reads files, evaluates policies, and looks up the line of each
 * finding.
 */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Configured } from "../../lib/policy-configuration";
import type { PolicyContext } from "../../policies/policy-context";
import { evaluateManifests, type Found, type Result } from "../../policies/manifests/evaluate";
import { unjudgedPods } from "../../policies/manifests/unjudged";
import type { Policy } from "../../policies/policy";
import type { CheckedObject, CheckFinding, CheckReport } from "../../reports/check";
import { NO_PLACE } from "../../reports/findings";
import { duplicates, withoutCopies } from "./copies";
import { STDIN, findFiles, reasonOf, type Found as FoundFiles, type InputFile } from "./files";
import { located } from "./finding";
import { groupsOf, together } from "./groups";
import { rendered } from "./input";
import { startOf, type Located } from "./located";
import { beyond } from "./baseline";
import { ignores, type Project } from "./project";
import { readSource, type Contents } from "./read";
import { suppress } from "./suppressions";
import type { Tools } from "./tools";
import { today } from "../../policies/exemptions";

export interface CheckOptions {
  readonly policies: readonly Policy[];
  readonly policyContext: PolicyContext;
  readonly configured: ReadonlyMap<string, Configured>;
  /** The namespace for objects that have none; default: they stay without one. */
  readonly namespace?: string | undefined;
  /** What renders kustomizations and charts; default: nothing does, and they are named. */
  readonly tools?: Tools | undefined;
  /** Reads standard input. */
  readonly stdin: () => Uint8Array;
  /** The file of the exemptions, for messages. */
  readonly exemptionsIn?: string;
  /** Today's date, `YYYY-MM-DD`; default: from the clock. */
  readonly day?: string;
  /** The file whose violations are left out. */
  readonly baseline?: string | undefined;
  readonly project: Project;
}

type Search = Pick<FoundFiles, "files" | "charts">;

/** Bytes. The largest bundles of CustomResourceDefinitions have about ten million. */
const LARGEST_FILE = 64 * 1024 * 1024;

export function check(paths: readonly string[], cwd: string, options: CheckOptions): CheckReport {
  const search = findFiles(paths, cwd);
  const wanted = withoutIgnored(search, options.project, cwd);
  const { files, renderings, unrendered } = rendered(wanted, cwd, options);
  const contents = files.map((file) => read(file, options.stdin));
  const written = contents.flatMap((one) => one.objects);
  const groups = groupsOf(written, renderings, options.namespace);
  const results = groups.map((group) => evaluateManifests(options.policies, group, options));
  const objects = groups.flat();
  const judged = located(together(results), options.exemptionsIn);
  const { count, ...suppressed } = suppress(judged, objects, readingOf(options));
  const fresh = newOf(withoutCopies(suppressed.findings), options, cwd);
  const made = [...unrendered, ...renderings];
  const said = [...made, ...contents];
  const problems = [
    ...[...search.errors, ...said.flatMap((one) => one.errors ?? [])],
    ...suppressed.errors,
  ];
  const nothing = { ...NO_PLACE, message: `${paths.join(", ")}: there is nothing to check` };
  const undecided = results.flatMap((one) => one.undecided);
  return {
    findings: inOrder(fresh.findings),
    evaluated: sum(results, "evaluated"),
    files: [...new Set([...contents, ...renderings].flatMap(fileOf))],
    objects: objects.map(subjectOf),
    skipped: contents.filter(isSkipped).length,
    exempted: sum(results, "exempted") + count,
    baseline: fresh.known,
    undecided: sum(results, "unknown") + undecided.length,
    undecidedList: withoutCopies(openOf(undecided, options)),
    settings: options.project.file,
    errors: objects.length + problems.length === 0 ? [nothing] : problems,
    notes: [
      ...[...said.flatMap((one) => one.notes), ...groups.flatMap(duplicates)],
      ...suppressed.notes,
      ...fresh.notes,
      ...unjudgedPods(objects).map(({ manifest, message }) => ({ ...startOf(manifest), message })),
    ],
  };
}

const sum = (results: readonly Result[], key: "evaluated" | "exempted" | "unknown"): number =>
  results.reduce((total, one) => total + one[key], 0);

/** The file that has objects: of a rendering, what was rendered. */
const fileOf = ({ objects = [] }: Partial<Pick<Contents, "objects">>): readonly string[] =>
  objects.slice(0, 1).map(({ source }) => source.file);

/** The project's file may leave out files and charts of folders, but not files that are named. */
function withoutIgnored(search: Search, project: Project, cwd: string): Search {
  const patterns = project.list("ignore") ?? [];
  if (patterns.length === 0) return search;
  const isIgnored = ignores(patterns);
  const root = resolve(cwd, project.path("."));
  const isOut = (path: string): boolean => isIgnored(relative(root, resolve(cwd, path)));
  return {
    files: search.files.filter(({ path, isNamed }) => isNamed || !isOut(path)),
    charts: search.charts.filter(({ path }) => !isOut(join(path, "Chart.yaml"))),
  };
}

const readingOf = ({ policies, configured, day = today() }: CheckOptions) => ({
  policies: new Set(policies.map(({ name }) => name)),
  day,
  ran: (policy: string): boolean =>
    !["disabled", undefined].includes(configured.get(policy)?.level),
});

const newOf = (
  findings: readonly CheckFinding[],
  { baseline }: CheckOptions,
  cwd: string,
): ReturnType<typeof beyond> =>
  baseline === undefined ? { findings, known: 0, notes: [] } : beyond(findings, baseline, cwd);

const openOf = (
  undecided: readonly Found[],
  { exemptionsIn }: CheckOptions,
): readonly CheckFinding[] => located(undecided, exemptionsIn).map(({ finding }) => finding);

const subjectOf = ({ file, apiVersion, kind, namespace, name }: Located): CheckedObject => ({
  ...{ file, apiVersion, kind, namespace, name },
});

const isSkipped = ({ objects, errors, notes }: Contents): boolean =>
  objects.length + errors.length + notes.length === 0;

function read({ path, shown, size, isNamed }: InputFile, stdin: () => Uint8Array): Contents {
  try {
    if (size > LARGEST_FILE) {
      throw new Error(`it is larger than ${LARGEST_FILE / 1024 / 1024} MiB`);
    }
    const bytes = path === STDIN ? stdin() : readFileSync(path);
    const isRendered = path === STDIN;
    return readSource({ file: shown, text: decoded(bytes), isNamed, isRendered });
  } catch (error) {
    const message = `cannot be read: ${reasonOf(error)}`;
    return { objects: [], errors: [{ ...NO_PLACE, file: shown, message }], notes: [] };
  }
}

/** Without the byte order mark that some editors add; UTF-16 is recognized by its mark. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe
      ? "utf-16le"
      : first === 0xfe && second === 0xff
        ? "utf-16be"
        : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`it is not ${encoding.toUpperCase()}`);
  }
}

/** Findings of one object sorted by line; objects in the order of the files. */
function inOrder(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const ofObject = ({ place, object }: CheckFinding): string =>
    JSON.stringify([place.file, object.apiVersion, object.kind, object.namespace, object.name]);
  const ranks = new Map<string, number>();
  for (const one of findings) {
    const key = ofObject(one);
    if (!ranks.has(key)) ranks.set(key, ranks.size);
  }
  const rank = (one: CheckFinding): number => ranks.get(ofObject(one)) ?? 0;
  return findings
    .map((one) => ({ one, place: one.place, rank: rank(one) }))
    .sort(
      (a, b) => a.rank - b.rank || a.place.line - b.place.line || a.place.column - b.place.column,
    )
    .map(({ one }) => one);
}

/** Turns texts into Kubernetes objects, and everything else into errors and notes. */
import { basename, dirname } from "node:path";
import { commandLine } from "../../lib/command-line";
import { manifestOf, type Manifest } from "../../policies/manifests/resource";
import type { Key } from "../../policies/values";
import type { Note } from "../../reports/check";
import { Positions } from "./positions";
import { YamlError, parseYaml } from "./yaml";

export interface Source {
  /** The file name in results. */
  readonly file: string;
  readonly text: string;
  /** Named on the command line, so everything in it must be a Kubernetes object. */
  readonly isNamed: boolean;
}

export interface Located extends Manifest {
  readonly source: Source;
  /** Number of the document in its file, from 0. */
  readonly document: number;
  /** The path of the object in the document: empty, or that of an item of a list. */
  readonly base: readonly Key[];
}

/** What one file holds. */
export interface Contents {
  readonly objects: readonly Located[];
  readonly errors: readonly Note[];
  readonly notes: readonly Note[];
}

/** Kubernetes objects have this key. Files without it need not be parsed. */
const MARK = /apiVersion/;
const KUSTOMIZATION = /^kustomization(?:\.ya?ml)?$/i;
const CHART_FILE = /^Chart\.ya?ml$/;
const TEMPLATE = "{{";

const ON_STDIN = `| ${commandLine("check")} -`;

export const chartNote = (folder: string): string =>
  `is a Helm chart and was not checked; render it first: helm template ${folder} ${ON_STDIN}`;

const kustomizationNote = (file: string): string =>
  `is a kustomization and was not checked; build it first: kubectl kustomize ${dirname(file)} ${ON_STDIN}`;

const NO_OBJECT = "this is not a Kubernetes object with apiVersion and kind";

const NOTHING: Contents = { objects: [], errors: [], notes: [] };

export function readSource(source: Source): Contents {
  const { file, text, isNamed } = source;
  const problem = (message: string, line = 0, column = 0): Note => ({
    file,
    line,
    column,
    message,
  });
  const name = basename(file);
  if (CHART_FILE.test(name)) return { ...NOTHING, errors: [problem(chartNote(dirname(file)))] };
  if (KUSTOMIZATION.test(name)) {
    const said = [problem(kustomizationNote(file))];
    return isNamed ? { ...NOTHING, errors: said } : { ...NOTHING, notes: said };
  }
  if (!isNamed && !MARK.test(text)) return NOTHING;
  try {
    return contentsOf(source, parseYaml(text), problem);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line, column } = error.place;
    const hint = text.includes(TEMPLATE)
      ? `; render a Helm template first: helm template CHART ${ON_STDIN}`
      : "";
    return { ...NOTHING, errors: [problem(`${error.message}${hint}`, line, column)] };
  }
}

function contentsOf(
  source: Source,
  documents: readonly unknown[],
  problem: (message: string, line?: number, column?: number) => Note,
): Contents {
  const objects: Located[] = [];
  const strangers: { readonly document: number; readonly base: readonly Key[] }[] = [];
  documents.forEach((content, document) => {
    if (content === null) return;
    for (const { base, value } of unpacked(content)) {
      const manifest = isMapping(value) ? manifestOf(source.file, value) : undefined;
      if (manifest === undefined) strangers.push({ document, base });
      else objects.push({ ...manifest, source, document, base });
    }
  });
  // Folders often hold other data files, but other data in a file with objects is an error.
  if (!source.isNamed && objects.length === 0) return NOTHING;
  if (objects.length + strangers.length === 0) {
    return { ...NOTHING, errors: [problem("it contains no objects")] };
  }
  return { objects, errors: strangerErrors(source.text, strangers, problem), notes: [] };
}

function strangerErrors(
  text: string,
  strangers: readonly { readonly document: number; readonly base: readonly Key[] }[],
  problem: (message: string, line: number, column: number) => Note,
): readonly Note[] {
  if (strangers.length === 0) return [];
  const positions = new Positions(text);
  return strangers.map(({ document, base }) => {
    const { line, column } = positions.find(document, base);
    return problem(NO_OBJECT, line, column);
  });
}

interface Part {
  readonly base: readonly Key[];
  readonly value: unknown;
}

/** The items of a list (`List`, `DeploymentList`, …), including nested lists; any other object alone. */
function unpacked(value: unknown, base: readonly Key[] = []): readonly Part[] {
  if (!isMapping(value)) return [{ base, value }];
  const { kind, items, apiVersion } = value;
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) {
    return [{ base, value }];
  }
  // In a list of one kind, the API server omits what the list already says.
  const inherited = kind === "List" ? {} : { apiVersion, kind: kind.replace(/List$/, "") };
  return items.flatMap((item: unknown, index) =>
    unpacked(isMapping(item) ? { ...inherited, ...item } : item, [...base, "items", index]),
  );
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const ORIGIN = "# Source: ";

/** The template of a Helm chart that an object comes from, which Helm writes above each. */
export function templateAbove(text: string, line: number): string | undefined {
  if (!text.includes(ORIGIN)) return undefined;
  const lines = text.split(/\r\n|\n|\r/).slice(0, line);
  const end = lines.findLastIndex((one) => one.startsWith("---"));
  const found = lines.findLastIndex((one) => one.startsWith(ORIGIN));
  return found < end ? undefined : lines[found]?.slice(ORIGIN.length).trim();
}

/** Turns texts into Kubernetes objects, and everything else into errors and notes. */
import { basename, dirname } from "node:path";
import { commandLine } from "../../lib/command-line";
import { many } from "../../lib/words";
import { manifestOf } from "../../policies/manifests/resource";
import { pathOf, type Key } from "../../policies/values";
import type { Note } from "../../reports/check";
import { KUSTOMIZATION } from "./kustomization";
import { placeOf, type Located, type Source } from "./located";
import { mayHavePlaceholders, isPlaceholder, withPlaceholders } from "./placeholders";
import { Positions } from "./positions";
import { salvaged, type Salvaged } from "./salvage";
import { YamlError, parseYaml } from "./yaml";

export type { Located, Source } from "./located";

/** What one file holds. */
export interface Contents {
  readonly objects: readonly Located[];
  readonly errors: readonly Note[];
  readonly notes: readonly Note[];
}

/** Kubernetes objects have one of these keys. Files with neither need not be parsed. */
const MARK = /apiVersion|^\s*["']?kind["']?\s*:/im;
const CHART_FILE = /^Chart\.ya?ml$/;
const TEMPLATE = "{{";

export const ON_STDIN = `| ${commandLine("check")} -`;

export const chartNote = (folder: string): string =>
  `is a Helm chart and was not checked; render it first: helm template ${folder} ${ON_STDIN}`;

export const kustomizationNote = (file: string): string =>
  `is a kustomization and was not checked; build it first: kubectl kustomize ${dirname(file)} ${ON_STDIN}`;

const NO_OBJECT = "this is not a Kubernetes object with apiVersion and kind";

const NOTHING: Contents = { objects: [], errors: [], notes: [] };

export function readSource(source: Source): Contents {
  const { file, text, isNamed } = source;
  const name = basename(file);
  const problem = (message: string, line = 0, column = 0): Note => ({
    ...{ file, line, column, message },
  });
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
    return contentsBeside(source, salvaged(text, error), problem);
  }
}

type Problem = (message: string, line?: number, column?: number) => Note;

/**
 * The objects beside what cannot be parsed. A file of a folder may be of another kind, unless it has an object, or the
 * key that only Kubernetes has.
 */
function contentsBeside(source: Source, left: Salvaged, problem: Problem): Contents {
  const { text, isNamed } = source;
  const said = left.broken.map(({ error, text: document }) => {
    const { line, column } = error.place;
    const hint = document.includes(TEMPLATE)
      ? `; render a Helm template first: helm template CHART ${ON_STDIN}`
      : "";
    return problem(`${error.message}${hint}`, line, column);
  });
  const rest = contentsOf({ ...source, text: left.text }, parseYaml(left.text), problem);
  if (rest.objects.length > 0) return { ...rest, errors: [...said, ...rest.errors] };
  if (isNamed || text.includes("apiVersion")) return { ...NOTHING, errors: said };
  return /^metadata\s*:/m.test(text) ? { ...NOTHING, notes: said } : NOTHING;
}

interface Stranger {
  readonly document: number;
  readonly base: readonly Key[];
  readonly value: unknown;
}

function contentsOf(source: Source, documents: readonly unknown[], problem: Problem): Contents {
  const objects: Located[] = [];
  const strangers: Stranger[] = [];
  const filled: Note[] = [];
  const hasPlaceholders = mayHavePlaceholders(source.text);
  documents.forEach((content, document) => {
    if (content === null) return;
    for (const { base, value } of unpacked(content)) {
      const manifest = isMapping(value) ? manifestOf(source.file, value) : undefined;
      if (manifest === undefined) {
        strangers.push({ document, base, value });
        continue;
      }
      const located: Located = {
        ...{ ...manifest, source, document, base },
        isRendered: source.isRendered === true,
      };
      const { object, placeholders } = hasPlaceholders
        ? withPlaceholders(manifest.object)
        : { object: manifest.object, placeholders: [] };
      objects.push({ ...located, object });
      filled.push(...placeholderNotes(located, placeholders));
    }
  });
  const errors = strangerErrors(source, strangers, objects.length > 0, problem);
  const notes = [...filled, ...errors.notes];
  if (objects.length + strangers.length === 0 && source.isNamed) {
    return { ...NOTHING, errors: [problem("it contains no objects")] };
  }
  return { objects, errors: errors.errors, notes };
}

const MOST_PLACEHOLDERS = 3;

function placeholderNotes(
  object: Located,
  placeholders: ReturnType<typeof withPlaceholders>["placeholders"],
): readonly Note[] {
  const [first] = placeholders;
  if (first === undefined) return [];
  const shown = placeholders
    .slice(0, MOST_PLACEHOLDERS)
    .map(({ at, text }) => `${pathOf(at)} is ${JSON.stringify(text)}`);
  const rest = placeholders.length - shown.length;
  const all = [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
  const values = many(placeholders.length, "value");
  const message = `${object.kind} ${object.name}: ${values} not judged, because a tool fills them in later: ${all}`;
  return [{ ...placeOf(object, first.at), message }];
}

/** What is no object: errors if it must be one, or was meant to be; nothing for other data in folders. */
function strangerErrors(
  { text, isNamed }: Source,
  strangers: readonly Stranger[],
  isAmongObjects: boolean,
  problem: Problem,
): { readonly errors: readonly Note[]; readonly notes: readonly Note[] } {
  const mustBe = isNamed || isAmongObjects;
  const said = strangers.flatMap(({ document, base, value }) => {
    const { message = NO_OBJECT, at = [], isTemplate = false } = slipIn(value) ?? {};
    if (message === NO_OBJECT && !mustBe) return [];
    return [{ message, path: [...base, ...at], document, isTemplate }];
  });
  if (said.length === 0) return { errors: [], notes: [] };
  const positions = new Positions(text);
  const notes = said.map(({ message, path, document, isTemplate }) => {
    const { line, column } = positions.find(document, path);
    return { note: problem(message, line, column), isTemplate };
  });
  return {
    errors: notes.filter(({ isTemplate }) => !isTemplate).map(({ note }) => note),
    notes: notes.filter(({ isTemplate }) => isTemplate).map(({ note }) => note),
  };
}

interface Slip {
  readonly message: string;
  readonly at: readonly Key[];
  /** Whether a tool fills it in, so that it is no mistake. */
  readonly isTemplate?: boolean;
}

/** Why a value that looks like an object is none; undefined if it does not look like one. */
function slipIn(value: unknown): Slip | undefined {
  if (!isMapping(value)) return undefined;
  const { apiVersion, kind, metadata } = value;
  for (const [key, text] of Object.entries({ apiVersion, kind })) {
    if (typeof text === "string" && isPlaceholder(text)) {
      const message = `${key} is ${JSON.stringify(text)}, which a tool fills in later, so that the object was not judged`;
      return { message, at: [key], isTemplate: true };
    }
  }
  for (const right of ["apiVersion", "kind"]) {
    const wrong = Object.keys(value).find(
      (key) => key !== right && key.toLowerCase() === right.toLowerCase(),
    );
    const isMeant = isMapping(metadata) || typeof (kind ?? apiVersion) === "string";
    if (wrong !== undefined && value[right] === undefined && isMeant) {
      const message = `this is not a Kubernetes object: it has the key ${JSON.stringify(wrong)}; write ${right}`;
      return { message, at: [wrong] };
    }
  }
  if (!isMapping(metadata)) return undefined;
  if (typeof kind === "string" && /^[A-Z][A-Za-z0-9]*$/.test(kind) && apiVersion === undefined) {
    const message = `this is not a Kubernetes object: it has the kind ${kind} and no apiVersion; add it`;
    return { message, at: ["kind"] };
  }
  if (typeof apiVersion === "string" && kind === undefined) {
    const message = `this is not a Kubernetes object: it has the apiVersion ${apiVersion} and no kind; add it`;
    return { message, at: ["apiVersion"] };
  }
  return undefined;
}

interface Part {
  readonly base: readonly Key[];
  readonly value: unknown;
}

/** The items of a list (`List`, `DeploymentList`, …), including nested lists; any other object alone. */
export function unpacked(value: unknown, base: readonly Key[] = []): readonly Part[] {
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

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
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

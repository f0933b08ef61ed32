/** Kustomizations and charts as the tools render them, with the places of what they were made from. */
import { readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { textIn } from "../../lib/reading";
import { inNamespace } from "../../policies/manifests/namespaces";
import { manifestOf } from "../../policies/manifests/resource";
import type { Key } from "../../policies/values";
import type { Note } from "../../reports/check";
import { NO_PLACE, type Place } from "../../reports/findings";
import type { Folder } from "./files";
import type { Root } from "./kustomizations";
import { placeOf, type Located, type Source } from "./located";
import { chartNote, isMapping, kustomizationNote, ON_STDIN, readSource, unpacked } from "./read";
import { run, type Output, type Tools } from "./tools";
import { YamlError, parseYaml } from "./yaml";

/** What one kustomization or chart comes to. */
export interface Rendering {
  /** Undefined if it was not rendered. */
  readonly objects?: readonly Located[];
  readonly notes: readonly Note[];
  /** Of what cannot be rendered, or was named and is not rendered. */
  readonly errors?: readonly Note[];
}

const note = (file: string, message: string): Note => ({ ...NO_PLACE, file, message });

/** Names of files in results, and the objects in them. */
export interface Files {
  readonly shown: (path: string) => string;
  readonly objectsOf: (path: string) => readonly Located[];
}

export function renderKustomization(root: Root, files: Files, tools: Tools): Rendering {
  const { file, folder } = root.kustomization;
  const name = files.shown(file);
  const judged = "the files of objects that it lists are judged as they are written";
  const not = (why: string): Note =>
    note(name, `is a kustomization and was not rendered: ${why}; ${judged}`);
  const [fault] = root.faults;
  const [obstacle = fault] = root.obstacles;
  if (tools.kustomize === undefined) {
    const message = `${kustomizationNote(name)}; ${judged}`;
    return { notes: [obstacle === undefined ? note(name, message) : not(obstacle)] };
  }
  if (fault !== undefined) return { notes: [], errors: [not(fault)] };
  if (obstacle !== undefined) return { notes: [not(obstacle)] };
  const { path, args } = tools.kustomize;
  const output = documentsOf(run(path, [...args, folder]));
  if ("failure" in output) {
    return { notes: [], errors: [not(`${basename(path)} says: ${output.failure}`)] };
  }
  const origins = new Origins(root.resources, files.objectsOf);
  return { objects: objectsIn(output, name, (object) => origins.of(object, name)), notes: [] };
}

export function renderChart(chart: Folder, namespace: string | undefined, tools: Tools): Rendering {
  const { path, shown } = chart;
  if (isLibrary(path)) {
    return {
      notes: [note(shown, "is a library chart: it has nothing to render and was not checked")],
    };
  }
  if (tools.helm === undefined) return { notes: [note(shown, chartNote(shown))] };
  const release = releaseOf(path);
  const output = documentsOf(
    run(tools.helm.path, ["template", release, path, "--namespace", namespace ?? release]),
  );
  if ("failure" in output) {
    const message = `is a Helm chart and was not rendered: helm says: ${output.failure}; render it with its values: helm template -f VALUES ${shown} ${ON_STDIN}`;
    return { notes: [], errors: [note(shown, message)] };
  }
  const templates = new Templates(path, shown);
  const objects = objectsIn(output, shown, (_, template) => ({
    ...templates.of(template),
    ...(template === undefined ? {} : { origin: template }),
  }));
  const given = `rendered with its default values, as release ${release}${namespace === undefined ? ` in namespace ${release}` : ""}`;
  return {
    objects: inNamespace(objects, namespace ?? release),
    notes: [note(shown, given)],
  };
}

interface Documents {
  readonly text: string;
  readonly documents: readonly unknown[];
}

function documentsOf(output: Output): Documents | { readonly failure: string } {
  if ("failure" in output) return output;
  try {
    return { text: output.text, documents: parseYaml(output.text) };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line } = error.place;
    return { failure: `what it writes cannot be read: line ${line}: ${error.message}` };
  }
}

type Origin = Partial<Pick<Located, "origin" | "placed" | "file" | "written">>;

function objectsIn(
  { text, documents }: Documents,
  file: string,
  originOf: (object: Located, template: string | undefined) => Origin,
): readonly Located[] {
  const source: Source = { file, text, isNamed: true, isRendered: true };
  const templates = templatesOf(text);
  return documents.flatMap((content, document) =>
    unpacked(content).flatMap(({ base, value }) => {
      const manifest = isMapping(value) ? manifestOf(file, value) : undefined;
      if (manifest === undefined) return [];
      const object: Located = { ...manifest, source, document, base, isRendered: true };
      return [{ ...object, ...originOf(object, templates[document]) }];
    }),
  );
}

/** The template of each document, which Helm writes above it. */
function templatesOf(text: string): readonly (string | undefined)[] {
  if (!text.includes("# Source: ")) return [];
  return text
    .replace(/^\s*---\s*\n/, "")
    .split(/^---.*\n/m)
    .map((part) => /^# Source: (.+)$/m.exec(part)?.[1]?.trim());
}

/** A release has at most 53 characters, those of a namespace. */
function releaseOf(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  return name.slice(0, 53).replace(/^-+|-+$/g, "") || "release";
}

function isLibrary(path: string): boolean {
  try {
    return /^type:\s*["']?library/m.test(readFileSync(join(path, "Chart.yaml"), "utf8"));
  } catch {
    return false;
  }
}

const wholeFile = (file: string): Place => ({ file, line: 1, column: 1 });

/** The first part of a template's name is the chart's, and not always its folder's. */
const templateFile = (folder: string, template: string | undefined): string =>
  join(folder, template?.split("/").slice(1).join("/") ?? "Chart.yaml");

/** The templates of a chart, each read once. */
class Templates {
  private readonly known = new Map<string, Source>();

  constructor(
    private readonly folder: string,
    private readonly shown: string,
  ) {}

  of(template: string | undefined): Required<Pick<Located, "file" | "placed" | "written">> {
    const file = templateFile(this.shown, template);
    const written = this.known.get(file) ?? {
      ...{ file, text: textOf(templateFile(this.folder, template)), isNamed: false },
    };
    this.known.set(file, written);
    return { file, written, placed: (at) => placeIn(written, at) };
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // A template of a packed subchart is in no file.
    return "";
  }
}

/**
 * In a template: the line that writes the key, if there is one such line. What a template writes cannot be
 * followed further.
 */
function placeIn({ file, text }: Source, at: readonly Key[]): Place {
  const lines = text.split("\n");
  for (const key of at.filter((one) => typeof one === "string").reverse()) {
    const start = new RegExp(`^[\\s-]*["']?${key.replace(/[^\w-]/g, "\\$&")}["']?\\s*:`);
    const [index, ...others] = lines.flatMap((line, number) => (start.test(line) ? [number] : []));
    if (index === undefined || others.length > 0) continue;
    return { file, line: index + 1, column: (lines[index] ?? "").search(/[^\s-]/) + 1 };
  }
  return wholeFile(file);
}

/** The objects in the files of a kustomization, which most rendered ones come from. */
class Origins {
  private readonly byKind = new Map<string, Located[]>();

  constructor(files: readonly string[], objectsOf: (path: string) => readonly Located[]) {
    for (const path of files) {
      for (const object of objectsOf(path)) {
        const same = this.byKind.get(object.kind);
        if (same === undefined) this.byKind.set(object.kind, [object]);
        else same.push(object);
      }
    }
  }

  /** The one that has the name, but for what the kustomization puts before and after it. */
  of({ kind, name }: Located, kustomization: string): Origin {
    const candidates = (this.byKind.get(kind) ?? []).filter(
      (one) => one.name !== "" && name.includes(one.name),
    );
    const exact = candidates.filter((one) => one.name === name);
    const [found, ...others] = exact.length > 0 ? exact : candidates;
    if (found === undefined || others.length > 0) {
      return { placed: () => wholeFile(kustomization), origin: kustomization };
    }
    const { file, source } = found;
    return { file, written: source, placed: (at) => placeOf(found, at), origin: kustomization };
  }
}

/** Reads the objects of files, each once: several kustomizations use the same ones. */
function objectsOf(shown: (path: string) => string): (path: string) => readonly Located[] {
  const known = new Map<string, readonly Located[]>();
  return (path) => {
    const objects = known.get(path) ?? read(path, shown(path));
    known.set(path, objects);
    return objects;
  };
}

function read(path: string, file: string): readonly Located[] {
  try {
    return readSource({ file, text: textIn(readFileSync(path)), isNamed: false }).objects;
  } catch {
    return [];
  }
}

/** @param known names of files that the search has found, by their path */
export function filesFrom(cwd: string, known: ReadonlyMap<string, string>): Files {
  const shown = (path: string): string => {
    const name = known.get(path);
    if (name !== undefined) return name;
    const inside = relative(cwd, path);
    return inside.startsWith("..") ? path : inside;
  };
  return { shown, objectsOf: objectsOf(shown) };
}

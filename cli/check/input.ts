/** What `check` judges: the files that it finds, read, and what kustomizations and charts are rendered to. */
import { realpathSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { bytesOf, reasonOf, textIn } from "../../lib/reading";
import { NO_PLACE } from "../../reports/findings";
import { findFiles, STDIN, type Found as FoundFiles, type InputFile } from "./files";
import { KUSTOMIZATION } from "./kustomization";
import { kustomizationsOf } from "./kustomizations";
import { ignores, NO_PROJECT, type Project } from "./project";
import { readSource, type Contents } from "./read";
import { filesFrom, renderChart, renderKustomization, type Rendering } from "./render";
import type { Tools } from "./tools";

/** Bytes. The largest bundles of CustomResourceDefinitions have about ten million. */
const LARGEST_FILE = 64 * 1024 * 1024;

export interface InputOptions {
  /** The namespace that charts are rendered for. */
  readonly namespace?: string | undefined;
  /** What renders kustomizations and charts; default: nothing does, and they are named. */
  readonly tools?: Tools | undefined;
  /** Reads standard input. */
  readonly stdin: () => Uint8Array;
  /** The settings of the repository. @default none */
  readonly project?: Project;
}

export interface Input {
  /** What is judged as it is written. */
  readonly contents: readonly Contents[];
  readonly renderings: readonly Rendering[];
  readonly unrendered: readonly Rendering[];
  /** What could not be found. */
  readonly errors: FoundFiles["errors"];
}

export function readInput(paths: readonly string[], cwd: string, options: InputOptions): Input {
  const found = findFiles(paths, cwd);
  const isKept = keeps(options.project ?? NO_PROJECT, cwd);
  const search = {
    ...found,
    files: found.files.filter(isKept),
    charts: found.charts.filter(isKept),
  };
  const { files, ...rest } = rendered(search, cwd, options);
  return {
    ...rest,
    contents: files.map((file) => read(file, options.stdin)),
    errors: search.errors,
  };
}

/** The project's file may leave out files and charts of folders, but not those that are named. */
function keeps(
  project: Project,
  cwd: string,
): (found: Pick<InputFile, "path" | "isNamed">) => boolean {
  const patterns = project.list("ignore") ?? [];
  if (patterns.length === 0) return () => true;
  const isIgnored = ignores(patterns);
  const root = resolve(cwd, project.path("."));
  return ({ path, isNamed }) => isNamed || !isIgnored(relative(root, resolve(cwd, path)));
}

interface Rendered extends Pick<Input, "renderings" | "unrendered"> {
  readonly files: readonly InputFile[];
}

/** Renders kustomizations and charts, and leaves the files that are no objects by themselves. */
function rendered(
  search: Pick<FoundFiles, "files" | "charts">,
  cwd: string,
  { tools = {}, namespace }: InputOptions,
): Rendered {
  const real = new Map(search.files.map((file) => [realPath(file.path), file]));
  const isKustomization = ({ path }: InputFile): boolean => KUSTOMIZATION.test(basename(path));
  const given = search.files.filter((file) => file.path !== STDIN && isKustomization(file));
  const { roots, unused, parts } = kustomizationsOf(given.map(({ path }) => path));
  const names = filesFrom(cwd, new Map([...real].map(([path, file]) => [path, file.shown])));
  const done = roots.map((root) => {
    const rendering = renderKustomization(root, names, tools);
    const isNamed = real.get(realPath(root.kustomization.file))?.isNamed === true;
    const used = rendering.objects === undefined ? [] : root.resources;
    // What is named must be judged.
    const asked = isNamed && rendering.objects === undefined;
    const errors = [...(rendering.errors ?? []), ...rendering.notes];
    return { ...(asked ? { notes: [], errors } : rendering), used };
  });
  const charts = search.charts.map((chart) => renderChart(chart, namespace, tools));
  const covered = new Set(done.flatMap(({ used }) => used));
  const all: readonly Rendering[] = [...charts, ...done];
  return {
    files: search.files.filter(
      (file) =>
        !given.includes(file) &&
        (file.isNamed || !(parts.has(realPath(file.path)) || covered.has(realPath(file.path)))),
    ),
    renderings: all.filter(({ objects }) => objects !== undefined),
    unrendered: [
      ...all.filter(({ objects }) => objects === undefined),
      ...unused.map(({ file }) => ({
        notes: [{ ...NO_PLACE, file: names.shown(file), message: UNUSED }],
      })),
    ],
  };
}

const UNUSED =
  "is a component that no kustomization here uses, so that it was not rendered; the files of objects that it lists are judged as they are written";

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function read({ path, shown, isNamed }: InputFile, stdin: () => Uint8Array): Contents {
  try {
    const bytes = path === STDIN ? stdin() : bytesOf(path, LARGEST_FILE);
    const isRendered = path === STDIN;
    return readSource({ file: shown, text: textIn(bytes), isNamed, isRendered });
  } catch (error) {
    const message = `cannot be read: ${reasonOf(error)}`;
    return { objects: [], errors: [{ ...NO_PLACE, file: shown, message }], notes: [] };
  }
}

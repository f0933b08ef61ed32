/** What is judged: files as they are written, and what kustomizations and charts come to. */
import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { NO_PLACE } from "../../reports/findings";
import { STDIN, type Found, type InputFile } from "./files";
import { KUSTOMIZATION } from "./kustomization";
import { kustomizationsOf } from "./kustomizations";
import { filesFrom, renderChart, renderKustomization, type Rendering } from "./render";
import type { Tools } from "./tools";

interface Rendered {
  /** What renders; default: nothing does, and kustomizations and charts are named. */
  readonly tools?: Tools | undefined;
  readonly namespace?: string | undefined;
}

export interface Input {
  /** What is judged as it is written. */
  readonly files: readonly InputFile[];
  readonly renderings: readonly Rendering[];
  readonly unrendered: readonly Rendering[];
}

/** Renders kustomizations and charts, and leaves the files that are no objects by themselves. */
export function rendered(
  search: Pick<Found, "files" | "charts">,
  cwd: string,
  { tools = {}, namespace }: Rendered,
): Input {
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
    return { ...(asked ? { notes: [], errors: rendering.notes } : rendering), used };
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

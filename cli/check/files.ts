/** Which files `check` reads: the named ones, and those in the named folders. */
import { readdirSync, statSync, type Dirent, type Stats } from "node:fs";
import { isAbsolute, join, normalize, relative } from "node:path";
import { reasonOf } from "../../lib/reading";
import type { Note } from "../../reports/check";
import { NO_PLACE } from "../../reports/findings";

export interface InputFile {
  /** The path to read; `-` for standard input. */
  readonly path: string;
  /** Its name in results: relative to the working directory if it is inside. */
  readonly shown: string;
  /** Named on the command line, so it must be a manifest. Folders may contain other files too. */
  readonly isNamed: boolean;
}

export interface Folder {
  readonly path: string;
  /** Its name in results. */
  readonly shown: string;
  readonly isNamed: boolean;
}

export interface Found {
  readonly files: readonly InputFile[];
  /** Folders of Helm charts: their templates are no manifests. */
  readonly charts: readonly Folder[];
  readonly errors: readonly Note[];
}

export const STDIN = "-";
/** A kustomization needs no extension. */
const MANIFEST = /\.(?:yaml|yml|json)$|^kustomization$/i;
const IGNORED = /^(?:\..*|node_modules)$/;
const CHART = "Chart.yaml";

/** In the order of the arguments; folders are sorted by name. Each file is read once. */
export function findFiles(paths: readonly string[], cwd: string): Found {
  const search = new Search(cwd);
  for (const path of paths) search.add(path);
  return search;
}

class Search implements Found {
  readonly files: InputFile[] = [];
  readonly charts: Folder[] = [];
  readonly errors: Note[] = [];
  /** Device and inode: links may form a loop, or lead to a file that is found anyway. */
  private readonly seen = new Set<string>();

  constructor(private readonly cwd: string) {}

  add(path: string): void {
    if (path === STDIN) {
      this.files.push({ path, shown: "stdin", isNamed: true });
      return;
    }
    this.attempt(path, () => {
      const stats = statSync(join(this.base(path), path));
      if (stats.isDirectory()) this.enter(path, stats, true);
      else this.take(path, stats, true);
    });
  }

  private enter(folder: string, stats: Stats, isNamed = false): void {
    if (this.isSeen(stats)) return;
    const entries = readdirSync(join(this.base(folder), folder), { withFileTypes: true });
    if (entries.some(({ name }) => name === CHART)) {
      const path = join(this.base(folder), folder);
      this.charts.push({ path, shown: this.shown(folder), isNamed });
      return;
    }
    const inOrder = entries
      .filter(({ name }) => !IGNORED.test(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of inOrder) {
      const path = join(folder, entry.name);
      this.attempt(path, () => {
        this.addEntry(path, entry);
      });
    }
  }

  private addEntry(path: string, entry: Dirent): void {
    const mayMatter = entry.isDirectory() || entry.isSymbolicLink() || MANIFEST.test(entry.name);
    if (!mayMatter) return;
    const stats = statSync(join(this.base(path), path));
    if (stats.isDirectory()) this.enter(path, stats);
    else if (stats.isFile() && MANIFEST.test(entry.name)) this.take(path, stats, false);
  }

  private take(path: string, stats: Stats, isNamed: boolean): void {
    if (this.isSeen(stats)) return;
    this.files.push({ path: join(this.base(path), path), shown: this.shown(path), isNamed });
  }

  private isSeen({ dev, ino }: Stats): boolean {
    return this.seen.size === this.seen.add(`${dev}:${ino}`).size;
  }

  private base(path: string): string {
    return isAbsolute(path) ? "" : this.cwd;
  }

  private shown(path: string): string {
    if (!isAbsolute(path)) return normalize(path);
    const inside = relative(this.cwd, path);
    return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? path : inside;
  }

  private attempt(path: string, look: () => void): void {
    try {
      look();
    } catch (error) {
      const message = `cannot be read: ${reasonOf(error)}`;
      this.errors.push({ ...NO_PLACE, file: this.shown(path), message });
    }
  }
}

/** What a kustomization refers to, and why it cannot be rendered without the network. */
import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseYaml } from "./yaml";

export interface Kustomization {
  readonly file: string;
  readonly folder: string;
  /** A Component is rendered only as a part of what uses it. */
  readonly isComponent: boolean;
  /** Files of objects. */
  readonly resources: readonly string[];
  /** Folders of other kustomizations. */
  readonly folders: readonly string[];
  /** Patches, transformers and the like: no objects by themselves, though they may look like it. */
  readonly parts: readonly string[];
  /** Clauses that say why it is not rendered here, though it may be elsewhere. */
  readonly obstacles: readonly string[];
  /** Clauses that say why no tool can render it. */
  readonly faults: readonly string[];
}

export const KUSTOMIZATION = /^(?:kustomization(?:\.ya?ml)?)$/i;

type Mapping = Readonly<Record<string, unknown>>;

const mapping = (value: unknown): Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): readonly string[] =>
  items(value).filter((item) => typeof item === "string");

/** The fields whose entries are objects or folders, and those whose entries are something else. */
const OF_RESOURCES = ["resources", "bases"];
const OF_FOLDERS_AND_PARTS = ["components", "crds", "configurations", "patchesStrategicMerge"];
/** Each is a configuration of a plugin, which may name what it fetches. */
const PLUGINS = ["generators", "transformers", "validators"];
const WITH_PATH = ["patches", "patchesJson6902", "replacements"];
const GENERATORS = ["configMapGenerator", "secretGenerator"];
const OF_HELM = ["helmCharts", "helmChartInflationGenerator"];

const REMOTE = /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:|^[\w.-]+\.[a-z]{2,}\/|[?&]ref=/i;

/** The kustomization in a folder; undefined if it has none. */
export function kustomizationIn(folder: string): Kustomization | undefined {
  try {
    const name = readdirSync(folder).find((entry) => KUSTOMIZATION.test(entry));
    return name === undefined ? undefined : readKustomization(join(folder, name));
  } catch {
    return undefined;
  }
}

/** Bytes; what kustomize reads besides objects is small. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** A link may lead to a device that never ends. @throws Error whose message says what is wrong */
function textOf(file: string): string {
  const stats = statSync(file);
  if (!stats.isFile()) throw new Error(`${file} is no file`);
  if (stats.size > LARGEST_FILE) throw new Error(`${file} is larger than 4 MiB`);
  return readFileSync(file, "utf8");
}

export function readKustomization(file: string): Kustomization {
  const folder = realpathSync(dirname(file));
  try {
    return new Reader(file, folder).read(mapping(parseYaml(textOf(file))[0]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const none = { isComponent: false, resources: [], folders: [], parts: [], obstacles: [] };
    return { file, folder, ...none, faults: [`it cannot be read: ${reason}`] };
  }
}

class Reader {
  private readonly resources: string[] = [];
  private readonly folders: string[] = [];
  private readonly parts: string[] = [];
  private readonly obstacles: string[] = [];
  private readonly faults: string[] = [];

  constructor(
    private readonly file: string,
    private readonly folder: string,
  ) {}

  read(content: Mapping): Kustomization {
    for (const key of OF_RESOURCES) {
      for (const entry of texts(content[key])) this.add(entry, this.resources);
    }
    const others = [
      ...OF_FOLDERS_AND_PARTS.flatMap((key) => texts(content[key])),
      ...WITH_PATH.flatMap((key) => items(content[key])).map((item) => mapping(item)["path"]),
      mapping(content["openapi"])["path"],
    ];
    for (const entry of others) if (typeof entry === "string") this.add(entry, this.parts);
    for (const entry of PLUGINS.flatMap((key) => texts(content[key]))) this.addPlugin(entry);
    for (const generator of GENERATORS.flatMap((key) => items(content[key]))) {
      const { files, envs, env } = mapping(generator);
      const named = [...texts(files), ...texts(envs), ...(typeof env === "string" ? [env] : [])];
      for (const entry of named) this.add(entry.slice(entry.indexOf("=") + 1), this.parts);
    }
    for (const key of OF_HELM) {
      if (content[key] !== undefined)
        this.obstacles.push(`${key} needs the network and --enable-helm`);
    }
    const { file, folder, resources, folders, parts, obstacles, faults } = this;
    const isComponent = content["kind"] === "Component";
    return { file, folder, isComponent, resources, folders, parts, obstacles, faults };
  }

  private addPlugin(entry: string): void {
    const before = this.parts.length;
    this.add(entry, this.parts);
    const file = this.parts.slice(before)[0];
    const text = file === undefined ? entry : textOf(file);
    if (/^kind:/m.test(text) && text.includes("://")) {
      this.obstacles.push(
        `its plugin ${file === undefined ? "in place" : entry} may use the network`,
      );
    }
  }

  private add(entry: string, files: string[]): void {
    // Written in place, instead of in a file.
    if (entry.includes("\n")) return;
    const path = resolve(this.folder, entry);
    try {
      const isFolder = statSync(path).isDirectory();
      (isFolder ? this.folders : files).push(realpathSync(path));
    } catch {
      if (REMOTE.test(entry)) this.obstacles.push(`it refers to ${entry}, which is not fetched`);
      else this.faults.push(`it refers to ${entry}, which does not exist`);
    }
  }
}

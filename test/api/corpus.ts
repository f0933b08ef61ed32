/** Objects for the comparison: all manifests below some folders, and changes of each. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSource } from "../../cli/check/read";
import type { Json } from "./client";

const MANIFEST = /\.(ya?ml|json)$/;
/** Bytes; larger files are bundles of CustomResourceDefinitions. */
const LARGEST = 4 * 1024 * 1024;

export interface Sample {
  /** Where it is from, and what was changed in it. */
  readonly title: string;
  readonly object: Json;
}

function filesBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return entry.name === ".git" ? [] : filesBelow(inner);
      return entry.isFile() && MANIFEST.test(entry.name) ? [inner] : [];
    })
    .sort();
}

/** Every object once. Files that cannot be read as manifests, such as templates of charts, are left out. */
export function samplesBelow(path: string): readonly Sample[] {
  const seen = new Set<string>();
  return filesBelow(path).flatMap((file) => {
    if (statSync(file).size > LARGEST) return [];
    const text = readFileSync(file, "utf8");
    const { objects } = readSource({ file, text, isNamed: false });
    return objects.flatMap(({ object }, index) => {
      const key = JSON.stringify(object);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ title: `${file.slice(path.length + 1)}#${index}`, object }];
    });
  });
}

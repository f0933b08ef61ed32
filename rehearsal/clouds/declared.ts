/** The outputs that an SDK declares for a resource class, read from its type declarations. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

const load = createRequire(__filename);
const OUTPUT = /^ {4}readonly (\w+): pulumi\.Output<([^\n]+)>;$/gmu;

const known = new Map<string, ReadonlyMap<string, string>>();

/**
 * The TypeScript type of each output, by its name, without those of several lines.
 *
 * @param type such as `aws:eks/cluster:Cluster`
 * @throws Error if the SDK has no such class, or if its declaration declares no output
 */
export function declaredOutputs(type: string): ReadonlyMap<string, string> {
  const found = known.get(type) ?? read(type);
  known.set(type, found);
  return found;
}

function read(type: string): ReadonlyMap<string, string> {
  const [pkg = "", path = "", name = ""] = type.split(":");
  const root = dirname(load.resolve(`@pulumi/${pkg}/package.json`));
  // A file of the SDK is the last part of a token, in one case or the other.
  const stem = join(root, dirname(path).replace(/^index$/u, ""), basename(path));
  const file = [stem, join(dirname(stem), name.toLowerCase())]
    .map((one) => `${one}.d.ts`)
    .find(existsSync);
  const text = file === undefined ? "" : readFileSync(file, "utf8");
  const declaration = text.slice(text.indexOf(`export declare class ${name} `));
  const outputs = new Map(
    [...declaration.matchAll(OUTPUT)].map(([, key = "", kind = ""]) => [key, kind]),
  );
  if (outputs.size === 0) throw new Error(`${stem}.d.ts declares no outputs of ${type}.`);
  return outputs;
}

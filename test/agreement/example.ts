/** A manifest of another tool, labelled with what that tool says of it. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSource } from "../../cli/check/read";
import { inNamespace } from "../../policies/manifests/namespaces";
import type { Manifest } from "../../policies/manifests/resource";

export interface Example {
  /** The tool's name of its check. */
  readonly check: string;
  /** The file below the tool's folder, and the object if it is about one of several. */
  readonly title: string;
  readonly objects: readonly Manifest[];
  /** Whether the tool reports it. */
  readonly isFault: boolean;
  /** The objects that the label is about. @default all of them */
  readonly about?: (manifest: Manifest) => boolean;
}

/** The examples below the root of the tool's repository. */
export type Reader = (root: string) => readonly Example[];

/** Other tools read an object without a namespace as one of `default`, as the API server does. */
export function objectsOf(file: string, text = textOf(file)): readonly Manifest[] {
  return inNamespace(readSource({ file, text, isNamed: false }).objects, "default");
}

export const textOf = (file: string): string => readFileSync(file, "utf8");

/** The names in a folder, sorted; none if it does not exist. */
export const namesIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).sort() : [];

export const foldersIn = (folder: string): readonly string[] =>
  namesIn(folder).filter((name) => statSync(join(folder, name)).isDirectory());

const MANIFEST = /\.(ya?ml|json)$/;

/** Manifest files anywhere below the folder, relative to it. */
export function manifestsBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => MANIFEST.test(file) && statSync(join(folder, file)).isFile())
    .sort();
}

/** A value of a file that is only data, such as a list of expected results. */
export type Data = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Data =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const string = (value: unknown): string => (typeof value === "string" ? value : "");

/** Objects with the place in a file that each of their values has. */
import type { Manifest } from "../../policies/manifests/resource";
import type { Key } from "../../policies/values";
import type { Place } from "../../reports/findings";
import { Positions } from "./positions";

export interface Source {
  /** The file name in results. */
  readonly file: string;
  readonly text: string;
  /** Named on the command line, so everything in it must be a Kubernetes object. */
  readonly isNamed: boolean;
  /** Whether a tool wrote the text, rather than somebody into a file. @default false */
  readonly isRendered?: boolean;
}

export interface Located extends Manifest {
  readonly source: Source;
  /** Number of the document in its file, from 0. */
  readonly document: number;
  /** The path of the object in the document: empty, or that of an item of a list. */
  readonly base: readonly Key[];
  /** What it was rendered from: a Helm chart's template, or a kustomization. */
  readonly origin?: string;
  /** The file that it comes from, if that is not `source`: its comments are about it. */
  readonly written?: Source;
  /** Where a value is written, if the file is not parsed as it is: a template, a kustomization. */
  readonly placed?: (at: readonly Key[]) => Place;
}

/** Of the latest file only: findings come file by file, and positions take more memory than the text. */
let latest: { readonly text: string; readonly positions: Positions } | undefined;

export function placeOf(object: Located, at: readonly Key[]): Place {
  if (object.placed !== undefined) return object.placed(at);
  const { source, document, base, file } = object;
  if (latest?.text !== source.text) {
    latest = { text: source.text, positions: new Positions(source.text) };
  }
  return { file, ...latest.positions.find(document, [...base, ...at]) };
}

export const startOf = (object: Located): Place => placeOf(object, ["kind"]);

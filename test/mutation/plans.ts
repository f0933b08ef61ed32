/**
 * The sabotage suite: one thing of a plan is broken at a time, and the pack must say something that it did not say of
 * the unbroken plan. What a component itself would refuse is not counted: the registered inputs are changed.
 */
import type { Key } from "../../policies/values";
import type { Names } from "./plans-names";

/** What is broken, by what it means. */
export const KINDS = [
  "name",
  "namespace",
  "reference",
  "class",
  "key",
  "selector",
  "label",
  "port",
  "probe path",
  "image",
  "host",
  "topic",
  "group",
] as const;
export type Kind = (typeof KINDS)[number];

/** One wrong value in one resource. */
export interface Change {
  readonly kind: Kind;
  readonly urn: string;
  readonly type: string;
  readonly path: readonly Key[];
  readonly from: string | number;
  readonly to: string | number;
}

/** A change that is no fault, and why. */
export interface Excuse {
  readonly kinds: readonly Kind[] | "any";
  /** Of the type key. */
  readonly type: RegExp;
  /** Of the path without list positions. */
  readonly path: RegExp;
  /** Of the value before the change. */
  readonly value?: RegExp;
  /** Of the resource's inputs; `path` is that of the change, `names` what the plan has besides. */
  readonly when?: (inputs: unknown, path: readonly Key[], names: Names) => boolean;
  readonly reason: string;
}

export interface Outcome {
  readonly change: Change;
  /** The policies that notice it; none if nobody does. */
  readonly by: readonly string[];
  readonly excuse?: string;
}

/** A path without list positions: `spec.rules.backendRefs.name`. */
export const shapeOf = (path: readonly Key[]): string =>
  path.filter((key) => typeof key !== "number").join(".");

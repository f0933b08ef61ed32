/** What an object creates, and the ways in which a kind names it. */
import type { Value } from "../../values";

export const SECRET = "kubernetes:core:Secret";
export const CONFIG_MAP = "kubernetes:core:ConfigMap";
export const SERVICE = "kubernetes:core:Service";
export const CLAIM = "kubernetes:core:PersistentVolumeClaim";
export const ACCOUNT = "kubernetes:core:ServiceAccount";
export const DEPLOYMENT = "kubernetes:apps:Deployment";
export const STATEFUL_SET = "kubernetes:apps:StatefulSet";

/** The created object; undefined if its name is unknown. */
export interface Made {
  readonly type: string;
  readonly name: string | undefined;
  /** The source of the name. */
  readonly from: Value;
  /** Whether it depends on the operator's configuration that the object exists. @default false */
  readonly isPossible?: boolean;
}

export type Maker = (props: Value) => readonly Made[];

export const made = (type: string, from: Value, name = from.string): Made => ({ type, from, name });

export const ownName = (props: Value): Value => props.get("metadata", "name");

/** Names that start with the custom object's own. */
export const suffixed =
  (suffixes: Readonly<Record<string, readonly string[]>>): Maker =>
  (props) => {
    const own = ownName(props);
    const named = (end: string): string | undefined =>
      own.string === undefined ? undefined : `${own.string}${end}`;
    return Object.entries(suffixes).flatMap(([type, ends]) =>
      ends.map((end) => ({ type, from: own, name: named(end) })),
    );
  };

/** One name, whatever that of the object is. */
export const fixed =
  (type: string, name: string): Maker =>
  (props) => [{ type, from: ownName(props), name }];

/** A name from a field, by default the custom object's own. */
export const nameAt =
  (type: string, ...path: readonly string[]): Maker =>
  (props) => {
    const value = props.get(...path);
    return [made(type, value.isMissing ? ownName(props) : value)];
  };

export const both =
  (...makers: readonly Maker[]): Maker =>
  (props) =>
    makers.flatMap((maker) => maker(props));

export const possible =
  (maker: Maker): Maker =>
  (props) =>
    maker(props).map((one) => ({ ...one, isPossible: true }));

/** Every element of a list, by a key. */
export const each =
  (type: string, path: readonly string[], ...key: readonly string[]): Maker =>
  (props) =>
    props
      .get(...path)
      .listOrUnknown()
      .map((item) => made(type, item.get(...key)));

/**
 * What a cloud refuses, as data: each rule says which types it is about, where the cloud documents it, and what its API
 * answers.
 */
import type { WireObject } from "../../offline/wire";
import { isCalled, textsAt, valueAt, type Thing } from "./thing";

/** What is asked of a cloud. `inputs` has no marks of secrets in it. */
export interface Request {
  readonly type: string;
  readonly region: string;
  readonly inputs: WireObject;
  /** What is changed or deleted. */
  readonly thing?: Thing;
}

/** What a rule can see of the world. */
export interface Sight {
  /** Things of these types, wherever they are. */
  of(types: readonly string[]): readonly Thing[];
  /** Whether what is deleted still blocks a name. */
  isReserved(type: string, name: string, region: string): boolean;
  /** How many objects are in a bucket. */
  objectsIn(bucket: string): number;
}

export interface Rule {
  readonly on: readonly string[] | "every type";
  readonly when: "create" | "update" | "delete";
  /** The page of the cloud's own documentation. */
  readonly source: string;
  /** For a rule on names: the input with the name. */
  readonly named?: string;
  /** @returns what the API answers, or nothing if it does what it is asked for */
  refuses(request: Request, sight: Sight): string | undefined;
}

type Message = (name: string, region: string) => string;

interface Unique {
  readonly types: readonly string[];
  /** Where a name stands only once: on earth or in the account, which is the same here, or in a region. */
  readonly within: "world" | "account" | "region";
  /** The input with the name; without it the provider invents one, which nobody has. */
  readonly at: string;
  readonly source: string;
  readonly message: Message;
}

/** A name that something else has. */
export const unique = ({ types, within, at, source, message }: Unique): Rule => ({
  on: types,
  when: "create",
  source,
  named: at,
  refuses: ({ type, inputs, region }, sight) => {
    const [name] = textsAt(inputs, at);
    if (name === undefined) return undefined;
    const place = within === "region" ? region : "";
    const taken = sight
      .of(types)
      .some((one) => one.name === name && (place === "" || one.region === place));
    return taken || sight.isReserved(type, name, place) ? message(name, region) : undefined;
  },
});

interface Reference {
  readonly from: readonly string[];
  /** The paths of the inputs that refer. */
  readonly at: readonly string[];
  readonly to: readonly string[];
  /** Only values of this form are looked up: others mean what every account has. */
  readonly only?: RegExp;
  /** Whether it may be in another region. */
  readonly anywhere?: true;
  readonly source: string;
  readonly message: Message;
}

/** A reference to what does not exist, or not in this region. */
export const exists = ({ from, at, to, only, anywhere, source, message }: Reference): Rule => ({
  on: from,
  when: "create",
  source,
  refuses: ({ inputs, region }, sight) => {
    const near = sight
      .of(to)
      .filter((one) => anywhere === true || one.region === "" || one.region === region);
    const missing = at
      .flatMap((path) => textsAt(inputs, path))
      .find((value) => (only?.test(value) ?? true) && !near.some((one) => isCalled(one, value)));
    return missing === undefined ? undefined : message(missing, region);
  },
});

interface Members {
  readonly of: readonly string[];
  /** What keeps it, and the paths of the inputs by which it belongs to it. */
  readonly by: readonly string[];
  readonly at: readonly string[];
  readonly source: string;
  readonly message: (thing: Thing, member: Thing) => string;
}

/** The deletion of what others still use. */
export const unused = ({ of, by, at, source, message }: Members): Rule => ({
  on: of,
  when: "delete",
  source,
  refuses: ({ thing }, sight) => {
    if (thing === undefined) return undefined;
    const member = sight
      .of(by)
      .find(
        (one) =>
          one !== thing &&
          at.some((path) => textsAt(one.inputs, path).some((value) => isCalled(thing, value))),
      );
    return member === undefined ? undefined : message(thing, member);
  },
});

interface Guarded {
  readonly types: Rule["on"];
  /** The input that protects, and its value. */
  readonly at: string;
  readonly value: string | boolean;
  readonly source: string;
  readonly message: (thing: Thing) => string;
}

/** The deletion of what is protected, until an update lifts it. */
export const guarded = ({ types, at, value, source, message }: Guarded): Rule => ({
  on: types,
  when: "delete",
  source,
  refuses: ({ thing }) =>
    thing !== undefined && valueAt(thing.inputs, at) === value ? message(thing) : undefined,
});

/** The deletion of a bucket with objects in it. */
export const empty = (types: readonly string[], source: string, message: string): Rule => ({
  on: types,
  when: "delete",
  source,
  refuses: ({ thing }, sight) =>
    thing !== undefined && thing.inputs["forceDestroy"] !== true && sight.objectsIn(thing.name) > 0
      ? message
      : undefined,
});

interface Quota {
  readonly type: string;
  readonly most: number;
  readonly source: string;
  readonly message: string;
}

/** More of a type in a region than an account gets without asking. */
export const quota = ({ type, most, source, message }: Quota): Rule => ({
  on: [type],
  when: "create",
  source,
  refuses: ({ region }, sight) =>
    sight.of([type]).filter((one) => one.region === region).length >= most ? message : undefined,
});

/** Any other condition on what is created. */
export const demands = (on: readonly string[], source: string, refuses: Rule["refuses"]): Rule => ({
  on,
  when: "create",
  source,
  refuses,
});

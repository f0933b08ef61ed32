/** What distinguishes one simulated cloud from another. */
import type { Asked } from "./objects";
import type { Wire, WireObject } from "../../offline/wire";
import type { Rule } from "./rule";
import type { Thing } from "./thing";

/** Where a program's provider works, as its configuration says. */
export interface Place {
  readonly region: string;
  /** An account of AWS, or a project of Google. */
  readonly account: string;
}

/** A request to create, with what makes its identity one of its kind. */
export interface Making extends Asked {
  readonly region: string;
  readonly place: Place;
  /** Hexadecimal digits, other ones for each thing that was ever created. */
  readonly digest: string;
}

export interface Identity {
  readonly id: string;
  readonly name: string;
  /** Outputs that follow from them. */
  readonly outputs: WireObject;
}

/** What stays when a thing is deleted. */
export interface Remains {
  /** For how many days the name is not given again, or something else is blocked. */
  readonly reserved?: number;
  readonly reservation?: Pick<Thing, "type" | "name" | "region">;
  /** The same under another type, such as a snapshot. */
  readonly leaves?: Thing;
  /** Google has no deletion of it: the provider only forgets it. */
  readonly stays?: true;
}

export interface Cloud {
  /** Types without a region. */
  readonly global: RegExp;
  readonly rules: readonly Rule[];
  /** Types whose names stay taken when their region is lost. */
  readonly buckets: readonly string[];
  /** By type, the input that names the thing of which it is a part: it goes with it, and is where it is. */
  readonly parts: Readonly<Record<string, string>>;
  identify(making: Making): Identity;
  remains(thing: Thing): Remains;
  /** How a client fails that asks for anything in a region that is lost. */
  unreachable(type: string, region: string): string;
  /** The outputs of a cluster from which the program's kubeconfig leads to the API server. */
  readonly clusters: Readonly<Record<string, (server: string, authority: string) => WireObject>>;
}

export const text = (value: Wire | undefined): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** As the clouds write one: the digits of the digest. */
export const uuid = (digest: string): string =>
  [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join("-");

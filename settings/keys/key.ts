import { z } from "zod";
import type { CloudProfile } from "../clouds/profile";
import type { Check } from "../problem";
import type { Site } from "../site";
import { servicesOf, type DataKind, type Variant } from "../system";

/** Where a key has an effect: anywhere else it is refused, because it would do nothing. */
export interface Scope {
  /** What comes after "only", such as "on gcp". */
  readonly where: string;
  readonly applies: (site: Site) => boolean;
}

/** What every key says of itself. `T`: a value in a stack file; `V`: what rules see; `R`: in `Settings`. */
interface Facts<T, V, R> {
  readonly schema: z.ZodType<T>;
  /** What the key is, as the beginning of a sentence without its full stop. */
  readonly doc: string;
  /** Of a number, such as "days". */
  readonly unit?: string;
  /** Further whole sentences: what a change does, what else must hold. */
  readonly note?: string;
  readonly example: NoInfer<T>;
  readonly only?: Scope;
  readonly rules?: readonly Check[];
  /** From the value to what components read. @default the value itself */
  readonly settle?: (value: V, site: Site) => R;
}

/** One configuration key: everything that the program and the documentation know of it. */
export interface Key<V = never, R = unknown> {
  readonly schema: z.ZodType;
  readonly doc: string;
  readonly unit?: string;
  readonly note?: string;
  readonly example: unknown;
  readonly only?: Scope;
  readonly rules?: readonly Check[];
  readonly presence: "required" | "default" | "optional";
  /** What the key is where the stack does not set it; undefined where `settle` or a component decides. */
  readonly fallback: (profile: CloudProfile) => unknown;
  /** Whether `fallback` differs from cloud to cloud. */
  readonly byCloud: boolean;
  /** The default in words, where it is no constant. */
  readonly otherwise?: string;
  readonly settle: (value: V, site: Site) => R;
}

const keep = (value: unknown): unknown => value;

/** A key that every stack sets. */
export const required = <T, R = T>(facts: Facts<T, T, R>) =>
  ({
    presence: "required",
    byCloud: false,
    fallback: () => undefined,
    settle: keep,
    ...facts,
  }) as Key<T, R>;

/** A key with a constant default. */
export const withDefault = <T, R = T>({
  fallback,
  ...facts
}: Facts<T, T, R> & { readonly fallback: NoInfer<T>; readonly otherwise?: string }) =>
  ({
    presence: "default",
    byCloud: false,
    fallback: () => fallback,
    settle: keep,
    ...facts,
  }) as Key<T, R>;

/** A key whose default stands in the profile of the stack's cloud. */
export const perCloud = <T, R = T>(
  facts: Facts<T, T, R> & { readonly fallback: (profile: CloudProfile) => NoInfer<T> },
) => ({ presence: "default", byCloud: true, settle: keep, ...facts }) as Key<T, R>;

/** A key whose default the system decides, by `settle` or in a component, or that has none. */
export const optional = <T, R = T | undefined>(
  facts: Facts<T, T | undefined, R> & { readonly otherwise?: string },
) =>
  ({
    presence: "optional",
    byCloud: false,
    fallback: () => undefined,
    settle: keep,
    ...facts,
  }) as Key<T | undefined, R>;

/** For a key that is empty where it is not set. */
export const orEmpty = (value: string | undefined): string => value ?? "";

/** For scopes: on one of these clouds. */
export const on = (...clouds: readonly Site["cloud"][]): Scope => ({
  where: `on ${clouds.map((cloud) => (cloud === "existing" ? "an existing cluster" : cloud)).join(" and ")}`,
  applies: ({ cloud }) => clouds.includes(cloud),
});

/** For scopes: where one of the system's data services is run in one of these ways. */
export const runs =
  (kind: DataKind, ...ways: readonly Variant[]) =>
  ({ system }: Pick<Site, "system">): boolean =>
    servicesOf(system, kind).some(({ runs: way }) => ways.includes(way));

/** Whether a value is text as it stands, and not JSON. */
export const isText = ({ schema }: Pick<Key, "schema">): boolean =>
  schema instanceof z.ZodString || schema instanceof z.ZodEnum;

import { z } from "zod";
import { either } from "../../lib/words";
import type { CloudProfile } from "../clouds/profile";
import type { Check } from "../problem";
import type { Site } from "../site";
import { servicesOf, type DataKind, type Variant } from "../system";

/** Where a key has an effect. It is refused anywhere else, because it would do nothing. */
export interface Scope {
  /** What comes after "only", such as "on gcp". */
  readonly where: string;
  readonly applies: (site: Site) => boolean;
}

/**
 * A key's declaration. `T`: the value in a stack file; `V`: what rules see; `R`: the value in `Settings`.
 */
interface Facts<T, V, R> {
  readonly schema: z.ZodType<T>;
  /** What the key is: the start of a sentence, without the full stop. */
  readonly doc: string;
  /** The unit of a number, such as "days". */
  readonly unit?: string;
  /** Further complete sentences: what a change does, or other requirements. */
  readonly note?: string;
  readonly example: NoInfer<T>;
  readonly only?: Scope;
  readonly rules?: readonly Check[];
  /** From the value to what components read. @default the value itself */
  readonly settle?: (value: V, site: Site) => R;
}

/** One configuration key: everything that the program and the documentation know about it. */
export interface Key<V = never, R = unknown> {
  readonly schema: z.ZodType;
  readonly doc: string;
  readonly unit?: string;
  readonly note?: string;
  readonly example: unknown;
  readonly only?: Scope;
  readonly rules?: readonly Check[];
  readonly presence: "required" | "default" | "optional";
  /** The value if the stack does not set the key; undefined if `settle` or a component decides. */
  readonly fallback: (profile: CloudProfile) => unknown;
  /** Whether `fallback` depends on the cloud. */
  readonly byCloud: boolean;
  /** The default in words, if it is not a constant. */
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

/** A key whose default comes from the profile of the stack's cloud. */
export const perCloud = <T, R = T>(
  facts: Facts<T, T, R> & { readonly fallback: (profile: CloudProfile) => NoInfer<T> },
) => ({ presence: "default", byCloud: true, settle: keep, ...facts }) as Key<T, R>;

/** A key without a constant default: `settle` or a component decides, or there is none. */
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

/** For a key that is empty when it is not set. */
export const orEmpty = (value: string | undefined): string => value ?? "";

/** For scopes: on one of these clouds. */
export const on = (...clouds: readonly Site["cloud"][]): Scope => ({
  where: `on ${either(clouds.map((cloud) => (cloud === "existing" ? "an existing cluster" : cloud)))}`,
  applies: ({ cloud }) => clouds.includes(cloud),
});

/** For scopes: whether one of the system's data services of this kind is run in one of these ways. */
export const runs =
  (kind: DataKind, ...ways: readonly Variant[]) =>
  ({ system }: Pick<Site, "system">): boolean =>
    servicesOf(system, kind).some(({ runs: way }) => ways.includes(way));

/** Whether the value is plain text rather than JSON. */
export const isText = ({ schema }: Pick<Key, "schema">): boolean =>
  schema instanceof z.ZodString || schema instanceof z.ZodEnum;

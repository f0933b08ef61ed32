/** What KWOK's stages cannot do for the controllers of a cluster, because it takes more than one object to decide. */
import { setTimeout as pause } from "node:timers/promises";
import type { ApiClient } from "./client";

export interface Operator {
  /** Looks at everything once. What it throws is tried again. */
  reconcile(): Promise<void>;
}

/** Milliseconds between two looks. */
const INTERVAL = 500;

/** Looks that fail in a row before it is said: a server that restarts is back by then. */
const PATIENCE = 120;

export interface Running {
  /** What each operator still cannot do. */
  readonly complaints: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export function runOperators(operators: readonly Operator[]): Running {
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  const failures = operators.map(() => ({ count: 0, last: "" }));
  const loops = operators.map(async (operator, index) => {
    while (!isStopping()) {
      try {
        await operator.reconcile();
        failures[index] = { count: 0, last: "" };
      } catch (error) {
        const last = error instanceof Error ? error.message : String(error);
        failures[index] = { count: (failures[index]?.count ?? 0) + 1, last };
      }
      await pause(INTERVAL, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  });
  return {
    complaints: () => failures.flatMap(({ count, last }) => (count > PATIENCE ? [last] : [])),
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly deletionTimestamp?: string;
}

export interface CustomObject<Spec, Status> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: Spec;
  readonly status?: Status;
}

/** Of all namespaces. Empty if the kind is not served. */
export async function listAll<Found>(client: ApiClient, path: string): Promise<readonly Found[]> {
  const { status, body } = await client.send("GET", path);
  if (status === 404) return [];
  if (status !== 200) throw new Error(`The API server answers ${path} with ${status}.`);
  return (body as { readonly items: readonly Found[] }).items;
}

/** Adds or removes a finalizer, as controllers do: by a merge patch that fails if anybody else changed the object. */
export async function setFinalizers(
  client: ApiClient,
  path: string,
  { resourceVersion }: Metadata,
  { finalizers, manager }: { readonly finalizers: readonly string[]; readonly manager: string },
): Promise<void> {
  await client.patch(
    path,
    { metadata: { resourceVersion, finalizers } },
    { type: "merge", manager },
  );
}

/** Whether a condition of the type is true. */
export const isTrue = (
  type: string,
  conditions: readonly { readonly type: string; readonly status: string }[] | undefined,
): boolean => (conditions ?? []).some((one) => one.type === type && one.status === "True");

/**
 * Whether the engine's preview is the plan that was reviewed: the same resources with the same inputs. A plan knows no
 * state, so it cannot say what is deleted; that is listed for the approver.
 */
import type { Plan } from "../../offline/plan";
import { differences, normalise } from "./normalise";

/** Of `pulumi preview --json --show-sames`, what is read. */
export interface EnginePreview {
  readonly steps: readonly Step[];
}

interface Step {
  readonly op: string;
  readonly urn: string;
  /** Absent for a deletion. */
  readonly newState?: { readonly inputs?: unknown };
}

export interface Compared {
  /** What the preview does, by operation, sorted. */
  readonly operations: ReadonlyMap<string, readonly string[]>;
  /** What the engine only reads and the plan does not have, which is no change. */
  readonly reads: readonly string[];
  /** One line for each difference from the plan. */
  readonly differences: readonly string[];
}

/** Steps that only belong to a replacement. */
const PARTS: ReadonlySet<string> = new Set([
  "create-replacement",
  "delete-replaced",
  "discard",
  "discard-replaced",
]);
const DELETIONS: ReadonlySet<string> = new Set([
  "delete",
  "delete-replaced",
  "discard",
  "remove-pending-replace",
]);
const READS: ReadonlySet<string> = new Set(["read", "read-replacement", "read-discard", "refresh"]);
/** The engine may leave these out of a preview, and adds them by itself. */
const DEFAULT_PROVIDER = /::(?:[^:]+\$)?pulumi:providers:[^:]+::default(?:_|$)/u;

/** @throws Error whose message says what the text is instead of a whole preview */
export function readPreview(text: string): EnginePreview {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
  const { steps, changeSummary } = isObject(content) ? content : {};
  const isStep = (step: unknown): step is Step =>
    isObject(step) && typeof step["op"] === "string" && typeof step["urn"] === "string";
  if (!Array.isArray(steps) || !steps.every(isStep)) throw new Error("it has no steps");
  const same = isObject(changeSummary) ? changeSummary["same"] : 0;
  if (Number(same) > 0 && !steps.some(({ op }) => op === "same")) {
    throw new Error("it leaves out the resources that stay the same (--show-sames)");
  }
  return { steps };
}

export function comparePreview({ resources }: Plan, { steps }: EnginePreview): Compared {
  const planned = new Map(
    resources
      .filter(({ urn }) => !DEFAULT_PROVIDER.test(urn))
      .map(({ urn, inputs }) => [urn, inputs] as const),
  );
  const isOnlyRead = ({ op, urn }: Step): boolean => READS.has(op) && !planned.has(urn);
  const reads = new Set(steps.filter(isOnlyRead).map(({ urn }) => urn));
  const registered = new Map(
    steps
      .filter(({ op, urn }) => !DELETIONS.has(op) && !DEFAULT_PROVIDER.test(urn))
      .filter((step) => !isOnlyRead(step))
      .map(({ urn, newState }) => [urn, newState?.inputs ?? {}] as const),
  );
  const only = (side: string, these: Iterable<string>, others: ReadonlyMap<string, unknown>) =>
    [...these].filter((urn) => !others.has(urn)).map((urn) => `only ${side} has ${urn}`);
  return {
    operations: operationsOf(steps),
    reads: [...reads],
    differences: [
      ...only("the preview", registered.keys(), planned),
      ...only("the plan", planned.keys(), registered),
      ...[...registered].flatMap(([urn, inputs]) => {
        const expected = planned.get(urn);
        if (expected === undefined) return [];
        return differences(normalise(inputs), normalise(expected), "", true).map(
          (one) => `${urn} ${one}`,
        );
      }),
    ],
  };
}

function operationsOf(steps: readonly Step[]): Compared["operations"] {
  const byKind = new Map<string, string[]>();
  for (const { op, urn } of steps) {
    if (PARTS.has(op) || READS.has(op)) continue;
    byKind.set(op, [...(byKind.get(op) ?? []), urn]);
  }
  return new Map([...byKind].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

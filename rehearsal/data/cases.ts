/** A case: what is done to a backup, and what must be true afterwards. */
import { differenceOf, stateOf } from "./content";
import type { Ended } from "./processes";
import type { Stage } from "./stage";

/** What a case found. */
export interface DataResult {
  readonly backup: string;
  readonly case: string;
  /** Undefined if it could not be played. */
  readonly passed: boolean | undefined;
  readonly seconds: number;
  /** What was measured, what is wrong, or why it was not played. */
  readonly detail: string;
  readonly measured?: Measured;
}

/** In seconds. */
export interface Measured {
  /** From the start of the restore until all data were back. */
  readonly restored: number;
  /** How long after a write it is in the backup, at most, besides the time between two backups. */
  readonly behind: number;
}

/** What a case says: `wrong` are sentences. */
export interface Verdict {
  readonly wrong: readonly string[];
  readonly detail: string;
  readonly measured?: Measured;
}

export interface DataCase {
  readonly title: string;
  /** @throws Error which fails the case */
  play(stage: Stage): Promise<Verdict>;
}

export const verdict = (detail: string, ...wrong: readonly (readonly string[])[]): Verdict => ({
  detail,
  wrong: wrong.flat(),
});

/** A job that must fail, and say so in words that contain `says`. */
export const refused = ({ code, output }: Ended, says: RegExp): readonly string[] => [
  ...(code === 0 ? ["the job succeeded"] : []),
  ...(says.test(output) ? [] : [`the job does not say ${String(says)}, but: ${output.trim()}`]),
];

export const succeeded = ({ code, output }: Ended): readonly string[] =>
  code === 0 ? [] : [`the job failed: ${output.trim()}`];

/** The last line of a job's log. */
export const lastLine = ({ output }: Ended): string => output.trim().split("\n").at(-1) ?? "";

/** The database is what it was. */
export async function unchanged(
  stage: Stage,
  before: readonly string[],
): Promise<readonly string[]> {
  const difference = differenceOf(before, await stateOf(stage.postgres));
  return difference === "" ? [] : [`the database is not what it was: ${difference}`];
}

/** No good dump went away or was changed, and nothing is listed that is not whole. */
export function kept(
  stage: Stage,
  before: ReturnType<Stage["listed"]>,
  more = 0,
): readonly string[] {
  const now = stage.listed();
  const lost = before.filter(
    ({ name, sha256 }) => !now.some((one) => one.name === name && one.sha256 === sha256),
  );
  const expected = before.length + more;
  return [
    ...lost.map(({ name }) => `${name} was a good dump, and is no longer listed as it was`),
    ...stage.spoiled().map((name) => `${name} is listed, and is not what its checksum says`),
    ...(now.length === expected
      ? []
      : [`${String(now.length)} dumps are listed instead of ${String(expected)}`]),
  ];
}

/** Plays a case, whatever happens. */
export async function resultOf(
  backup: string,
  title: string,
  play: () => Promise<Verdict>,
): Promise<DataResult> {
  const started = performance.now();
  const { wrong, detail, measured } = await play().catch((error: unknown) =>
    verdict("", [error instanceof Error ? error.message : String(error)]),
  );
  return {
    backup,
    case: title,
    passed: wrong.length === 0,
    seconds: (performance.now() - started) / 1000,
    detail: [...wrong, detail].filter((text) => text !== "").join("; "),
    ...(measured && { measured }),
  };
}

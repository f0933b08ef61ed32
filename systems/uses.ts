/**
 * Who reads the values of a system that the program does not read, and why nothing reads the rest.
 *
 * The program records what it reads. What the policies, the reports and the rules of `validate.ts` read, and what is
 * written for people only, is declared here; a test compares each line with what they read. Every plan says what is left.
 */
import type { System } from "./model";
import { unwatched } from "./reading";
import { NOTHING_HERE } from "./uses/here";
import { NOTHING } from "./uses/nothing";
import { DOCUMENTATION, READERS } from "./uses/readers";
import { matches, type Stack, type Use } from "./uses/use";

export const USES: readonly Use[] = [...DOCUMENTATION, ...READERS, ...NOTHING, ...NOTHING_HERE];

/** The first use that covers each path; undefined for a path that none does. */
export function usesOf(
  paths: readonly string[],
  system: System,
  stack: Stack,
): ReadonlyMap<string, Use | undefined> {
  const uses = USES.map((use) => ({
    use,
    patterns: typeof use.paths === "function" ? use.paths(unwatched(system), stack) : use.paths,
  }));
  return new Map(
    paths.map((path) => [
      path,
      uses.find(({ patterns }) => patterns.some((pattern) => matches(pattern, path)))?.use,
    ]),
  );
}

/**
 * Who reads the values of a system that the program does not read, and why nothing reads the rest.
 *
 * The program records what it reads. What the policies, the reports and the rules of `validate.ts` read, and what is
 * written for people, is declared here; a test compares each line with what they read. Every plan says what is left.
 */
import type { EnvironmentName, System } from "./model";
import { unwatched } from "./reading";
import { NOTHING } from "./uses/nothing";
import { PEOPLE, READERS } from "./uses/readers";
import { matches, type Use } from "./uses/use";

export const USES: readonly Use[] = [...PEOPLE, ...READERS, ...NOTHING];

/** The first use that covers each path; undefined for a path that none does. */
export function usesOf(
  paths: readonly string[],
  system: System,
  environment: EnvironmentName,
): ReadonlyMap<string, Use | undefined> {
  const uses = USES.map((use) => ({
    use,
    patterns:
      typeof use.paths === "function" ? use.paths(unwatched(system), environment) : use.paths,
  }));
  return new Map(
    paths.map((path) => [
      path,
      uses.find(({ patterns }) => patterns.some((pattern) => matches(pattern, path)))?.use,
    ]),
  );
}

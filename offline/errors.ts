/** Errors that a user made and can fix. */

/**
 * The project file, a stack file or the choice of stack is wrong. Commands print its message alone
 * (no stack trace) and exit with 2.
 */
export class ProjectConfigError extends Error {
  override readonly name = "ProjectConfigError";
}

/** The message of a thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Configuration keys of earlier versions, and what to do if a stack file still sets one. */
export const REMOVED_KEYS: Readonly<Record<string, string>> = {
  postgresOperator:
    "CloudNativePG is the only operator for Postgres; migrate data from Zalando's operator with " +
    'a dump and a restore (docs/recovery.md, "Restore into an empty database")',
};

/** Configuration keys that earlier versions had: what to do about one that a stack file still sets. */
export const REMOVED_KEYS: Readonly<Record<string, string>> = {
  postgresOperator:
    "CloudNativePG is the only operator that runs Postgres; data of Zalando's operator moves by " +
    'a dump and a restore (docs/recovery.md, "Restore into an empty database")',
};

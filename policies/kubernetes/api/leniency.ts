/**
 * Where the API server accepts less than its OpenAPI document asks for, found by comparing with a real one
 * (`npm run -s test:api`).
 */

/** Fields that the document calls required, and that may be left out. */
export const NOT_ENFORCED: ReadonlySet<string> = new Set<string>([
  // Zero is the first unit.
  "core.v1.ISCSIVolumeSource lun",
  "core.v1.ISCSIPersistentVolumeSource lun",
  "core.v1.HTTPHeader value",
  "core.v1.Sysctl value",
  "core.v1.SleepAction seconds",
  "core.v1.LimitRangeSpec limits",
  "apiextensions.v1.CustomResourceDefinitionVersion served",
]);

/** Required fields in which an empty text is a value of its own. */
export const EMPTY_IS_SET: ReadonlySet<string> = new Set<string>([]);

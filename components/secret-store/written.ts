/** When External Secrets has written a Secret: the `pulumi.com/waitFor` of an ExternalSecret. */

/** The spec was written after the store was last read. */
const CHANGED_SINCE =
  "$.metadata.managedFields[?@.fieldsV1['f:spec'] && @.time > $.status.refreshTime]";

/**
 * "Ready" alone is still true from before a change: workloads would restart with the old value. It
 * does not matter who wrote the spec: the provider creates with one operation and updates with
 * another.
 *
 * RFC 9535, and without a single `=`, at which the provider splits the expression.
 */
export const WAIT_UNTIL_WRITTEN = JSON.stringify([
  "condition=Ready",
  `jsonpath={.status[?@ == $.status.refreshTime && !${CHANGED_SINCE}]}`,
]);

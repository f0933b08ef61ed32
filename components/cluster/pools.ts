/** The label of a cluster's nodes by which workloads choose their pool. */
export const POOL_LABEL = "runstack.dev/pool";

/** The label's value on the platform's nodes. */
export const SYSTEM_POOL = "system";

/** What a cluster's nodes are labelled with, so that workloads can choose their pool. */
export const POOL_LABEL = "runstack.dev/pool";

/** That label's value on the platform's nodes. */
export const SYSTEM_POOL = "system";

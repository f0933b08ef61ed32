import type * as pulumi from "@pulumi/pulumi";

/** A Kubernetes ServiceAccount, whose pods are to act in the cloud as themselves. */
export interface Account {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** What came of letting an account act in the cloud. */
export interface Grant {
  /** To be set on the ServiceAccount. */
  readonly annotations: Readonly<Record<string, pulumi.Output<string>>>;
  /** What exists before a pod of the account starts: it looks for its credentials once. */
  readonly ready: readonly pulumi.Resource[];
}

export const NO_GRANT: Grant = { annotations: {}, ready: [] };

import type * as pulumi from "@pulumi/pulumi";

/** A Kubernetes ServiceAccount whose pods need a cloud identity. */
export interface Account {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The cloud identity of a ServiceAccount. */
export interface Grant {
  /** Annotations for the ServiceAccount. */
  readonly annotations: Readonly<Record<string, pulumi.Output<string>>>;
  /** What must exist before a pod of the account starts: it reads its credentials once. */
  readonly ready: readonly pulumi.Resource[];
}

export const NO_GRANT: Grant = { annotations: {}, ready: [] };

/** A Job that asks or changes the API server before anything else may be created, as an account of its own. */
import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "./child-factory";
import type { Namespace } from "./namespace";
import { commonLabels } from "./labels";
import { restrictedPod } from "./security";

type Container = k8s.types.input.core.v1.Container;

/** Where such Jobs run. */
export interface ClusterJobPlace {
  readonly namespace: Namespace;
  /** Name of the account and its rights, including cluster-scoped ones. */
  readonly account: string;
  /** Value of the label for the component. */
  readonly component: string;
}

const metadataIn = ({ namespace: { namespace }, component }: ClusterJobPlace, name: string) => ({
  name,
  namespace,
  labels: commonLabels("runstack", component),
});

/** An account with these rights; Jobs depend on what is returned. */
export function createClusterAccount(
  part: Part,
  place: ClusterJobPlace,
  rules: readonly k8s.types.input.rbac.v1.PolicyRule[],
): readonly pulumi.Resource[] {
  const { account: name, component } = place;
  const { namespace } = place.namespace;
  const account = new k8s.core.v1.ServiceAccount(
    part.child("account"),
    { metadata: metadataIn(place, name), automountServiceAccountToken: false },
    part.options({ dependsOn: [...place.namespace.ready] }),
  );
  const metadata = { name, labels: commonLabels("runstack", component) };
  const role = new k8s.rbac.v1.ClusterRole(
    part.child("role"),
    { metadata, rules: [...rules] },
    part.options(),
  );
  const binding = new k8s.rbac.v1.ClusterRoleBinding(
    part.child("binding"),
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    part.options({ dependsOn: [role] }),
  );
  return [account, role, binding];
}

export interface ClusterJobArguments {
  /** Of the child. */
  readonly suffix: string;
  readonly name: string;
  readonly container: Container;
  readonly volumes?: k8s.types.input.core.v1.Volume[];
  /** How often it is tried again. */
  readonly retries: number;
  /** In seconds, with the time to pull the image. */
  readonly deadline: number;
  readonly after: readonly pulumi.Resource[];
}

/** `pulumi up` waits for it; a failed one is run again by the next. */
export function createClusterJob(
  part: Part,
  place: ClusterJobPlace,
  { suffix, name, container, volumes, retries, deadline, after }: ClusterJobArguments,
): k8s.batch.v1.Job {
  const metadata = metadataIn(place, name);
  return new k8s.batch.v1.Job(
    part.child(suffix),
    {
      // No TTL: every refresh would recreate a Job that deletes itself.
      metadata: { ...metadata, annotations: { "pulumi.com/replaceUnready": "true" } },
      spec: {
        backoffLimit: retries,
        activeDeadlineSeconds: deadline,
        template: {
          metadata: { labels: metadata.labels },
          spec: {
            restartPolicy: "Never",
            serviceAccountName: place.account,
            automountServiceAccountToken: true,
            enableServiceLinks: false,
            securityContext: restrictedPod(),
            containers: [container],
            ...(volumes === undefined ? {} : { volumes }),
          },
        },
      },
    },
    part.options({
      dependsOn: [...place.namespace.ready, ...after],
      // Longer than the Job's own deadline, so that the Job's error is reported first.
      customTimeouts: { create: `${String(deadline + 60)}s` },
    }),
  );
}

/** For a Job's name: the same work has the same name, so that an `up` without a change runs nothing. */
export const workDigest = (work: unknown): string =>
  createHash("sha256").update(JSON.stringify(work)).digest("hex").slice(0, 10);

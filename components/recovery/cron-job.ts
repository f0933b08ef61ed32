import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { NO_GRANT, type Grant } from "../identity/contract";
import { commonLabels } from "../kit/labels";
import { recoveryEgress } from "./network";
import type { StoreAccess } from "../object-store/rclone";
import type { DatabaseAccess } from "./access";

export interface IsolatedCronJobArguments {
  readonly system: string;
  /** The name of the CronJob and the objects around it. */
  readonly jobName: string;
  readonly namespace: string;
  readonly database: DatabaseAccess;
  readonly store: StoreAccess;
  /** Cron expression, in UTC. */
  readonly schedule: string;
  /** A suspended CronJob runs only when it is started by hand. */
  readonly suspend: boolean;
  /** How often a failed pod is retried. */
  readonly retries: number;
  /** In seconds; a run that takes longer is stopped and counts as failed. */
  readonly deadline: number;
  readonly pod: (serviceAccount: string) => k8s.types.input.core.v1.PodSpec;
}

export interface IsolatedCronJob {
  readonly cronJob: k8s.batch.v1.CronJob;
  readonly serviceAccount: k8s.core.v1.ServiceAccount;
  readonly networkPolicy: k8s.networking.v1.NetworkPolicy;
}

/**
 * A CronJob whose identity has no permissions in the cluster, and in the cloud only for its bucket,
 * and whose network policy allows only what it needs.
 */
export function isolatedCronJob(
  child: (suffix: string) => string,
  args: IsolatedCronJobArguments,
  options: pulumi.CustomResourceOptions,
): IsolatedCronJob {
  const { jobName, namespace } = args;
  const labels = commonLabels(args.system, jobName);
  const metadata = { name: jobName, namespace, labels };
  const grant = grantTo(child("grant"), args);
  const serviceAccount = new k8s.core.v1.ServiceAccount(
    child("account"),
    {
      metadata: {
        ...metadata,
        ...(Object.keys(grant.annotations).length === 0 ? {} : { annotations: grant.annotations }),
      },
      automountServiceAccountToken: false,
    },
    options,
  );
  const networkPolicy = new k8s.networking.v1.NetworkPolicy(
    child("network"),
    {
      metadata,
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: recoveryEgress(args.database.reach, args.store.store.reach),
      },
    },
    options,
  );
  const cronJob = new k8s.batch.v1.CronJob(
    child("job"),
    { metadata, spec: cronJobSpec(args, labels, jobName) },
    // Without the policy, a default-deny namespace would block the first run.
    pulumi.mergeOptions(options, { dependsOn: [networkPolicy, serviceAccount, ...grant.ready] }),
  );
  return { cronJob, serviceAccount, networkPolicy };
}

/** With a key in a Secret there is nothing to grant. */
function grantTo(name: string, { store, namespace, jobName }: IsolatedCronJobArguments): Grant {
  return store.secretName === undefined
    ? store.store.grant(name, { namespace, serviceAccount: jobName })
    : NO_GRANT;
}

function cronJobSpec(
  args: IsolatedCronJobArguments,
  labels: Record<string, string>,
  serviceAccount: string,
): k8s.types.input.batch.v1.CronJobSpec {
  return {
    schedule: args.schedule,
    timeZone: "Etc/UTC",
    suspend: args.suspend,
    concurrencyPolicy: "Forbid",
    // A run that is delayed for longer, for example by a control plane outage, is skipped.
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels },
      spec: {
        backoffLimit: args.retries,
        activeDeadlineSeconds: args.deadline,
        template: { metadata: { labels }, spec: args.pod(serviceAccount) },
      },
    },
  };
}

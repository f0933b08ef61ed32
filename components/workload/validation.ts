import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { System, Validation as Requests } from "../../systems/model";
import { Component, type ComponentOptions } from "../kit/component";
import { commonLabels } from "../kit/labels";
import { restrictedPod } from "../kit/security";
import {
  type Addressed,
  checkRequests,
  DEADLINE,
  targetsOf,
  validationContainer,
  validationFlows,
  type Target,
} from "./validation-requests";

export interface ValidationArguments {
  readonly system: Pick<System, "id"> & {
    readonly services: readonly Addressed[];
  };
  readonly validation: Pick<Requests, "name" | "when" | "requests">;
  /** The services' namespace. */
  readonly namespace: pulumi.Input<string>;
  /**
   * Changes with every deployment that should be validated, for example all image references in one
   * string. It becomes part of the Job's name, because a Job cannot be changed and runs once.
   */
  readonly revision: string;
}

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

/**
 * Requests to the system's services by their in-cluster names, each repeated until it succeeds.
 *
 * After a deployment it is a Job that `pulumi up` waits for: while a request fails, nothing that
 * depends on this component changes, and the next `up` runs a failed Job again. For other occasions
 * it is a suspended CronJob, to start by hand:
 * `kubectl -n <namespace> create job <any name> --from=cronjob/<system>-<validation>`.
 */
export class Validation extends Component {
  /** The Job's name, or the CronJob's. */
  readonly jobName: string;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: ValidationArguments, options: ComponentOptions) {
    const { system, validation, namespace } = args;
    super("workload:Validation", name, { validation: validation.name }, options);
    checkRequests(name, args);

    const base = `${system.id}-${validation.name}`;
    const metadata = { name: base, namespace, labels: commonLabels(system.id, base) };
    const targets = targetsOf(system.services, validation.requests);
    const container = validationContainer(targets);
    const pod = {
      ...restrictedRun(),
      serviceAccountName: base,
      containers: [container],
    };
    const account = this.createAccount(metadata);
    const flows = this.createFlows(system.id, metadata, targets);
    const after = this.options({ dependsOn: [account, ...flows] });
    const once = validation.when === "afterDeployment";
    this.jobName = once ? revisionName(base, [args.revision, container]) : base;
    const named = { ...metadata, name: this.jobName };
    this.ready = [
      once ? this.createJob(named, pod, after) : this.createTemplate(named, pod, after),
    ];
    this.publish();
  }

  private createAccount(metadata: Metadata): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata, automountServiceAccountToken: false },
      this.options(),
    );
  }

  private createFlows(
    system: string,
    metadata: Metadata,
    targets: readonly Target[],
  ): k8s.networking.v1.NetworkPolicy[] {
    return Object.entries(validationFlows(system, metadata.labels, targets)).map(
      ([suffix, spec]) =>
        new k8s.networking.v1.NetworkPolicy(
          this.child(suffix),
          { metadata: { ...metadata, name: `${metadata.name}-${suffix}` }, spec },
          this.options(),
        ),
    );
  }

  private createJob(
    metadata: Metadata,
    pod: k8s.types.input.core.v1.PodSpec,
    options: pulumi.CustomResourceOptions,
  ): k8s.batch.v1.Job {
    return new k8s.batch.v1.Job(
      this.child("job"),
      {
        // No TTL: every refresh would recreate a Job that deletes itself.
        metadata: { ...metadata, annotations: { "pulumi.com/replaceUnready": "true" } },
        spec: jobSpec(metadata, pod),
      },
      // Longer than the Job's own deadline, so that the Job's error is reported first.
      { ...options, customTimeouts: { create: `${String(JOB_DEADLINE + 60)}s` } },
    );
  }

  private createTemplate(
    metadata: Metadata,
    pod: k8s.types.input.core.v1.PodSpec,
    options: pulumi.CustomResourceOptions,
  ): k8s.batch.v1.CronJob {
    return new k8s.batch.v1.CronJob(
      this.child("job"),
      {
        metadata,
        spec: {
          // Never used: the CronJob is suspended.
          schedule: "0 0 1 1 *",
          timeZone: "Etc/UTC",
          suspend: true,
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: 60,
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 1,
          jobTemplate: {
            metadata: { labels: metadata.labels },
            spec: jobSpec(metadata, pod),
          },
        },
      },
      options,
    );
  }
}

/** The same content gives the same name, so that an `up` without a change runs nothing. */
function revisionName(base: string, content: readonly unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return `${base}-${hash.slice(0, 10)}`;
}

/** Additional seconds for pulling the image and for the last request. */
const JOB_DEADLINE = DEADLINE + 120;

function jobSpec(
  { labels }: Metadata,
  pod: k8s.types.input.core.v1.PodSpec,
): k8s.types.input.batch.v1.JobSpec {
  return {
    // The script retries itself and reports failures at the end.
    backoffLimit: 0,
    activeDeadlineSeconds: JOB_DEADLINE,
    template: { metadata: { labels }, spec: pod },
  };
}

function restrictedRun(): Omit<k8s.types.input.core.v1.PodSpec, "containers"> {
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
  };
}

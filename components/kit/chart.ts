import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartVersion } from "../../versions";

export interface ChartArguments {
  readonly version: ChartVersion;
  /** The Helm release's name, which many charts use for their objects too. */
  readonly releaseName: string;
  readonly namespace: pulumi.Input<string>;
  /** Chart values. Mark secrets as such: values are stored in the state. */
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * An OCI registry with a mirror of all charts, for clusters without internet access, as
   * `oci://host/path`; each chart is then pulled from `<mirror>/<chart>`.
   */
  readonly mirror: string | undefined;
  /**
   * How long Helm waits until everything in the release is ready, in seconds.
   * @default 600
   */
  readonly timeout?: number;
}

/**
 * Installs one chart: atomically (a failed installation leaves nothing behind) and waiting for its
 * workloads, so that resources that depend on the release find its CRDs and webhooks ready.
 */
export function installChart(
  name: string,
  args: ChartArguments,
  options: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
  return new k8s.helm.v3.Release(
    name,
    {
      name: args.releaseName,
      namespace: args.namespace,
      version: args.version.version,
      ...chartSource(args.version, args.mirror),
      values: args.values as Record<string, pulumi.Input<unknown>>,
      atomic: true,
      cleanupOnFail: true,
      createNamespace: false,
      // Helm stores each revision as a Secret: keep a few for rollback, but do not fill etcd.
      maxHistory: 5,
      skipAwait: false,
      timeout: args.timeout ?? 600,
      waitForJobs: true,
    },
    options,
  );
}

/** An OCI chart is referenced by its full address, a classic one by its name in a repository. */
export function chartSource(
  version: ChartVersion,
  mirror: string | undefined,
): { chart: string; repositoryOpts?: { repo: string } } {
  if (mirror !== undefined) return { chart: `${mirror.replace(/\/+$/, "")}/${version.chart}` };
  if (version.repository.startsWith("oci://")) return { chart: version.repository };
  return { chart: version.chart, repositoryOpts: { repo: version.repository } };
}

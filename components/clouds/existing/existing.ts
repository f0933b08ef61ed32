import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../../kit/component";
import type { Cluster, NodePool } from "../../cluster/contract";
import type { ExistingArguments } from "./arguments";
import { checkExisting } from "./check";
import { Preflight } from "./preflight";

/** An existing cluster. A preflight reports what is missing before anything is created in it. */
export class ExistingCluster extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubernetes: k8s.Provider;
  readonly ready: readonly pulumi.Resource[];
  readonly region: string;
  readonly zones: readonly string[];
  readonly storageClass: string;
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly placement = { cloud: "existing" } as const;
  readonly workloadNodes: Readonly<Record<string, string>>;
  /** Scaling is left to the cluster's owner. */
  readonly nodePools: readonly NodePool[] = [];
  readonly hasMetricsServer: boolean;

  constructor(name: string, args: ExistingArguments, options: ComponentOptions) {
    const { context, region } = args;
    super("cluster:ExistingCluster", name, { context, region }, options);
    checkExisting(name, args);

    this.clusterName = pulumi.output(context);
    this.kubernetes = this.createProvider(args);
    this.region = region;
    this.zones = args.zones;
    this.storageClass = args.storageClass;
    this.loadBalancerAnnotations = args.loadBalancerAnnotations;
    this.podCidr = args.podCidr;
    this.serviceCidr = args.serviceCidr;
    this.workloadNodes = args.workloadNodes;
    this.hasMetricsServer = args.hasMetricsServer;
    this.ready = new Preflight(this.child("preflight"), args, {
      parent: this,
      providers: { kubernetes: this.kubernetes },
    }).ready;
    this.publish();
  }

  private createProvider({ context, kubeconfig }: ExistingArguments): k8s.Provider {
    return new k8s.Provider(
      this.child("kubernetes"),
      {
        context,
        ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
        // A renewed credential must not replace every object.
        clusterIdentifier: context,
        enableServerSideApply: true,
        // Changed in place; by default the object would be replaced and missing for a moment.
        enableConfigMapMutable: true,
        enableSecretMutable: true,
      },
      this.options(),
    );
  }
}

import type * as eks from "@pulumi/aws/eks";
import * as k8s from "@pulumi/kubernetes";
import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { seconds } from "../../../../systems/units";
import { Component, type ComponentOptions } from "../../../kit/component";
import type {
  AwsPlacement,
  Cluster,
  LoadBalancerTargets,
  NodePool,
} from "../../../cluster/contract";
import { POOL_LABEL } from "../../../cluster/pools";
import { createFirstAddons, createLastAddons, type FirstAddons } from "./addons";
import type { EksArguments } from "./arguments";
import { checkEks } from "./check";
import { createAdministrators, createControlPlane } from "./control-plane";
import { installAutoscaler, installLoadBalancers } from "./controllers";
import { createKey } from "./keys";
import { eksKubeconfig } from "./kubeconfig";
import { createClusterLogs, createFlowLogs } from "./logs";
import { EksNetwork } from "./network";
import { EksNodes, groupsOf } from "./nodes";

/**
 * A production-grade Amazon EKS cluster in its own network: private nodes in three zones, one key
 * for everything stored, identities for pods, and the controllers that EKS does not include.
 */
export class EksCluster extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubernetes: k8s.Provider;
  readonly ready: readonly pulumi.Resource[];
  readonly region: string;
  readonly zones: readonly string[];
  readonly storageClass = "gp3-encrypted";
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  readonly loadBalancerTargets = LOAD_BALANCER_TARGETS;
  /** Pods get addresses of the network itself. */
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly placement: AwsPlacement;
  readonly workloadNodes: Readonly<Record<string, string>>;
  /** One entry for each node group, with its share of the pool's nodes. */
  readonly nodePools: readonly NodePool[];
  readonly hasMetricsServer = false;

  constructor(name: string, args: EksArguments, options: ComponentOptions) {
    const { clusterName, region, version, maintenance } = args;
    const window = `${maintenance.day} ${maintenance.start}`;
    super("cluster:EksCluster", name, { clusterName, region, version, window }, options);
    checkEks(name, args);

    const network = new EksNetwork(this.child("network"), args, { parent: this });
    const key = createKey(name, { ...args, account: network.ownerId }, this.options());
    const cluster = this.createCluster(args, network, key);
    const administrators = createAdministrators(name, args.administrators, cluster, this.options());
    const first = createFirstAddons(name, { ...args, cluster }, this.options());
    const nodes = this.createNodes(args, network, key, cluster, first);

    this.clusterName = cluster.name;
    this.region = region;
    this.zones = args.zones;
    this.podCidr = args.network.vpc;
    this.serviceCidr = args.network.services;
    this.placement = placementOf(args, network, key, cluster, first);
    this.workloadNodes = { [POOL_LABEL]: args.pools[0]?.name ?? "" };
    this.nodePools = groupsOf(args.pools).map(({ pool, ...group }) => ({ name: pool, ...group }));
    this.loadBalancerAnnotations = loadBalancerAnnotations(clusterName);
    this.kubernetes = this.createProvider(args, cluster, [...nodes.ready, ...administrators]);
    this.ready = [...first.all, ...nodes.ready, ...this.fill(args, cluster, key, nodes)];
    this.publish();
  }

  private createCluster(args: EksArguments, network: EksNetwork, key: kms.Key): eks.Cluster {
    const logs = createClusterLogs(this.name, args, key, this.options());
    createFlowLogs(this.name, args, network, key, this.options());
    return createControlPlane(
      this.name,
      args,
      { network, keyArn: key.arn, before: [logs] },
      this.options(),
    );
  }

  private createNodes(
    args: EksArguments,
    network: EksNetwork,
    key: kms.Key,
    cluster: eks.Cluster,
    first: FirstAddons,
  ): EksNodes {
    const { privateSubnetIds: subnetIds } = network;
    return new EksNodes(
      this.child("nodes"),
      { ...args, cluster, subnetIds, keyArn: key.arn, after: [...network.ready, ...first.all] },
      { parent: this },
    );
  }

  /** Waits for nodes, and for the permissions of the principal that runs Pulumi. */
  private createProvider(
    { region }: EksArguments,
    cluster: eks.Cluster,
    dependsOn: readonly pulumi.Resource[],
  ): k8s.Provider {
    return new k8s.Provider(
      this.child("kubernetes"),
      {
        kubeconfig: eksKubeconfig(cluster, region),
        // A changed kubeconfig must not replace every object, but another cluster must. A cluster
        // of the same name would have the same ARN, but never the same address.
        clusterIdentifier: cluster.endpoint,
        enableServerSideApply: true,
        // Changed in place; by default the object would be replaced and missing for a moment.
        enableConfigMapMutable: true,
        enableSecretMutable: true,
      },
      this.options({ dependsOn: [...dependsOn] }),
    );
  }

  /** What the cluster needs before anything else: DNS, volumes, load balancers, autoscaling. */
  private fill(
    args: EksArguments,
    cluster: eks.Cluster,
    key: kms.Key,
    nodes: EksNodes,
  ): readonly pulumi.Resource[] {
    const addons = createLastAddons(
      this.name,
      { ...args, cluster, keyArn: key.arn, after: nodes.ready },
      this.options(),
    );
    const { placement, kubernetes } = this;
    const inside = { ...args, placement, kubernetes, after: addons };
    return [
      ...addons,
      this.createStorageClass(args.highlyAvailable, key, addons),
      installLoadBalancers(this.name, inside, this.options()),
      installAutoscaler(this.name, inside, this.options()),
    ];
  }

  private createStorageClass(
    isLasting: boolean,
    key: kms.Key,
    dependsOn: readonly pulumi.Resource[],
  ): k8s.storage.v1.StorageClass {
    return new k8s.storage.v1.StorageClass(
      this.child("storage-class"),
      {
        metadata: {
          name: this.storageClass,
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true", kmsKeyId: key.arn },
        // In the zone where the pod is scheduled, not in one without capacity for it.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        // In production, deleting a claim by mistake does not delete the data.
        reclaimPolicy: isLasting ? "Retain" : "Delete",
      },
      this.options({ provider: this.kubernetes, dependsOn: [...dependsOn] }),
    );
  }
}

function placementOf(
  { region }: EksArguments,
  network: EksNetwork,
  key: kms.Key,
  cluster: eks.Cluster,
  { identityAgent }: FirstAddons,
): AwsPlacement {
  return {
    cloud: "aws",
    region,
    clusterName: cluster.name,
    vpcId: network.vpcId,
    privateSubnetIds: network.privateSubnetIds,
    securityGroupId: nodesGroup(cluster),
    encryptionKeyArn: key.arn,
    identityReady: [identityAgent],
  };
}

/**
 * The security group that EKS creates and the nodes use. It is a field of `vpcConfig`, which is an
 * input too, so a preview would find it missing rather than unknown. Reading it together with the
 * ARN, which only EKS knows, makes it unknown.
 */
const nodesGroup = ({ arn, vpcConfig }: eks.Cluster): pulumi.Output<string> =>
  pulumi.all([arn, vpcConfig]).apply(([, { clusterSecurityGroupId }]) => clusterSecurityGroupId);

const EDGE_PORTS = [80, 443] as const;

/**
 * Idle timeout of the load balancer, 60 to 6000 seconds. Its default of 350 would cut off
 * WebSockets, which the gateway keeps for an hour. It is longer than that, so that the gateway
 * closes first.
 */
const IDLE_SECONDS = 4000;

/**
 * Without the readiness gate, a rollout stops old pods before the load balancer knows the new ones. Deregistration
 * takes effect in the load balancer only after two to three minutes, whatever its delay (AWS Load Balancer
 * Controller, issue 3270).
 */
const LOAD_BALANCER_TARGETS: LoadBalancerTargets = {
  namespaceLabels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
  release: seconds(180),
};

/**
 * A network load balancer of the AWS Load Balancer Controller, with the pods as targets. They see
 * the client's address, so a pod that calls the load balancer may reach itself and get no answer.
 */
function loadBalancerAnnotations(clusterName: string): Record<string, string> {
  const prefix = "service.beta.kubernetes.io/aws-load-balancer";
  return {
    // Set at creation: the controller does not take over, or release, a Service later.
    [`${prefix}-type`]: "external",
    [`${prefix}-nlb-target-type`]: "ip",
    [`${prefix}-scheme`]: "internet-facing",
    [`${prefix}-name`]: `${clusterName}-edge`,
    [`${prefix}-attributes`]: "load_balancing.cross_zone.enabled=true",
    ...Object.fromEntries(
      EDGE_PORTS.map((port) => [
        `${prefix}-listener-attributes.TCP-${String(port)}`,
        `tcp.idle_timeout.seconds=${String(IDLE_SECONDS)}`,
      ]),
    ),
    [`${prefix}-target-group-attributes`]: "preserve_client_ip.enabled=true",
  };
}

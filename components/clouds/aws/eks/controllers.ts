import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, EKS } from "../../../../versions";
import { installChart } from "../../../kit/chart";
import { podIdentity, type Statement } from "../identity";
import { restrictedContainer, restrictedPod } from "../../../kit/security";
import type { AwsPlacement } from "../../../cluster/contract";
import type { EksArguments } from "./arguments";
import { LOAD_BALANCER_POLICY } from "./load-balancer-policy";
import { POOL_LABEL, SYSTEM_POOL } from "../../../cluster/pools";
import { spreadPods } from "../../../kit/spread";

type ControllerArguments = Pick<
  EksArguments,
  "clusterName" | "region" | "version" | "highlyAvailable" | "chartMirror" | "zones"
> & {
  readonly placement: AwsPlacement;
  /** Installs the charts; identities come from the cloud. */
  readonly kubernetes: k8s.Provider;
  /** Their names resolve, and pods can run. */
  readonly after: readonly pulumi.Resource[];
};

const LOAD_BALANCERS = "aws-load-balancer-controller";
const AUTOSCALER = "cluster-autoscaler";

/** On the platform's nodes, which the autoscaler does not manage, and spread over them. */
const placed = (instance: string, zones: readonly string[]) => ({
  nodeSelector: { [POOL_LABEL]: SYSTEM_POOL },
  topologySpreadConstraints: spreadPods({ "app.kubernetes.io/instance": instance }, zones),
  // One at a time, even with a single replica: a node must always be drainable.
  podDisruptionBudget: { maxUnavailable: 1 },
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
});

/**
 * Creates load balancers for Services. It is deleted after them, or they would remain and block the
 * deletion of the network.
 */
export function installLoadBalancers(
  name: string,
  args: ControllerArguments,
  options: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
  const identity = podIdentity(
    `${name}-load-balancers`,
    {
      placement: args.placement,
      account: { namespace: "kube-system", serviceAccount: LOAD_BALANCERS },
      statements: LOAD_BALANCER_POLICY,
    },
    options,
  );
  return installChart(
    `${name}-load-balancers`,
    {
      version: CHARTS.awsLoadBalancerController,
      releaseName: LOAD_BALANCERS,
      namespace: "kube-system",
      mirror: args.chartMirror,
      values: loadBalancerValues(args),
    },
    pulumi.mergeOptions(options, {
      provider: args.kubernetes,
      dependsOn: [...identity.ready, ...args.after],
    }),
  );
}

const loadBalancerValues = (args: ControllerArguments): Readonly<Record<string, unknown>> => ({
  clusterName: args.clusterName,
  // Set here, because pods cannot reach the instance metadata service.
  region: args.region,
  vpcId: args.placement.vpcId,
  replicaCount: args.highlyAvailable ? 2 : 1,
  serviceAccount: { create: true, name: LOAD_BALANCERS },
  // It would make every Service of the cluster wait for this controller; annotations mark the
  // Services that it manages.
  enableServiceMutatorWebhook: false,
  // It adds readiness gates; without it, the gateway's pods start all the same.
  podMutatorWebhookConfig: { failurePolicy: "Ignore" },
  // The default of 17 minutes keeps pods behind a readiness gate waiting (issue 3622).
  targetgroupbindingMaxExponentialBackoffDelay: "30s",
  // A new certificate at each upgrade would make webhooks fail for a moment.
  keepTLSSecret: true,
  podSecurityContext: restrictedPod(),
  securityContext: restrictedContainer(),
  ...placed(LOAD_BALANCERS, args.zones),
});

/** Scales the pools' node groups within their bounds. */
export function installAutoscaler(
  name: string,
  args: ControllerArguments,
  options: pulumi.CustomResourceOptions,
): k8s.helm.v3.Release {
  const identity = podIdentity(
    `${name}-autoscaler`,
    {
      placement: args.placement,
      account: { namespace: "kube-system", serviceAccount: AUTOSCALER },
      statements: autoscalerPolicy(args.clusterName),
    },
    options,
  );
  return installChart(
    `${name}-autoscaler`,
    {
      version: CHARTS.clusterAutoscaler,
      releaseName: AUTOSCALER,
      namespace: "kube-system",
      mirror: args.chartMirror,
      values: autoscalerValues(args),
    },
    pulumi.mergeOptions(options, {
      provider: args.kubernetes,
      dependsOn: [...identity.ready, ...args.after],
    }),
  );
}

const autoscalerValues = (args: ControllerArguments): Readonly<Record<string, unknown>> => ({
  cloudProvider: "aws",
  awsRegion: args.region,
  // By the tags that EKS sets on its groups.
  autoDiscovery: { clusterName: args.clusterName },
  image: { tag: EKS[args.version]?.autoscaler },
  fullnameOverride: AUTOSCALER,
  // One is active, the other on standby.
  replicaCount: args.highlyAvailable ? 2 : 1,
  rbac: { serviceAccount: { create: true, name: AUTOSCALER } },
  extraArgs: {
    expander: "least-waste",
    "balance-similar-node-groups": true,
    "scale-down-utilization-threshold": 0.65,
    "scale-down-unneeded-time": "10m",
    // A pod's scratch volume must not keep a node alive.
    "skip-nodes-with-local-storage": false,
  },
  securityContext: restrictedPod(),
  containerSecurityContext: restrictedContainer(),
  ...placed(AUTOSCALER, args.zones),
});

/**
 * Permissions of the autoscaler: the project's own list (kubernetes/autoscaler,
 * cluster-autoscaler/cloudprovider/aws/README.md), with changes limited to this cluster's groups.
 */
export function autoscalerPolicy(clusterName: string): readonly Statement[] {
  return [
    {
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "eks:DescribeNodegroup",
      ],
      resources: ["*"],
    },
    {
      actions: [
        "autoscaling:SetDesiredCapacity",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
      ],
      resources: ["*"],
      condition: {
        StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned" },
      },
    },
  ];
}

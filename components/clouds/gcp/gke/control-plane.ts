import * as container from "@pulumi/gcp/container";
import * as pulumi from "@pulumi/pulumi";
import { kept, type GkeArguments } from "./arguments";
import type { createKey } from "./key";
import { maintenancePolicy } from "./maintenance";
import { PODS, SERVICES, type GkeNetworkParts } from "./network";
import { hardened, type NodeAccount } from "./nodes";

/** What the cluster depends on. */
export interface GkeFoundation {
  readonly network: GkeNetworkParts;
  readonly key: ReturnType<typeof createKey>;
  readonly nodes: NodeAccount;
}

/** The provider's own timeouts, set here because Pulumi's default differs. */
const SLOW = { create: "90m", update: "90m", delete: "90m" };

/** The control plane. Node pools are separate resources: inside it, any change would replace it. */
export function createControlPlane(
  name: string,
  args: GkeArguments,
  on: GkeFoundation,
  options: pulumi.CustomResourceOptions,
): container.Cluster {
  return new container.Cluster(
    `${name}-cluster`,
    {
      name: args.clusterName,
      project: args.project,
      description: `Kubernetes cluster ${args.clusterName}`,
      ...place(args),
      ...versions(args),
      ...defaultPool(on.nodes),
      ...networking(on.network),
      ...access(args),
      ...security(args, on.key.key.id),
      ...addons(),
      ...observability(),
      clusterAutoscaling: { enabled: false, autoscalingProfile: "BALANCED" },
      verticalPodAutoscaling: { enabled: true },
      costManagementConfig: { enabled: true },
      resourceLabels: { ...args.labels },
      deletionProtection: args.protect,
      ...kept(args.protect),
    },
    pulumi.mergeOptions(options, {
      protect: args.protect,
      customTimeouts: SLOW,
      // Both describe the initial pool, which is removed once the cluster exists.
      ignoreChanges: ["nodeConfig", "initialNodeCount"],
      dependsOn: [on.key.usable, on.nodes.logs, on.network.nat],
    }),
  );
}

/** A regional cluster lists all of its zones, a zonal one only the additional ones. */
function place({ region, zones, highlyAvailable }: GkeArguments) {
  const [first = "", ...others] = zones;
  return highlyAvailable
    ? { location: region, nodeLocations: [...zones] }
    : { location: first, nodeLocations: others };
}

/** Only a minimum: the provider upgrades a lower version and leaves a higher one alone. */
function versions(args: GkeArguments) {
  return {
    releaseChannel: { channel: "REGULAR" },
    minMasterVersion: args.version,
    maintenancePolicy: maintenancePolicy(args),
  };
}

/**
 * Google requires an initial pool, with one node in each zone for the minutes until it is removed.
 * It uses the nodes' own account, because the project's default one may be disabled, and little
 * quota.
 */
function defaultPool({ account }: NodeAccount) {
  return {
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    nodeConfig: {
      ...hardened(account.email),
      machineType: "e2-medium",
      diskType: "pd-standard",
      diskSizeGb: 30,
    },
    nodePoolDefaults: { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
  };
}

function networking({ network, subnetwork }: GkeNetworkParts) {
  return {
    network: network.id,
    subnetwork: subnetwork.id,
    networkingMode: "VPC_NATIVE",
    ipAllocationPolicy: {
      clusterSecondaryRangeName: PODS,
      servicesSecondaryRangeName: SERVICES,
      stackType: "IPV4",
    },
    // Dataplane V2 enforces network policies itself: Calico must not be enabled too.
    datapathProvider: "ADVANCED_DATAPATH",
    enableIntranodeVisibility: true,
    // Network policies identify DNS as the kube-dns pods.
    dnsConfig: { clusterDns: "KUBE_DNS" },
    // The gateway is Envoy Gateway, whose chart installs the Gateway API: Google's own copy has an
    // admission policy (enforce-gateway-standard-channel) that rejects the chart's CRDs.
    gatewayApiConfig: { channel: "CHANNEL_DISABLED" },
    serviceExternalIpsConfig: { enabled: false },
  };
}

/** The given networks reach the public address, or there is none and IAM guards the DNS name. */
function access({ controlPlaneAccess }: GkeArguments) {
  const byName = controlPlaneAccess.length === 0;
  return {
    privateClusterConfig: {
      enablePrivateNodes: true,
      ...(byName ? {} : { enablePrivateEndpoint: false }),
    },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: byName },
      ipEndpointsConfig: { enabled: !byName },
    },
    ...(byName
      ? {}
      : {
          masterAuthorizedNetworksConfig: {
            cidrBlocks: controlPlaneAccess.map((cidrBlock) => ({
              cidrBlock,
              displayName: cidrBlock,
            })),
            gcpPublicCidrsAccessEnabled: false,
            privateEndpointEnforcementEnabled: true,
          },
        }),
  };
}

function security({ project }: GkeArguments, keyName: pulumi.Output<string>) {
  return {
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    databaseEncryption: { state: "ENCRYPTED", keyName },
    enableShieldedNodes: true,
    enableLegacyAbac: false,
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    // Anonymous requests may only check its health; no role binding can give them more.
    anonymousAuthenticationConfig: { mode: "LIMITED" },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    binaryAuthorization: { evaluationMode: "DISABLED" },
    // Images are scanned in their registry; Google discontinued scanning in the cluster.
    securityPostureConfig: { mode: "BASIC", vulnerabilityMode: "VULNERABILITY_DISABLED" },
  };
}

function addons() {
  return {
    addonsConfig: {
      httpLoadBalancing: { disabled: false },
      horizontalPodAutoscaling: { disabled: false },
      networkPolicyConfig: { disabled: true },
      gcePersistentDiskCsiDriverConfig: { enabled: true },
      // On by default since 1.34.1: DNS would come from pods outside the network policies.
      dnsCacheConfig: { enabled: false },
    },
  };
}

/** Prometheus in the cluster collects workload metrics; Google's own collection is billed. */
function observability() {
  return {
    loggingConfig: {
      enableComponents: [
        "SYSTEM_COMPONENTS",
        "WORKLOADS",
        "APISERVER",
        "SCHEDULER",
        "CONTROLLER_MANAGER",
      ],
    },
    monitoringConfig: {
      enableComponents: ["SYSTEM_COMPONENTS"],
      managedPrometheus: { enabled: false },
      advancedDatapathObservabilityConfig: { enableMetrics: false, enableRelay: false },
    },
  };
}

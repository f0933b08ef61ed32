import * as container from "@pulumi/gcp/container";
import * as pulumi from "@pulumi/pulumi";
import { kept, type GkeArguments } from "./arguments";
import type { createKey } from "./key";
import { maintenancePolicy } from "./maintenance";
import { PODS, SERVICES, type GkeNetworkParts } from "./network";
import { hardened, type NodeAccount } from "./nodes";

/** What the cluster stands on. */
export interface GkeFoundation {
  readonly network: GkeNetworkParts;
  readonly key: ReturnType<typeof createKey>;
  readonly nodes: NodeAccount;
}

/** The provider's own, said here because Pulumi has another default. */
const SLOW = { create: "90m", update: "90m", delete: "90m" };

/** The control plane. Node pools are resources of their own: inside it, any change would replace it. */
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
      // Both describe the pool that is gone once the cluster stands.
      ignoreChanges: ["nodeConfig", "initialNodeCount"],
      dependsOn: [on.key.usable, on.nodes.logs, on.network.nat],
    }),
  );
}

/** A regional cluster names all of its zones, one of a single zone only the further ones. */
function place({ region, zones, highlyAvailable }: GkeArguments) {
  const [first = "", ...others] = zones;
  return highlyAvailable
    ? { location: region, nodeLocations: [...zones] }
    : { location: first, nodeLocations: others };
}

/** Only a floor: the provider raises a lower version and leaves a higher one alone. */
function versions(args: GkeArguments) {
  return {
    releaseChannel: { channel: "REGULAR" },
    minMasterVersion: args.version,
    maintenancePolicy: maintenancePolicy(args),
  };
}

/**
 * Google insists on a first pool, one node a zone for the minutes until it is removed. It has the nodes'
 * own account, as the project's default one may be disabled, and takes little of any quota.
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
    // Enforces network policies by itself: Calico must not be asked for besides.
    datapathProvider: "ADVANCED_DATAPATH",
    enableIntranodeVisibility: true,
    // Network policies know DNS as the pods of kube-dns.
    dnsConfig: { clusterDns: "KUBE_DNS" },
    // The edge is Envoy Gateway's, whose chart brings the Gateway API: Google's own copy comes with an
    // admission policy (enforce-gateway-standard-channel) that refuses the chart's definitions.
    gatewayApiConfig: { channel: "CHANNEL_DISABLED" },
    serviceExternalIpsConfig: { enabled: false },
  };
}

/** Either named networks come to the address, or nobody does and the DNS endpoint asks IAM. */
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
    // Strangers may ask whether it is alive, and nothing else; no binding can give them more.
    anonymousAuthenticationConfig: { mode: "LIMITED" },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    binaryAuthorization: { evaluationMode: "DISABLED" },
    // Images are scanned where they are stored; Google ended the scan of running ones.
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
      // On by default since 1.34.1: its own pods would answer DNS, which network policies do not know.
      dnsCacheConfig: { enabled: false },
    },
  };
}

/** Metrics of workloads are Prometheus' business, which runs in the cluster; Google bills for them. */
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

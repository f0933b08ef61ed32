/** For tests: Google Cloud resources that pass every policy. */
import type * as container from "@pulumi/gcp/container";
import type * as sql from "@pulumi/gcp/sql";
import type { Fixture } from "../testing";

export const fixture = (type: string, props: object, name = "orders"): Fixture => ({
  type,
  name,
  props: { ...props },
});

export const nodeConfig = (): container.NodePoolArgs["nodeConfig"] & object => ({
  imageType: "COS_CONTAINERD",
  serviceAccount: "nodes@shop-31.iam.gserviceaccount.com",
  shieldedInstanceConfig: { enableSecureBoot: true },
  workloadMetadataConfig: { mode: "GKE_METADATA" },
  kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
  metadata: { "disable-legacy-endpoints": "true" },
});

export const cluster = (): Fixture =>
  fixture("gcp:container/cluster:Cluster", {
    location: "europe-west3",
    network: "projects/shop-31/global/networks/shop",
    datapathProvider: "ADVANCED_DATAPATH",
    removeDefaultNodePool: true,
    releaseChannel: { channel: "STABLE" },
    resourceLabels: { system: "shop" },
    maintenancePolicy: { dailyMaintenanceWindow: { startTime: "03:00" } },
    privateClusterConfig: { enablePrivateNodes: true },
    controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: [{ cidrBlock: "198.51.100.0/24" }, { cidrBlock: "203.0.113.7/32" }],
    },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    anonymousAuthenticationConfig: { mode: "LIMITED" },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    workloadIdentityConfig: { workloadPool: "shop-31.svc.id.goog" },
    databaseEncryption: { state: "ENCRYPTED", keyName: "key-5" },
    loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"] },
    monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS", "POD"] },
    securityPostureConfig: { mode: "BASIC" },
    binaryAuthorization: { evaluationMode: "DISABLED" },
  } satisfies container.ClusterArgs);

export const nodePool = (): Fixture =>
  fixture("gcp:container/nodePool:NodePool", {
    cluster: "shop",
    nodeLocations: ["europe-west3-a", "europe-west3-c"],
    autoscaling: { totalMinNodeCount: 2, totalMaxNodeCount: 9 },
    networkConfig: {},
    management: {},
    nodeConfig: nodeConfig(),
  } satisfies container.NodePoolArgs);

export const CLUSTER_IS = 'Cluster "orders": ';
export const POOL_IS = 'NodePool "orders": ';

export const instance = (): Fixture =>
  fixture("gcp:sql/databaseInstance:DatabaseInstance", {
    databaseVersion: "POSTGRES_16",
    region: "europe-west3",
    settings: {
      tier: "db-custom-2-7680",
      availabilityType: "REGIONAL",
      deletionProtectionEnabled: true,
      retainBackupsOnDelete: true,
      backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
      ipConfiguration: {
        ipv4Enabled: false,
        privateNetwork: "projects/shop-31/global/networks/shop",
        sslMode: "ENCRYPTED_ONLY",
      },
      insightsConfig: { queryInsightsEnabled: true },
      maintenanceWindow: { day: 7, hour: 0 },
      databaseFlags: [
        { name: "cloudsql.enable_pgaudit", value: "on" },
        { name: "log_connections", value: "on" },
        { name: "log_disconnections", value: "on" },
        { name: "log_lock_waits", value: "on" },
        { name: "log_statement", value: "ddl" },
        { name: "log_temp_files", value: "0" },
      ],
    },
  } satisfies sql.DatabaseInstanceArgs);

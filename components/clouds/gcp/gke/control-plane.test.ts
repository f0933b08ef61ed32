import { describe, expect, it } from "vitest";
import { inputsOf, named } from "../../../kit/testing";
import type { GkeArguments } from "./arguments";
import { create } from "./testing";

const inputs = async (changes: Partial<GkeArguments> = {}) =>
  inputsOf((await create(changes)).resources, "town-cluster");

describe("the control plane", () => {
  it("has exactly these inputs", async () => {
    const { maintenancePolicy, nodeConfig, ...others } = await inputs();
    expect(maintenancePolicy).toBeDefined();
    expect(nodeConfig).toBeDefined();
    expect(others).toEqual({
      name: "bikes",
      project: "town-7",
      description: "Kubernetes cluster bikes",
      location: "europe-west4",
      nodeLocations: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
      releaseChannel: { channel: "REGULAR" },
      minMasterVersion: "1.34",
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      nodePoolDefaults: { nodeConfigDefaults: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
      network: "town-network-id",
      subnetwork: "town-subnetwork-id",
      networkingMode: "VPC_NATIVE",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: "pods",
        servicesSecondaryRangeName: "services",
        stackType: "IPV4",
      },
      datapathProvider: "ADVANCED_DATAPATH",
      enableIntranodeVisibility: true,
      dnsConfig: { clusterDns: "KUBE_DNS" },
      gatewayApiConfig: { channel: "CHANNEL_DISABLED" },
      serviceExternalIpsConfig: { enabled: false },
      privateClusterConfig: { enablePrivateNodes: true },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: true },
        ipEndpointsConfig: { enabled: false },
      },
      workloadIdentityConfig: { workloadPool: "town-7.svc.id.goog" },
      databaseEncryption: { state: "ENCRYPTED", keyName: "town-key-id" },
      enableShieldedNodes: true,
      enableLegacyAbac: false,
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      anonymousAuthenticationConfig: { mode: "LIMITED" },
      rbacBindingConfig: {
        enableInsecureBindingSystemAuthenticated: false,
        enableInsecureBindingSystemUnauthenticated: false,
      },
      binaryAuthorization: { evaluationMode: "DISABLED" },
      securityPostureConfig: { mode: "BASIC", vulnerabilityMode: "VULNERABILITY_DISABLED" },
      addonsConfig: {
        httpLoadBalancing: { disabled: false },
        horizontalPodAutoscaling: { disabled: false },
        networkPolicyConfig: { disabled: true },
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        dnsCacheConfig: { enabled: false },
      },
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
      clusterAutoscaling: { enabled: false, autoscalingProfile: "BALANCED" },
      verticalPodAutoscaling: { enabled: true },
      costManagementConfig: { enabled: true },
      resourceLabels: { system: "bikes" },
      deletionProtection: true,
      deletionPolicy: "PREVENT",
    });
  });

  it("may take an hour and a half", async () => {
    const { resources } = await create();
    expect(named(resources, "town-cluster").options.customTimeouts).toEqual({
      create: "90m",
      update: "90m",
      delete: "90m",
    });
  });

  it("is in one zone unless it is regional", async () => {
    expect(await inputs({ highlyAvailable: false })).toMatchObject({
      location: "europe-west4-a",
      nodeLocations: ["europe-west4-b", "europe-west4-c"],
    });
  });
});

describe("a control plane on Google Cloud", () => {
  it("can be deleted only if both deletion protections are off", async () => {
    expect(await inputs({ protect: false })).toMatchObject({
      deletionProtection: false,
      deletionPolicy: "DELETE",
    });
  });

  it("the initial pool is small, and removed", async () => {
    const { resources } = await create();
    const cluster = named(resources, "town-cluster");
    expect(cluster.inputs["nodeConfig"]).toMatchObject({
      serviceAccount: "nodes@town.example.com",
      machineType: "e2-medium",
      diskType: "pd-standard",
      diskSizeGb: 30,
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      workloadMetadataConfig: { mode: "GKE_METADATA" },
    });
    expect(cluster.options.ignoreChanges).toEqual(["nodeConfig", "initialNodeCount"]);
    expect(cluster.inputs).not.toHaveProperty("nodePools");
    expect(cluster.inputs).not.toHaveProperty("nodeVersion");
  });

  it("waits for its key, its account's role and NAT", async () => {
    const { resources } = await create();
    expect(
      named(resources, "town-cluster").dependsOn.filter((name) => !name.startsWith("town-api-")),
    ).toEqual(["town-key-user", "town-nat", "town-node-role"]);
  });

  it("without allowed networks it has no public address, and IAM protects the DNS endpoint", async () => {
    const without = await inputs();
    expect(without).not.toHaveProperty("masterAuthorizedNetworksConfig");
    expect(await inputs({ controlPlaneAccess: ["192.0.2.0/24", "198.51.100.7/32"] })).toMatchObject(
      {
        privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: false },
        controlPlaneEndpointsConfig: {
          dnsEndpointConfig: { allowExternalTraffic: false },
          ipEndpointsConfig: { enabled: true },
        },
        masterAuthorizedNetworksConfig: {
          cidrBlocks: [
            { cidrBlock: "192.0.2.0/24", displayName: "192.0.2.0/24" },
            { cidrBlock: "198.51.100.7/32", displayName: "198.51.100.7/32" },
          ],
          gcpPublicCidrsAccessEnabled: false,
          privateEndpointEnforcementEnabled: true,
        },
      },
    );
  });

  it("DNS is served by the pods in the network policies", async () => {
    expect(await inputs()).toMatchObject({
      dnsConfig: { clusterDns: "KUBE_DNS" },
      addonsConfig: { dnsCacheConfig: { enabled: false } },
    });
  });

  it("the Gateway API comes from the gateway's chart, whose CRDs Google's copy would reject", async () => {
    expect(await inputs()).toMatchObject({
      gatewayApiConfig: { channel: "CHANNEL_DISABLED" },
    });
  });

  it("Calico is not enabled with Dataplane V2", async () => {
    const all = await inputs();
    expect(all).toMatchObject({ addonsConfig: { networkPolicyConfig: { disabled: true } } });
    expect(all).not.toHaveProperty("networkPolicy");
  });
});

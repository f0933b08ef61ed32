import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { messages, remediated, type Fixture } from "../testing";
import { policyNamed } from "../catalog";
import { CLUSTER_IS as IS, POOL_IS, cluster, nodePool } from "./testing";

testPolicy("gcp-gke-nodes-private", {
  happy: () => [cluster(), nodePool()],
  broken: [
    {
      at: ["privateClusterConfig"],
      says: `${IS}privateClusterConfig.enablePrivateNodes is missing; it must be true, so that nodes have no public address.`,
    },
    {
      of: 1,
      at: ["networkConfig", "enablePrivateNodes"],
      to: false,
      says: `${POOL_IS}networkConfig.enablePrivateNodes is false; it must be true or missing, so that nodes have no public address.`,
    },
  ],
  unknown: [["privateClusterConfig"], [1, "networkConfig", "enablePrivateNodes"]],
});

const guardedByNetworks = (): Fixture => broken(cluster(), ["controlPlaneEndpointsConfig"]);
const BLOCK: readonly (string | number)[] = [
  "masterAuthorizedNetworksConfig",
  "cidrBlocks",
  1,
  "cidrBlock",
];

testPolicy("gcp-gke-endpoint-guarded", {
  happy: guardedByNetworks,
  broken: [
    {
      at: ["masterAuthorizedNetworksConfig"],
      says: `${IS}masterAuthorizedNetworksConfig is missing; every address can reach the API server: set controlPlaneEndpointsConfig.ipEndpointsConfig.enabled to false, or list the networks.`,
    },
    {
      at: BLOCK,
      to: "0.0.0.0/0",
      says: `${IS}masterAuthorizedNetworksConfig.cidrBlocks[1].cidrBlock is "0.0.0.0/0"; list the allowed networks.`,
    },
    {
      at: ["masterAuthorizedNetworksConfig", "gcpPublicCidrsAccessEnabled"],
      to: true,
      says: `${IS}masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled is true; it admits every Google Cloud customer: it must be false.`,
    },
  ],
  unknown: [
    ["controlPlaneEndpointsConfig"],
    ["privateClusterConfig", "enablePrivateEndpoint"],
    ["masterAuthorizedNetworksConfig"],
    BLOCK,
  ],
});

describe("gcp-gke-endpoint-guarded", () => {
  it("accepts an endpoint without a public address", async () => {
    const reported = (fixture: Fixture): Promise<readonly string[]> =>
      messages("gcp-gke-endpoint-guarded", [broken(fixture, ["masterAuthorizedNetworksConfig"])]);
    expect(await reported(cluster())).toEqual([]);
    const path = ["privateClusterConfig", "enablePrivateEndpoint"];
    expect(await reported(broken(guardedByNetworks(), path, true))).toEqual([]);
    expect(await reported(broken(guardedByNetworks(), path, false))).toHaveLength(1);
  });
});

testPolicy("gcp-gke-credentials", {
  happy: cluster,
  broken: [
    {
      at: ["enableLegacyAbac"],
      to: true,
      says: `${IS}enableLegacyAbac is true; it must be false or missing.`,
    },
    { at: ["masterAuth"], says: [] },
    {
      at: ["masterAuth", "clientCertificateConfig", "issueClientCertificate"],
      to: true,
      says: `${IS}masterAuth.clientCertificateConfig.issueClientCertificate is true; it must be false or missing.`,
    },
    {
      at: ["anonymousAuthenticationConfig"],
      says: `${IS}anonymousAuthenticationConfig.mode is missing; it must be "LIMITED".`,
    },
    {
      at: ["rbacBindingConfig"],
      says: ["Authenticated", "Unauthenticated"].map(
        (who) =>
          `${IS}rbacBindingConfig.enableInsecureBindingSystem${who} is missing; it must be false.`,
      ),
    },
  ],
  unknown: [["enableLegacyAbac"], ["anonymousAuthenticationConfig"], ["rbacBindingConfig"]],
});

it("gcp-gke-credentials remediates safe fields", async () => {
  const legacy = broken(cluster(), ["enableLegacyAbac"], true);
  expect(await remediated([policyNamed("gcp-gke-credentials")], legacy)).toEqual(
    broken(cluster(), ["enableLegacyAbac"], false).props,
  );
});

const GROUPS = "gcp-gke-google-groups";
testPolicy(GROUPS, {
  happy: cluster,
  broken: [
    {
      at: ["authenticatorGroupsConfig"],
      says: `${IS}authenticatorGroupsConfig.securityGroup is missing; set it to gke-security-groups@<domain>.`,
      setting: { configuration: { [GROUPS]: { demand: true } } },
    },
  ],
  unknown: [],
});

testPolicy("gcp-gke-network-policy", {
  happy: cluster,
  broken: [
    {
      at: ["networkingMode"],
      to: "ROUTES",
      says: `${IS}networkingMode is "ROUTES"; it must be "VPC_NATIVE" or missing.`,
    },
    {
      at: ["datapathProvider"],
      says: `${IS}datapathProvider is missing; without it or networkPolicy.enabled nothing enforces NetworkPolicies: set it to "ADVANCED_DATAPATH".`,
    },
  ],
  unknown: [["networkingMode"], ["datapathProvider"], ["networkPolicy"]],
});

testPolicy("gcp-gke-workload-identity", {
  happy: () => [cluster(), nodePool()],
  broken: [
    {
      at: ["workloadIdentityConfig"],
      says: `${IS}workloadIdentityConfig.workloadPool is missing; write <project>.svc.id.goog.`,
    },
    {
      of: 1,
      at: ["nodeConfig", "workloadMetadataConfig"],
      says: `${POOL_IS}nodeConfig.workloadMetadataConfig.mode is missing; pods can use the node's own service account: set it to "GKE_METADATA".`,
    },
    {
      of: 1,
      at: ["nodeConfig"],
      says: `${POOL_IS}nodeConfig.workloadMetadataConfig.mode is missing; pods can use the node's own service account: set it to "GKE_METADATA".`,
    },
    {
      at: ["nodeConfig"],
      to: { machineType: "e2-small" },
      says: `${IS}nodeConfig.workloadMetadataConfig.mode is missing; pods can use the node's own service account: set it to "GKE_METADATA".`,
    },
    {
      at: ["nodePools"],
      to: [{}],
      says: `${IS}nodePools[0].nodeConfig.workloadMetadataConfig.mode is missing; pods can use the node's own service account: set it to "GKE_METADATA".`,
    },
  ],
  unknown: [[1, "nodeConfig"]],
});

describe("an Autopilot cluster, or one with Calico", () => {
  const bare = (props: object): Fixture => ({ ...cluster(), props: { ...props } });

  it("enforces network policies and has identities for pods", async () => {
    const autopilot = bare({ enableAutopilot: true });
    expect(await messages("gcp-gke-network-policy", [autopilot])).toEqual([]);
    expect(await messages("gcp-gke-workload-identity", [autopilot])).toEqual([]);
    const calico = bare({ networkPolicy: { enabled: true } });
    expect(await messages("gcp-gke-network-policy", [calico])).toEqual([]);
  });
});

testPolicy("gcp-gke-secrets-encrypted", {
  happy: cluster,
  broken: [
    {
      at: ["databaseEncryption", "state"],
      to: "DECRYPTED",
      says: `${IS}databaseEncryption.state is "DECRYPTED"; it must be "ENCRYPTED" or "ALL_OBJECTS_ENCRYPTION_ENABLED".`,
    },
    {
      at: ["databaseEncryption", "keyName"],
      says: `${IS}databaseEncryption.keyName is missing; set it to the ID of a key in the cluster's region.`,
    },
  ],
  unknown: [["databaseEncryption", "state"]],
});

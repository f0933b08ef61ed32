import { describe, expect, it } from "vitest";
import { ComponentError } from "../../../kit/component";
import {
  inputsOf,
  isSecret,
  named,
  nameOf,
  ofKind,
  register,
  UNKNOWN,
  valueOf,
} from "../../../kit/testing";
import { GkeCluster } from "./gke";
import { args, create, kubeconfigOf } from "./testing";

const APIS = [
  "artifactregistry",
  "cloudkms",
  "cloudresourcemanager",
  "compute",
  "container",
  "containerscanning",
  "dns",
  "iam",
  "iamcredentials",
  "logging",
  "managedkafka",
  "monitoring",
  "redis",
  "secretmanager",
  "servicenetworking",
  "sqladmin",
];

describe("a GKE cluster", () => {
  it("creates exactly a network, a key, an account, repositories, a control plane and pools", async () => {
    const { resources } = await create();
    expect(resources.every(({ parent }) => parent === "town")).toBe(true);
    const names = resources.map(({ name }) => name).filter((name) => !name.startsWith("town-api-"));
    expect(names).toEqual([
      "town-agent",
      "town-cluster",
      "town-images-europe-shared-reader",
      "town-images-europe-west4-bikes",
      "town-images-europe-west4-bikes-reader",
      "town-images-us-gcr-io",
      "town-images-us-gcr-io-reader",
      "town-key",
      "town-key-user",
      "town-kubernetes",
      "town-managed",
      "town-nat",
      "town-network",
      "town-node-account",
      "town-node-role",
      "town-peering",
      "town-pool-drivers",
      "town-pool-riders",
      "town-ring",
      "town-router",
      "town-subnetwork",
      "town-system",
    ]);
  });

  it("enables Google's APIs first, and leaves them enabled", async () => {
    const { resources } = await create();
    const services = ofKind(resources, "Service").filter(({ type }) => type.startsWith("gcp:"));
    expect(services.map(({ inputs }) => inputs)).toEqual(
      APIS.map((api) => ({
        project: "town-7",
        service: `${api}.googleapis.com`,
        disableOnDestroy: false,
      })),
    );
    const early = ["town-network", "town-ring", "town-agent", "town-node-account", "town-cluster"];
    for (const name of early) {
      expect(named(resources, name).dependsOn).toEqual(
        expect.arrayContaining(APIS.map((api) => `town-api-${api}`)),
      );
    }
  });

  it("enables the Resource Manager API before it looks up the project", async () => {
    const { resources } = await create();
    const [manager, ...others] = APIS.map((api) => named(resources, `town-api-${api}`)).sort(
      (a, b) => a.dependsOn.length - b.dependsOn.length,
    );
    expect([manager?.name, manager?.dependsOn]).toEqual(["town-api-cloudresourcemanager", []]);
    for (const { dependsOn } of others)
      expect(dependsOn).toEqual(["town-api-cloudresourcemanager"]);
  });

  it("returns what other components need", async () => {
    const { result } = await create();
    const { placement, kubernetes, ready, ...plain } = result;
    expect(plain).toMatchObject({
      region: "europe-west4",
      zones: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
      storageClass: "premium-rwo",
      loadBalancerAnnotations: { "cloud.google.com/l4-rbs": "enabled" },
      podCidr: "10.52.0.0/16",
      serviceCidr: "10.51.0.0/20",
      workloadNodes: { "runstack.dev/pool": "riders" },
      nodePools: args.pools,
      hasMetricsServer: true,
    });
    expect(await valueOf(result.clusterName)).toBe("bikes");
    expect(nameOf(kubernetes)).toBe("town-kubernetes");
    expect(ready.map(nameOf)).toEqual(["town-system", "town-pool-riders", "town-pool-drivers"]);
    expect({
      ...placement,
      networkId: await valueOf(placement.networkId),
      subnetworkId: await valueOf(placement.subnetworkId),
      peeringRange: await valueOf(placement.peeringRange),
      peering: nameOf(placement.peering),
      identityReady: placement.identityReady.map(nameOf),
    }).toEqual({
      cloud: "gcp",
      project: "town-7",
      region: "europe-west4",
      networkId: "town-network-id",
      subnetworkId: "town-subnetwork-id",
      peeringRange: "bikes-managed",
      peering: "town-peering",
      workloadPool: "town-7.svc.id.goog",
      identityReady: ["town-cluster"],
    });
  });

  it("is reached through a provider that waits for the nodes", async () => {
    const { resources } = await create();
    const provider = named(resources, "town-kubernetes");
    expect({ ...provider.inputs, kubeconfig: "" }).toEqual({
      kubeconfig: "",
      clusterIdentifier: "gke-1f.europe-west4.gke.goog",
      enableServerSideApply: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
    expect(provider.dependsOn).toEqual(["town-pool-drivers", "town-pool-riders", "town-system"]);
  });

  it.each([true, false])("protects everything that others depend on: %s", async (protect) => {
    const { resources } = await create({ protect });
    const kept = [
      "town-cluster",
      "town-images-europe-west4-bikes",
      "town-images-us-gcr-io",
      "town-key",
      "town-managed",
      "town-network",
      "town-peering",
      "town-pool-drivers",
      "town-pool-riders",
      "town-subnetwork",
      "town-system",
    ];
    expect(
      resources.filter(({ options }) => options.protect === true).map(({ name }) => name),
    ).toEqual(protect ? [...kept, "town-ring"].sort() : []);
    expect(
      resources
        .filter(({ inputs }) => "deletionPolicy" in inputs)
        .map(({ name, inputs }) => [name, inputs["deletionPolicy"]]),
    ).toEqual(kept.map((name) => [name, protect ? "PREVENT" : "DELETE"]));
  });

  it("has mostly unknown outputs in a first preview, and calls no API", async () => {
    const { resources, result } = await create({}, true);
    expect(inputsOf(resources, "town-cluster")).toMatchObject({
      network: UNKNOWN,
      subnetwork: UNKNOWN,
      databaseEncryption: { state: "ENCRYPTED", keyName: UNKNOWN },
      name: "bikes",
    });
    expect(await valueOf(result.placement.networkId)).toBe(UNKNOWN);
    expect(await valueOf(result.placement.peeringRange)).toBe("bikes-managed");
    expect(inputsOf(resources, "town-kubernetes")).toMatchObject({
      kubeconfig: UNKNOWN,
      clusterIdentifier: UNKNOWN,
    });
  });

  it("refuses invalid arguments before anything is created", async () => {
    await expect(
      register((options) => {
        expect(() => new GkeCluster("town", { ...args, zones: [] }, options)).toThrow(
          ComponentError,
        );
      }),
    ).resolves.toMatchObject({ resources: [] });
  });
});

describe("the kubeconfig of a GKE cluster", () => {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "gke-gcloud-auth-plugin",
    provideClusterInfo: true,
    interactiveMode: "Never",
    installHint: "Install it with: gcloud components install gke-gcloud-auth-plugin",
  };
  const expected = (cluster: Readonly<Record<string, string>>) => ({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "bikes",
    contexts: [{ name: "bikes", context: { cluster: "bikes", user: "gcloud" } }],
    clusters: [{ name: "bikes", cluster }],
    users: [{ name: "gcloud", user: { exec } }],
  });

  it("uses the DNS endpoint, with a publicly trusted certificate, and has no token", async () => {
    const { resources } = await create();
    expect(kubeconfigOf(inputsOf(resources, "town-kubernetes"))).toEqual(
      expected({ server: "https://gke-1f.europe-west4.gke.goog" }),
    );
  });

  it("uses the public address if networks are allowed", async () => {
    const { resources } = await create({ controlPlaneAccess: ["192.0.2.0/24"] });
    expect(kubeconfigOf(inputsOf(resources, "town-kubernetes"))).toEqual(
      expected({ server: "https://192.0.2.44", "certificate-authority-data": "QUJD" }),
    );
  });

  it("keeps the cluster's identity with either endpoint", async () => {
    const { resources, result } = await create({ controlPlaneAccess: ["192.0.2.0/24"] });
    expect(inputsOf(resources, "town-kubernetes")["clusterIdentifier"]).toBe(
      "gke-1f.europe-west4.gke.goog",
    );
    expect(await isSecret(result.clusterName)).toBe(false);
  });
});

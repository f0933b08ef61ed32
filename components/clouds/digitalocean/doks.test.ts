import { describe, expect, it } from "vitest";
import { ComponentError } from "../../kit/component";
import { inputsOf, named, nameOf, ofKind, register, UNKNOWN, valueOf } from "../../kit/testing";
import { DoksCluster, type DoksArguments } from "./doks";

const args: DoksArguments = {
  clusterName: "bikes",
  region: "ams3",
  version: "1.34",
  network: { vpc: "10.50.0.0/20", pods: "10.52.0.0/16", services: "10.51.0.0/19" },
  storageClass: "do-block-storage-retain",
  systemPool: { size: "s-8vcpu-16gb", nodes: 3 },
  pool: { name: "riders", size: "c-16", nodes: { min: 4, max: 11 } },
  maintenance: { day: "thursday", start: "03:30" },
  highlyAvailable: true,
  controlPlaneAccess: [],
  registryIntegration: false,
  protect: true,
  tags: ["one", "two"],
};

const create = (changes: Partial<DoksArguments> = {}, preview = false) =>
  register((options) => new DoksCluster("town", { ...args, ...changes }, options), { preview });

describe("a DOKS cluster", () => {
  it("creates exactly a network, a cluster, a pool and a provider", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["town-cluster", "town"],
      ["town-kubernetes", "town"],
      ["town-pool", "town"],
      ["town-vpc", "town"],
    ]);
  });

  it("has its own network", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-vpc")).toEqual({
      name: "bikes",
      region: "ams3",
      ipRange: "10.50.0.0/20",
      description: "Network of bikes",
    });
  });

  it("has exactly these inputs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-cluster")).toEqual({
      name: "bikes",
      region: "ams3",
      version: "1.35.7-do.2",
      vpcUuid: "town-vpc-id",
      clusterSubnet: "10.52.0.0/16",
      serviceSubnet: "10.51.0.0/19",
      ha: true,
      autoUpgrade: true,
      surgeUpgrade: true,
      maintenancePolicy: { day: "thursday", startTime: "03:30" },
      registryIntegration: false,
      destroyAllAssociatedResources: false,
      clusterAutoscalerConfigurations: [
        {
          scaleDownUtilizationThreshold: 0.65,
          scaleDownUnneededTime: "10m0s",
          expanders: ["least-waste"],
        },
      ],
      nodePool: {
        name: "bikes-system",
        size: "s-8vcpu-16gb",
        nodeCount: 3,
        labels: { "runstack.dev/pool": "system" },
        tags: ["one", "two"],
      },
      tags: ["one", "two"],
    });
  });

  it("autoscales its workload pool, which has no fixed node count", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-pool")).toEqual({
      clusterId: "town-cluster-id",
      name: "riders",
      size: "c-16",
      autoScale: true,
      minNodes: 4,
      maxNodes: 11,
      labels: { "runstack.dev/pool": "riders" },
      tags: ["one", "two"],
    });
  });

  it.each([true, false])("is completely protected: %s", async (protect) => {
    const { resources } = await create({ protect });
    expect(
      resources.filter(({ options }) => options.protect === true).map(({ name }) => name),
    ).toEqual(protect ? ["town-cluster", "town-pool", "town-vpc"] : []);
  });

  it("may have its pool replaced while the rest is protected", async () => {
    const { resources, result } = await create({ pool: { ...args.pool, protect: false } });
    expect(
      resources.filter(({ options }) => options.protect === true).map(({ name }) => name),
    ).toEqual(["town-cluster", "town-vpc"]);
    expect(result.nodePools).toEqual([args.pool]);
  });

  it("returns what other components need", async () => {
    const { result } = await create();
    expect({
      name: await valueOf(result.clusterName),
      region: result.region,
      pods: result.podCidr,
      services: result.serviceCidr,
      storage: result.storageClass,
      nodes: result.workloadNodes,
      metrics: result.hasMetricsServer,
      vpc: await valueOf(result.placement.vpcId),
      cluster: await valueOf(result.placement.clusterId),
      edge: result.loadBalancerAnnotations,
      ready: result.ready.map(nameOf),
      zones: result.zones,
      pools: result.nodePools,
    }).toEqual({
      name: "bikes",
      region: "ams3",
      pods: "10.52.0.0/16",
      services: "10.51.0.0/19",
      storage: "do-block-storage-retain",
      nodes: { "runstack.dev/pool": "riders" },
      metrics: false,
      vpc: "town-vpc-id",
      cluster: "town-cluster-id",
      edge: {
        "service.beta.kubernetes.io/do-loadbalancer-name": "bikes-edge",
        "service.beta.kubernetes.io/do-loadbalancer-type": "REGIONAL_NETWORK",
        "service.beta.kubernetes.io/do-loadbalancer-size-unit": "1",
      },
      ready: ["town-pool"],
      zones: [],
      pools: [{ name: "riders", size: "c-16", nodes: { min: 4, max: 11 } }],
    });
  });
});

describe("a cluster on DigitalOcean", () => {
  it("a patched version is left alone, an exact one is applied", async () => {
    const patched = await create({ version: "1.34" });
    expect(named(patched.resources, "town-cluster").options.ignoreChanges).toEqual(["version"]);
    const exact = await create({ version: "1.34.9-do.5" });
    expect(named(exact.resources, "town-cluster").options.ignoreChanges).toEqual([]);
    expect(inputsOf(exact.resources, "town-cluster")).toMatchObject({
      version: "1.34.9-do.5",
      autoUpgrade: false,
    });
  });

  it("a first preview does not look up the latest patch", async () => {
    const { resources } = await create({}, true);
    expect(inputsOf(resources, "town-cluster")["version"]).toBe(UNKNOWN);
  });

  it("workloads have a pool that can be replaced without the cluster", async () => {
    const { result, resources } = await create();
    expect(ofKind(resources, "KubernetesNodePool")).toHaveLength(1);
    expect(result.workloadNodes).toEqual(inputsOf(resources, "town-pool")["labels"]);
  });

  it("the kubeconfig has no token, and gets a new one at each use", async () => {
    const { resources } = await create();
    const provider = inputsOf(resources, "town-kubernetes");
    const { $secret: kubeconfig } = provider["kubeconfig"] as { readonly $secret: string };
    expect(JSON.parse(kubeconfig)).toEqual({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "bikes",
      contexts: [{ name: "bikes", context: { cluster: "bikes", user: "doctl" } }],
      clusters: [
        {
          name: "bikes",
          cluster: {
            server: "https://cluster.example.com",
            "certificate-authority-data": "QUJD",
          },
        },
      ],
      users: [
        {
          name: "doctl",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "doctl",
              args: [
                "kubernetes",
                "cluster",
                "kubeconfig",
                "exec-credential",
                "--version=v1beta1",
                "town-cluster-id",
              ],
              interactiveMode: "Never",
            },
          },
        },
      ],
    });
    expect({ ...provider, kubeconfig: "" }).toEqual({
      kubeconfig: "",
      clusterIdentifier: "town-cluster-id",
      enableServerSideApply: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
    expect(named(resources, "town-kubernetes").dependsOn).toEqual(["town-pool"]);
  });

  it("the cluster, its pools and its network have explicit names", async () => {
    const { resources } = await create();
    expect(
      ["town-cluster", "town-pool", "town-vpc"].map((name) => inputsOf(resources, name)["name"]),
    ).toEqual(["bikes", "riders", "bikes"]);
  });

  it("the network waits twenty minutes until its members are deleted", async () => {
    const { resources } = await create();
    expect(named(resources, "town-vpc").options.customTimeouts).toEqual({ delete: "20m" });
  });

  it("the network is referenced by its id, not by its URN", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-cluster")["vpcUuid"]).toBe("town-vpc-id");
  });

  it.each([true, false])("a replicated control plane is set explicitly: %s", async (ha) => {
    const { resources } = await create({ highlyAvailable: ha });
    expect(inputsOf(resources, "town-cluster")["ha"]).toBe(ha);
  });

  it("nodes keep their public address, which the gateway's load balancer needs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-cluster")).not.toHaveProperty("isolatedWorkers");
  });

  it("pods and Services have their own networks from the start", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-cluster")).toMatchObject({
      clusterSubnet: "10.52.0.0/16",
      serviceSubnet: "10.51.0.0/19",
    });
  });

  it("the control plane has a firewall only with allowed addresses", async () => {
    const open = await create();
    expect(inputsOf(open.resources, "town-cluster")).not.toHaveProperty("controlPlaneFirewall");
    const closed = await create({ controlPlaneAccess: ["192.0.2.7/32"] });
    expect(inputsOf(closed.resources, "town-cluster")["controlPlaneFirewall"]).toEqual({
      enabled: true,
      allowedAddresses: ["192.0.2.7/32"],
    });
  });

  it("a creation may take an hour before it counts as failed", async () => {
    const { resources } = await create();
    for (const name of ["town-cluster", "town-pool"]) {
      expect(named(resources, name).options.customTimeouts).toEqual({
        create: "60m",
        update: "60m",
        delete: "30m",
      });
    }
  });

  it.each([true, false])("registry integration: %s", async (has) => {
    const { resources } = await create({ registryIntegration: has });
    expect(inputsOf(resources, "town-cluster")["registryIntegration"]).toBe(has);
  });
});

it("refuses invalid arguments before anything is created", async () => {
  const pool = { ...args.pool, name: "system" };
  await expect(
    register((options) => {
      expect(() => new DoksCluster("town", { ...args, pool }, options)).toThrow(ComponentError);
    }),
  ).resolves.toMatchObject({ resources: [] });
});

import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, UNKNOWN } from "../../../kit/testing";
import { LOAD_BALANCER_POLICY } from "./load-balancer-policy";
import { create, town } from "./testing";

const placed = (instance: string) => ({
  nodeSelector: { "runstack.dev/pool": "system" },
  topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
    (topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { "app.kubernetes.io/instance": instance } },
    }),
  ),
  podDisruptionBudget: { maxUnavailable: 1 },
  resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
});
const restricted = expect.objectContaining({
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
}) as unknown;
const unprivileged = expect.objectContaining({ runAsNonRoot: true }) as unknown;

describe("the controllers of an EKS cluster", () => {
  it("create load balancers only for Services with the annotations", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-load-balancers")).toMatchObject({
      name: "aws-load-balancer-controller",
      namespace: "kube-system",
      version: "3.5.0",
      chart: "aws-load-balancer-controller",
      repositoryOpts: { repo: "https://aws.github.io/eks-charts" },
      atomic: true,
    });
    expect(inputsOf(resources, "town-load-balancers")["values"]).toEqual({
      clusterName: "bikes",
      region: "eu-west-3",
      vpcId: "town-network-vpc-id",
      replicaCount: 2,
      serviceAccount: { create: true, name: "aws-load-balancer-controller" },
      enableServiceMutatorWebhook: false,
      podMutatorWebhookConfig: { failurePolicy: "Ignore" },
      targetgroupbindingMaxExponentialBackoffDelay: "30s",
      keepTLSSecret: true,
      podSecurityContext: unprivileged,
      securityContext: restricted,
      ...placed("aws-load-balancer-controller"),
    });
  });

  it("scale the groups, with the autoscaler for the cluster's version", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-autoscaler")).toMatchObject({
      name: "cluster-autoscaler",
      namespace: "kube-system",
      version: "9.59.0",
    });
    expect(inputsOf(resources, "town-autoscaler")["values"]).toEqual({
      cloudProvider: "aws",
      awsRegion: "eu-west-3",
      autoDiscovery: { clusterName: "bikes" },
      image: { tag: "v1.35.2" },
      fullnameOverride: "cluster-autoscaler",
      replicaCount: 2,
      rbac: { serviceAccount: { create: true, name: "cluster-autoscaler" } },
      extraArgs: {
        expander: "least-waste",
        "balance-similar-node-groups": true,
        "scale-down-utilization-threshold": 0.65,
        "scale-down-unneeded-time": "10m",
        "skip-nodes-with-local-storage": false,
      },
      securityContext: unprivileged,
      containerSecurityContext: restricted,
      ...placed("cluster-autoscaler"),
    });
  });

  it("come from the mirror, with one replica, without high availability", async () => {
    const { resources } = await create({
      highlyAvailable: false,
      chartMirror: "oci://mirror.example.com/charts",
    });
    for (const { inputs } of ofKind(resources, "Release")) {
      expect(inputs["chart"]).toMatch(/^oci:\/\/mirror\.example\.com\/charts\//);
      expect(inputs["values"]).toMatchObject({ replicaCount: 1 });
    }
    expect(ofKind(resources, "Release")).toHaveLength(2);
  });

  it("are installed once DNS works and their permissions exist", async () => {
    const { resources } = await town();
    for (const name of ["town-load-balancers", "town-autoscaler"]) {
      expect(named(resources, name).provider).toBe("town-kubernetes");
      expect(named(resources, name).dependsOn).toEqual(
        [`${name}-association`, `${name}-policy`, "town-aws-ebs-csi-driver", "town-coredns"].sort(),
      );
      expect(named(resources, `${name}-association`).provider).toBeUndefined();
      expect(named(resources, `${name}-association`).dependsOn).toEqual(
        [`${name}-policy`, "town-eks-pod-identity-agent"].sort(),
      );
    }
    expect(inputsOf(resources, "town-autoscaler-association")).toEqual({
      clusterName: "bikes",
      namespace: "kube-system",
      serviceAccount: "cluster-autoscaler",
      roleArn: "arn:aws:iam::210987654321:role/one",
    });
  });

  it("may scale the groups of this cluster only", async () => {
    const { resources } = await town();
    const { Statement } = JSON.parse(
      inputsOf(resources, "town-autoscaler-policy")["policy"] as string,
    ) as { readonly Statement: readonly Record<string, unknown>[] };
    expect(Statement[1]).toEqual({
      Effect: "Allow",
      Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      Resource: ["*"],
      Condition: { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/bikes": "owned" } },
    });
    const reading = Statement[0]?.["Action"] as readonly string[];
    expect(reading).toHaveLength(9);
    expect(reading.every((action) => /:(Describe|Get)/.test(action))).toBe(true);
  });

  it("have the vendor's published permissions for this version, within the size limit of a role", async () => {
    const { resources } = await town();
    const policy = inputsOf(resources, "town-load-balancers-policy")["policy"] as string;
    expect(LOAD_BALANCER_POLICY).toHaveLength(16);
    expect(LOAD_BALANCER_POLICY.flatMap(({ actions }) => actions)).toHaveLength(86);
    // The inline policies of a role may have 10,240 characters in total.
    expect(policy.length).toBeLessThan(10_240);
  });
});

describe("controllers on AWS", () => {
  it("region and network are set, because pods cannot ask the instance", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-load-balancers")["values"]).toMatchObject({
      region: "eu-west-3",
      vpcId: "town-network-vpc-id",
    });
    expect(inputsOf(resources, "town-autoscaler")["values"]).toMatchObject({
      awsRegion: "eu-west-3",
    });
  });

  it("in a first preview only the network's id is unknown", async () => {
    const { resources } = await create({}, true);
    expect(inputsOf(resources, "town-load-balancers")["values"]).toMatchObject({
      clusterName: "bikes",
      vpcId: UNKNOWN,
    });
  });
});

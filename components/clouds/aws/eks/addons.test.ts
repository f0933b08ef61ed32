import { describe, expect, it } from "vitest";
import { EKS } from "../../../../versions";
import { inputsOf, named, ofKind } from "../../../kit/testing";
import { create, town } from "./testing";

const addon = (addonName: string, addonVersion: string) => ({
  clusterName: "bikes",
  addonName,
  addonVersion,
  resolveConflictsOnCreate: "OVERWRITE",
  resolveConflictsOnUpdate: "OVERWRITE",
});
const rights = (serviceAccount: string) => ({
  podIdentityAssociations: [{ serviceAccount, roleArn: "arn:aws:iam::210987654321:role/one" }],
});

describe("the add-ons of an EKS cluster", () => {
  it("are five, with versions that match the cluster's", async () => {
    const { resources } = await town();
    const addons = Object.fromEntries(ofKind(resources, "Addon").map((r) => [r.name, r.inputs]));
    expect(addons).toEqual({
      "town-eks-pod-identity-agent": addon("eks-pod-identity-agent", "v1.3.10-eksbuild.3"),
      "town-kube-proxy": addon("kube-proxy", "v1.35.3-eksbuild.29"),
      "town-vpc-cni": {
        ...addon("vpc-cni", "v1.22.4-eksbuild.3"),
        ...rights("aws-node"),
        configurationValues: '{"enableNetworkPolicy":"true"}',
      },
      "town-coredns": {
        ...addon("coredns", "v1.13.2-eksbuild.31"),
        configurationValues: JSON.stringify({
          autoScaling: { enabled: true, minReplicas: 2, maxReplicas: 10 },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "topology.kubernetes.io/zone",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
        }),
      },
      "town-aws-ebs-csi-driver": {
        ...addon("aws-ebs-csi-driver", "v1.66.0-eksbuild.1"),
        ...rights("ebs-csi-controller-sa"),
        configurationValues: '{"defaultStorageClass":{"enabled":false}}',
      },
    });
  });

  it("follow the cluster's version", async () => {
    const { resources } = await create({ version: "1.36" });
    expect(inputsOf(resources, "town-kube-proxy")["addonVersion"]).toBe("v1.36.0-eksbuild.25");
  });

  it("have roles that only pods can assume, and only the driver's may use the key", async () => {
    const { resources } = await town();
    const policy = (name: string) =>
      JSON.parse(inputsOf(resources, name)["policy"] as string) as {
        readonly Statement: readonly { readonly Action: string[]; readonly Resource: string[] }[];
      };
    expect(policy("town-vpc-cni-policy").Statement.map(({ Resource }) => Resource)).toEqual([
      ["*"],
      ["arn:aws:ec2:*:*:network-interface/*"],
    ]);
    const driver = policy("town-aws-ebs-csi-driver-policy").Statement;
    expect(driver).toHaveLength(13);
    expect(driver.slice(-2)).toEqual([
      {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"],
        Resource: ["arn:aws:kms:eu-west-3:210987654321:key/9"],
      },
      {
        Effect: "Allow",
        Action: ["kms:CreateGrant"],
        Resource: ["arn:aws:kms:eu-west-3:210987654321:key/9"],
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ]);
    const changing = driver.filter(({ Action }) => Action.includes("ec2:DeleteVolume"));
    expect(changing).toEqual([
      expect.objectContaining({
        Condition: { StringEquals: { "ec2:ResourceTag/ebs.csi.aws.com/cluster": "true" } },
      }),
    ]);
  });

  it("exist for every version that EKS supports, in its format", () => {
    expect(Object.keys(EKS)).toEqual(["1.34", "1.35", "1.36"]);
    for (const [minor, { addons, autoscaler }] of Object.entries(EKS)) {
      for (const version of Object.values(addons))
        expect(version).toMatch(/^v[\d.]+-eksbuild\.\d+$/);
      expect(addons["kube-proxy"]).toContain(`v${minor}.`);
      expect(autoscaler).toContain(`v${minor}.`);
    }
  });
});

describe("add-ons on AWS", () => {
  it("network, proxy and identity are installed before nodes, DNS and volumes after them", async () => {
    const { resources } = await town();
    const nodes = ofKind(resources, "NodeGroup").map(({ name }) => name);
    const after = (name: string) =>
      named(resources, name).dependsOn.filter((other) => !other.startsWith("town-network"));
    expect({
      "eks-pod-identity-agent": after("town-eks-pod-identity-agent"),
      "vpc-cni": after("town-vpc-cni"),
      "kube-proxy": after("town-kube-proxy"),
    }).toEqual({
      "eks-pod-identity-agent": [],
      "vpc-cni": ["town-eks-pod-identity-agent", "town-vpc-cni-policy"],
      "kube-proxy": [],
    });
    expect(nodes).toHaveLength(4);
    for (const name of nodes) {
      expect(after(name)).toEqual([
        "town-eks-pod-identity-agent",
        "town-kube-proxy",
        "town-nodes-role-images",
        "town-nodes-role-worker",
        "town-vpc-cni",
      ]);
    }
    for (const name of ["town-coredns", "town-aws-ebs-csi-driver"]) {
      expect(after(name)).toEqual(expect.arrayContaining(nodes));
    }
  });

  it("an add-on without a node has half an hour before it counts as failed", async () => {
    const { resources } = await town();
    for (const { options } of ofKind(resources, "Addon")) {
      expect(options.customTimeouts).toEqual({ create: "30m", update: "30m", delete: "40m" });
    }
  });

  it("network policies are enforced, which is a string in the schema", async () => {
    const { resources } = await town();
    const values = inputsOf(resources, "town-vpc-cni")["configurationValues"] as string;
    expect(JSON.parse(values)).toStrictEqual({ enableNetworkPolicy: "true" });
  });
});

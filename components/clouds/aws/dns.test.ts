import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, register, UNKNOWN, valueOf } from "../../kit/testing";
import { Dns, type DnsArguments } from "../../platform/dns";
import { route53Dns, type AwsDns } from "./dns";

const OWN_ROUTES = { "label-filter": "app.kubernetes.io/managed-by=pulumi" };

const CLOUD = {
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {},
  "aws:iam/role:Role": { arn: "arn:of:the-role" },
  "aws:iam/rolePolicy:RolePolicy": {},
  "aws:route53/zone:Zone": {
    arn: "arn:aws:route53:::hostedzone/Z7MADE",
    nameServers: ["ns-1.example.net", "ns-2.example.net"],
  },
};

const create = (
  changes: Partial<DnsArguments> = {},
  provider: Partial<AwsDns> = {},
  preview = false,
) =>
  register(
    (options) => {
      const agent = new RandomPassword("agent", { length: 9 }, options);
      return new Dns(
        "names",
        {
          system: "farm",
          zone: "example.org",
          mode: "create",
          host: route53Dns({
            placement: {
              region: "eu-west-3",
              clusterName: pulumi.output("the-cluster"),
              identityReady: [agent],
            },
            ...provider,
          }),
          owner: "farm-prod",
          monitoringNamespace: "watch",
          chartMirror: undefined,
          protect: true,
          ...changes,
        },
        options,
      );
    },
    { preview, cloud: CLOUD },
  );

const statements = (
  resources: Awaited<ReturnType<typeof create>>["resources"],
): readonly Record<string, unknown>[] => {
  const text = inputsOf(resources, "names-identity-policy")["policy"] as string;
  return (JSON.parse(text) as { Statement: Record<string, unknown>[] }).Statement;
};

describe("records in Route 53", () => {
  it("are written to a zone that is created here and kept while it has records", async () => {
    const { result, resources } = await create();
    expect(inputsOf(resources, "names-zone")).toEqual({
      name: "example.org",
      comment: "Written to by farm-prod",
      forceDestroy: false,
    });
    expect(named(resources, "names-zone").options.protect).toBe(true);
    expect(await valueOf(result.nameServers ?? pulumi.output(UNKNOWN))).toEqual([
      "ns-1.example.net",
      "ns-2.example.net",
    ]);
  });

  it("are written by a pod with its own identity, once that exists", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "names-identity-association")).toEqual({
      clusterName: "the-cluster",
      namespace: "external-dns",
      serviceAccount: "external-dns",
      roleArn: "arn:of:the-role",
    });
    expect(inputsOf(resources, "names-service-account")).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: {
        name: "external-dns",
        namespace: "external-dns",
        labels: {
          "app.kubernetes.io/part-of": "farm",
          "app.kubernetes.io/component": "dns",
          "app.kubernetes.io/managed-by": "pulumi",
        },
        annotations: {},
      },
    });
    const { dependsOn } = named(resources, "names-external-dns");
    for (const before of ["identity-association", "identity-policy", "service-account", "zone"]) {
      expect(dependsOn).toContain(`names-${before}`);
    }
    expect(ofKind(resources, "Secret")).toEqual([]);
  });

  it("are all that the pod may write, and only addresses and ownership records", async () => {
    const { resources } = await create();
    expect(statements(resources)).toEqual([
      {
        Effect: "Allow",
        Action: ["route53:ChangeResourceRecordSets"],
        Resource: ["arn:aws:route53:::hostedzone/Z7MADE"],
        Condition: {
          "ForAllValues:StringLike": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": [
              "example.org",
              "*.example.org",
            ],
            "route53:ChangeResourceRecordSetsActions": ["CREATE", "UPSERT", "DELETE"],
            "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "TXT"],
          },
        },
      },
      {
        Effect: "Allow",
        Action: ["route53:ListResourceRecordSets", "route53:ListTagsForResources"],
        Resource: ["arn:aws:route53:::hostedzone/Z7MADE"],
      },
      { Effect: "Allow", Action: ["route53:ListHostedZones"], Resource: ["*"] },
    ]);
  });

  it.each([
    ["eu-west-3", "Z9GIVEN", "arn:aws:route53:::hostedzone/Z9GIVEN"],
    ["eu-west-3", undefined, "arn:aws:route53:::hostedzone/*"],
    ["cn-north-1", "Z9GIVEN", "arn:aws-cn:route53:::hostedzone/Z9GIVEN"],
    ["us-gov-west-1", "Z9GIVEN", "arn:aws-us-gov:route53:::hostedzone/Z9GIVEN"],
  ])("of an adopted zone in %s with the id %s: %s", async (region, zoneId, arn) => {
    const placement = { region, clusterName: pulumi.output("c"), identityReady: [] };
    const { result, resources } = await create({ mode: "adopt" }, { placement, zoneId });
    expect(ofKind(resources, "Zone")).toEqual([]);
    expect(result.nameServers).toBeUndefined();
    expect(statements(resources).map((statement) => statement["Resource"])).toEqual([
      [arn],
      [arn],
      ["*"],
    ]);
  });

  it("are fully shown in a first preview", async () => {
    const { result, resources } = await create({}, {}, true);
    expect(JSON.stringify(inputsOf(resources, "names-external-dns"))).not.toContain(UNKNOWN);
    expect(await valueOf(result.nameServers ?? pulumi.output("none"))).toBe(UNKNOWN);
  });
});

describe("DNS records on Amazon", () => {
  const values = async (changes: Partial<DnsArguments> = {}, provider: Partial<AwsDns> = {}) => {
    const { resources } = await create(changes, provider);
    return inputsOf(resources, "names-external-dns")["values"] as Record<string, unknown>;
  };

  it("the region is set, because pods cannot ask the node for it", async () => {
    expect((await values())["env"]).toEqual([{ name: "AWS_DEFAULT_REGION", value: "eu-west-3" }]);
  });

  it("a record of the same name with another owner is not changed", async () => {
    expect(await values()).toMatchObject({
      registry: "txt",
      txtOwnerId: "farm-prod",
      domainFilters: ["example.org"],
    });
  });

  it("a private zone of the same name is not changed, nor is a second public one", async () => {
    const always = {
      "aws-zone-type": "public",
      ...OWN_ROUTES,
    };
    expect((await values())["extraArgs"]).toEqual(always);
    expect((await values({ mode: "adopt" }, { zoneId: "Z9GIVEN" }))["extraArgs"]).toEqual({
      ...always,
      "zone-id-filter": "Z9GIVEN",
    });
  });

  it("the ownership record of the domain itself is inside the zone", async () => {
    expect((await values())["txtPrefix"]).toBe("external-dns-%{record_type}.");
  });

  it("Pod Identity: the agent runs before a pod gets its role", async () => {
    const { resources } = await create();
    expect(named(resources, "names-identity-association").dependsOn).toContain("agent");
  });
});

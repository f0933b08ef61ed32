import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Component } from "../../kit/component";
import { inputsOf, named, register, UNKNOWN, valueOf } from "../../kit/testing";
import { podIdentity, policyDocument, resourcePolicy, trust, trustOnBehalfOf } from "./identity";

const CLOUD = {
  "aws:iam/role:Role": { arn: "arn:aws:iam::210987654321:role/pump" },
  "aws:iam/rolePolicy:RolePolicy": {},
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {},
};

const read = async (text: pulumi.Output<string>): Promise<unknown> =>
  JSON.parse((await valueOf(text)) as string) as unknown;

const statements = [
  { actions: ["s3:GetObject", "s3:PutObject"], resources: [pulumi.output("arn:aws:s3:::tyres/*")] },
  {
    actions: ["kms:Decrypt"],
    resources: ["arn:aws:kms:eu-west-3:210987654321:key/7"],
    condition: { StringEquals: { "kms:ViaService": "s3.eu-west-3.amazonaws.com" } },
  },
];

/** Two of them, the second depending on the first. */
class Pump extends Component {
  readonly grants: readonly ReturnType<typeof podIdentity>[];

  constructor(name: string, options: pulumi.ComponentResourceOptions) {
    super("test:Pump", name, {}, options);
    const grant = (suffix: string, identityReady: readonly pulumi.Resource[]) =>
      podIdentity(
        this.child(suffix),
        {
          placement: { clusterName: pulumi.output("bikes"), identityReady },
          account: { namespace: "garage", serviceAccount: suffix },
          statements,
        },
        this.options(),
      );
    const first = grant("air", []);
    this.grants = [first, grant("oil", first.ready)];
    this.publish();
  }
}

const create = (preview = false) =>
  register((options) => new Pump("pump", options), { preview, cloud: CLOUD });

describe("IAM policies", () => {
  it("contain permissions and their conditions", async () => {
    expect(await read(policyDocument(statements))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject"],
          Resource: ["arn:aws:s3:::tyres/*"],
        },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: ["arn:aws:kms:eu-west-3:210987654321:key/7"],
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-3.amazonaws.com" } },
        },
      ],
    });
  });

  it("of a resource name the principals that they allow or deny", async () => {
    expect(
      await read(
        resourcePolicy([
          {
            principal: { Service: "logs.amazonaws.com" },
            actions: ["kms:Decrypt"],
            resources: ["*"],
          },
          {
            effect: "Deny",
            principal: "*",
            actions: ["s3:*"],
            resources: ["arn:aws:s3:::tyres"],
            condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ]),
      ),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "logs.amazonaws.com" },
          Action: ["kms:Decrypt"],
          Resource: ["*"],
        },
        {
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:*"],
          Resource: ["arn:aws:s3:::tyres"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("of a role name the service that may assume it", () => {
    expect(JSON.parse(trust("ec2.amazonaws.com"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
  });

  it("of a role let a service assume it for one account only", async () => {
    expect(
      await read(trustOnBehalfOf(pulumi.output("210987654321"), "vpc-flow-logs.amazonaws.com")),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: { StringEquals: { "aws:SourceAccount": "210987654321" } },
        },
      ],
    });
  });
});

describe("an identity of pods", () => {
  it("is a role, its permissions and an association", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "pump-air-association",
      "pump-air-policy",
      "pump-air-role",
      "pump-oil-association",
      "pump-oil-policy",
      "pump-oil-role",
    ]);
    expect(inputsOf(resources, "pump-air-role")).toEqual({
      description: "garage/air",
      assumeRolePolicy: trust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]),
    });
    expect(inputsOf(resources, "pump-air-association")).toEqual({
      clusterName: "bikes",
      namespace: "garage",
      serviceAccount: "air",
      roleArn: "arn:aws:iam::210987654321:role/pump",
    });
    expect(JSON.parse(inputsOf(resources, "pump-air-policy")["policy"] as string)).toMatchObject({
      Statement: [{ Action: ["s3:GetObject", "s3:PutObject"] }, { Action: ["kms:Decrypt"] }],
    });
  });

  it("is associated once its permissions exist and the agent runs", async () => {
    const { resources } = await create();
    expect(named(resources, "pump-air-association").dependsOn).toEqual(["pump-air-policy"]);
    expect(named(resources, "pump-oil-association").dependsOn).toEqual([
      "pump-air-association",
      "pump-air-policy",
      "pump-oil-policy",
    ]);
  });

  it("returns what must exist before a pod starts, and needs no annotation", async () => {
    const { result } = await create();
    expect(result.grants.map(({ annotations, ready }) => [annotations, ready.length])).toEqual([
      [{}, 2],
      [{}, 2],
    ]);
  });

  it("has an unknown role in a first preview", async () => {
    const { resources } = await create(true);
    expect(inputsOf(resources, "pump-air-association")["roleArn"]).toBe(UNKNOWN);
  });
});

import { describe, expect, it } from "vitest";
import { inputsOf, ofKind } from "../../../kit/testing";
import { town } from "./testing";

const ACCOUNT = "210987654321";

describe("the key of an EKS cluster", () => {
  const statements = async () => {
    const { resources } = await town();
    const policy = inputsOf(resources, "town-key")["policy"] as string;
    return (JSON.parse(policy) as { readonly Statement: readonly unknown[] }).Statement;
  };

  it("rotates automatically, and its deletion can be cancelled for thirty days", async () => {
    const { resources } = await town();
    expect({ ...inputsOf(resources, "town-key"), policy: "" }).toEqual({
      description: "Everything that bikes stores",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: "",
      tags: { Name: "bikes" },
    });
    expect(inputsOf(resources, "town-key-alias")).toEqual({
      name: "alias/bikes",
      targetKeyId: "9",
    });
  });

  it("may be used through the account's policies, by its logs, and by Auto Scaling for disks", async () => {
    const isScaling = {
      StringEquals: {
        "kms:CallerAccount": ACCOUNT,
        "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
      },
    };
    const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];
    const all = { Effect: "Allow", Resource: ["*"] };
    expect(await statements()).toEqual([
      { ...all, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: ["kms:*"] },
      {
        ...all,
        Principal: { Service: "logs.eu-west-3.amazonaws.com" },
        Action: [...use, "kms:Describe*"],
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-west-3:${ACCOUNT}:log-group:*`,
          },
        },
      },
      {
        ...all,
        Principal: { AWS: "*" },
        Action: [...use, "kms:DescribeKey"],
        Condition: isScaling,
      },
      {
        ...all,
        Principal: { AWS: "*" },
        Action: ["kms:CreateGrant"],
        Condition: { ...isScaling, Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ]);
  });

  it("a new account has no Auto Scaling role, so it cannot be a principal", async () => {
    const principals = (await statements()).map(
      (statement) =>
        (statement as { readonly Principal: Readonly<Record<string, string>> }).Principal,
    );
    expect(principals).toEqual([
      { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      { Service: "logs.eu-west-3.amazonaws.com" },
      { AWS: "*" },
      { AWS: "*" },
    ]);
    const { resources } = await town();
    expect(ofKind(resources, "ServiceLinkedRole")).toEqual([]);
  });
});

import type * as iam from "@pulumi/aws/iam";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { UNKNOWN, messages, type Fixture } from "../../testing";

const WHO = 'Role "sailor": assumeRolePolicy.Statement[0]';
const ISSUER = "oidc.eks.eu-west-3.amazonaws.com/id/7F";
const PROVIDER = `arn:aws:iam::210987654321:oidc-provider/${ISSUER}`;

const role = (statement: object): Fixture => ({
  type: "aws:iam/role:Role",
  name: "sailor",
  props: {
    assumeRolePolicy: JSON.stringify({ Statement: { Effect: "Allow", ...statement } }),
  } satisfies iam.RoleArgs,
});

const byToken = (Condition?: object): Fixture =>
  role({ Principal: { Federated: PROVIDER }, Action: "sts:AssumeRoleWithWebIdentity", Condition });

const CONDITION = {
  StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
  StringLike: { [`${ISSUER}:sub`]: ["system:serviceaccount:shop:boats-*"] },
};

testPolicy("aws-iam-trust-named", {
  happy: () => role({ Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
  broken: [{ at: ["assumeRolePolicy"], says: [] }],
  unknown: [["assumeRolePolicy"]],
});

describe("aws-iam-trust-named", () => {
  const reported = (statement: object): Promise<readonly string[]> =>
    messages("aws-iam-trust-named", [role(statement)]);
  const Condition = { StringEquals: { "sts:ExternalId": "7" } };
  const everybody = [
    `${WHO} lets everyone in AWS assume the role; name the principal, or add a condition.`,
  ];
  const account = (name: string): readonly string[] => [
    `${WHO} lets everyone in the account "${name}" assume the role; name the role or user, or add a condition.`,
  ];

  it("accepts roles, services, and anyone with a condition", async () => {
    const AWS = "arn:aws:iam::210987654321:role/captain";
    expect(await reported({ Principal: { AWS, Service: ["ec2.amazonaws.com"] } })).toEqual([]);
    expect(await reported({ Principal: "*", Condition })).toEqual([]);
    expect(await reported({ Effect: "Deny", Principal: "*" })).toEqual([]);
    expect(await reported({ Principal: { Federated: "*" } })).toEqual([]);
    expect(await reported({ Principal: { Service: "210987654321" } })).toEqual([]);
  });

  it("refuses everyone", async () => {
    expect(await reported({ Principal: "*" })).toEqual(everybody);
    expect(await reported({ Principal: { AWS: ["*"] } })).toEqual(everybody);
    expect(await reported({ Principal: "*", Condition: {} })).toEqual(everybody);
    expect(await reported({ NotPrincipal: { AWS: "arn:x" }, Condition })).toEqual([
      `${WHO} admits everyone except a few; list the allowed principals in Principal.`,
    ]);
    const Statement = { Effect: "Allow", NotPrincipal: UNKNOWN };
    const open: Fixture = { ...role({}), props: { assumeRolePolicy: { Statement } } };
    expect(await messages("aws-iam-trust-named", [open])).toEqual([]);
  });

  it("refuses a whole account", async () => {
    for (const AWS of ["210987654321", "arn:aws-cn:iam::210987654321:root"]) {
      expect(await reported({ Principal: { AWS } })).toEqual(account(AWS));
      expect(await reported({ Principal: { AWS }, Condition })).toEqual([]);
    }
  });
});

testPolicy("aws-iam-trust-oidc", {
  happy: () => byToken(CONDITION),
  broken: [
    { at: ["assumeRolePolicy"], says: [] },
    { at: ["assumeRolePolicy"], to: UNKNOWN, says: [] },
    {
      at: ["assumeRolePolicy"],
      to: {
        Statement: { Effect: "Allow", Principal: { Federated: PROVIDER }, Condition: UNKNOWN },
      },
      says: [],
    },
  ],
  unknown: [],
});

describe("aws-iam-trust-oidc", () => {
  const reported = (Condition?: object): Promise<readonly string[]> =>
    messages("aws-iam-trust-oidc", [byToken(Condition)]);
  const who = `${WHO} lets tokens from "${PROVIDER}" assume the role`;
  const whatever = (claim: string): string => `${who} with any ${claim}; add a condition on it.`;

  it("requires conditions on audience and subject", async () => {
    expect(await reported()).toEqual([whatever("aud"), whatever("sub")]);
    expect(await reported({ StringLike: CONDITION.StringLike })).toEqual([whatever("aud")]);
    expect(await reported({ StringEquals: CONDITION.StringEquals })).toEqual([whatever("sub")]);
  });

  it("does not count a condition that a missing claim satisfies", async () => {
    const StringEqualsIfExists = CONDITION.StringEquals;
    expect(await reported({ ...CONDITION, StringEquals: {}, StringEqualsIfExists })).toEqual([
      whatever("aud"),
    ]);
    const StringNotLike = CONDITION.StringLike;
    expect(await reported({ StringEquals: CONDITION.StringEquals, StringNotLike })).toEqual([
      whatever("sub"),
    ]);
  });

  it.each(["*", "repo:*", "repo:*/x:ref", "repo:bo*:ref", "system:serviceaccount:*:boats"])(
    "refuses the subject %s",
    async (sub) => {
      const StringLike = { [`${ISSUER}:sub`]: ["repo:boats/sail:*", sub] };
      expect(await reported({ ...CONDITION, StringLike })).toEqual([
        `${who} with the sub "${sub}"; name the subject.`,
      ]);
    },
  );

  it("applies only to token issuers", async () => {
    const of = (Federated: string): Promise<readonly string[]> =>
      messages("aws-iam-trust-oidc", [role({ Principal: { Federated } })]);
    expect(await of("arn:aws:iam::210987654321:saml-provider/boats")).toEqual([]);
    expect(await of("accounts.google.com")).toHaveLength(2);
    expect(await of("cognito-identity.amazonaws.com")).toHaveLength(2);
    const service = role({ Principal: { Service: PROVIDER } });
    expect(await messages("aws-iam-trust-oidc", [service])).toEqual([]);
  });
});

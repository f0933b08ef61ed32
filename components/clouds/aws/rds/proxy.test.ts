import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind } from "../../../kit/testing";
import { create } from "./testing";

describe("the pooler of RDS", () => {
  it("admits nodes and proxy on PostgreSQL's port only, and has no other egress", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-security-group")).toEqual({
      description: "bikes-prod-db: the nodes alone, to PostgreSQL alone",
      vpcId: "the-vpc",
      tags: { data: "personal" },
    });
    const tcp = { description: "", ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
    const rules = resources.filter(({ type }) => type.startsWith("aws:vpc/"));
    expect(rules.map(({ name, inputs }) => [name, { ...inputs, description: "" }])).toEqual([
      [
        "db-from-nodes",
        { ...tcp, securityGroupId: "db-security-group-id", referencedSecurityGroupId: "the-nodes" },
      ],
      [
        "db-pooler-from-nodes",
        {
          ...tcp,
          securityGroupId: "db-pooler-security-group-id",
          referencedSecurityGroupId: "the-nodes",
        },
      ],
      [
        "db-pooler-into-database",
        {
          ...tcp,
          securityGroupId: "db-security-group-id",
          referencedSecurityGroupId: "db-pooler-security-group-id",
        },
      ],
      [
        "db-pooler-to-database",
        {
          ...tcp,
          securityGroupId: "db-pooler-security-group-id",
          referencedSecurityGroupId: "db-security-group-id",
        },
      ],
    ]);
  });

  it("pools connections that use the owner's password", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-pooler-proxy")).toEqual({
      name: "bikes-prod-db-proxy",
      engineFamily: "POSTGRESQL",
      roleArn: "arn:role",
      vpcSubnetIds: ["subnet-a", "subnet-b"],
      vpcSecurityGroupIds: ["db-pooler-security-group-id"],
      requireTls: true,
      idleClientTimeout: 1800,
      debugLogging: false,
      auths: [
        {
          description: "The database's owner",
          authScheme: "SECRETS",
          secretArn: "arn:secret",
          iamAuth: "DISABLED",
          clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
        },
      ],
      tags: { data: "personal" },
    });
    expect(inputsOf(resources, "db-pooler-secret-version")).toEqual({
      secretId: "db-pooler-secret-id",
      secretString: {
        $secret: JSON.stringify({ username: "keeper", password: "generated-password" }),
      },
    });
    expect(JSON.parse(String(inputsOf(resources, "db-pooler-policy")["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue"],
          Resource: ["arn:secret"],
        },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: ["arn:the-key"],
          Condition: {
            StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" },
          },
        },
      ],
    });
    expect(inputsOf(resources, "db-pooler-targets")).toEqual({
      dbProxyName: "bikes-prod-db-proxy",
      connectionPoolConfig: {
        maxConnectionsPercent: 90,
        maxIdleConnectionsPercent: 50,
        connectionBorrowTimeout: 30,
      },
    });
  });

  it("connects the pooler only to the writer, once it can read its secret", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "ProxyTarget").map(({ inputs }) => inputs)).toEqual([
      {
        dbProxyName: "bikes-prod-db-proxy",
        targetGroupName: "targets-8f3a",
        dbInstanceIdentifier: "bikes-prod-db",
      },
    ]);
    expect(named(resources, "db-pooler-target").dependsOn).toEqual([
      "db-pooler-from-nodes",
      "db-pooler-into-database",
      "db-pooler-policy",
      "db-pooler-secret-version",
      "db-pooler-to-database",
    ]);
  });

  it.each([
    [true, 30],
    [false, 0],
  ])("its secret has a generated name (protected: %s)", async (protect, days) => {
    const { resources } = await create({ protect });
    expect(inputsOf(resources, "db-pooler-secret")).toEqual({
      description: "bikes-prod-db: the owner's password, for the proxy",
      kmsKeyId: "arn:the-key",
      recoveryWindowInDays: days,
      tags: { data: "personal" },
    });
  });

  it("writes to a log group that is created before it and deleted after it", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-pooler-log")["name"]).toBe("/aws/rds/proxy/bikes-prod-db-proxy");
    expect(named(resources, "db-pooler-proxy").dependsOn).toEqual([
      "db-instance",
      "db-pooler-log",
      "db-pooler-policy",
      "db-pooler-secret-version",
    ]);
  });

  it("the database is created before the proxy, which needs the account's RDS role", async () => {
    const { resources } = await create();
    expect(named(resources, "db-pooler-proxy").dependsOn).toContain("db-instance");
  });
});

import type * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as rds from "@pulumi/aws/rds";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trust } from "../identity";
import { deletionProtectionOf, type RdsPostgresArguments } from "./arguments";
import { closedGroup, logGroup, type Surroundings } from "./surroundings";
import { POSTGRES_PORT } from "../../../postgres/url";

export interface Pooler {
  readonly host: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];
}

interface PoolerArguments extends RdsPostgresArguments {
  readonly surroundings: Surroundings;
  readonly primary: rds.Instance;
  readonly password: pulumi.Output<string>;
}

/**
 * RDS Proxy in front of the primary: many clients share few connections, which survive a failover.
 * It reads the owner's password from a secret, and clients must use the same password.
 */
export function createPooler(
  name: string,
  args: PoolerArguments,
  options: pulumi.CustomResourceOptions,
): Pooler {
  const { secret, version } = credentials(name, args, options);
  const { role, policy } = reader(name, args, secret, options);
  const { securityGroup, rules } = gates(name, args, options);
  const poolName = `${args.identifier}-proxy`;
  const logs = logGroup(`${name}-log`, { ...args, path: `/aws/rds/proxy/${poolName}` }, options);
  const proxy = new rds.Proxy(
    `${name}-proxy`,
    {
      // A generated name would be unknown to the log group, which must exist first.
      name: poolName,
      engineFamily: "POSTGRESQL",
      roleArn: role.arn,
      vpcSubnetIds: [...args.placement.privateSubnetIds],
      vpcSecurityGroupIds: [securityGroup.id],
      requireTls: true,
      // Half an hour, in seconds.
      idleClientTimeout: 1800,
      // Statements in logs would contain data.
      debugLogging: false,
      auths: [
        {
          description: "The database's owner",
          authScheme: "SECRETS",
          secretArn: secret.arn,
          iamAuth: "DISABLED",
          clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
        },
      ],
      tags: { ...args.tags },
    },
    // After the database, with which Amazon creates the account's role for RDS: in an account
    // without the role, a proxy that is created at the same time is rejected (aws-cdk#14258).
    pulumi.mergeOptions(options, {
      dependsOn: [policy, version, logs, args.primary],
      // Otherwise renamed in place, and its one target could only be registered after the old one is gone.
      replaceOnChanges: ["name"],
    }),
  );
  const target = attach(name, proxy, args, [policy, version, ...rules], options);
  return { host: proxy.endpoint, ready: [target, ...rules] };
}

/** Has a generated name: the name of a deleted secret stays reserved while it can be recovered. */
function credentials(
  name: string,
  args: PoolerArguments,
  options: pulumi.CustomResourceOptions,
): { secret: secretsmanager.Secret; version: secretsmanager.SecretVersion } {
  const secret = new secretsmanager.Secret(
    `${name}-secret`,
    {
      description: `${args.identifier}: the owner's password, for the proxy`,
      kmsKeyId: args.placement.encryptionKeyArn,
      recoveryWindowInDays: deletionProtectionOf(args) ? 30 : 0,
      tags: { ...args.tags },
    },
    pulumi.mergeOptions(options, { protect: deletionProtectionOf(args) }),
  );
  const version = new secretsmanager.SecretVersion(
    `${name}-secret-version`,
    {
      secretId: secret.id,
      secretString: pulumi.secret(
        pulumi.jsonStringify({ username: args.owner, password: args.password }),
      ),
    },
    options,
  );
  return { secret, version };
}

function reader(
  name: string,
  { identifier, placement, tags }: PoolerArguments,
  secret: secretsmanager.Secret,
  options: pulumi.CustomResourceOptions,
): { role: iam.Role; policy: iam.RolePolicy } {
  const role = new iam.Role(
    `${name}-role`,
    {
      description: `${identifier}: the proxy reads its secret`,
      assumeRolePolicy: trust("rds.amazonaws.com"),
      tags: { ...tags },
    },
    options,
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.name,
      policy: policyDocument([
        { actions: ["secretsmanager:GetSecretValue"], resources: [secret.arn] },
        {
          actions: ["kms:Decrypt"],
          resources: [placement.encryptionKeyArn],
          condition: {
            StringEquals: { "kms:ViaService": `secretsmanager.${placement.region}.amazonaws.com` },
          },
        },
      ]),
    },
    options,
  );
  return { role, policy };
}

/** Allows traffic from the nodes and to the database, and nothing else. */
function gates(
  name: string,
  args: PoolerArguments,
  options: pulumi.CustomResourceOptions,
): { securityGroup: ec2.SecurityGroup; rules: readonly pulumi.Resource[] } {
  const { securityGroup, rule } = closedGroup(
    name,
    { ...args, description: `${args.identifier}: the proxy` },
    options,
  );
  const database = args.surroundings.securityGroup;
  const port = { ipProtocol: "tcp", fromPort: POSTGRES_PORT, toPort: POSTGRES_PORT };
  const out = new vpc.SecurityGroupEgressRule(
    `${name}-to-database`,
    {
      securityGroupId: securityGroup.id,
      description: "The database",
      referencedSecurityGroupId: database.id,
      ...port,
    },
    options,
  );
  const into = new vpc.SecurityGroupIngressRule(
    `${name}-into-database`,
    {
      securityGroupId: database.id,
      description: "The proxy",
      referencedSecurityGroupId: securityGroup.id,
      ...port,
    },
    options,
  );
  return { securityGroup, rules: [rule, out, into] };
}

function attach(
  name: string,
  proxy: rds.Proxy,
  { primary }: PoolerArguments,
  after: readonly pulumi.Resource[],
  options: pulumi.CustomResourceOptions,
): rds.ProxyTarget {
  const group = new rds.ProxyDefaultTargetGroup(
    `${name}-targets`,
    {
      dbProxyName: proxy.name,
      connectionPoolConfig: {
        // The rest is for migrations, dumps and people, who bypass the pooler.
        maxConnectionsPercent: 90,
        maxIdleConnectionsPercent: 50,
        // In seconds: after that, an error is better for the client than waiting.
        connectionBorrowTimeout: 30,
      },
    },
    options,
  );
  return new rds.ProxyTarget(
    `${name}-target`,
    {
      dbProxyName: proxy.name,
      targetGroupName: group.name,
      dbInstanceIdentifier: primary.identifier,
    },
    pulumi.mergeOptions(options, { dependsOn: [...after] }),
  );
}

/** For tests of PostgreSQL on RDS: a database with every option, and Amazon's responses. */
import * as pulumi from "@pulumi/pulumi";
import { days, gib, hours } from "../../../../systems/units";
import { register, type Registered } from "../../../kit/testing";
import { RdsPostgres, type RdsPostgresArguments } from "./rds";

export const args: RdsPostgresArguments = {
  identifier: "bikes-prod-db",
  version: "15",
  instanceClass: "db.m7g.large",
  storage: gib(70),
  database: "rides",
  owner: "keeper",
  highlyAvailable: true,
  readReplicas: 2,
  pooling: true,
  extensions: ["pg_stat_statements"],
  parameters: { autovacuum_vacuum_scale_factor: "0.15" },
  pointInTimeRecovery: days(21),
  leastRetention: days(14),
  maintenance: { day: "thursday", start: "03:30", duration: hours(3) },
  placement: {
    cloud: "aws",
    region: "eu-central-1",
    clusterName: pulumi.output("bikes"),
    vpcId: pulumi.output("the-vpc"),
    privateSubnetIds: [pulumi.output("subnet-a"), pulumi.output("subnet-b")],
    securityGroupId: pulumi.output("the-nodes"),
    encryptionKeyArn: pulumi.output("arn:the-key"),
    identityReady: [],
  },
  cidr: "10.40.0.0/16",
  recovery: { region: "eu-west-1" },
  tags: { data: "personal" },
  protect: true,
};

type Changes = {
  readonly [key in keyof RdsPostgresArguments]?: RdsPostgresArguments[key] | undefined;
};

/** As a replica of an instance in another region. */
export const second: Changes = {
  recovery: undefined,
  replicaOf: {
    arn: "arn:the-source",
    username: "first-keeper",
    password: pulumi.secret("first password"),
    database: "first-rides",
  },
};

/** What every instance of the example has, primary or replica. */
export const everyInstance = {
  instanceClass: "db.m7g.large",
  port: 5432,
  storageType: "gp3",
  maxAllocatedStorage: 140,
  storageEncrypted: true,
  publiclyAccessible: false,
  vpcSecurityGroupIds: ["db-security-group-id"],
  parameterGroupName: "parameters-8f3a",
  caCertIdentifier: "rds-ca-rsa2048-g1",
  iamDatabaseAuthenticationEnabled: true,
  autoMinorVersionUpgrade: true,
  allowMajorVersionUpgrade: false,
  applyImmediately: false,
  maintenanceWindow: "thu:03:30-thu:06:30",
  copyTagsToSnapshot: true,
  enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  monitoringInterval: 60,
  monitoringRoleArn: "arn:role",
  databaseInsightsMode: "standard",
  performanceInsightsEnabled: true,
  performanceInsightsKmsKeyId: "arn:the-key",
  performanceInsightsRetentionPeriod: 7,
  deletionProtection: true,
  tags: { data: "personal" },
};

const arn = (what: string) => ({ arn: `arn:${what}` });
const named = (what: string) => ({ name: `${what}-8f3a`, ...arn(what) });

export const cloud = {
  "aws:cloudwatch/logGroup:LogGroup": {},
  "aws:ec2/securityGroup:SecurityGroup": {},
  "aws:iam/role:Role": named("role"),
  "aws:iam/rolePolicy:RolePolicy": {},
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {},
  "aws:kms/alias:Alias": {},
  "aws:kms/key:Key": arn("key-elsewhere"),
  "aws:rds/instance:Instance": { address: "db.example.com", ...arn("instance") },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {},
  "aws:rds/parameterGroup:ParameterGroup": named("parameters"),
  "aws:rds/proxy:Proxy": { endpoint: "proxy.example.com" },
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": named("targets"),
  "aws:rds/proxyTarget:ProxyTarget": {},
  "aws:rds/subnetGroup:SubnetGroup": named("subnets"),
  "aws:secretsmanager/secret:Secret": arn("secret"),
  "aws:secretsmanager/secretVersion:SecretVersion": {},
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {},
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {},
  "random:index/randomId:RandomId": { hex: "0a1b2c3d" },
};

/** The example with some arguments changed; `undefined` removes an optional one. */
export function changed(changes: Changes): RdsPostgresArguments {
  const given = Object.entries({ ...args, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as RdsPostgresArguments;
}

type Run = Promise<{
  readonly result: RdsPostgres;
  readonly resources: readonly Registered[];
}>;

const run = (changes: Changes, preview: boolean): Run =>
  register((options) => new RdsPostgres("db", changed(changes), options), { preview, cloud });

/** Created once, because many tests use the example unchanged. */
let example: Run | undefined;

export function create(changes?: Changes, preview = false): Run {
  if (changes !== undefined || preview) return run(changes ?? {}, preview);
  example ??= run({}, false);
  return example;
}

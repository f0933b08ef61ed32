/** For tests: an MSK cluster, and Amazon's responses. */
import * as pulumi from "@pulumi/pulumi";
import { gib } from "../../../../systems/units";
import { register } from "../../../kit/testing";
import { MskKafka, type MskKafkaArguments } from "./msk";
import { bills, rides } from "../../../kafka/testing";

const args: MskKafkaArguments = {
  clusterName: "bike-bus",
  version: "3.9",
  brokers: 6,
  instanceType: "kafka.m7g.xlarge",
  storage: gib(70),
  placement: {
    vpcId: pulumi.output("the-vpc"),
    privateSubnetIds: ["one", "two", "three"].map((id) => pulumi.output(id)),
    securityGroupId: pulumi.output("nodes-group"),
    encryptionKeyArn: pulumi.output("arn:key"),
  },
  cidr: "10.61.0.0/16",
  system: "bikes",
  namespace: "rides",
  namespaceReady: [],
  tags: { team: "wheels" },
  topics: [rides, bills],
  protect: true,
};

const cloud = {
  "aws:appautoscaling/policy:Policy": {},
  "aws:appautoscaling/target:Target": {},
  "aws:cloudwatch/logGroup:LogGroup": { name: "/aws/vendedlogs/msk/bike-bus-123" },
  "aws:ec2/securityGroup:SecurityGroup": {},
  "aws:msk/cluster:Cluster": {
    arn: "arn:bus",
    bootstrapBrokersSaslScram: "b-1.example.com:9096,b-2.example.com:9096",
  },
  "aws:msk/configuration:Configuration": { arn: "arn:configuration", latestRevision: 17 },
  "aws:msk/scramSecretAssociation:ScramSecretAssociation": {},
  "aws:msk/topic:Topic": {},
  "aws:secretsmanager/secret:Secret": { arn: "arn:secret" },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {},
  "aws:secretsmanager/secretVersion:SecretVersion": {},
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {},
};

export const createMsk = (changes: Partial<MskKafkaArguments> = {}, preview = false) =>
  register((options) => new MskKafka("bus", { ...args, ...changes }, options), { preview, cloud });

import type * as awsMsk from "@pulumi/aws/msk";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";

const WHO = 'Cluster "events"';

const cluster = (): Fixture => ({
  type: "aws:msk/cluster:Cluster",
  name: "events",
  props: {
    kafkaVersion: "3.9.x.kraft",
    numberOfBrokerNodes: 3,
    brokerNodeGroupInfo: {
      instanceType: "kafka.m7g.large",
      clientSubnets: ["subnet-1", "subnet-2", "subnet-3"],
      securityGroups: ["sg-6"],
      storageInfo: { ebsStorageInfo: { volumeSize: 70 } },
      connectivityInfo: { publicAccess: { type: "DISABLED" } },
    },
    encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } },
    clientAuthentication: { sasl: { iam: true }, unauthenticated: false },
    loggingInfo: { brokerLogs: { s3: { enabled: true, bucket: "logs" } } },
    enhancedMonitoring: "PER_BROKER",
  } satisfies awsMsk.ClusterArgs,
});

const TRANSIT = ["encryptionInfo", "encryptionInTransit"] as const;
testPolicy("aws-msk-tls", {
  happy: cluster,
  broken: [
    ...["TLS_PLAINTEXT", "PLAINTEXT"].map((to) => ({
      at: [...TRANSIT, "clientBroker"],
      to,
      says: `${WHO}: encryptionInfo.encryptionInTransit.clientBroker is "${to}"; it must be "TLS".`,
    })),
    {
      at: [...TRANSIT, "inCluster"],
      to: false,
      says: `${WHO}: encryptionInfo.encryptionInTransit.inCluster is false; it must be true.`,
    },
    { at: ["encryptionInfo"], says: [] },
  ],
  unknown: [
    [...TRANSIT, "clientBroker"],
    [...TRANSIT, "inCluster"],
  ],
});

const ACCESS = ["brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type"] as const;
testPolicy("aws-msk-private", {
  happy: cluster,
  broken: [
    {
      at: ACCESS,
      to: "SERVICE_PROVIDED_EIPS",
      says: `${WHO}: brokerNodeGroupInfo.connectivityInfo.publicAccess.type is "SERVICE_PROVIDED_EIPS"; it must be "DISABLED".`,
    },
    { at: ["brokerNodeGroupInfo", "connectivityInfo"], says: [] },
  ],
  unknown: [ACCESS],
});

const NOBODY = "set sasl.iam or sasl.scram: anyone who can reach a broker can read and write.";
testPolicy("aws-msk-authenticated", {
  happy: cluster,
  broken: [
    { at: ["clientAuthentication"], says: `${WHO}: clientAuthentication is missing; ${NOBODY}` },
    {
      at: ["clientAuthentication"],
      to: { tls: { certificateAuthorityArns: [] } },
      says: `${WHO}: clientAuthentication is {"tls":{"certificateAuthorityArns":[]}}; ${NOBODY}`,
    },
    { at: ["clientAuthentication"], to: { tls: { certificateAuthorityArns: ["a"] } }, says: [] },
    { at: ["clientAuthentication"], to: { sasl: { iam: false, scram: true } }, says: [] },
    {
      at: ["clientAuthentication", "unauthenticated"],
      to: true,
      says: `${WHO}: clientAuthentication.unauthenticated is true; it must be false.`,
    },
  ],
  unknown: [["clientAuthentication", "sasl"], ["clientAuthentication"]],
});

testPolicy("aws-msk-serverless-authenticated", {
  happy: () => ({
    type: "aws:msk/serverlessCluster:ServerlessCluster",
    name: "burst",
    props: {
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [{ subnetIds: ["subnet-1"] }],
    } satisfies awsMsk.ServerlessClusterArgs,
  }),
  broken: [
    {
      at: ["clientAuthentication", "sasl", "iam", "enabled"],
      to: false,
      says: 'ServerlessCluster "burst": clientAuthentication.sasl.iam.enabled is false; it must be true.',
    },
  ],
  unknown: [["clientAuthentication"]],
});

testPolicy("aws-msk-brokers-spread", {
  happy: cluster,
  broken: [
    {
      at: ["numberOfBrokerNodes"],
      to: 2,
      says: `${WHO}: numberOfBrokerNodes is 2; it must be 3 or more.`,
    },
    {
      at: ["brokerNodeGroupInfo", "clientSubnets"],
      to: ["subnet-1", "subnet-2"],
      says: `${WHO}: brokerNodeGroupInfo.clientSubnets is ["subnet-1","subnet-2"]; list subnets in three zones.`,
    },
    { at: ["brokerNodeGroupInfo", "clientSubnets"], to: [UNKNOWN, UNKNOWN, UNKNOWN], says: [] },
  ],
  unknown: [["numberOfBrokerNodes"], ["brokerNodeGroupInfo", "clientSubnets"]],
});

describe("aws-msk-configuration-durable", () => {
  const reported = (...lines: readonly string[]): Promise<readonly string[]> =>
    messages("aws-msk-configuration-durable", [
      {
        type: "aws:msk/configuration:Configuration",
        name: "rules",
        props: { serverProperties: lines.join("\n") } satisfies awsMsk.ConfigurationArgs,
      },
    ]);
  const clean = "unclean.leader.election.enable = false";
  const is = (key: string, found: string, expected: string): string =>
    `Configuration "rules": ${key} in serverProperties is ${found}; ${expected}.`;
  const unclean = "it must be false: an out-of-sync leader would lose events";

  it("accepts MSK's defaults, and valid settings", async () => {
    expect(await reported(clean)).toEqual([]);
    expect(await reported(clean, "min.insync.replicas=2", "default.replication.factor: 3")).toEqual(
      [],
    );
  });

  it.each([
    ["default.replication.factor", 2, 3],
    ["min.insync.replicas", 1, 2],
    ["offsets.topic.replication.factor", 2, 3],
    ["transaction.state.log.replication.factor", 2, 3],
    ["transaction.state.log.min.isr", 1, 2],
  ])("refuses %s=%i", async (key, found, least) => {
    const expected = `it must be ${least} or more`;
    expect(await reported(clean, `${key}=${found}`)).toEqual([is(key, String(found), expected)]);
    expect(await reported(clean, `${key}=x`)).toEqual([is(key, "x", expected)]);
  });

  it("refuses out-of-sync leaders, explicit or by default", async () => {
    const key = "unclean.leader.election.enable";
    expect(await reported("# none")).toEqual([is(key, "missing", unclean)]);
    expect(await reported(`${key}=true`)).toEqual([is(key, "true", unclean)]);
  });

  it("counts unknown properties", async () => {
    expect(await reported(UNKNOWN)).toEqual([]);
  });
});

const topic = (configs: unknown): Fixture => ({
  type: "aws:msk/topic:Topic",
  name: "placed",
  props: { clusterArn: "arn:x", partitionCount: 6, replicationFactor: 3, configs },
});

testPolicy("aws-msk-topic-durable", {
  happy: () => topic('{"min.insync.replicas":"2"}'),
  broken: [
    {
      at: ["replicationFactor"],
      to: 2,
      says: [
        'Topic "placed": replicationFactor is 2; it must be 3 or more.',
        'Topic "placed": min.insync.replicas in configs is 2; it must be below replicationFactor, so that one broker may fail: set it to one less.',
      ],
    },
    {
      at: ["configs"],
      to: '{"min.insync.replicas":1}',
      says: 'Topic "placed": min.insync.replicas in configs is 1; it must be 2 or more.',
    },
    {
      at: ["configs"],
      to: '{"min.insync.replicas":"x"}',
      says: 'Topic "placed": min.insync.replicas in configs is NaN; it must be 2 or more.',
    },
    {
      at: ["configs"],
      to: '{"min.insync.replicas":3}',
      says: 'Topic "placed": min.insync.replicas in configs is 3; it must be below replicationFactor, so that one broker may fail: set it to one less.',
    },
    { at: ["configs"], to: "nonsense", says: [] },
    { at: ["configs"], to: "null", says: [] },
    { at: ["configs"], says: [] },
  ],
  unknown: [["replicationFactor"], ["configs"]],
});

it("aws-msk-storage-grows requires a target for each cluster with volumes", async () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-msk-storage-grows", fixture);
  const target: Fixture = {
    type: "aws:appautoscaling/target:Target",
    name: "volumes",
    props: { resourceId: UNKNOWN },
    propertyDependencies: { resourceId: [urnOf(cluster())] },
  };
  const expected = [
    `${WHO}: its storage does not scale automatically; add an Application Auto Scaling Target for kafka:broker-storage:VolumeSize whose resourceId is its ARN.`,
  ];
  expect(await reported(cluster(), target)).toEqual([]);
  expect(await reported(cluster())).toEqual(expected);
  const other = { ...cluster(), name: "other" };
  const elsewhere = { ...target, propertyDependencies: { resourceId: [urnOf(other)] } };
  const express = broken(other, ["brokerNodeGroupInfo", "instanceType"], "express.m7g.large");
  expect(await reported(cluster(), express, elsewhere)).toEqual(expected);
  // It may belong to the cluster.
  expect(await reported(cluster(), { ...target, propertyDependencies: {} })).toEqual([]);
  const type = ["brokerNodeGroupInfo", "instanceType"];
  expect(await reported(broken(cluster(), type, "express.m7g.large"))).toEqual([]);
  expect(await reported(broken(cluster(), type, UNKNOWN))).toEqual([]);
  expect(
    await reported(broken(cluster(), ["brokerNodeGroupInfo", "storageInfo"], UNKNOWN)),
  ).toEqual([]);
});

const KAFKA = 'the supported versions are "3.8", "3.9", "4.0", "4.1" or "4.2".';
testPolicy("aws-msk-version-supported", {
  happy: cluster,
  broken: [
    { at: ["kafkaVersion"], to: "3.6.0", says: `${WHO}: kafkaVersion is "3.6.0"; ${KAFKA}` },
    { at: ["kafkaVersion"], to: "4.0.x.kraft", says: [] },
  ],
  unknown: [["kafkaVersion"]],
});

const LOGS = ["loggingInfo", "brokerLogs"] as const;
testPolicy("aws-msk-logs", {
  happy: cluster,
  broken: [
    {
      at: ["loggingInfo"],
      says: `${WHO}: loggingInfo.brokerLogs is missing; enable cloudwatchLogs, firehose or s3.`,
    },
    {
      at: [...LOGS, "s3", "enabled"],
      to: false,
      says: `${WHO}: loggingInfo.brokerLogs is {"s3":{"bucket":"logs","enabled":false}}; enable cloudwatchLogs, firehose or s3.`,
    },
    { at: LOGS, to: { cloudwatchLogs: { enabled: true } }, says: [] },
    { at: LOGS, to: { firehose: { enabled: true } }, says: [] },
  ],
  unknown: [LOGS, [...LOGS, "s3", "enabled"]],
});

testPolicy("aws-msk-monitored", {
  happy: cluster,
  broken: [
    {
      at: ["enhancedMonitoring"],
      says: `${WHO}: enhancedMonitoring is missing; it must be "PER_BROKER", "PER_TOPIC_PER_BROKER" or "PER_TOPIC_PER_PARTITION".`,
    },
  ],
  unknown: [["enhancedMonitoring"]],
});

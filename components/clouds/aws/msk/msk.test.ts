import { describe, expect, it } from "vitest";
import { inputsOf, isSecret, ofKind, UNKNOWN, valueOf } from "../../../kit/testing";
import { serverProperties } from "./cluster";
import { createMsk } from "./testing";
import { bills, rides } from "../../../kafka/testing";

describe("MSK", () => {
  it("creates exactly a cluster, a security group, logs, topics, users and a Job", async () => {
    const { resources } = await createMsk();
    const ofUser = (user: string) => [
      `bus-secret-${user}`,
      `bus-secret-${user}-policy`,
      `bus-secret-${user}-version`,
    ];
    expect(resources.map(({ name }) => name)).toEqual([
      "bus-access",
      "bus-access-account",
      "bus-access-client",
      "bus-access-network",
      "bus-allow-clients",
      "bus-allow-monitoring",
      "bus-cluster",
      "bus-configuration",
      "bus-logs",
      "bus-password-admin",
      "bus-password-application",
      "bus-password-monitor",
      ...["admin", "application", "monitor"].flatMap(ofUser),
      "bus-security-group",
      "bus-storage",
      "bus-storage-policy",
      "bus-topic-Rides_Taken",
      "bus-topic-bills",
      "bus-users",
    ]);
  });

  it("has exactly these brokers", async () => {
    const { resources } = await createMsk();
    expect(inputsOf(resources, "bus-cluster")).toEqual({
      clusterName: "bike-bus",
      kafkaVersion: "3.9.x.kraft",
      numberOfBrokerNodes: 6,
      brokerNodeGroupInfo: {
        instanceType: "kafka.m7g.xlarge",
        clientSubnets: ["one", "two", "three"],
        securityGroups: ["bus-security-group-id"],
        storageInfo: { ebsStorageInfo: { volumeSize: 70 } },
        connectivityInfo: { publicAccess: { type: "DISABLED" } },
      },
      clientAuthentication: { sasl: { scram: true, iam: false }, unauthenticated: false },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: "arn:key",
        encryptionInTransit: { clientBroker: "TLS", inCluster: true },
      },
      configurationInfo: { arn: "arn:configuration", revision: 17 },
      enhancedMonitoring: "PER_BROKER",
      openMonitoring: {
        prometheus: {
          jmxExporter: { enabledInBroker: true },
          nodeExporter: { enabledInBroker: true },
        },
      },
      loggingInfo: {
        brokerLogs: {
          cloudwatchLogs: { enabled: true, logGroup: "/aws/vendedlogs/msk/bike-bus-123" },
        },
      },
      storageMode: "LOCAL",
      tags: { team: "wheels" },
    });
  });

  it("admits only the cluster's nodes, for clients and monitoring", async () => {
    const { resources } = await createMsk();
    const rule = (description: string, fromPort: number, toPort: number) => ({
      securityGroupId: "bus-security-group-id",
      referencedSecurityGroupId: "nodes-group",
      ipProtocol: "tcp",
      fromPort,
      toPort,
      description,
      tags: { team: "wheels" },
    });
    expect(ofKind(resources, "SecurityGroupIngressRule").map(({ inputs }) => inputs)).toEqual([
      rule("clients", 9096, 9096),
      rule("monitoring", 11001, 11002),
    ]);
    expect(inputsOf(resources, "bus-security-group")).toEqual({
      vpcId: "the-vpc",
      description: "Kafka bike-bus",
      tags: { team: "wheels" },
    });
  });

  it("keeps brokers' logs ninety days, encrypted", async () => {
    const { resources } = await createMsk();
    expect(inputsOf(resources, "bus-logs")).toEqual({
      namePrefix: "/aws/vendedlogs/msk/bike-bus-",
      retentionInDays: 90,
      kmsKeyId: "arn:key",
      tags: { team: "wheels" },
    });
  });

  it("creates its topics through Amazon's API", async () => {
    const { resources } = await createMsk();
    expect(inputsOf(resources, "bus-topic-bills")).toEqual({
      clusterArn: "arn:bus",
      name: "bills",
      partitionCount: 4,
      replicationFactor: 2,
      configs: JSON.stringify({
        "cleanup.policy": "delete",
        "min.insync.replicas": "1",
        "retention.ms": String(bills.retention.seconds * 1000),
      }),
    });
  });

  it("returns its address, and no CA, because operating systems trust Amazon's", async () => {
    const { result } = await createMsk();
    expect(await valueOf(result.brokers)).toBe("b-1.example.com:9096,b-2.example.com:9096");
    expect(result.certificateAuthority).toBeUndefined();
    expect([result.tls, result.authentication]).toEqual([true, "scram-sha-512"]);
    expect(result.reach).toEqual([
      { kind: "network", cidr: "10.61.0.0/16", firstPort: 9096, lastPort: 9096 },
    ]);
    expect(await valueOf(result.users.monitor.name)).toBe("monitor");
    expect(await isSecret(result.users.monitor.password)).toBe(true);
    expect(Object.keys(result.users)).toEqual(["application", "monitor"]);
    expect(result.ready).toHaveLength(4);
  });

  it("reads nothing from the cloud in a first preview", async () => {
    const { result, resources } = await createMsk({}, true);
    expect(await valueOf(result.brokers)).toBe(UNKNOWN);
    expect(inputsOf(resources, "bus-topic-bills")).toMatchObject({ clusterArn: UNKNOWN });
  });

  it("sets the replication to suit the number of brokers", () => {
    const of = (brokers: number) => serverProperties({ brokers, topics: [rides] }).split("\n");
    expect(of(6)).toEqual([
      "allow.everyone.if.no.acl.found=true",
      "auto.create.topics.enable=false",
      "default.replication.factor=3",
      "log.retention.hours=168",
      "min.insync.replicas=2",
      "offsets.retention.minutes=17280",
      "offsets.topic.replication.factor=3",
      "transaction.state.log.min.isr=2",
      "transaction.state.log.replication.factor=3",
      "unclean.leader.election.enable=false",
      "",
    ]);
    expect(of(2)).toContain("default.replication.factor=2");
    expect(of(2)).toContain("min.insync.replicas=1");
  });
});

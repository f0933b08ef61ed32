import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind } from "../../../kit/testing";
import { createMsk } from "./testing";

describe("Kafka on Amazon", () => {
  it("secrets have MSK's prefix and the environment's own key", async () => {
    const { resources } = await createMsk();
    expect(inputsOf(resources, "bus-secret-monitor")).toEqual({
      namePrefix: "AmazonMSK_bike-bus_monitor_",
      description: "User monitor of Kafka bike-bus",
      kmsKeyId: "arn:key",
      tags: { team: "wheels" },
    });
    expect(inputsOf(resources, "bus-secret-monitor-version")["secretString"]).toEqual({
      $secret: JSON.stringify({ username: "monitor", password: "generated-password" }),
    });
    expect(JSON.parse(String(inputsOf(resources, "bus-secret-monitor-policy")["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AWSKafkaResourcePolicy",
          Effect: "Allow",
          Principal: { Service: "kafka.amazonaws.com" },
          Action: "secretsmanager:getSecretValue",
          Resource: "arn:secret",
        },
      ],
    });
  });

  it("one association has all users, because it removes those of others", async () => {
    const { resources } = await createMsk();
    expect(ofKind(resources, "ScramSecretAssociation").map(({ inputs }) => inputs)).toEqual([
      { clusterArn: "arn:bus", secretArnLists: ["arn:secret", "arn:secret", "arn:secret"] },
    ]);
    expect(named(resources, "bus-users").dependsOn).toEqual([
      "bus-secret-admin-policy",
      "bus-secret-admin-version",
      "bus-secret-application-policy",
      "bus-secret-application-version",
      "bus-secret-monitor-policy",
      "bus-secret-monitor-version",
    ]);
  });

  it("the configuration has no fixed version or name, and the cluster uses its latest revision", async () => {
    const { resources } = await createMsk();
    expect(Object.keys(inputsOf(resources, "bus-configuration"))).toEqual(["serverProperties"]);
    expect(inputsOf(resources, "bus-cluster")["configurationInfo"]).toEqual({
      arn: "arn:configuration",
      revision: 17,
    });
  });

  it("resources that linger after deletion have generated names", async () => {
    const { resources } = await createMsk();
    const lingering = [...ofKind(resources, "Secret"), ...ofKind(resources, "LogGroup")].filter(
      ({ type }) => type.startsWith("aws:"),
    );
    expect(lingering).toHaveLength(4);
    expect(lingering.filter(({ inputs }) => "name" in inputs)).toEqual([]);
  });

  it.each([true, false])(
    "MSK has no deletion protection, so resources with data are protected here: %s",
    async (protect) => {
      const { resources } = await createMsk({ protect });
      const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
      expect(names).toEqual(
        protect
          ? [
              "bus-cluster",
              "bus-secret-admin",
              "bus-secret-application",
              "bus-secret-monitor",
              "bus-topic-Rides_Taken",
              "bus-topic-bills",
            ]
          : [],
      );
    },
  );

  it("volumes grow automatically: the next update does not restore the old size", async () => {
    const { resources } = await createMsk();
    expect(named(resources, "bus-cluster").options).toMatchObject({
      ignoreChanges: ["brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"],
      customTimeouts: { create: "120m", update: "240m", delete: "120m" },
    });
    expect(inputsOf(resources, "bus-storage")).toEqual({
      serviceNamespace: "kafka",
      scalableDimension: "kafka:broker-storage:VolumeSize",
      resourceId: "arn:bus",
      minCapacity: 1,
      maxCapacity: 280,
      tags: { team: "wheels" },
    });
    expect(inputsOf(resources, "bus-storage-policy")).toEqual({
      name: "bike-bus-storage",
      policyType: "TargetTrackingScaling",
      serviceNamespace: "kafka",
      scalableDimension: "kafka:broker-storage:VolumeSize",
      resourceId: "arn:bus",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
        targetValue: 60,
        disableScaleIn: true,
      },
    });
  });
});

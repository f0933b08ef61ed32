import { describe, expect, it } from "vitest";
import { named, ofKind } from "../kit/testing";
import { kafkaSpec, pools, poolSpec } from "./strimzi-objects";
import { brokers, createStrimzi, strimziArguments } from "./testing";

describe("Strimzi's peculiarities", () => {
  it("controllers cannot be added: further brokers have a separate pool", () => {
    expect(pools(5)).toEqual([
      { name: "kafka", replicas: 3, roles: ["controller", "broker"], ids: "[0-2]" },
      { name: "more", replicas: 2, roles: ["broker"], ids: "[10-99]" },
    ]);
    const storage = pools(5).map((pool) => JSON.stringify(poolSpec(strimziArguments, pool)));
    expect(storage.map((one) => one.includes("kraftMetadata"))).toEqual([true, false]);
  });

  it("a broker could not start on a node without a zone", () => {
    expect(kafkaSpec({ ...strimziArguments, zones: [] }, "m")["kafka"]).not.toHaveProperty("rack");
  });

  it("two brokers may share a node only outside production", () => {
    expect(
      kafkaSpec({ ...strimziArguments, production: false, nodes: {} }, "m")["kafka"],
    ).toMatchObject({
      template: {
        pod: {
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    topologyKey: "kubernetes.io/hostname",
                    labelSelector: { matchLabels: brokers },
                  },
                },
              ],
            },
          },
        },
      },
    });
  });

  it("half of the memory is heap", () => {
    const [pool] = pools(3);
    if (pool === undefined) throw new Error("a pool is missing");
    expect(poolSpec(strimziArguments, pool)).toMatchObject({
      resources: { limits: { memory: "2Gi" } },
      jvmOptions: { "-Xms": "1024m", "-Xmx": "1024m" },
    });
  });

  it.each([true, false])(
    "deleting a KafkaTopic deletes its events: protected: %s",
    async (protect) => {
      const { resources } = await createStrimzi({ protect });
      const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
      expect(names).toEqual(
        protect
          ? ["bus-cluster", "bus-pool-kafka", "bus-topic-Rides_Taken", "bus-topic-bills"]
          : [],
      );
    },
  );

  it("an object is ready only when Strimzi reports it, within half an hour", async () => {
    const { resources } = await createStrimzi();
    const waiting = ["Kafka", "KafkaTopic", "KafkaUser"].flatMap((kind) => ofKind(resources, kind));
    expect(waiting).toHaveLength(5);
    for (const { inputs } of waiting) {
      expect(inputs["metadata"]).toMatchObject({
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      });
    }
    expect(named(resources, "bus-cluster").options.customTimeouts).toEqual({
      create: "30m",
      update: "60m",
      delete: "30m",
    });
  });
});

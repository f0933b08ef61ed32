import type * as managedkafka from "@pulumi/gcp/managedkafka";
import type * as pubsub from "@pulumi/gcp/pubsub";
import { expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { testPolicy } from "../testing/cases";
import { UNKNOWN, remediated, type Fixture } from "../testing";
import { fixture } from "./testing";

const topic = (): Fixture =>
  fixture("gcp:managedkafka/topic:Topic", {
    cluster: "shop",
    location: "europe-west3",
    topicId: "placed",
    replicationFactor: 3,
    configs: { "min.insync.replicas": "2" },
  } satisfies managedkafka.TopicArgs);
const IS = 'Topic "orders": ';
const MIN = "min.insync.replicas";

testPolicy("gcp-kafka-topic-durable", {
  happy: topic,
  broken: [
    {
      at: ["replicationFactor"],
      to: 2,
      says: [
        `${IS}replicationFactor is 2; it must be 3 or more.`,
        `${IS}configs["${MIN}"] is "2"; it must be below replicationFactor 2, so that one broker may fail.`,
      ],
    },
    { at: ["configs", MIN], says: `${IS}configs["${MIN}"] is missing; it must be "2" or more.` },
    {
      at: ["configs", MIN],
      to: "1",
      says: `${IS}configs["${MIN}"] is "1"; it must be "2" or more.`,
    },
    {
      at: ["configs", MIN],
      to: "3",
      says: `${IS}configs["${MIN}"] is "3"; it must be below replicationFactor 3, so that one broker may fail.`,
    },
  ],
  unknown: [["replicationFactor"], ["configs"]],
});

testPolicy("gcp-kafka-cluster-sized", {
  happy: () => fixture("gcp:managedkafka/cluster:Cluster", { capacityConfig: { vcpuCount: "3" } }),
  broken: [
    {
      at: ["capacityConfig", "vcpuCount"],
      to: "2",
      says: 'Cluster "orders": capacityConfig.vcpuCount is "2"; three brokers need "3" vCPUs or more.',
    },
    {
      at: ["capacityConfig"],
      says: 'Cluster "orders": capacityConfig.vcpuCount is missing; three brokers need "3" vCPUs or more.',
    },
    { at: ["capacityConfig", "vcpuCount"], to: 4, says: [] },
  ],
  unknown: [["capacityConfig"]],
});

testPolicy("gcp-kafka-acl-narrow", {
  happy: () =>
    fixture("gcp:managedkafka/acl:Acl", {
      aclId: "topic/placed",
      cluster: "shop",
      location: "europe-west3",
      aclEntries: [
        { principal: "User:app@shop-31.iam.gserviceaccount.com", operation: "READ" },
        { principal: "User:*", operation: "ALL", permissionType: "Deny" },
      ],
    } satisfies managedkafka.AclArgs),
  broken: [
    {
      at: ["aclEntries", 0, "principal"],
      to: "User:*",
      says: 'Acl "orders": aclEntries[0].principal is "User:*"; it is every account: name one.',
    },
  ],
  unknown: [["aclEntries", 0, "principal"]],
});

const KEPT = "gcp-pubsub-subscription-kept";
const subscription = (): Fixture =>
  fixture("gcp:pubsub/subscription:Subscription", {
    topic: "placed",
    expirationPolicy: { ttl: "" },
    deadLetterPolicy: { deadLetterTopic: "failed" },
  } satisfies pubsub.SubscriptionArgs);
const AWAY = 'a subscription that is idle for 31 days is deleted: set it to "".';

testPolicy(KEPT, {
  happy: subscription,
  broken: [
    {
      at: ["expirationPolicy"],
      says: `Subscription "orders": expirationPolicy.ttl is missing; ${AWAY}`,
    },
    {
      at: ["expirationPolicy", "ttl"],
      to: "86400s",
      says: `Subscription "orders": expirationPolicy.ttl is "86400s"; ${AWAY}`,
    },
  ],
  unknown: [["expirationPolicy"]],
});

it("gcp-pubsub-subscription-kept remediates the expiration", async () => {
  const written = (props: object): Promise<unknown> =>
    remediated([policyNamed(KEPT)], fixture("gcp:pubsub/subscription:Subscription", props));
  expect(await written({})).toEqual({ expirationPolicy: { ttl: "" } });
  expect(await written({ expirationPolicy: { ttl: "9s" } })).toEqual({
    expirationPolicy: { ttl: "" },
  });
  expect(await written({ expirationPolicy: { ttl: "" } })).toBeUndefined();
  expect(await written({ expirationPolicy: { ttl: UNKNOWN } })).toBeUndefined();
});

testPolicy("gcp-pubsub-dead-letters", {
  happy: subscription,
  broken: [
    {
      at: ["deadLetterPolicy"],
      says: 'Subscription "orders": deadLetterPolicy.deadLetterTopic is missing; set the topic for failed messages.',
    },
  ],
  unknown: [],
});

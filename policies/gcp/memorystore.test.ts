import type * as memorystore from "@pulumi/gcp/memorystore";
import type * as redis from "@pulumi/gcp/redis";
import { testPolicy } from "../testing/cases";
import type { Fixture } from "../testing";
import { fixture } from "./testing";

const WEEKLY = { weeklyMaintenanceWindows: [{ day: "SUNDAY", startTime: { hours: 3 } }] };

const instance = (): Fixture =>
  fixture("gcp:redis/instance:Instance", {
    memorySizeGb: 3,
    tier: "STANDARD_HA",
    authEnabled: true,
    transitEncryptionMode: "SERVER_AUTHENTICATION",
    connectMode: "PRIVATE_SERVICE_ACCESS",
    maintenancePolicy: WEEKLY,
    persistenceConfig: { persistenceMode: "RDB" },
  } satisfies redis.InstanceArgs);

const cluster = (): Fixture =>
  fixture("gcp:redis/cluster:Cluster", {
    shardCount: 3,
    replicaCount: 1,
    authorizationMode: "AUTH_MODE_IAM_AUTH",
    transitEncryptionMode: "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
    maintenancePolicy: WEEKLY,
    persistenceConfig: { mode: "AOF" },
    zoneDistributionConfig: {},
  } satisfies redis.ClusterArgs);

const valkey = (): Fixture =>
  fixture("gcp:memorystore/instance:Instance", {
    instanceId: "shop",
    location: "europe-west3",
    shardCount: 1,
    replicaCount: 1,
    authorizationMode: "IAM_AUTH",
    transitEncryptionMode: "SERVER_AUTHENTICATION",
    maintenancePolicy: WEEKLY,
    persistenceConfig: { mode: "RDB" },
    zoneDistributionConfig: { mode: "MULTI_ZONE" },
  } satisfies memorystore.InstanceArgs);

const happy = (): readonly Fixture[] => [instance(), cluster(), valkey()];
const IS = 'Instance "orders": ';
const CLUSTER_IS = 'Cluster "orders": ';

testPolicy("gcp-memorystore-guarded", {
  happy,
  broken: [
    { at: ["authEnabled"], says: `${IS}authEnabled is missing; it must be true.` },
    {
      at: ["transitEncryptionMode"],
      to: "DISABLED",
      says: `${IS}transitEncryptionMode is "DISABLED"; it must be "SERVER_AUTHENTICATION".`,
    },
    {
      of: 1,
      at: ["authorizationMode"],
      says: `${CLUSTER_IS}authorizationMode is missing; it must be "AUTH_MODE_IAM_AUTH".`,
    },
    {
      of: 1,
      at: ["transitEncryptionMode"],
      says: `${CLUSTER_IS}transitEncryptionMode is missing; it must be "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION".`,
    },
    {
      of: 2,
      at: ["authorizationMode"],
      to: "AUTH_DISABLED",
      says: `${IS}authorizationMode is "AUTH_DISABLED"; it must be "IAM_AUTH".`,
    },
    {
      of: 2,
      at: ["transitEncryptionMode"],
      says: `${IS}transitEncryptionMode is missing; it must be "SERVER_AUTHENTICATION".`,
    },
  ],
  unknown: [["authEnabled"], [1, "authorizationMode"]],
});

testPolicy("gcp-memorystore-private-access", {
  happy,
  broken: [
    {
      at: ["connectMode"],
      says: `${IS}connectMode is missing; direct peering reaches one network only: use "PRIVATE_SERVICE_ACCESS".`,
    },
  ],
  unknown: [["connectMode"]],
});

const NO_REPLICA = "without a replica a node's data is lost with it: set it to 1.";

testPolicy("gcp-memorystore-available", {
  happy,
  broken: [
    {
      at: ["tier"],
      to: "BASIC",
      says: `${IS}tier is "BASIC"; a BASIC instance has no standby: use "STANDARD_HA".`,
    },
    { of: 1, at: ["replicaCount"], says: `${CLUSTER_IS}replicaCount is missing; ${NO_REPLICA}` },
    { of: 2, at: ["replicaCount"], to: 0, says: `${IS}replicaCount is 0; ${NO_REPLICA}` },
    {
      of: 2,
      at: ["zoneDistributionConfig", "mode"],
      to: "SINGLE_ZONE",
      says: `${IS}zoneDistributionConfig.mode is "SINGLE_ZONE"; it must be "MULTI_ZONE" or missing.`,
    },
  ],
  unknown: [["tier"], [1, "replicaCount"], [1, "zoneDistributionConfig"]],
});

testPolicy("gcp-memorystore-maintenance-window", {
  happy,
  broken: [
    {
      at: ["maintenancePolicy"],
      says: `${IS}maintenancePolicy.weeklyMaintenanceWindows is missing; set the runbook's window, in UTC.`,
    },
  ],
  unknown: [],
});

const EMPTIED = 'a restart empties it: use "RDB" with a period, or "AOF" if available.';

testPolicy("gcp-memorystore-persistent", {
  happy,
  broken: [
    {
      at: ["persistenceConfig"],
      says: `${IS}persistenceConfig.persistenceMode is missing; ${EMPTIED}`,
    },
    {
      of: 2,
      at: ["persistenceConfig", "mode"],
      to: "DISABLED",
      says: `${IS}persistenceConfig.mode is "DISABLED"; ${EMPTIED}`,
    },
  ],
  unknown: [["persistenceConfig"], [1, "persistenceConfig", "mode"]],
});

import { describe, expect, it } from "vitest";
import { defineSystem, type SystemDefinition } from "./define";
import { validateSystem } from "./validate";
import { days, hours } from "./units";

const small: SystemDefinition = {
  name: "shop",
  title: "Shop",
  cloud: "aws",
  services: [{ name: "web", port: 8123 }],
};

const RUNS = ["managed", "operator", "external", undefined] as const;

describe.each(["digitalocean", "aws", "gcp", "existing"] as const)("on %s", (cloud) => {
  it.each(RUNS.flatMap((postgres) => RUNS.map((redis) => [postgres, redis] as const)))(
    "has no contradictions with %s Postgres, %s Redis and any Kafka",
    (postgres, redis) => {
      for (const kafka of RUNS) {
        const system = defineSystem({ ...small, cloud, postgres, redis, kafka });
        expect(validateSystem(system)).toEqual([]);
      }
    },
  );
});

it("has nothing that was not requested", () => {
  const system = defineSystem(small);
  const { databases, caches, eventBuses, appliances, secrets, backups, findings } = system;
  expect([databases, caches, eventBuses, appliances, secrets, backups, findings].flat()).toEqual(
    [],
  );
  expect(system.requirements).toBeUndefined();
  expect(system.services[0]).toMatchObject({ environment: [], uses: [], calls: [] });
  expect(system.recovery.map(({ of, rpo }) => [of, rpo])).toEqual([["system", undefined]]);
  expect(system.alerts.map(({ name, severity }) => `${name}/${severity}`)).toEqual([
    "ErrorRateHigh/warning",
    "ErrorRateHigh/critical",
    "PodRestartsHigh/warning",
    "CertificateExpiring/warning",
  ]);
});

it("gives every service the variables to connect to each data service", () => {
  const system = defineSystem({
    ...small,
    services: [
      { name: "web", port: 8123 },
      { name: "worker", port: 9234 },
    ],
    postgres: "managed",
    redis: "operator",
    kafka: "external",
  });
  for (const { environment, uses } of system.services) {
    expect(uses).toEqual(["postgres", "redis", "kafka"]);
    expect(environment.map(({ name, from }) => [name, from])).toEqual(
      ["DATABASE_URL", "REDIS_URL", "KAFKA_BROKERS", "KAFKA_USERNAME", "KAFKA_PASSWORD"].map(
        (key) => [key, { kind: "secret", secret: "shop-connections", key }],
      ),
    );
  }
  expect(system.secrets.flatMap(({ keys }) => keys.map(({ source }) => source.kind))).toEqual(
    Array(5).fill("derived"),
  );
  expect(system.eventBuses[0]?.topics[0]).toMatchObject({
    publishers: ["web", "worker"],
    consumers: [{ service: "web", group: "web" }],
  });
});

it("has an RPO of one day for an external database, otherwise 15 minutes", () => {
  const points = (["managed", "external"] as const).map((postgres) => {
    const { recovery, backups, secrets } = defineSystem({ ...small, postgres });
    return [
      recovery.find(({ of }) => of === "postgres")?.rpo?.seconds,
      backups.map(({ method }) => method),
      secrets[0]?.keys[0]?.source.kind,
    ];
  });
  expect(points).toEqual([
    [900, ["dump", "wal"], "derived"],
    [86_400, ["dump"], "given"],
  ]);
});

it("uses Valkey on DigitalOcean, and Redis elsewhere", () => {
  const engines = (["digitalocean", "aws", "gcp"] as const).map(
    (cloud) => defineSystem({ ...small, cloud, redis: "managed" }).caches[0]?.engine,
  );
  expect(engines).toEqual(["valkey", "redis", "redis"]);
});

it("routes the domain only to the first service", () => {
  const system = defineSystem({
    ...small,
    services: [
      { name: "front", port: 3456 },
      { name: "back", port: 8123 },
    ],
  });
  expect(system.edge.hosts.map(({ host, routes }) => [host, routes])).toEqual([
    ["{domain}", [{ path: "/", service: "front", timeout: { kind: "duration", seconds: 60 } }]],
  ]);
});

it("accepts any attribute of a system or service instead of its default", () => {
  const { maintenance, slos } = defineSystem(small);
  const system = defineSystem({
    ...small,
    region: "eu-central-1",
    maintenance: { ...maintenance, duration: hours(7) },
    slos: slos.map((slo) => ({ ...slo, window: days(28) })),
    services: [{ name: "web", port: 8123, health: { path: "/alive", port: 8123 } }],
  });
  expect(system.home.region).toBe("eu-central-1");
  expect(system.maintenance.duration).toEqual(hours(7));
  expect(system.slos.map(({ window }) => window)).toEqual([days(28), days(28)]);
  expect(system.validations[0]?.requests).toEqual([{ service: "web", path: "/alive" }]);
});

it("refuses a name that the platform uses", () => {
  expect(
    validateSystem(defineSystem({ ...small, name: "monitoring" })).map(({ rule }) => rule),
  ).toEqual(["namespace-free"]);
});

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { parseSettings, type RawSettings } from "../../settings";
import { commands, good, images, onAws, onGoogle } from "../../settings/testing";
import { SYSTEMS, type SystemId } from "../../systems";
import { archivedEvery } from "./postgres";
import { connections, type DataServices } from "./services";
import { Environment } from "../environment";
import { requiredSecrets } from "../../settings/secrets";
import { inputsOf, named, ofKind, register, valueOf, type Registered } from "../kit/testing";

/** Every resource may be created and has no computed properties: a first preview. */
const anything = new Proxy({}, { get: () => ({}) });

/** The data services of a system, as its environment creates them. */
async function build(raw: RawSettings): Promise<readonly Registered[]> {
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const settings = parseSettings(raw);
  const given = Object.fromEntries(
    requiredSecrets(settings).map(({ key }) => [
      key,
      pulumi.secret(pulumi.unknown) as pulumi.Output<string>,
    ]),
  );
  const { resources } = await register(
    (options) => new Environment("env", { settings, given }, options),
    { preview: true, cloud: anything },
  );
  return resources;
}

const of = (base: RawSettings, system: SystemId, more: RawSettings = {}): RawSettings => ({
  ...base,
  system,
  images: images(SYSTEMS[system]),
  commands: commands(SYSTEMS[system]),
  ...more,
});

const names = (resources: readonly Registered[], kind: string) =>
  ofKind(resources, kind).map(({ name }) => name);

describe("TC-02: data services on DigitalOcean", () => {
  it("are managed Kafka and Valkey, and an external database", async () => {
    const resources = await build(good);
    const cluster = (name: string) => {
      const { name: called, engine, version, size, nodeCount } = inputsOf(resources, name);
      return [called, engine, version, size, nodeCount];
    };
    expect(names(resources, "DatabaseCluster")).toEqual([
      "env-data-pubsub-cluster",
      "env-data-state-cluster",
    ]);
    expect(cluster("env-data-pubsub-cluster")).toEqual([
      "todo-chatbot-prod-pubsub",
      "kafka",
      "4.7",
      "db-s-2vcpu-4gb",
      3,
    ]);
    expect(cluster("env-data-state-cluster")).toEqual([
      "todo-chatbot-prod-state",
      "valkey",
      "8",
      "db-s-1vcpu-2gb",
      2,
    ]);
  });

  it("have no standby in staging", async () => {
    const resources = await build({ ...good, environment: "staging", postgres: "managed" });
    expect(inputsOf(resources, "env-data-state-cluster")["nodeCount"]).toBe(1);
    expect(inputsOf(resources, "env-data-neon-cluster")["nodeCount"]).toBe(1);
  });

  it("run the necessary SQL before a service starts", async () => {
    const resources = await build({ ...good, postgres: "managed" });
    expect(names(resources, "Job")).toContain("env-data-neon-setup-job");
    const backend = resources.find(({ name }) => name === "env-application-backend-deployment");
    expect(backend?.dependsOn).toContain("env-data-neon-setup-job");
  });
});

describe("AE-03, AE-04: data services on Amazon", () => {
  it("are a primary with two replicas, a cache in cluster mode and three brokers", async () => {
    const resources = await build(of({ ...onAws, region: "us-east-1" }, "aeneas"));
    expect(names(resources, "Instance")).toEqual([
      "env-data-postgresql-instance",
      "env-data-postgresql-read-1",
      "env-data-postgresql-read-2",
    ]);
    expect(inputsOf(resources, "env-data-postgresql-instance")).toMatchObject({
      identifier: "aeneas-prod-postgresql",
      engineVersion: "15",
      multiAz: true,
      backupRetentionPeriod: 30,
      dbName: "crypto_signals",
      username: "crypto_admin",
    });
    expect(names(resources, "InstanceAutomatedBackupsReplication")).toHaveLength(1);
    expect(inputsOf(resources, "env-data-redis-group")).toMatchObject({
      engine: "redis",
      engineVersion: "7.0",
      numNodeGroups: 2,
      replicasPerNodeGroup: 1,
    });
    expect(inputsOf(resources, "env-data-kafka-cluster")).toMatchObject({
      kafkaVersion: "3.8.x.kraft",
      numberOfBrokerNodes: 3,
    });
  });

  it("are restored from another incarnation, by its name", async () => {
    const resources = await build(
      of({ ...onAws, region: "us-east-1" }, "aeneas", {
        incarnations: { postgresql: 3 },
        restoreFrom: { postgresql: { incarnation: 2 } },
      }),
    );
    expect(inputsOf(resources, "env-data-postgresql-instance")).toMatchObject({
      identifier: "aeneas-prod-postgresql-3",
      restoreToPointInTime: { sourceDbInstanceIdentifier: "aeneas-prod-postgresql-2" },
    });
  });

  it("AE-04: have the runbook's names", async () => {
    const resources = await build(of({ ...onAws, region: "us-east-1" }, "aeneas"));
    const aliases = resources
      .filter(({ name }) => name.startsWith("env-data-alias-"))
      .map(({ inputs }) => {
        const { metadata, spec } = inputs as {
          metadata: { name: string; namespace: string };
          spec: { type: string };
        };
        return `${metadata.namespace}/${metadata.name} ${spec.type}`;
      });
    expect(aliases).toEqual([
      "aeneas/kafka ExternalName",
      "aeneas/pgbouncer ExternalName",
      "aeneas/postgresql ExternalName",
      "aeneas/redis-service ExternalName",
    ]);
  });

  it("AE-11: copy their backups to the recovery region only from the primary one", async () => {
    const aeneas = of({ ...onAws, region: undefined }, "aeneas", {
      environment: "dr",
      replicaOf: "arn:aws:rds:us-east-1:210987654321:db:aeneas-prod-postgresql",
    });
    const resources = await build(aeneas);
    expect(names(resources, "InstanceAutomatedBackupsReplication")).toEqual([]);
    expect(inputsOf(resources, "env-data-postgresql-instance")).toMatchObject({
      replicateSourceDb: "arn:aws:rds:us-east-1:210987654321:db:aeneas-prod-postgresql",
    });
  });
});

describe("AI-03: data services on Google Cloud", () => {
  const aia = of(onGoogle, "aia", {
    mail: { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" },
  });

  it("keep the runbook's instance name, which also resolves in pods", async () => {
    const resources = await build(aia);
    expect(inputsOf(resources, "env-data-mas-system-postgres-instance")).toMatchObject({
      name: "mas-system-postgres",
      databaseVersion: "POSTGRES_15",
    });
    expect(inputsOf(resources, "env-data-alias-mas-system-postgres-endpoints")).toMatchObject({
      metadata: { name: "mas-system-postgres", namespace: "aia-production" },
    });
    const staging = await build({ ...aia, environment: "staging" });
    expect(inputsOf(staging, "env-data-mas-system-postgres-instance")["name"]).toBe(
      "aia-staging-mas-system-postgres",
    );
  });
});

describe("AW-03, AW-04, P5-03: data services in the cluster", () => {
  it("have the runbook's names", async () => {
    const resources = await build(of({ ...good, kafkaVersion: undefined }, "ai-wealth"));
    const called = (kind: string) =>
      ofKind(resources, kind).map(({ inputs }) => {
        const { name, namespace } = (inputs as { metadata: Record<string, string> }).metadata;
        return `${namespace ?? ""}/${name ?? ""}`;
      });
    expect(called("Kafka")).toEqual(["ai-wealth/ai-wealth-kafka"]);
    expect(called("KafkaNodePool")).toEqual(["ai-wealth/kafka"]);
    expect(called("KafkaTopic")).toEqual(["ai-wealth/transactions"]);
    expect(called("StatefulSet")).toEqual(["ai-wealth/redis"]);
  });

  it("are restored from an archive of this bucket, or of another one", async () => {
    const phase5 = (restoreFrom: object, more: RawSettings = {}) =>
      build(
        of({ ...onAws, region: "us-east-1" }, "phase-5", {
          incarnations: { postgres: 2 },
          restoreFrom: { postgres: restoreFrom },
          ...more,
        }),
      );
    const source = (resources: readonly Registered[]) => {
      const { externalClusters, bootstrap } = inputsOf(resources, "env-data-postgres-cluster")[
        "spec"
      ] as {
        externalClusters: { plugin: { parameters: { serverName: string } } }[];
        bootstrap: { recovery: { recoveryTarget?: object } };
      };
      const { destinationPath } = (
        inputsOf(resources, "env-data-postgres-source")["spec"] as {
          configuration: { destinationPath: string };
        }
      ).configuration;
      return [
        destinationPath,
        externalClusters[0]?.plugin.parameters.serverName,
        bootstrap.recovery.recoveryTarget,
      ];
    };
    const time = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
    const own = await phase5({ incarnation: 1, time });
    expect(source(own)).toEqual([
      "s3://todo-app-backups/postgres",
      "phase-5-prod-pg15",
      { targetTime: time.replace("Z", "+00:00") },
    ]);
    const copied = await phase5({ from: "phase-5-prod-1999" });
    expect(source(copied)).toEqual([
      "s3://todo-app-backups/postgres",
      "phase-5-prod-1999-pg15",
      undefined,
    ]);
    const other = await phase5({ from: "former/phase-5-prod-7" });
    expect(source(other)).toEqual(["s3://former/postgres", "phase-5-prod-7-pg15", undefined]);
    expect(inputsOf(own, "env-data-postgres-cluster")).toMatchObject({
      metadata: { labels: { incarnation: "2" } },
      spec: { plugins: [{ parameters: { serverName: "phase-5-prod-2-pg15" } }] },
    });
  });

  it("P5-03: have the host name in the runbook's secret", async () => {
    const resources = await build(of({ ...onAws, region: "us-east-1" }, "phase-5"));
    expect(inputsOf(resources, "env-data-alias-postgres-service")).toMatchObject({
      metadata: { name: "postgres", namespace: "postgres" },
      spec: { type: "ExternalName" },
    });
    expect(names(resources, "Cluster")).toContain("env-data-postgres-cluster");
  });
});

/** What mounts and names the authorities of a workload. */
const trust = (resources: readonly Registered[], name: string) => {
  const { spec } = inputsOf(resources, name) as unknown as {
    readonly spec: { readonly $secret?: Deployed } & Deployed;
  };
  const pod = (spec.$secret ?? spec).template.spec;
  return {
    variables: pod.containers[0]?.env.filter(({ value }) => value?.startsWith("/etc/runstack/")),
    sources: pod.volumes.find(({ name: one }) => one === "authorities")?.projected?.sources,
  };
};
interface Deployed {
  readonly template: {
    readonly spec: {
      readonly containers: readonly {
        readonly env: readonly { readonly name: string; readonly value?: string }[];
      }[];
      readonly volumes: readonly {
        readonly name: string;
        readonly projected?: { readonly sources: unknown };
      }[];
    };
  };
}

describe("AI-03: what a service connects to with TLS", () => {
  const mail = { smarthost: "smtp.example.org:587", from: "a@example.org", username: "a" };
  const file = (of: string) => ({ key: "ca.crt", path: `${of}.crt` });

  it("is verified with the cloud's authority, in a ConfigMap", async () => {
    const resources = await build(of(onGoogle, "aia", { mail }));
    const [postgres, redis] = ["mas-system-postgres", "redis"];
    expect(names(resources, "ConfigMap")).toEqual(
      expect.arrayContaining([`env-data-${postgres}-authority`, `env-data-${redis}-authority`]),
    );
    const { variables, sources } = trust(resources, "env-application-api-deployment");
    expect(variables).toEqual([
      { name: "PGSSLROOTCERT", value: `/etc/runstack/authorities/${postgres}.crt` },
      { name: "REDIS_CA_FILE", value: `/etc/runstack/authorities/${redis}.crt` },
    ]);
    expect(sources).toEqual(
      [postgres, redis].map((name) => ({
        configMap: { name: `${name}-authority`, items: [file(name)] },
      })),
    );
    expect(named(resources, "env-application-api-deployment").dependsOn).toEqual(
      expect.arrayContaining([`env-data-${postgres}-authority`, `env-data-${redis}-authority`]),
    );
  });

  it("is verified with the cluster's own authority, in its Secret", async () => {
    const inside = { mail, environment: "staging", postgres: "operator", redis: "operator" };
    const resources = await build(of(onGoogle, "aia", inside));
    expect(trust(resources, "env-application-api-deployment").sources).toEqual([
      { secret: { name: "mas-system-postgres-ca", items: [file("mas-system-postgres")] } },
      { secret: { name: "redis-tls", items: [file("redis")] } },
    ]);
  });

  it("is not there for what only Dapr's sidecars connect to", async () => {
    const maps = names(await build(good), "ConfigMap");
    expect(maps.filter((name) => name.endsWith("-authority"))).toEqual([]);
  });

  it("needs no file where operating systems trust the authority", async () => {
    const resources = await build(of({ ...onAws, region: "us-east-1" }, "aeneas"));
    const { variables, sources } = trust(resources, "env-application-aeneas-api-deployment");
    expect([variables, sources]).toEqual([[], undefined]);
  });
});

it("AI-03: the URL of a store names the authority, for redis-py", async () => {
  const url = pulumi.secret("rediss://:p@10.9.8.7:6378");
  const signed = (certificateAuthority: unknown) =>
    ({
      postgres: {},
      redis: { redis: { url, certificateAuthority } },
      kafka: {},
      appliances: {},
    }) as unknown as DataServices;
  const found = (authority: unknown) =>
    valueOf(connections(SYSTEMS.aia, signed(authority))["redis.url"] as pulumi.Output<string>);
  expect(await found(pulumi.output("PEM"))).toBe(
    "rediss://:p@10.9.8.7:6378?ssl_ca_certs=/etc/runstack/authorities/redis.crt",
  );
  expect(await found(undefined)).toBe("rediss://:p@10.9.8.7:6378");
});

describe("P5-07: the archive of a database", () => {
  const { services, recovery } = SYSTEMS["phase-5"];
  it("has time to upload within the recovery point, also of a service that uses it", () => {
    const system = { services, recovery };
    expect(archivedEvery({ name: "postgres" }, { system })).toEqual({ archive_timeout: "180s" });
    const own = recovery.filter(({ of: one }) => one === "postgres");
    expect(archivedEvery({ name: "postgres" }, { system: { services, recovery: own } })).toEqual(
      {},
    );
    expect(archivedEvery({ name: "postgres" }, { system: { services, recovery: [] } })).toEqual({});
  });
});

it("values for secrets are available by service and part", () => {
  const service = (more: object) =>
    ({ host: 1, url: 2, username: 3, password: 4, ...more }) as unknown;
  const data = {
    postgres: { postgres: service({}) },
    redis: {},
    kafka: { kafka: { brokers: 5, users: { application: { name: 6, password: 7 } } } },
    appliances: { ollama: { url: 8, host: 9, apiKey: undefined } },
  } as unknown as DataServices;
  const found = connections(SYSTEMS["phase-5"], data);
  expect(Object.keys(found)).toEqual([
    "postgres.url",
    "postgres.host",
    "postgres.username",
    "postgres.password",
    "kafka.brokers",
    "kafka.username",
    "kafka.password",
    "ollama.url",
    "ollama.host",
  ]);
  expect([found["postgres.url"], found["kafka.password"]]).toEqual([2, 7]);
});

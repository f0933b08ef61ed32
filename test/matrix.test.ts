/**
 * The whole matrix: four clusters, every variant of the three data services, production and staging.
 * Each cell is either built, by the implementation that belongs to it, or refused with a sentence
 * that says which combination is not supported and what to choose instead.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { CLOUDS as ADAPTERS } from "../components/clouds";
import { ComponentError } from "../components/kit/component";
import { DataServices } from "../components/data/services";
import type { DataContext } from "../components/data/context";
import { DataOperators } from "../components/platform/data-operators";
import type { Namespace } from "../components/kit/namespace";
import { archiveStore, primaryStore } from "../components/recovery/stores";
import { requiredSecrets } from "../settings/secrets";
import { register } from "../components/kit/testing";
import { parseSettings, type RawSettings, type Settings } from "../settings";
import { commands, good, images, onAws, onExisting, onGoogle } from "../settings/testing";
import { SYSTEMS, type SystemId } from "../systems";

const CLOUDS = { digitalocean: good, aws: onAws, gcp: onGoogle, existing: onExisting } as const;
type Cloud = keyof typeof CLOUDS;

/** A cell: the class that implements the contract, or the reason why none can. */
const NO_MANAGED = 'must be "operator" or "external" for';

const POSTGRES = {
  managed: {
    digitalocean: "DigitalOceanPostgres",
    aws: "RdsPostgres",
    gcp: "CloudSqlPostgres",
    existing: NO_MANAGED,
  },
  operator: same("CloudNativePg"),
  external: same("ExternalPostgres"),
};
const REDIS = {
  managed: {
    digitalocean: "DigitalOceanRedis",
    aws: "ElastiCacheRedis",
    gcp: "MemorystoreRedis",
    existing: NO_MANAGED,
  },
  operator: same("InClusterRedis"),
  external: same("ExternalRedis"),
};
/** In the cluster Redis is a single pod, and production needs a standby. */
const REDIS_IN_PRODUCTION = {
  ...REDIS,
  managed: { ...REDIS.managed, existing: 'must be "external" for state' },
  operator: {
    ...same('must be "managed" or "external" for state'),
    existing: 'must be "external" for state',
  },
};
const KAFKA = {
  managed: {
    digitalocean: "DigitalOceanKafka",
    aws: "MskKafka",
    gcp: "GoogleKafka",
    existing: NO_MANAGED,
  },
  operator: same("StrimziKafka"),
  external: same("ExternalKafka"),
};

function same(one: string): Record<Cloud, string> {
  return { digitalocean: one, aws: one, gcp: one, existing: one };
}

const keys = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

/** The configuration of one cell. */
const configured = (
  cloud: Cloud,
  environment: string,
  postgres: keyof typeof POSTGRES,
  redis: keyof typeof REDIS,
  kafka: keyof typeof KAFKA,
): RawSettings => ({
  ...CLOUDS[cloud],
  cloud,
  environment,
  postgres,
  redis,
  kafka,
  kafkaVersion: cloud === "digitalocean" && kafka === "managed" ? "4.7" : undefined,
  kafkaBrokers: kafka === "external" ? ["broker.example.org:9096"] : [],
});

/** A first preview: every resource can be created, and no output is computed. */
const anything = new Proxy({}, { get: () => ({}) });

function given(settings: Settings): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    requiredSecrets(settings).map(({ key }) => [
      key,
      pulumi.secret(pulumi.unknown) as pulumi.Output<string>,
    ]),
  );
}

/** The platform's namespaces and operators. The rest of the platform is the same in every cell. */
function platformOf(settings: Settings, parent: pulumi.Resource): DataContext["platform"] {
  const piece = (name: string) =>
    new pulumi.ComponentResource("test:index:Piece", name, {}, { parent });
  const application = { namespace: "app", ready: [piece("app")] };
  const dataOperators = new DataOperators(
    "cell-data-operators",
    {
      settings,
      system: settings.system.id,
      production: settings.production,
      monitoringNamespace: "watch",
      zones: ["z-1", "z-2"],
      chartMirror: undefined,
      application: application as unknown as Namespace,
      certManager: piece("cert-manager"),
    },
    { parent },
  );
  return {
    application,
    monitoring: { namespace: "watch", ready: [] },
    operators: { certManager: piece("issuers") },
    dataOperators,
  } as unknown as DataContext["platform"];
}

/** Cluster and data services of a cell, assembled as in the environment. */
function place(settings: Settings, options: pulumi.ComponentResourceOptions): DataServices {
  const secrets = given(settings);
  const root = new pulumi.ComponentResource("test:index:Root", "cell", {}, options);
  const adapter = ADAPTERS[settings.cloud];
  const providers = adapter.providers((suffix) => `cell-${suffix}`, settings, { parent: root });
  const cluster = adapter.cluster(
    "cell-cluster",
    { settings, tags: [], kubeconfig: secrets["KUBECONFIG"] },
    { parent: root, providers },
  );
  const everywhere = { ...providers, kubernetes: cluster.kubernetes };
  const parent = new pulumi.ComponentResource(
    "test:index:Inside",
    "inside",
    {},
    { parent: root, providers: everywhere },
  );
  return new DataServices(
    "cell-data",
    {
      settings,
      cloud: adapter,
      cluster,
      platform: platformOf(settings, parent),
      metricsReady: [],
      tags: [],
      given: secrets,
      store: archiveStore("cell-archive", { settings, cloud: adapter, given: secrets }, cluster, {
        parent,
      }),
      primary: primaryStore("cell-primary", { settings, cloud: adapter }, { parent }),
    },
    { parent },
  );
}

/** The implementations by kind, or the error that refuses the cell. */
async function cell(raw: RawSettings): Promise<readonly string[] | string> {
  try {
    const settings = parseSettings(raw);
    const { result, resources } = await register((options) => place(settings, options), {
      preview: true,
      cloud: anything,
    });
    expect(resources.length).toBeGreaterThan(5);
    return [result.postgres, result.redis, result.kafka].flatMap((services) =>
      Object.values<object>(services).map((service) => service.constructor.name),
    );
  } catch (error) {
    if (error instanceof ComponentError || pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
}

const rows = keys(CLOUDS).flatMap((cloud) =>
  keys(POSTGRES).flatMap((postgres) =>
    keys(REDIS).flatMap((redis) => keys(KAFKA).map((kafka) => ({ cloud, postgres, redis, kafka }))),
  ),
);

describe.each(["prod", "staging"])("ALL-02, ALL-03: in %s", (environment) => {
  it.each(rows)(
    "$cloud with $postgres Postgres, $redis Redis and $kafka Kafka",
    async ({ cloud, postgres, redis, kafka }) => {
      const caches = environment === "prod" ? REDIS_IN_PRODUCTION : REDIS;
      const expected = [POSTGRES[postgres][cloud], caches[redis][cloud], KAFKA[kafka][cloud]];
      const found = await cell(configured(cloud, environment, postgres, redis, kafka));
      const reasons = expected.filter((one) => one.startsWith("must be "));
      if (reasons.length === 0) {
        expect(found).toEqual(expected);
        return;
      }
      for (const reason of reasons) expect(found).toContain(reason);
      expect(found).toMatch(/(Set|Remove) it with: pulumi config (set|rm) /);
    },
  );
});

/** The other systems on every cloud, all three data services of one kind, and their recovery regions. */
const OTHERS = (Object.keys(SYSTEMS) as SystemId[]).filter((id) => id !== "todo-chatbot");
const MAIL = { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" };

const elsewhere = keys(CLOUDS).flatMap((cloud) =>
  ["prod", "staging", "dr"].flatMap((environment) =>
    ["managed", "operator", "external"].map((variant) => ({ cloud, environment, variant })),
  ),
);

it.each(OTHERS)(
  "ALL-02: %s runs anywhere, or is refused with a reason",
  async (system) => {
    const lines: string[] = [];
    const hasKafka = SYSTEMS[system].eventBuses.length > 0;
    for (const { cloud, environment, variant } of elsewhere) {
      const found = await cell({
        region: "nyc3",
        ...CLOUDS[cloud],
        cloud,
        system,
        environment,
        images: images(SYSTEMS[system]),
        commands: commands(SYSTEMS[system]),
        mail: SYSTEMS[system].incidents.channels.some(({ kind }) => kind === "email")
          ? MAIL
          : undefined,
        postgres: variant,
        redis: variant,
        kafka: variant,
        kafkaVersion:
          cloud === "digitalocean" && variant === "managed" && hasKafka ? "4.7" : undefined,
        kafkaBrokers: variant === "external" && hasKafka ? ["broker.example.org:9096"] : [],
      });
      const said =
        typeof found === "string" ? `refused\n${found.replaceAll(/^/gm, "  ")}` : found.join(", ");
      lines.push(`${system} on ${cloud} in ${environment}, all ${variant}: ${said}`);
    }
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(
      join(__dirname, "golden", `matrix-${system}.txt`),
    );
  },
  180_000,
);

import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { aeneas } from "../../systems/aeneas";
import { todoChatbot } from "../../systems/todo-chatbot";
import type { Postgres } from "../postgres/contract";
import type { Redis } from "../redis/contract";
import { Observability, type ObservabilityArguments } from "./observability";
import { SECRET, SIGNATURE, args, mocks, registered, type Registered } from "./testing";

const REACH = [{ kind: "network" as const, cidr: "10.8.0.0/16", firstPort: 5, lastPort: 5 }];
const OWNER = "owner-password";

const postgres = (): Postgres =>
  Object.assign(new pulumi.ComponentResource("runstack:test:Kafka", "db"), {
    directUrl: pulumi.output(
      `postgresql://boss:${OWNER}@db.example.com:5433/app?sslmode=require&x=1`,
    ),
    username: pulumi.output("boss"),
    password: pulumi.secret(OWNER),
    reach: REACH,
    ready: [],
  }) as unknown as Postgres;

const redis = (more: Partial<Redis> = {}): Redis =>
  Object.assign(new pulumi.ComponentResource("runstack:test:Kafka", "store"), {
    host: pulumi.output("store.example.com"),
    port: pulumi.output(6380),
    username: pulumi.output(""),
    password: pulumi.secret("store-password"),
    certificateAuthority: undefined,
    reach: REACH,
    ready: [],
    ...more,
  }) as unknown as Redis;

const nodes = pulumi.output(["a.example.com", "b.example.com"]);

async function exported(
  change: Partial<ObservabilityArguments>,
  store: Partial<Redis> = { nodes, certificateAuthority: pulumi.output("AUTHORITY") },
): Promise<readonly Registered[]> {
  registered.length = 0;
  await pulumi.runtime.setMocks(mocks, "runstack", "prod", false);
  const component = new Observability("obs", { ...args(), system: aeneas, ...change }, {});
  component.exportData({ postgres: { postgresql: postgres() }, redis: { redis: redis(store) } });
  await pulumi.runtime.disconnect();
  return registered.filter(({ name }) => /postgresql|redis/.test(name));
}

const inputsOf = (all: readonly Registered[], name: string): Record<string, unknown> =>
  all.find((each) => each.name === name)?.inputs ?? {};

describe("exporters of data services outside the cluster", () => {
  let all: readonly Registered[] = [];

  beforeAll(async () => {
    all = await exported({});
  });

  it("are one Deployment each, restricted, scraped through its Service", () => {
    for (const name of ["postgresql-exporter", "redis-exporter"]) {
      expect(inputsOf(all, `obs-${name}`)).toMatchObject({
        spec: {
          replicas: 2,
          template: {
            spec: {
              automountServiceAccountToken: false,
              securityContext: { runAsNonRoot: true },
              containers: [
                {
                  securityContext: {
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                  },
                },
              ],
            },
          },
        },
      });
      expect(inputsOf(all, `obs-${name}-network`)).toMatchObject({
        spec: {
          policyTypes: ["Ingress", "Egress"],
          egress: [{}, { to: [{ ipBlock: { cidr: "10.8.0.0/16" } }] }],
        },
      });
    }
    expect(inputsOf(all, "obs-postgresql-exporter-scrape")["spec"]).toEqual({
      jobName: "postgresql-exporter",
      metricsPath: "/metrics",
      staticConfigs: [
        { targets: ["postgresql-exporter.app.svc:9187"], labels: { namespace: "app" } },
      ],
    });
  });

  it("read PostgreSQL as a role that may only read statistics, with a password of its own", () => {
    const password = createHmac("sha256", OWNER).update("runstack_metrics").digest("hex");
    expect(inputsOf(all, "obs-postgresql-exporter-credentials")["stringData"]).toEqual({
      [SIGNATURE]: SECRET,
      value: {
        uri: "db.example.com:5433/app?sslmode=require",
        username: "runstack_metrics",
        password,
      },
    });
    const job = JSON.stringify(inputsOf(all, "obs-postgresql-metrics-role-job"));
    expect(job).toContain("GRANT pg_monitor TO runstack_metrics");
    expect(job).toContain("\\\\getenv given GIVEN");
    expect(job).not.toContain(password);
    // PostgreSQL logs the statement that reads it.
    const given = JSON.stringify(inputsOf(all, "obs-postgresql-metrics-role-credentials"));
    expect(given).toContain('"given":"SCRAM-SHA-256$4096:');
    expect(given).not.toContain(password);
  });

  it("ask each node of a cluster, with its authority", () => {
    expect(inputsOf(all, "obs-redis-exporter-scrape")["spec"]).toEqual({
      jobName: "redis-exporter",
      metricsPath: "/scrape",
      staticConfigs: [
        {
          targets: ["rediss://a.example.com:6380", "rediss://b.example.com:6380"],
          labels: { namespace: "app" },
        },
      ],
      relabelings: [
        { action: "replace", sourceLabels: ["__address__"], targetLabel: "__param_target" },
        { action: "replace", sourceLabels: ["__param_target"], targetLabel: "instance" },
        {
          action: "replace",
          targetLabel: "__address__",
          replacement: "redis-exporter.app.svc:9121",
        },
      ],
    });
    expect(JSON.stringify(inputsOf(all, "obs-redis-exporter"))).toContain(
      "--tls-ca-cert-file=/etc/redis-exporter/ca.crt",
    );
  });

  it("make no role in a replica, which has its source's, nor in somebody else's database", async () => {
    const replica = await exported({ follows: true });
    const role = (of: readonly Registered[]) =>
      of.filter(({ name }) => name.includes("metrics-role"));
    expect(role(replica)).toEqual([]);
    expect(JSON.stringify(inputsOf(replica, "obs-postgresql-exporter-credentials"))).toContain(
      "runstack_metrics",
    );
    const databases = aeneas.databases.map((one) => ({ ...one, runs: "external" as const }));
    const external = await exported({ system: { ...aeneas, databases } }, {});
    expect(role(external)).toEqual([]);
    expect(inputsOf(external, "obs-postgresql-exporter-credentials")["stringData"]).toMatchObject({
      value: { username: "boss", password: OWNER },
    });
    expect(inputsOf(external, "obs-redis-exporter-scrape")).toMatchObject({
      spec: { staticConfigs: [{ targets: ["rediss://store.example.com:6380"] }] },
    });
  });

  it("are left out where no rule and no panel reads them, and in the cluster", async () => {
    expect(
      await exported({
        system: { ...todoChatbot, databases: aeneas.databases, caches: aeneas.caches },
      }),
    ).toEqual([]);
    const operated = {
      ...aeneas,
      databases: aeneas.databases.map((one) => ({ ...one, runs: "operator" as const })),
      caches: aeneas.caches.map((one) => ({ ...one, runs: "operator" as const })),
    };
    expect(await exported({ system: operated })).toEqual([]);
  });
});

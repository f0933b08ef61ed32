/**
 * Day two, as differences of plans: a change of configuration is applied in place, or makes something
 * new beside the old, or is refused until `runstack:replace` names what it would replace. No change
 * replaces a cluster or a data store unasked.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import type { PlannedResource } from "../offline/plan";
import { compareResources, type Change as Changed } from "../reports/difference/resources";
import { isPrecious } from "../reports/replacements";
import { parseSettings, type RawSettings, type Settings } from "../settings";
import { good, onAws, onExisting, onGoogle } from "../settings/testing";
import { environmentPlan as plan } from "./environment-plan";

const managed = { postgres: "managed", redis: "managed", kafka: "managed" };
const operator = { postgres: "operator", redis: "external", kafka: "operator" };

/** A stack on each cloud with all managed services, and one with operators. */
const STACKS: Readonly<Record<string, RawSettings>> = {
  digitalocean: { ...good, ...managed },
  aws: { ...onAws, ...managed },
  gcp: { ...onGoogle, ...managed },
  "existing, by operators": { ...onExisting, ...operator },
};

interface Change {
  /** By stack. A stack that is not listed cannot be changed in this way. */
  readonly raw: Readonly<Record<string, RawSettings>>;
  /** What `runstack:replace` must list if the cloud replaces something. */
  readonly names?: string;
}

const everywhere = (raw: RawSettings) =>
  Object.fromEntries(Object.keys(STACKS).map((stack) => [stack, raw]));
const clouds = (digitalocean: string, aws: string, gcp: string, key: string) => ({
  digitalocean: { [key]: digitalocean },
  aws: { [key]: aws },
  gcp: { [key]: gcp },
});
const without = (stack: string, raw: RawSettings) =>
  Object.fromEntries(Object.entries(everywhere(raw)).filter(([one]) => one !== stack));
const owned = without("existing, by operators", {});

const CHANGES: Readonly<Record<string, Change>> = {
  "more nodes": { raw: map(owned, { nodes: { min: 4, max: 9 } }) },
  "another node type": {
    raw: clouds("s-8vcpu-16gb", "m6i.2xlarge", "e2-standard-8", "nodeSize"),
    names: "nodes",
  },
  "another node type for the platform": {
    raw: clouds("s-8vcpu-16gb", "m6i.xlarge", "e2-standard-8", "systemNodeSize"),
    names: "cluster",
  },
  "a higher Kubernetes version": {
    // DigitalOcean patches a minor version itself; an exact version is applied as written.
    raw: clouds("1.36.1-do.0", "1.36", "1.36", "kubernetesVersion"),
  },
  "a larger Postgres": {
    raw: clouds("db-s-4vcpu-8gb", "db.m6g.xlarge", "db-custom-4-15360", "postgresSize"),
  },
  "more storage for Postgres": { raw: without("digitalocean", { postgresStorage: 200 }) },
  "a higher Postgres version": {
    raw: {
      ...everywhere({ postgresVersion: "16" }),
      // AWS requires explicit permission.
      aws: { postgresVersion: "16", postgresUpgrade: true },
    },
  },
  "a read replica": {
    raw: {
      ...everywhere({ postgresReplicas: 1 }),
      // Three instances are two readers already.
      "existing, by operators": { postgresReplicas: 3 },
    },
  },
  "a larger Redis": { raw: clouds("db-s-2vcpu-4gb", "cache.m6g.xlarge", "8", "redisSize") },
  "larger brokers": { raw: clouds("db-s-4vcpu-8gb", "kafka.m5.xlarge", "6", "kafkaSize") },
  "a topic more": { raw: everywhere({}) },
  "another incarnation of Postgres": {
    raw: everywhere({ incarnations: { neon: 2 } }),
    names: "postgres",
  },
  "another incarnation of Kafka": {
    raw: everywhere({ incarnations: { pubsub: 2 } }),
    names: "kafka",
  },
  "another password": { raw: without("digitalocean", { rotations: { DATABASE_URL: "2" } }) },
};

function map(table: object, raw: RawSettings): Readonly<Record<string, RawSettings>> {
  return Object.fromEntries(Object.keys(table).map((stack) => [stack, raw]));
}

function withTopic(settings: Settings): Settings {
  const [bus, ...others] = settings.system.eventBuses;
  const [topic] = bus?.topics ?? [];
  if (bus === undefined || topic === undefined) throw new Error("The system has a topic");
  const topics = [...bus.topics, { ...topic, name: "more-events" }];
  return {
    ...settings,
    system: { ...settings.system, eventBuses: [{ ...bus, topics }, ...others] },
  };
}

/** What happens to a resource, with the inputs that cause it. */
interface Difference extends Pick<Changed, "kind" | "refused"> {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly paths: readonly string[];
  readonly because: readonly string[];
}

type Resources = { readonly resources: readonly PlannedResource[] };

function differences(before: Resources, after: Resources): readonly Difference[] {
  return compareResources(before.resources, after.resources)
    .changes.filter(({ kind, inputs }) => kind !== "update" || inputs.length > 0)
    .map(({ kind, refused, resource: { urn, type, name }, inputs }) => ({
      ...{ kind, refused, urn, type, name },
      paths: inputs.map(({ path }) => path),
      because: inputs.filter(({ forces }) => forces).map(({ path }) => path),
    }));
}

const shown = ({ kind, type, name, paths, because, refused }: Difference): string => {
  const what = kind === "replace" ? because : paths;
  const listed = what.length > 6 ? [...what.slice(0, 6), `${what.length - 6} more`] : what;
  const end = refused ? "  REFUSED" : "";
  return `  ${kind.padEnd(8)}${type} ${name}${listed.length === 0 ? "" : `: ${listed.join(", ")}`}${end}`;
};

/** Clusters, nodes and data. */
const precious = ({ type }: Difference): boolean =>
  type.startsWith("kubernetes:") ? HOLDS_DATA.test(type) : isPrecious(type);
const HOLDS_DATA = /:(apps\/v1:StatefulSet|(postgresql\.cnpg|kafka\.strimzi)\..*)$/;
/** Node groups on AWS are replaced side by side and drained, so nothing is lost. */
const lossless = ({ type }: Difference): boolean =>
  type === "aws:eks/nodeGroup:NodeGroup" ||
  // Replaced side by side; resources that use them are updated in place.
  type === "aws:rds/parameterGroup:ParameterGroup" ||
  // A schedule; what it took stays in the bucket.
  type === "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup" ||
  // An account, whose password is in the state.
  type === "kubernetes:kafka.strimzi.io/v1:KafkaUser" ||
  type.startsWith("random:");

const report: string[] = [];
const bases = new Map<string, Promise<{ readonly resources: PlannedResource[] }>>();

describe.each(Object.entries(CHANGES))("%s", (change, { raw, names }) => {
  it.each(Object.keys(raw))(
    "on %s never replaces a cluster or data store without confirmation",
    async (stack) => {
      vi.spyOn(pulumi.log, "warn").mockResolvedValue();
      const base = { ...STACKS[stack] };
      const before = bases.get(stack) ?? plan(parseSettings(base));
      bases.set(stack, before);
      const more = change === "a topic more" ? withTopic : (settings: Settings) => settings;
      const version = raw[stack]?.["kafkaVersion"] ?? base["kafkaVersion"];
      const after = async (replace: readonly string[]) =>
        differences(
          await before,
          await plan(
            more(parseSettings({ ...base, ...raw[stack], kafkaVersion: version, replace })),
          ),
        );
      const found = await after([]);
      report.push(`${change} on ${stack}`, ...found.map(shown), "");
      expect(found.length).toBeGreaterThan(0);

      const replaced = found.filter(
        (one) =>
          (one.kind === "replace" || one.kind === "delete") && precious(one) && !lossless(one),
      );
      expect(replaced.filter(({ refused }) => !refused)).toEqual([]);
      if (replaced.length === 0) return;
      // With the resource listed in `replace`, the same change is allowed.
      expect(names).not.toBe(undefined);
      const confirmed = await after([names ?? ""]);
      expect(confirmed.filter(({ refused }) => refused).map(({ name }) => name)).toEqual([]);
    },
  );
});

/** What must not be deleted by mistake: everything with data, and the cluster. */
const kept = (one: Difference) =>
  precious(one) && !lossless(one) && !/nodePool|databaseUser|subnetwork|subnet:/i.test(one.type);

describe("removal takes two deliberate steps", () => {
  it.each(["digitalocean", "aws", "gcp"])("on %s", async (stack) => {
    vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const base = { ...STACKS[stack] };
    const before = await plan(parseSettings(base));
    const nothing = { resources: [] };

    // In a single step the engine refuses, because clusters and data are protected in the state.
    const atOnce = differences(before, nothing).filter(kept);
    expect(atOnce.length).toBeGreaterThan(4);
    expect(atOnce.filter(({ refused }) => !refused).map(({ urn }) => urn)).toEqual([]);

    // The first step only lifts protection: it creates, replaces and deletes nothing.
    const lifted = await plan(parseSettings({ ...base, protect: "false" }));
    const first = differences(before, lifted);
    expect([...new Set(first.map(({ kind }) => kind))]).toEqual(
      stack === "digitalocean" ? [] : ["update"],
    );
    report.push(`protection taken back on ${stack}`, ...first.map(shown), "");

    // After that the engine can delete everything.
    expect(differences(lifted, nothing).filter(({ refused }) => refused)).toEqual([]);
  });
});

it("matches the reviewed file: accept a change with `npx vitest run test/day-two.test.ts -u`", async () => {
  await expect(`${report.join("\n")}\n`).toMatchFileSnapshot(
    join(__dirname, "golden", "day-two.txt"),
  );
});

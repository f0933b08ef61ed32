/**
 * A rebuilt environment in the same account, project or world must not meet its own former names: whatever has a name
 * that others can take, or that stays taken after a deletion, has another one in the next incarnation.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import type { PlannedResource } from "../offline/plan";
import { compareResources } from "../reports/difference/resources";
import { parseSettings, type RawSettings } from "../settings";
import { good, images, onAws, onGoogle, commands } from "../settings/testing";
import { SYSTEMS } from "../systems";
import { environmentPlan } from "./environment-plan";

const managed = { postgres: "managed", redis: "managed", kafka: "managed" };
const aeneas = {
  ...onAws,
  system: "aeneas",
  region: "us-east-1",
  images: images(SYSTEMS.aeneas),
  commands: commands(SYSTEMS.aeneas),
};

const STACKS: Readonly<Record<string, RawSettings>> = {
  digitalocean: { ...good, ...managed },
  aws: { ...onAws, ...managed },
  gcp: { ...onGoogle, ...managed },
  "aws, with buckets": aeneas,
  "aws, by operators": { ...aeneas, postgres: "operator", kafka: "operator" },
};

/** Inputs that name something, as opposed to referring to it. */
const NAMES = [
  "name",
  "bucket",
  "identifier",
  "clusterId",
  "accountId",
  "secretId",
  "replicationGroupId",
  "clusterName",
];

/** What only others in the same, renamed thing can take, or what must stay. */
const INSIDE: readonly (readonly [RegExp, string])[] = [
  [/^kubernetes:/, "in the cluster"],
  [/^random:/, "in the state"],
  [/:(Topic|DatabaseKafkaTopic|DatabaseDb|DatabaseUser|DatabaseConnectionPool)$/, "in a server"],
  [/^gcp:sql\/(database:Database|user:User)$/, "in a server"],
  [/^digitalocean:.*:KubernetesNodePool$/, "in a cluster"],
  [/^gcp:container\/nodePool:/, "in a cluster"],
  [/^gcp:kms\/cryptoKey:/, "in a ring with a generated name"],
  [/^(aws:route53\/zone|digitalocean:index\/domain|gcp:dns\/managedZone):/, "a zone is the domain"],
  [/^aws:eks\/accessEntry|^aws:iam\/rolePolicy/, "in a cluster or a role"],
];

const inside = (type: string): boolean => INSIDE.some(([pattern]) => pattern.test(type));

function namesOf({ type, name, inputs }: PlannedResource): readonly string[] {
  if (inside(type)) return [];
  return NAMES.flatMap((key) => {
    const value = inputs[key];
    return typeof value === "string" && value !== "$unknown"
      ? [`${type} ${name} ${key}: ${value}`]
      : [];
  });
}

async function planned(raw: RawSettings): Promise<readonly PlannedResource[]> {
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  return (await environmentPlan(parseSettings(raw))).resources;
}

const names = async (raw: RawSettings): Promise<readonly string[]> =>
  (await planned(raw)).flatMap(namesOf);

/** What a provider renames in place: the type, and the input. */
const RENAMED: readonly string[] = [
  "digitalocean:index/kubernetesCluster:KubernetesCluster name",
  "digitalocean:index/kubernetesCluster:KubernetesCluster nodePool.name",
  "digitalocean:index/spacesKey:SpacesKey grants[0].bucket",
  "digitalocean:index/spacesKey:SpacesKey name",
  "digitalocean:index/vpc:Vpc name",
];

/** Inputs that name the resource, or what it belongs to. */
const NAMING =
  /(^|\.)(name|namePrefix|bucket|cluster|instance|router|accountId|secretId|identifier|\w+Id|\w+Name|\w+Identifier)$/;

/** Renamed resources of a cloud for which `reports/replacements` does not say what happens to them. */
const unsaid = (first: readonly PlannedResource[], second: readonly PlannedResource[]) =>
  compareResources(first, second)
    .changes.filter(({ resource: { type } }) => !type.startsWith("kubernetes:"))
    .flatMap(({ kind, inputs, resource: { type } }) =>
      kind === "update"
        ? inputs
            .map(({ path }) => path)
            .filter((path) => NAMING.test(path))
            .map((path) => `${type} ${path}`)
        : [],
    )
    .filter((one) => !RENAMED.includes(one));

describe.each(Object.entries(STACKS))("on %s", (_, base) => {
  it("the second incarnation shares no name with the first", async () => {
    const [first, second] = [await planned(base), await planned({ ...base, incarnation: 2 })];
    const before = first.flatMap(namesOf);
    expect(before.length).toBeGreaterThan(5);
    expect(second.flatMap(namesOf).filter((one) => before.includes(one))).toEqual([]);
    expect(unsaid(first, second)).toEqual([]);
  });

  it("every bucket begins with the stack's prefix", async () => {
    const found = await names({ ...base, namePrefix: "team" });
    const buckets = found.filter((one) => /:(Bucket|SpacesBucket) /.test(one));
    expect(buckets.length).toBeGreaterThan(0);
    expect(buckets.filter((one) => !/: team-[a-z0-9-]+$/.test(one))).toEqual([]);
  });
});

it("a data service has another name by its own incarnation alone", async () => {
  const first = await names({ ...onAws, ...managed });
  const second = await names({ ...onAws, ...managed, incarnations: { neon: 2 } });
  const changed = second.filter((one) => !first.includes(one));
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.filter((one) => !one.includes("-data-neon-"))).toEqual([]);
});

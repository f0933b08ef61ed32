/**
 * A rebuilt environment in the same account, project or world must not meet its own former names: whatever has a name
 * that others can take, or that stays taken after a deletion, has another one in the next incarnation.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import type { PlannedResource } from "../offline/plan";
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

async function names(raw: RawSettings): Promise<readonly string[]> {
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const { resources } = await environmentPlan(parseSettings(raw));
  return resources.flatMap(namesOf);
}

describe.each(Object.entries(STACKS))("on %s", (_, base) => {
  it("the second incarnation shares no name with the first", async () => {
    const first = await names(base);
    const second = await names({ ...base, incarnation: 2 });
    expect(first.length).toBeGreaterThan(5);
    expect(second.filter((one) => first.includes(one))).toEqual([]);
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

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseSettings, type RawSettings } from "../../settings";
import { commands, good, images, onAws, onExisting, onGoogle } from "../../settings/testing";
import { SYSTEMS } from "../../systems";
import { CLOUDS } from "../clouds";
import type { Placement } from "../cluster/contract";
import { inputsOf, ofKind, refusal, register, valueOf } from "../kit/testing";
import { archiveStore, primaryStore } from "./stores";

/** Every resource may be created and has no computed properties: a first preview. */
const anything = new Proxy({}, { get: () => ({}) });

const PLACEMENTS = {
  digitalocean: { cloud: "digitalocean" },
  aws: {
    cloud: "aws",
    region: "us-west-2",
    clusterName: pulumi.output("c"),
    encryptionKeyArn: pulumi.output("arn:aws:kms:us-west-2:210987654321:key/1"),
    identityReady: [],
  },
  gcp: { cloud: "gcp", project: "bikes-and-more", workloadPool: "p", identityReady: [] },
  existing: { cloud: "existing" },
} as unknown as Record<string, Placement>;

const archive = (raw: RawSettings, given = {}) => {
  const settings = parseSettings(raw);
  const placement = PLACEMENTS[settings.cloud];
  if (placement === undefined) throw new Error(`no placement on ${settings.cloud}`);
  return register(
    (options) =>
      archiveStore(
        "env-archive",
        { settings, cloud: CLOUDS[settings.cloud], given },
        { placement },
        options,
      ),
    { preview: true, cloud: anything },
  );
};

const aeneas = {
  ...onAws,
  system: "aeneas",
  region: "us-west-2",
  images: images(SYSTEMS.aeneas),
  commands: commands(SYSTEMS.aeneas),
};
const phase5 = {
  ...aeneas,
  system: "phase-5",
  images: images(SYSTEMS["phase-5"]),
  commands: commands(SYSTEMS["phase-5"]),
};

describe("the backup bucket", () => {
  it("is in the cluster's cloud, in a distant region, and expires objects by prefix", async () => {
    const { resources } = await archive(good);
    expect(inputsOf(resources, "env-archive-bucket")).toMatchObject({
      name: "todo-chatbot-prod-backups",
      region: "sfo3",
    });
    expect(ofKind(resources, "SpacesBucket")).toHaveLength(1);
  });

  it("AE-10: expires snapshots of the vector store according to the runbook", async () => {
    const { resources } = await archive({ ...aeneas, region: "us-east-1" });
    const [rules] = ofKind(resources, "BucketLifecycleConfiguration");
    const prefixes = (rules?.inputs["rules"] as { filter?: { prefix?: string } }[]).flatMap(
      ({ filter }) => filter?.prefix ?? [],
    );
    expect(prefixes).toContain("qdrant/");
  });

  it("is external for an existing cluster, with configured keys", async () => {
    const key = (text: string) => pulumi.secret(text);
    const given = { BACKUP_ACCESS_KEY: key("a"), BACKUP_SECRET_KEY: key("b") };
    const { result, resources } = await archive(onExisting, given);
    expect([result?.region, result?.dialect, resources]).toEqual(["attic", "Other", []]);
  });

  it("is refused for an existing cluster without keys", async () => {
    const settings = parseSettings(onExisting);
    const { result } = await register((options) =>
      refusal(() =>
        archiveStore(
          "env-archive",
          { settings, cloud: CLOUDS[settings.cloud], given: {} },
          { placement: { cloud: "existing" } },
          options,
        ),
      ),
    );
    expect(result).toBe(
      "Object store env-archive: BACKUP_ACCESS_KEY and BACKUP_SECRET_KEY is missing, but must be " +
        "set as secret configuration. Set runstack:secrets.BACKUP_ACCESS_KEY and " +
        "runstack:secrets.BACKUP_SECRET_KEY.",
    );
  });
});

describe("the primary's archive", () => {
  it("is replicated by a recovery region, whose own store grants read access", async () => {
    const settings = parseSettings({
      ...phase5,
      environment: "dr",
      replicaOf: "somebody-elses-name",
    });
    const { result, resources } = await register(
      (options) =>
        primaryStore("env-primary", { settings, cloud: CLOUDS[settings.cloud] }, options),
      { preview: true, cloud: anything },
    );
    expect([result?.region, result?.grantedElsewhere, resources]).toEqual(["us-west-2", true, []]);
  });

  it("of an earlier environment is in this one's backup region", async () => {
    const settings = parseSettings({
      ...phase5,
      region: "us-east-1",
      incarnations: { postgres: 2 },
      restoreFrom: { postgres: { from: "former/phase-5-prod-7" } },
    });
    const { result } = await register(
      (options) =>
        primaryStore("env-primary", { settings, cloud: CLOUDS[settings.cloud] }, options),
      { preview: true, cloud: anything },
    );
    expect([result?.region, await valueOf(result?.bucket ?? pulumi.output(""))]).toEqual([
      settings.backupRegion,
      "former",
    ]);
    expect(result?.grantedElsewhere).toBe(true);
  });

  it("in this environment's own bucket needs no second store", async () => {
    const settings = parseSettings({
      ...phase5,
      incarnations: { postgres: 2 },
      restoreFrom: { postgres: { incarnation: 1 } },
    });
    const { result } = await register((options) =>
      primaryStore("env-primary", { settings, cloud: CLOUDS.aws }, options),
    );
    expect(result).toBeUndefined();
  });

  it("does not exist for a primary", async () => {
    const { result } = await register((options) =>
      primaryStore("env-primary", { settings: parseSettings(phase5), cloud: CLOUDS.aws }, options),
    );
    expect(result).toBeUndefined();
  });

  it("is refused if read access cannot be granted", async () => {
    const settings = {
      ...parseSettings({
        ...onGoogle,
        system: "phase-5",
        images: images(SYSTEMS["phase-5"]),
        commands: commands(SYSTEMS["phase-5"]),
        environment: "dr",
      }),
      replicaOf: "the-primarys",
    };
    const { result } = await register((options) =>
      refusal(() =>
        primaryStore("env-primary", { settings, cloud: CLOUDS[settings.cloud] }, options),
      ),
    );
    expect(result).toBe(
      'Object store env-primary: replicaOf is "the-primarys", but must be unset where an ' +
        "operator runs Postgres on a cloud other than Amazon. Restore from the primary's dumps " +
        "there, or run Postgres as a managed service.",
    );
  });
});

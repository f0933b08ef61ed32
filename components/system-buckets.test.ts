import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseSettings, type RawSettings } from "../settings";
import { commands, good, images, onAws, onExisting } from "../settings/testing";
import { SYSTEMS } from "../systems";
import { CLOUDS } from "./clouds";
import type { Cluster } from "./cluster/contract";
import { SystemBuckets, bucketsOf } from "./system-buckets";
import { ofKind, register } from "./kit/testing";

/** Every resource may be created and has no computed properties: a first preview. */
const anything = new Proxy({}, { get: () => ({}) });

const aeneas = {
  ...onAws,
  system: "aeneas",
  region: "us-east-1",
  images: images(SYSTEMS.aeneas),
  commands: commands(SYSTEMS.aeneas),
};

const create = (raw: RawSettings) =>
  register(
    (options) =>
      new SystemBuckets(
        "env-buckets",
        {
          settings: parseSettings(raw),
          cloud: CLOUDS.aws,
          cluster: {
            placement: {
              cloud: "aws",
              region: "us-east-1",
              clusterName: pulumi.output("c"),
              encryptionKeyArn: pulumi.output("arn:aws:kms:us-east-1:210987654321:key/1"),
              identityReady: [],
            },
          } as unknown as Pick<Cluster, "placement">,
          namespace: "aeneas",
        },
        options,
      ),
    { preview: true, cloud: anything },
  );

describe("AE-10: the bucket for the application's state", () => {
  it("is replicated to the recovery region, and every service may read and write it", async () => {
    const { result, resources } = await create(aeneas);
    expect(ofKind(resources, "Bucket").map(({ inputs }) => inputs["bucket"])).toEqual([
      "aeneas-state",
      "aeneas-state-us-west-2",
    ]);
    expect(ofKind(resources, "PodIdentityAssociation").map(({ inputs }) => inputs)).toMatchObject([
      { namespace: "aeneas", serviceAccount: "aeneas-api" },
      { namespace: "aeneas", serviceAccount: "aeneas-worker" },
    ]);
    expect(Object.keys(result.grants)).toEqual(["aeneas-api", "aeneas-worker"]);
    expect(result.reach.map((way) => (way.kind === "network" ? way.cidr : way.kind))).toEqual([
      "internet",
      "169.254.170.23/32",
    ]);
  });

  it("keeps old versions, also in the copy, for the runbook's backup retention", async () => {
    const { resources } = await create(aeneas);
    const rules = ofKind(resources, "BucketLifecycleConfiguration").map(
      ({ inputs }) => inputs["rules"],
    );
    const old = { noncurrentVersionExpiration: { noncurrentDays: 30 } };
    expect(rules).toMatchObject([[old], [old]]);
  });

  it("has a different name in each environment, or the configured one", async () => {
    const name = async (raw: RawSettings) =>
      ofKind((await create(raw)).resources, "Bucket")[0]?.inputs["bucket"];
    expect(await name({ ...aeneas, environment: "staging" })).toBe("aeneas-state-staging");
    expect(await name({ ...aeneas, buckets: { "aeneas-state": "state-of-aeneas" } })).toBe(
      "state-of-aeneas",
    );
  });
});

it("backup buckets, and buckets on an existing cluster, are created elsewhere", () => {
  const names = (raw: RawSettings) => bucketsOf(parseSettings(raw)).map(({ name }) => name);
  expect(
    names({
      ...aeneas,
      system: "phase-5",
      images: images(SYSTEMS["phase-5"]),
      commands: commands(SYSTEMS["phase-5"]),
    }),
  ).toEqual([]);
  expect(names(good)).toEqual([]);
  expect(
    names({
      ...onExisting,
      system: "aeneas",
      // In production, AENEAS needs snapshots of its Redis, which nothing takes there.
      environment: "staging",
      images: images(SYSTEMS.aeneas),
      commands: commands(SYSTEMS.aeneas),
      postgres: "operator",
    }),
  ).toEqual([]);
});

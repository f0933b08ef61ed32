import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Placement } from "../cluster/contract";
import { inputsOf, refusal, register } from "../kit/testing";
import type { BucketArguments } from "../object-store/arguments";
import { CLOUDS } from ".";
import type { ObjectStorePlace } from "../object-store/provider";

const bucket = (region: string): BucketArguments => ({
  bucket: "shop-backups",
  region,
  expirations: [],
  production: false,
  protect: false,
});
const output = pulumi.output("x");
const PEERING = "test:index:Peering";
type Options = pulumi.ComponentResourceOptions;

/** Created for each test, because one of them contains a resource. */
const PLACES: Readonly<Record<Placement["cloud"], (options: Options) => Placement>> = {
  digitalocean: () => ({ cloud: "digitalocean", vpcId: output, clusterId: output }),
  aws: () => ({
    cloud: "aws",
    region: "eu-west-3",
    clusterName: output,
    vpcId: output,
    privateSubnetIds: [],
    securityGroupId: output,
    encryptionKeyArn: pulumi.output("arn:of-the-environment"),
    identityReady: [],
  }),
  gcp: (options) => ({
    cloud: "gcp",
    project: "p",
    region: "us-east4",
    networkId: output,
    subnetworkId: output,
    peeringRange: output,
    peering: new pulumi.ComponentResource(PEERING, "peering", {}, options),
    workloadPool: "p.svc.id.goog",
    identityReady: [],
  }),
  existing: () => ({ cloud: "existing" }),
};
const S3 = [
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:kms/key:Key",
];
const GCS = [
  "gcp:storage/bucket:Bucket",
  "gcp:storage/bucketIAMMember:BucketIAMMember",
  "gcp:storage/hmacKey:HmacKey",
  "gcp:serviceaccount/account:Account",
];
const cloud = Object.fromEntries(
  [PEERING, ...S3, ...GCS].map((type) => [type, { arn: "arn:new" }]),
);

type Place = Omit<ObjectStorePlace, "placement"> & { readonly on: Placement["cloud"] };

const open = ({ on, ...more }: Place, region: string, options: Options) =>
  CLOUDS[on].objectStore("s", { ...more, placement: PLACES[on](options) }, bucket(region), options);

const create = (on: Place["on"], region: string) =>
  register((options) => open({ on }, region, options), { cloud });

describe("the object store of a cloud", () => {
  it.each([
    ["digitalocean", "fra1", "DigitalOcean", 2],
    ["aws", "eu-west-3", "AWS", 7],
    ["gcp", "us-east4", "GCS", 6],
  ] as const)("creates a bucket of %s", async (of, region, dialect, count) => {
    const { result, resources } = await create(of, region);
    expect([result.dialect, result.region, resources.length]).toEqual([dialect, region, count]);
  });

  it("uses the environment's key only in the key's region", async () => {
    const near = await create("aws", "eu-west-3");
    const far = await create("aws", "eu-north-1");
    expect(JSON.stringify(inputsOf(near.resources, "s-encryption"))).toContain(
      "arn:of-the-environment",
    );
    expect(JSON.stringify(inputsOf(far.resources, "s-encryption"))).toContain("arn:new");
    expect(inputsOf(far.resources, "s-key")["region"]).toBe("eu-north-1");
  });

  it.each<[Place, string]>([
    [
      { on: "existing" },
      "Object store s: external is missing, but must be an existing bucket, because an existing cluster has no cloud to create one in. Give its endpoint, name, region and keys.",
    ],
    [
      { on: "digitalocean", replicaRegion: "ams3" },
      'Object store s: replicaRegion is "ams3", but must be unset, except for a bucket on Amazon. Put the bucket itself into a region other than the cluster\'s.',
    ],
  ])("refuses %#", async (place, message) => {
    const { result } = await register((options) => refusal(() => open(place, "any", options)));
    expect(result).toBe(message);
  });
});

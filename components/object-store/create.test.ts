import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Placement } from "../cluster/contract";
import { NO_GRANT } from "../identity/contract";
import { inputsOf, isSecret, refusal, register, valueOf } from "../kit/testing";
import type { BucketArguments } from "./arguments";
import { checkPlace, createObjectStore, type StorePlace } from "./create";
import {
  checkExternalStore,
  ExternalObjectStore,
  type ExternalObjectStoreArguments,
} from "./external";

const bucket = (region: string): BucketArguments => ({
  bucket: "shop-backups",
  region,
  expirations: [],
  production: false,
  protect: false,
});
const output = pulumi.output("x");
const PLACES: Readonly<Record<Placement["cloud"], Placement>> = {
  digitalocean: { cloud: "digitalocean", vpcId: output, clusterId: output },
  aws: {
    cloud: "aws",
    region: "eu-west-3",
    clusterName: output,
    vpcId: output,
    privateSubnetIds: [],
    securityGroupId: output,
    encryptionKeyArn: pulumi.output("arn:of-the-environment"),
    identityReady: [],
  },
  gcp: {
    cloud: "gcp",
    project: "p",
    region: "us-east4",
    networkId: output,
    subnetworkId: output,
    peeringRange: output,
    peering: new (class extends pulumi.ComponentResource {
      constructor() {
        super("test:index:Peering", "peering");
      }
    })(),
    workloadPool: "p.svc.id.goog",
    identityReady: [],
  },
  existing: { cloud: "existing" },
};
const external: ExternalObjectStoreArguments = {
  endpoint: "s3.example.com",
  bucket: "somebodys.bucket",
  region: "eu",
  accessKey: pulumi.output("key-id"),
  secretKey: pulumi.output("key-secret"),
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
const cloud = Object.fromEntries([...S3, ...GCS].map((type) => [type, { arn: "arn:new" }]));

const create = (place: StorePlace, region: string) =>
  register((options) => createObjectStore("s", place, bucket(region), options), { cloud });

describe("createObjectStore", () => {
  it.each([
    ["digitalocean", "fra1", "DigitalOcean", 2],
    ["aws", "eu-west-3", "AWS", 7],
    ["gcp", "us-east4", "GCS", 5],
  ] as const)("makes a bucket of %s", async (of, region, dialect, count) => {
    const { result, resources } = await create({ placement: PLACES[of] }, region);
    expect([result.dialect, result.region, resources.length]).toEqual([dialect, region, count]);
  });

  it("takes the environment's key only where that key is", async () => {
    const near = await create({ placement: PLACES.aws }, "eu-west-3");
    const far = await create({ placement: PLACES.aws }, "eu-north-1");
    expect(JSON.stringify(inputsOf(near.resources, "s-encryption"))).toContain(
      "arn:of-the-environment",
    );
    expect(JSON.stringify(inputsOf(far.resources, "s-encryption"))).toContain("arn:new");
    expect(inputsOf(far.resources, "s-key")["region"]).toBe("eu-north-1");
  });

  it.each(["existing", "aws"] as const)("uses a bucket elsewhere, on %s too", async (of) => {
    const { result, resources } = await create({ placement: PLACES[of], external }, "any");
    expect(resources).toEqual([]);
    expect(await valueOf(result.bucket)).toBe("somebodys.bucket");
  });

  it.each<[StorePlace, string]>([
    [
      { placement: PLACES.existing },
      "Object store s: external is missing, but must be a bucket that exists already, where the cluster belongs to no cloud. Give its endpoint, name, region and keys.",
    ],
    [
      { placement: PLACES.digitalocean, replicaRegion: "ams3" },
      'Object store s: replicaRegion is "ams3", but must be left out, except for a bucket on Amazon. Put the bucket itself into another region than the cluster\'s.',
    ],
    [
      { placement: PLACES.aws, external, replicaRegion: "eu-north-1" },
      'Object store s: replicaRegion is "eu-north-1", but must be left out, except for a bucket on Amazon. Put the bucket itself into another region than the cluster\'s.',
    ],
  ])("refuses %#", (place, message) => {
    expect(
      refusal(() => {
        checkPlace("s", place);
      }),
    ).toBe(message);
  });
});

describe("ExternalObjectStore", () => {
  const open = (changes: Partial<ExternalObjectStoreArguments> = {}) =>
    register((options) => new ExternalObjectStore("s", { ...external, ...changes }, options));

  it("creates nothing, and keeps the keys secret", async () => {
    const { result, resources } = await open();
    expect(await valueOf(result.urn)).toMatch(/ExternalObjectStore::s$/);
    expect(resources).toEqual([]);
    const { accessKey, secretKey } = result.credentials;
    expect([await valueOf(accessKey), await isSecret(accessKey)]).toEqual(["key-id", true]);
    expect([await valueOf(secretKey), await isSecret(secretKey)]).toEqual(["key-secret", true]);
    expect(result.dialect).toBe("Other");
    expect(result.reach).toEqual([{ kind: "internet", port: 443 }]);
    expect(result.grant()).toBe(NO_GRANT);
  });

  it("is reached where it was said to be", async () => {
    const reach = [
      { kind: "network", cidr: "10.3.0.0/24", firstPort: 443, lastPort: 443 },
    ] as const;
    const { result } = await open({ reach, dialect: "AWS" });
    expect([result.reach, result.dialect]).toEqual([reach, "AWS"]);
  });

  it.each<[Partial<ExternalObjectStoreArguments>, string]>([
    [
      { endpoint: "https://s3.example.com" },
      'endpoint is "https://s3.example.com", but must be a host name without scheme, port or path. It is always reached by HTTPS on port 443.',
    ],
    [
      { endpoint: "s3.example.com:9000" },
      'endpoint is "s3.example.com:9000", but must be a host name without scheme, port or path. It is always reached by HTTPS on port 443.',
    ],
    [
      { bucket: "" },
      "bucket is missing, but must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens. Create it first, and a key that opens it alone.",
    ],
    [
      { region: "" },
      "region is missing, but must be the service's own word for it. Where it has none, us-east-1 is what most expect.",
    ],
  ])("refuses %o", (changes, message) => {
    expect(
      refusal(() => {
        checkExternalStore("s", { ...external, ...changes });
      }),
    ).toBe(`ExternalObjectStore s: ${message}`);
  });
});

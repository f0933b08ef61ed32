import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { AwsPlacement } from "../cluster/contract";
import { CLOUD } from "../clouds/aws/s3/testing";
import { toDns, toInternet, toNetwork } from "../kit/network-rules";
import { inputsOf, named, ofKind, register } from "../kit/testing";
import { Backups } from "./backups";
import { S3ObjectStore } from "../clouds/aws/s3/s3";
import { args, BUCKET, create, elsewhere } from "./backups-testing";

describe("a store without keys", () => {
  const aws: AwsPlacement = {
    cloud: "aws",
    region: "eu-west-3",
    clusterName: pulumi.output("shop-prod"),
    vpcId: pulumi.output("vpc"),
    privateSubnetIds: [],
    securityGroupId: pulumi.output("group"),
    encryptionKeyArn: pulumi.output("arn:key"),
    identityReady: [],
  };
  const onAmazon = () => {
    return register(
      (options) => {
        const store = new S3ObjectStore(
          "backups-store",
          {
            ...BUCKET,
            region: "eu-west-3",
            placement: aws,
            keyArn: aws.encryptionKeyArn,
          },
          options,
        );
        return new Backups("backups", { ...args(), store }, options);
      },
      { cloud: CLOUD },
    );
  };

  it("needs no Secret: each job uses its own identity", async () => {
    const { resources } = await onAmazon();
    expect(ofKind(resources, "Secret")).toEqual([]);
    expect(ofKind(resources, "PodIdentityAssociation").map(({ inputs }) => inputs)).toEqual(
      ["shop-dump", "shop-dump-restore"].map((serviceAccount) => ({
        clusterName: "shop-prod",
        namespace: "shop-ns",
        serviceAccount,
        roleArn: "arn:aws:iam::1:role/r",
      })),
    );
    expect(named(resources, "backups-shop-dump-job").dependsOn).toEqual(
      expect.arrayContaining([
        "backups-shop-dump-grant-association",
        "backups-shop-dump-grant-policy",
      ]),
    );
  });

  it("with an ETag that is not a checksum needs the key's id", async () => {
    const { resources } = await onAmazon();
    const [upload] = ofKind(resources, "CronJob").map(({ inputs }) => JSON.stringify(inputs));
    const variable = (name: string, value: string) =>
      JSON.stringify({ name: `RCLONE_CONFIG_STORE_${name}`, value });
    expect(upload).toContain(variable("SERVER_SIDE_ENCRYPTION", "aws:kms"));
    expect(upload).toContain(variable("SSE_KMS_KEY_ID", "arn:key"));
    expect(upload).toContain(variable("ENV_AUTH", "true"));
    expect(upload).not.toContain("ACCESS_KEY_ID");
  });

  it("allows egress to its agent, besides the store", async () => {
    const { resources } = await onAmazon();
    const { spec } = inputsOf(resources, "backups-shop-dump-restore-network") as {
      spec: { egress: unknown[] };
    };
    expect(spec.egress).toEqual([
      toDns(),
      toInternet(5432),
      toInternet(443),
      toNetwork("169.254.170.23/32", 80, 80),
    ]);
  });

  it("a bucket without ACLs gets none", async () => {
    for (const { resources } of [await onAmazon(), await create(args())]) {
      const jobs = ofKind(resources, "CronJob").map(({ inputs }) => JSON.stringify(inputs));
      expect(jobs).toHaveLength(2);
      expect(jobs.join()).not.toContain("_ACL");
    }
  });

  it("may exist already and contain other backups too", async () => {
    const { resources } = await register((options) => {
      return new Backups("backups", { ...args(), store: elsewhere(options) }, options);
    });
    expect(resources.filter(({ type }) => type.startsWith("digitalocean:"))).toEqual([]);
    expect(JSON.stringify(named(resources, "backups-shop-dump-job").inputs)).toContain(
      '"value":"all-backups/shop-dump"',
    );
  });
});

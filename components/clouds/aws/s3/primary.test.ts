import { expect, it } from "vitest";
import { register, valueOf } from "../../../kit/testing";
import { readStatements, S3PrimaryStore } from "./primary";

it("creates and grants nothing: read access is granted by the environment's own store", async () => {
  const { result, resources } = await register(
    (options) =>
      new S3PrimaryStore("primary", { bucket: "first-region", region: "us-west-2" }, options),
  );
  expect(resources).toEqual([]);
  expect(result.grant()).toEqual({ annotations: {}, ready: [] });
  expect([await valueOf(result.endpoint), await valueOf(result.bucket)]).toEqual([
    "s3.us-west-2.amazonaws.com",
    "first-region",
  ]);
});

it("allows reading objects, and use of the key through S3 for this bucket only", () => {
  expect(readStatements({ bucket: "first-region", region: "us-west-2" })).toEqual([
    {
      actions: ["s3:ListBucket", "s3:GetBucketLocation"],
      resources: ["arn:aws:s3:::first-region"],
    },
    { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::first-region/*"] },
    {
      actions: ["kms:Decrypt"],
      resources: ["arn:aws:kms:us-west-2:*:key/*"],
      condition: {
        StringEquals: {
          "kms:ViaService": "s3.us-west-2.amazonaws.com",
          "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::first-region",
        },
      },
    },
  ]);
});

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { NO_GRANT } from "../identity/contract";
import { isSecret, refusal, register, valueOf } from "../kit/testing";
import {
  checkExternalStore,
  ExternalObjectStore,
  type ExternalObjectStoreArguments,
} from "./external";

const external: ExternalObjectStoreArguments = {
  endpoint: "s3.example.com",
  bucket: "somebodys.bucket",
  region: "eu",
  accessKey: pulumi.output("key-id"),
  secretKey: pulumi.output("key-secret"),
};

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
      "bucket is missing, but must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens. Create it first, and a key that gives access only to it.",
    ],
    [
      { region: "" },
      "region is missing, but must be the service's own name for its region. If the service has no regions, it most likely expects us-east-1.",
    ],
  ])("refuses %o", (changes, message) => {
    expect(
      refusal(() => {
        checkExternalStore("s", { ...external, ...changes });
      }),
    ).toBe(`ExternalObjectStore s: ${message}`);
  });
});

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { isSecret, refusal, register, UNKNOWN, valueOf } from "../kit/testing";
import { ExternalRedis, type ExternalRedisArguments } from "./external";
import { readRedisUrl } from "./url";

const GIVEN = "rediss://keeper:p%40ss@r.example.com:6379";

const create = (changes: Partial<ExternalRedisArguments> = {}, preview = false) =>
  register(
    (options) => new ExternalRedis("store", { url: pulumi.secret(GIVEN), ...changes }, options),
    { preview },
  );

describe("an external Redis", () => {
  it("creates nothing", async () => {
    const { result, resources } = await create();
    await valueOf(result.urn);
    expect(resources).toEqual([]);
    expect(result.ready).toEqual([]);
  });

  it("is described by its URL, which stays secret", async () => {
    const { url, host, port, username, password } = (await create()).result;
    expect(await Promise.all([url, host, port, username, password].map(valueOf))).toEqual([
      GIVEN,
      "r.example.com",
      6379,
      "keeper",
      "p@ss",
    ]);
    expect(await Promise.all([url, host, username, password].map(isSecret))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it("is secret even if it is given as plain text", async () => {
    const { result } = await create({ url: pulumi.output(GIVEN) });
    expect(await isSecret(result.url)).toBe(true);
    expect(await isSecret(result.password)).toBe(true);
  });

  it("is reached over the internet, on Redis' port", async () => {
    expect((await create()).result.reach).toEqual([{ kind: "internet", port: 6379 }]);
    const { result } = await register(
      (options) =>
        new ExternalRedis("store", { url: pulumi.secret("rediss://:p@r.example.com") }, options),
    );
    expect(result.reach).toEqual([{ kind: "internet", port: 6379 }]);
    expect(await valueOf(result.port)).toBe(6379);
    expect(await valueOf(result.username)).toBe("");
  });

  it("has only the configured capabilities", async () => {
    const { result } = await create();
    expect([result.engine, result.mode, result.tls]).toEqual(["redis", "standalone", true]);
    expect(result.capabilities).toEqual({ failover: false, backups: false });
    expect(result.certificateAuthority).toBeUndefined();
  });

  it("may have an unknown URL", async () => {
    const url = pulumi.secret(pulumi.unknown as unknown as string);
    const { result } = await create({ url }, true);
    expect(await valueOf(result.password)).toBe(UNKNOWN);
    expect(await isSecret(result.url)).toBe(true);
  });
});

describe("a URL that is refused, without being repeated", () => {
  it.each([
    [
      "redis://keeper:hush@r.example.com:6379",
      "url is a URL without TLS, but must be like rediss://user:password@host:port. Ask its provider for the address with TLS.",
    ],
    [
      "rediss://r.example.com:6379",
      "url is not a Redis URL with a password, but must be like rediss://user:password@host:port. Percent-encode special characters in the password, such as @, / or #.",
    ],
    [
      "rediss://keeper:hu/sh@r.example.com:6379",
      "url is not a Redis URL with a password, but must be like rediss://user:password@host:port. Percent-encode special characters in the password, such as @, / or #.",
    ],
    [
      "rediss://keeper:hush%zz@r.example.com:6379",
      "url is not a Redis URL with a password, but must be like rediss://user:password@host:port. Percent-encode special characters in the password, such as @, / or #.",
    ],
    [
      "https://keeper:hush@r.example.com:6379",
      "url is not a Redis URL with a password, but must be like rediss://user:password@host:port. Percent-encode special characters in the password, such as @, / or #.",
    ],
    [
      "rediss://keeper:hush@r.example.com:7391",
      "url is a URL with another port, but must be a URL with port 6379, which network policies allow. Ask its provider for an address with that port.",
    ],
  ])("%s", (url, expected) => {
    expect(refusal(() => readRedisUrl("ExternalRedis store", url))).toBe(
      `ExternalRedis store: ${expected}`,
    );
  });
});

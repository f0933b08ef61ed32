import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { isSecret, register, UNKNOWN, valueOf } from "../kit/testing";
import { ExternalPostgres, type ExternalPostgresArguments } from "./external";

const URL_GIVEN = "postgresql://keeper:p%40ss@ep-one-pooler.eu.aws.neon.tech/rides?sslmode=require";

const create = (changes: Partial<ExternalPostgresArguments> = {}) =>
  register(
    (options) =>
      new ExternalPostgres(
        "db",
        { url: pulumi.secret(URL_GIVEN), pointInTimeRecovery: true, ...changes },
        options,
      ),
  );

describe("an external database", () => {
  it("creates nothing", async () => {
    const { result, resources } = await create();
    await valueOf(result.urn);
    expect(resources).toEqual([]);
    expect(result.ready).toEqual([]);
  });

  it("is described by its URL", async () => {
    const { result } = await create();
    const { url, directUrl, host, username, password } = result;
    expect(await Promise.all([url, directUrl, host, username, password].map(valueOf))).toEqual([
      URL_GIVEN,
      "postgresql://keeper:p%40ss@ep-one.eu.aws.neon.tech/rides?sslmode=require",
      "ep-one-pooler.eu.aws.neon.tech",
      "keeper",
      "p@ss",
    ]);
    expect(await Promise.all([url, directUrl, username, password].map(isSecret))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(await isSecret(host)).toBe(false);
  });

  it("is secret even if it is given as plain text", async () => {
    const { result } = await create({ url: pulumi.output(URL_GIVEN) });
    expect(await isSecret(result.url)).toBe(true);
    expect(await isSecret(result.password)).toBe(true);
  });

  it("is reached over the internet, on PostgreSQL's port", async () => {
    expect((await create()).result.reach).toEqual([{ kind: "internet", port: 5432 }]);
  });

  it("has only the configured capabilities", async () => {
    const { result } = await create({ pointInTimeRecovery: false });
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: false,
      replicas: false,
      failover: false,
      pooling: false,
    });
    expect([result.readHost, result.poolerHost, result.certificateAuthority]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("may have an unknown URL", async () => {
    const { result } = await register(
      (options) => {
        const before = new ExternalPostgres(
          "db",
          {
            url: pulumi.secret(pulumi.unknown as unknown as string),
            pointInTimeRecovery: true,
          },
          options,
        );
        return before;
      },
      { preview: true },
    );
    expect(await valueOf(result.password)).toBe(UNKNOWN);
    expect(await isSecret(result.password)).toBe(true);
  });
});

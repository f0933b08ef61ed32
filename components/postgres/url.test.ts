import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSecret, refusal, register, valueOf } from "../kit/testing";
import { connectionUrl, pastPooler, postgresUrl, readPostgresUrl, type UrlParts } from "./url";

const parts: UrlParts = {
  username: "keeper",
  password: "p@ss/w:rd?#[%] !'()*",
  host: "db.example.com",
  port: 6543,
  database: "bike rides",
  sslmode: "require",
};

describe("the URL of a database", () => {
  it("encodes reserved characters", () => {
    expect(postgresUrl(parts)).toBe(
      "postgresql://keeper:p%40ss%2Fw%3Ard%3F%23%5B%25%5D%20%21%27%28%29%2A@db.example.com:6543" +
        "/bike%20rides?sslmode=require",
    );
  });

  it("puts an IPv6 address in brackets", () => {
    const url = postgresUrl({ ...parts, password: "x", host: "fd00::7", sslmode: "verify-ca" });
    expect(url).toBe("postgresql://keeper:x@[fd00::7]:6543/bike%20rides?sslmode=verify-ca");
    expect(readPostgresUrl("db", url).host).toBe("fd00::7");
  });

  it("preserves any name and password", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 });
    // A path of only dots means a parent directory in any URL, even if encoded.
    const path = text.filter((name) => !/^\.{1,2}$/.test(name));
    fc.assert(
      fc.property(text, text, path, fc.domain(), (username, password, database, host) => {
        const url = postgresUrl({ ...parts, username, password, database, host });
        expect(url).toMatch(/^[\x21-\x7E]+$/);
        expect(readPostgresUrl("db", url)).toEqual({ username, password, host });
        const parsed = new URL(url);
        expect(decodeURIComponent(parsed.pathname)).toBe(`/${database}`);
        expect([parsed.port, parsed.search, parsed.hash]).toEqual(["6543", "?sslmode=require", ""]);
      }),
    );
  });

  it("is secret even if none of its parts is", async () => {
    const { result } = await register(() => connectionUrl({ ...parts, password: "plain" }));
    expect(await isSecret(result)).toBe(true);
    expect(await valueOf(result)).toBe(postgresUrl({ ...parts, password: "plain" }));
  });

  it("waits for parts that are known only later", async () => {
    const { result } = await register(() =>
      connectionUrl({ ...parts, host: pulumi.output("later.example.com") }),
    );
    expect(await valueOf(result)).toBe(postgresUrl({ ...parts, host: "later.example.com" }));
  });
});

describe("a configured URL", () => {
  it.each([
    ["postgresql://db", { username: "", password: "", host: "db" }],
    [
      "postgres://k%40p:50%25%@ep-one.eu.aws.neon.tech/rides?sslmode=require",
      { username: "k@p", password: "50%%", host: "ep-one.eu.aws.neon.tech" },
    ],
  ])("%s is read", (url, expected) => {
    expect(readPostgresUrl("db", url)).toEqual(expected);
  });

  it.each([
    "mysql://keeper:hidden@db/rides",
    "postgresql://keeper:hid/den@db/rides",
    "postgresql://keeper:hidden%FF@db",
    "hidden",
  ])("%s is refused without being repeated", (url) => {
    expect(refusal(() => readPostgresUrl("Database rides", url))).toBe(
      "Database rides: url is not a PostgreSQL URL, but must be like " +
        "postgresql://user:password@host/database?sslmode=require. " +
        "Percent-encode special characters in the password, such as @, / or #.",
    );
  });

  it.each([
    [
      "postgresql://k:p@ep-one-pooler.eu.aws.neon.tech/rides?sslmode=require",
      "postgresql://k:p@ep-one.eu.aws.neon.tech/rides?sslmode=require",
    ],
    ["postgresql://ep-one-pooler.eu.neon.tech", "postgresql://ep-one.eu.neon.tech"],
    ["postgresql://k:x-pooler.y@db.example.com/a", "postgresql://k:x-pooler.y@db.example.com/a"],
    ["postgresql://k:p@my-pooler.example.com/a", "postgresql://k:p@my-pooler.example.com/a"],
  ])("%s bypasses Neon's pooler as %s", (url, expected) => {
    expect(pastPooler(url)).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { configurePack } from "../configuration";
import { evaluateManifests } from "../manifests/evaluate";
import { manifestOf } from "../manifests/resource";
import { policyNamed } from "../catalog";
import { packArguments } from "../registry";
import { PROD } from "../testing";

const policies = [policyNamed("secret-not-in-file")];

function reported(object: object, isRendered = false): readonly string[] {
  const manifest = manifestOf("a.yaml", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db", namespace: "shop" },
    ...object,
  });
  if (manifest === undefined) throw new Error("The fixture is no object.");
  const configured = configurePack(policies, PROD);
  const { found } = evaluateManifests(policies, [{ ...manifest, isRendered }], {
    policyContext: PROD,
    configured,
  });
  return found.map(({ at, message }) => `${at.join(".")}: ${message}`);
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const says = (at: string, paths: string, verb = "is"): string =>
  `${at}: Secret "shop/db": ${paths} ${verb} written in this file, and Base64 does not protect it; take it out and replace it where it is used: it stays in the repository's history.`;

describe("secret-not-in-file", () => {
  it("refuses plain and encoded values, once for each Secret", () => {
    expect(reported({ stringData: { password: "k7Jd92mX" } })).toEqual([
      says("stringData.password", "stringData.password"),
    ]);
    expect(reported({ data: { password: base64("k7Jd92mX") } })).toEqual([
      says("data.password", "data.password"),
    ]);
    expect(
      reported({
        data: { user: base64("app"), a: base64("k7Jd92mX") },
        stringData: { b: "Zx81kQ2mv" },
      }),
    ).toEqual([says("data.a", "data.a and stringData.b", "are")]);
  });

  it.each<readonly [string, string]>([
    ["password", ""],
    ["password", "${DB_PASSWORD}"],
    ["password", "{{ .Values.password }}"],
    ["password", "<your password>"],
    ["password", "REPLACE_ME"],
    ["password", "xxxxxxxx"],
    ["password", "example-password1"],
    ["secretKey", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
    ["password", "ENC[AES256_GCM,data:x,iv:y,type:str]"],
    ["password", "vault:secret/data/db#password"],
    ["password", "<path:secret/data/db#password>"],
    // no-default-credentials says it.
    ["password", "postgres"],
    ["username", "orders"],
    ["DB_HOST", "db.example.com"],
    ["port", "5432"],
    ["tls.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"],
    ["LOG_LEVEL", "debug"],
    ["TZ", "Europe/Berlin"],
    ["SMTP_FROM", "shop@example.org"],
    ["FEATURES", "search,basket-v2"],
    ["partition_key", "customer"],
    ["CACHE_TTL", "3600s"],
    ["MODEL", "Gpt4Turbo"],
    ["alertmanager.yaml", "route:\n  receiver: none\nreceivers:\n- name: none\n"],
  ])("accepts %s: %j", (key, text) => {
    expect(reported({ stringData: { [key]: text } })).toEqual([]);
    expect(reported({ data: { [key]: base64(text) } })).toEqual([]);
  });

  it.each<readonly [string, string]>([
    ["url", "postgres://app:k7Jd92mX@db/orders"],
    ["tls.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"],
    ["config.yaml", "smtp:\n  password: k7Jd92mX\n"],
    ["token", "7654321"],
    ["secret", "k7jd"],
    ["dbPw", "orders"],
    ["API_KEY_2", "orders-1"],
    [".dockerconfigjson", '{"auths":{"r.shop.net":{"auth":"YTpi"}}}'],
    ["htpasswd.txt", "a:$apr1$x"],
    ["anything", "k7Jd92mXa"],
    // Words of examples that are a part of something else.
    ["password", "insertCoin42"],
    ["password", "todolist2024"],
    ["password", "R4nd0m-Example-9xKq2Zt7LmW"],
    ["anything", "9f86d081884c7d659a2feaa0c55ad015"],
  ])("refuses %s: %j", (key, text) => {
    expect(reported({ stringData: { [key]: text } })).toHaveLength(1);
  });

  it("accepts files that SOPS has encrypted, and what a tool has rendered", () => {
    const stringData = { password: "k7Jd92mX" };
    expect(reported({ stringData, sops: { version: "3.9.0" } })).toEqual([]);
    expect(reported({ stringData }, true)).toEqual([]);
    expect(reported({})).toEqual([]);
    expect(reported({ data: 3 })).toEqual([]);
  });

  it("is not in the pack of a program", () => {
    const names = packArguments([...policies, policyNamed("image-pinned")], PROD).policies.map(
      ({ name }) => name,
    );
    expect(names).toEqual(["image-pinned"]);
  });
});

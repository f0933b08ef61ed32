import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Database, System } from "../systems/model";
import { todoChatbot } from "../systems/todo-chatbot";
import { POLICIES } from "./catalog";
import { isProduction, readPolicyContext } from "./policy-context";
import { shop } from "./testing/system";

/** Different for each cloud, so that a swapped one shows. */
const KUBERNETES = { digitalocean: "1.21", aws: "1.22", gcp: "1.23", existing: "1.24" };

const pulumiYaml = parse(readFileSync(join(__dirname, "..", "Pulumi.yaml"), "utf8")) as {
  readonly config: Readonly<Record<string, { readonly default?: unknown }>>;
};
const systems: Readonly<Record<string, System>> = { shop };
const read = (values: Readonly<Record<string, string>>): ReturnType<typeof readPolicyContext> =>
  readPolicyContext(systems, { get: (key) => values[key] }, KUBERNETES);

describe("readPolicyContext", () => {
  it("treats a stack without configuration as production without a known system", () => {
    expect(read({})).toEqual({
      environment: "prod",
      exemptions: [],
      podSecurityMinor: Infinity,
      zoned: true,
      restored: {},
    });
  });

  it("reads the stack's configuration", () => {
    expect(
      read({
        environment: "dr",
        system: "shop",
        policyExemptions: '[{"policy":"x"}]',
        podSecurityVersion: "v1.34",
      }),
    ).toEqual({
      environment: "dr",
      system: shop,
      exemptions: [{ policy: "x" }],
      podSecurityMinor: 34,
      zoned: false,
      restored: {},
    });
  });

  it.each<[boolean, Readonly<Record<string, string>>]>([
    [false, { cloud: "digitalocean" }],
    [true, { cloud: "aws" }],
    [true, { cloud: "gcp" }],
    [false, { cloud: "existing" }],
    [false, { cloud: "existing", zones: "[]" }],
    [true, { cloud: "existing", zones: '["rack-1"]' }],
    [shop.home.cloud !== "digitalocean", { system: "shop" }],
  ])("says %j to whether nodes have zones with %j", (zoned, values) => {
    expect(read(values).zoned).toBe(zoned);
  });

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, number>>]>([
    ["by the database's own incarnation", { incarnations: '{"orders":3}' }, { orders: 3 }],
    ["by the environment's", { incarnation: "2" }, { orders: 2 }],
    ["in a first incarnation", {}, {}],
    ["in a first incarnation of its own", { incarnation: "2", incarnations: '{"orders":1}' }, {}],
    ["without a confirmation", { incarnation: "2", replace: '["kafka"]' }, {}],
    ["without a source", { incarnation: "2", restoreFrom: "{}" }, {}],
    ["with malformed values", { incarnation: "two", replace: "postgres", restoreFrom: "[" }, {}],
  ])("knows what a restore replaces %s", (_, values, expected) => {
    const confirmed = { replace: '["postgres"]', restoreFrom: '{"orders":{"incarnation":1}}' };
    expect(read({ ...confirmed, ...values }).restored).toEqual(expected);
  });

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, number>>]>([
    ["by its incarnation", { incarnations: '{"orders":3}' }, { orders: 3 }],
    ["by the environment's", { incarnation: "2" }, { orders: 2 }],
    ["in a first incarnation", {}, {}],
    ["without a confirmation", { incarnation: "2", replace: '["kafka"]' }, {}],
    ["without a primary", { incarnation: "2", replicaOf: "" }, {}],
    ["of an unknown system", { incarnation: "2", system: "toString" }, {}],
  ])("knows which replica starts again from its primary %s", (_, values, expected) => {
    const database = { ...todoChatbot.databases[0], name: "orders" } as Database;
    const confirmed = { system: "shop", replace: '["postgres"]', replicaOf: "bucket/shop-prod-2" };
    const configured: Readonly<Record<string, string>> = { ...confirmed, ...values };
    const { restored } = readPolicyContext(
      { shop: { ...shop, databases: [database] } },
      { get: (key) => configured[key] },
      KUBERNETES,
    );
    expect(restored).toEqual(expected);
  });

  it("evaluates an unknown environment as production", () => {
    expect(read({ environment: "Staging" }).environment).toBe("prod");
    expect(read({ environment: "staging" }).environment).toBe("staging");
  });

  it("treats everything except staging as production", () => {
    const production = (environment: string): boolean => isProduction(read({ environment }));
    expect(["prod", "dr", "staging", "test"].map(production)).toEqual([true, true, false, true]);
  });

  it("knows no system outside the table, whatever its name", () => {
    expect(read({ system: "toString" }).system).toBeUndefined();
  });

  it("keeps exemptions that are not JSON, so that a policy can report it", () => {
    expect(read({ policyExemptions: "oops" }).exemptions).toBe("oops");
  });

  it.each<[string, Readonly<Record<string, string>>, number]>([
    [
      "the version that is asked for",
      { podSecurityVersion: "v1.29", kubernetesVersion: "1.34" },
      29,
    ],
    ["one without the v", { podSecurityVersion: "1.31" }, 31],
    ["the newest that the pack knows", { podSecurityVersion: "latest", system: "shop" }, Infinity],
    ["that of the cluster", { podSecurityVersion: "", kubernetesVersion: "1.33" }, 33],
    ["that of a cluster with a patch", { kubernetesVersion: "1.34.7-do.2" }, 34],
    [
      "that of the cluster, past a typo",
      { podSecurityVersion: "v1.x", kubernetesVersion: "1.34" },
      34,
    ],
    ["past another major version", { podSecurityVersion: "v2.34", kubernetesVersion: "1.30" }, 30],
    ["past trailing text", { podSecurityVersion: "v1.34x", kubernetesVersion: "1.30" }, 30],
    ["past leading text", { podSecurityVersion: "to v1.34", kubernetesVersion: "1.30" }, 30],
    ["the newest where nothing names a cluster", { cloud: "aws" }, Infinity],
  ])("evaluates pods by %s", (_, values, minor) => {
    expect(read(values).podSecurityMinor).toBe(minor);
  });

  it("evaluates a stack that sets no version by its cloud's default, or that of the system's home", () => {
    const ofStack = (cloud: string): number =>
      read({ system: "shop", kubernetesVersion: "", cloud }).podSecurityMinor;
    expect(["digitalocean", "aws", "gcp", "existing"].map(ofStack)).toEqual([21, 22, 23, 24]);
    const atHome = ofStack(shop.home.cloud);
    expect([ofStack(""), ofStack("toString"), read({ system: "shop" }).podSecurityMinor]).toEqual([
      atHome,
      atHome,
      atHome,
    ]);
  });

  it("reads only keys that Pulumi.yaml declares, with defaults that it understands", () => {
    const { config } = pulumiYaml;
    const keys: string[] = [];
    const policyContext = readPolicyContext(systems, {
      get: (key) => {
        keys.push(key);
        const value = config[key]?.default;
        return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
      },
    });
    expect(keys.sort()).toEqual([
      "cloud",
      "environment",
      "incarnations",
      "kubernetesVersion",
      "podSecurityVersion",
      "policyExemptions",
      "replace",
      "replicaOf",
      "restoreFrom",
      "system",
    ]);
    expect(keys.filter((key) => !Object.hasOwn(config, key))).toEqual([]);
    expect(policyContext).toEqual(read({}));
  });

  it("documents no key that Pulumi.yaml does not declare", () => {
    const guide = readFileSync(join(__dirname, "../docs/enforcement.md"), "utf8");
    const texts = guide + JSON.stringify(POLICIES);
    const named = [...texts.matchAll(/runstack:([A-Za-z]+)\b(?!:)/g)].map(([, key]) => key);
    expect(named).toContain("podSecurityVersion");
    expect(named.filter((key) => !Object.hasOwn(pulumiYaml.config, key ?? ""))).toEqual([]);
  });
});

import { expect, it } from "vitest";
import { SYSTEMS } from "../systems";
import type { Values } from "./keys";
import { cloudHasPlaces, variantAccepted } from "./placement";
import { siteOf } from "./site";

const STANDBY =
  "Redis in the cluster is a single pod, and AENEAS asks for a standby " +
  '(unless its topology in systems/aeneas is "single")';
const SNAPSHOT =
  "the runbook takes a snapshot every 1h (Disaster Recovery / Backup Strategy), and nothing here would; " +
  "if its provider does, say so in systems/aeneas: a backup by its provider";

const values = (cloud: string, environment = "prod") => ({ cloud, environment }) as Values;

it("names the clouds where a service can run that nobody can run on this one", () => {
  const given = values("digitalocean");
  expect(cloudHasPlaces(given, siteOf(given, SYSTEMS.aeneas))).toEqual([
    {
      key: "cloud",
      value: "digitalocean",
      allowed:
        '"aws" or "gcp" for redis: on DigitalOcean nobody can run it, ' +
        `not the cloud or another provider (${SNAPSHOT}), not an operator (${STANDBY})`,
    },
  ]);
});

it("asks for another cloud first, and leaves out what holds on this one only", () => {
  const given = values("existing");
  const site = siteOf(given, SYSTEMS.aeneas);
  expect(cloudHasPlaces(given, site)).toHaveLength(1);
  expect(variantAccepted("postgres")(given, site)).toEqual([]);
});

it("lets staging run anywhere", () => {
  const given = values("existing", "staging");
  expect(cloudHasPlaces(given, siteOf(given, SYSTEMS.aeneas))).toEqual([]);
});

it("offers what all services of a kind accept, because one key chooses for all", () => {
  const given = values("gcp");
  const [cache] = SYSTEMS.aeneas.caches;
  if (cache === undefined) throw new Error("AENEAS has a cache.");
  const single = { ...cache, topology: "single" as const, runs: "external" as const };
  const other = { ...cache, name: "other", runs: "managed" as const };
  const allowed = (...caches: readonly (typeof single | typeof other)[]) =>
    variantAccepted("redis")(given, siteOf(given, { ...SYSTEMS.aeneas, caches })).map(
      (found) => found.allowed.split(":")[0],
    );
  expect(allowed(single)).toEqual(['"managed" or "operator" for redis']);
  expect(allowed(single, other)).toEqual(['"managed" for redis']);
});

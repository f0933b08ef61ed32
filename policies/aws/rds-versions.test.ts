import { expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, evaluate, messages, type Fixture } from "../testing";
import { unknownValues } from "../unknown-values";
import { WHO, all, cluster, instance } from "./rds-testing";

const POSTGRES = 'the supported versions are "14", "15", "16", "17" or "18".';
testPolicy("aws-rds-version-supported", {
  happy: all,
  broken: [
    { at: ["engineVersion"], to: "13.9", says: `${WHO}: engineVersion is "13.9"; ${POSTGRES}` },
    { at: ["engineVersion"], to: "18", says: [] },
    { at: ["engineVersion"], says: [] },
    {
      at: ["engineVersion"],
      to: "13",
      setting: { configuration: { "aws-rds-version-supported": { postgres: ["13"] } } },
      says: [],
    },
    {
      at: ["engine"],
      to: "mysql",
      says: `${WHO}: engineVersion is "16.3"; the supported versions are "8.4".`,
    },
  ],
  unknown: [["engine"], ["engineVersion"]],
});

const UPGRADE = "it must be true, or engineVersion must be an exact minor version.";
const AUTHORITY =
  'the valid certificate authorities are "rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1" or "rds-ca-ecc384-g1".';
testPolicy("aws-rds-upgrades", {
  happy: all,
  broken: [
    {
      at: ["autoMinorVersionUpgrade"],
      to: false,
      says: [],
    },
    { at: ["autoMinorVersionUpgrade"], says: [] },
    {
      at: ["caCertIdentifier"],
      to: "rds-ca-2019",
      says: `${WHO}: caCertIdentifier is "rds-ca-2019"; ${AUTHORITY}`,
    },
    { at: ["caCertIdentifier"], to: 7, says: `${WHO}: caCertIdentifier is 7; ${AUTHORITY}` },
    { at: ["caCertIdentifier"], says: [] },
    {
      at: ["caCertificateIdentifier"],
      of: 2,
      to: "rds-ca-2019",
      says: `Cluster "shop": caCertificateIdentifier is "rds-ca-2019"; ${AUTHORITY}`,
    },
    {
      at: ["autoMinorVersionUpgrade"],
      of: 3,
      to: false,
      says: `ClusterInstance "shop-1": autoMinorVersionUpgrade is false; ${UPGRADE}`,
    },
    {
      at: ["caCertIdentifier"],
      of: 3,
      to: "rds-ca-2019",
      says: `ClusterInstance "shop-1": caCertIdentifier is "rds-ca-2019"; ${AUTHORITY}`,
    },
  ],
  unknown: [["caCertIdentifier"], [2, "caCertificateIdentifier"], [3, "autoMinorVersionUpgrade"]],
});

it.each([
  ["postgres", "17.6", true],
  ["postgres", "17", false],
  ["aurora-postgresql", "16.4", true],
  [undefined, "16.4", true],
  [undefined, "16", false],
  ["mysql", "8.4.6", true],
  ["mysql", "8.4", false],
  ["aurora-mysql", "8.0.mysql_aurora.3.08.0", true],
  ["mariadb", undefined, false],
  ["postgres", UNKNOWN, true],
  [UNKNOWN, "8.4", true],
])("aws-rds-upgrades allows the program to upgrade %s %s: %s", async (engine, version, isRight) => {
  const off = broken(instance(), ["autoMinorVersionUpgrade"], false);
  const fixture = broken(broken(off, ["engine"], engine), ["engineVersion"], version);
  expect(await messages("aws-rds-upgrades", [fixture])).toEqual(
    isRight ? [] : [`${WHO}: autoMinorVersionUpgrade is false; ${UPGRADE}`],
  );
});

it("aws-rds-upgrades counts unknowns that it needs, and does not apply to a cluster", async () => {
  const name = "aws-rds-upgrades";
  const open = async (fixture: Fixture): Promise<number> =>
    (await evaluate([policyNamed(name), unknownValues], [fixture])).length;
  const off = broken(instance(), ["autoMinorVersionUpgrade"], false);
  expect(await open(broken(off, ["engineVersion"], UNKNOWN))).toBe(1);
  expect(await open(broken(off, ["engine"], UNKNOWN))).toBe(1);
  expect(await open(broken(instance(), ["engineVersion"], UNKNOWN))).toBe(0);
  const bare = broken(cluster(), ["engineVersion"]);
  expect(await open(broken(bare, ["autoMinorVersionUpgrade"], false))).toBe(0);
});

it("aws-rds-upgrades takes other authorities from its configuration", async () => {
  const configuration = { "aws-rds-upgrades": { authorities: ["ours", "theirs"] } };
  const fixture = broken(instance(), ["caCertIdentifier"], "theirs");
  expect(await messages("aws-rds-upgrades", [fixture], { configuration })).toEqual([]);
});

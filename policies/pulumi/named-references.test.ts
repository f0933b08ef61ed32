import { expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";

const key = (bucket: unknown): Fixture => ({
  type: "digitalocean:index/spacesKey:SpacesKey",
  name: "key",
  props: { name: "backups", grants: [{ bucket, permission: "readwrite" }] },
});
const bucket = (name: unknown): Fixture => ({
  type: "digitalocean:index/spacesBucket:SpacesBucket",
  name: "bucket",
  props: { name, region: "ams3" },
});
const AT = ["grants", 0, "bucket"];

testPolicy("named-reference", {
  happy: () => [key("shop-backups"), bucket("shop-backups")],
  broken: [
    {
      at: AT,
      to: "shop-backupz",
      says: 'SpacesKey "key": grants[0].bucket is "shop-backupz"; the stack has no such resource: did you mean "shop-backups".',
    },
    { at: AT, to: "other", says: [] },
    { at: AT, says: [] },
    { at: ["grants"], says: [] },
  ],
  unknown: [],
});

it("says nothing of names that are unknown, or of resources outside of the stack", async () => {
  const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
    messages("named-reference", resources);
  expect(await said(key(UNKNOWN), bucket("a"))).toEqual([]);
  expect(await said(key("shop-backupz"), bucket(UNKNOWN))).toEqual([]);
  expect(await said(key("shop-backupz"))).toEqual([]);
});

it("follows each kind of name to its own kind of resource", async () => {
  const instance = (identifier: string, replicateSourceDb?: string): Fixture => ({
    type: "aws:rds/instance:Instance",
    name: identifier,
    props: { identifier, instanceClass: "db.m6g.large", replicateSourceDb },
  });
  const said = (source: string): Promise<readonly string[]> =>
    messages("named-reference", [instance("shop"), instance("shop-read", source)]);
  expect(await said("shop")).toEqual([]);
  expect(await said("shopx")).toEqual([
    'Instance "shop-read": replicateSourceDb is "shopx"; the stack has no such resource: did you mean "shop".',
  ]);
});

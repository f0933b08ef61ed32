import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import type { Key } from "../values";

const cluster = (): Fixture => ({
  type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
  name: "orders",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: {
      instances: 3,
      enableSuperuserAccess: false,
      plugins: [{ name: "barman-cloud.cloudnative-pg.io", isWALArchiver: true, enabled: true }],
      postgresql: { pg_hba: ["hostssl all app all scram-sha-256", "hostnossl all all all reject"] },
    },
  },
});
const schedule = (): Fixture => ({
  type: "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup",
  name: "orders-daily",
  props: {
    metadata: { name: "orders-daily", namespace: "shop" },
    spec: { cluster: { name: "orders" }, schedule: "0 15 1 * * *", suspend: false },
  },
});
const WHO = 'Cluster "shop/orders"';

const few = (found: string, least = 2): string =>
  `${WHO}: spec.instances is ${found}; production needs ${String(least)} or more.`;
testPolicy("postgres-standby", {
  happy: cluster,
  broken: [
    { at: ["spec", "instances"], to: 2, says: [] },
    { at: ["spec", "instances"], to: 1, says: few("1") },
    { at: ["spec", "instances"], says: few("missing") },
    {
      at: ["spec", "instances"],
      to: 3,
      says: few("3", 4),
      setting: { configuration: { "postgres-standby": { least: 4 } } },
    },
  ],
  unknown: [["spec", "instances"]],
});

describe("backups", () => {
  const log = `${WHO} does not archive its WAL: add a plugin with isWALArchiver true to spec.plugins.`;
  const base = `${WHO} has no base backups: add a ScheduledBackup that names it.`;
  const PLUGIN: readonly Key[] = ["spec", "plugins", 0];
  testPolicy("postgres-backup", {
    happy: () => [cluster(), schedule()],
    broken: [
      { at: ["spec", "plugins"], says: log },
      { at: [...PLUGIN, "isWALArchiver"], to: false, says: log },
      { at: [...PLUGIN, "isWALArchiver"], says: log },
      { at: [...PLUGIN, "enabled"], to: false, says: log },
      { at: [...PLUGIN, "enabled"], says: [] },
      {
        at: ["spec"],
        to: { backup: { barmanObjectStore: { destinationPath: "s3://b" } } },
        says: [],
      },
      { of: 1, at: ["spec", "cluster", "name"], to: "cart", says: base },
      { of: 1, at: ["spec", "suspend"], to: true, says: base },
      { of: 1, at: ["spec", "suspend"], says: [] },
      { of: 1, at: ["metadata", "namespace"], to: "stock", says: base },
      { at: ["spec"], to: {}, says: log },
    ],
    unknown: [
      ["metadata", "name"],
      ["metadata", "namespace"],
      ["spec", "plugins"],
      PLUGIN,
      [...PLUGIN, "isWALArchiver"],
      [...PLUGIN, "enabled"],
      [1, "spec"],
      [1, "spec", "cluster", "name"],
      [1, "spec", "suspend"],
      [1, "metadata", "namespace"],
    ],
  });

  it("distinguishes known from unknown backups", async () => {
    const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
      messages("postgres-backup", fixture);
    const nameless = broken(broken(cluster(), ["metadata", "name"], UNKNOWN), ["spec"], {});
    expect(await reported(nameless)).toEqual([log]);
    const off = broken(cluster(), PLUGIN, { isWALArchiver: UNKNOWN, enabled: false });
    expect(await reported(off, schedule())).toEqual([log]);
    const open = broken(schedule(), ["spec", "cluster", "name"], UNKNOWN);
    const elsewhere = "urn:pulumi:prod::p::pulumi:providers:kubernetes::x";
    expect(await reported(cluster(), { ...open, provider: elsewhere })).toEqual([base]);
    expect(await reported(cluster(), broken(open, ["spec", "suspend"], true))).toEqual([base]);
  });

  testPolicy("postgres-backup", {
    happy: () => {
      const fixture = cluster();
      return [
        { ...fixture, props: { ...fixture.props, spec: { backup: { barmanObjectStore: {} } } } },
        schedule(),
      ];
    },
    broken: [{ at: ["spec", "backup"], says: log }],
    unknown: [["spec", "backup", "barmanObjectStore"]],
  });
});

describe("connections", () => {
  const HBA: readonly Key[] = ["spec", "postgresql", "pg_hba"];
  const open = (found: string): string =>
    `${WHO}: spec.postgresql.pg_hba is ${found}; connections without TLS are accepted: add "hostnossl all all all reject".`;
  const trusted = (line: string): string =>
    `${WHO}: spec.postgresql.pg_hba[0] is "${line}"; it admits anyone: require scram-sha-256 or a certificate.`;
  testPolicy("postgres-connections", {
    happy: cluster,
    broken: [
      { at: HBA, says: open("missing") },
      { at: HBA, to: [], says: open("[]") },
      ...[
        "hostnossl all app all reject",
        "hostnossl app all all reject",
        "hostnossl all all 10.0.0.0/8 reject",
        "hostnossl all all all md5",
        "host all all all reject",
      ].map((line) => ({ at: HBA, to: [line], says: open(JSON.stringify([line])) })),
      { at: HBA, to: ["  hostnossl  all all 0.0.0.0/0 reject"], says: [] },
      ...[
        "host all all all trust",
        "hostssl all all 10.0.0.0/8 trust ",
        "hostnossl all all all trust",
      ].map((line) => ({ at: [...HBA, 0], to: line, says: trusted(line) })),
      { at: [...HBA, 0], to: "local all all trust", says: [] },
      { at: [...HBA, 0], to: "host all trust all md5", says: [] },
    ],
    unknown: [HBA, [...HBA, 1]],
  });
});

testPolicy("postgres-superuser", {
  happy: cluster,
  broken: [
    {
      at: ["spec", "enableSuperuserAccess"],
      to: true,
      says: `${WHO}: spec.enableSuperuserAccess is true; it must be false.`,
    },
    { at: ["spec", "enableSuperuserAccess"], says: [] },
  ],
  unknown: [["spec", "enableSuperuserAccess"]],
});

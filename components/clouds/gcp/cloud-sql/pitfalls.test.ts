import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind } from "../../../kit/testing";
import { create } from "./testing";

const settings = (resources: Parameters<typeof inputsOf>[0], name: string) =>
  inputsOf(resources, name)["settings"] as Readonly<Record<string, unknown>>;

describe("Cloud SQL's peculiarities", () => {
  it("the edition is always set, whatever PostgreSQL's version", async () => {
    const { resources } = await create({ version: "17" });
    for (const { inputs } of ofKind(resources, "DatabaseInstance")) {
      expect(inputs).toMatchObject({
        databaseVersion: "POSTGRES_17",
        settings: { edition: "ENTERPRISE", tier: "db-custom-4-15360" },
      });
    }
  });

  it("every instance waits for the peering", async () => {
    const { resources } = await create();
    for (const { dependsOn } of ofKind(resources, "DatabaseInstance")) {
      expect(dependsOn).toEqual(["the-peering"]);
    }
  });

  it("no instance has a public address, and the primary has a standby", async () => {
    const { resources } = await create();
    for (const name of ["db-instance", "db-read-1", "db-read-2"]) {
      expect(settings(resources, name)).toMatchObject({ ipConfiguration: { ipv4Enabled: false } });
    }
    expect(settings(resources, "db-instance")["availabilityType"]).toBe("REGIONAL");
  });

  it.each([
    [true, "PREVENT", ["db-database", "db-instance", "db-read-1", "db-read-2"]],
    [false, "DELETE", []],
  ])(
    "all layers of protection are on or off together: %s",
    async (protect, deletionPolicy, names) => {
      const { resources } = await create({ protect });
      expect(
        resources.filter(({ options }) => options.protect === true).map(({ name }) => name),
      ).toEqual(names);
      for (const { inputs } of ofKind(resources, "DatabaseInstance")) {
        expect(inputs).toMatchObject({
          deletionProtection: protect,
          deletionPolicy,
          settings: { deletionProtectionEnabled: protect },
        });
      }
    },
  );

  it.each([
    [{ protect: false }, false],
    [{ protect: false, keepBackups: true }, true],
    [{ protect: true }, true],
    [{ protect: true, keepBackups: false }, false],
  ])("after the first step of a removal, %j, the data is kept: %s", async (changes, kept) => {
    const { resources } = await create(changes);
    expect(settings(resources, "db-instance")).toMatchObject({
      retainBackupsOnDelete: kept,
      finalBackupConfig: kept ? { enabled: true, retentionDays: 30 } : { enabled: false },
    });
    expect("finalBackupDescription" in inputsOf(resources, "db-instance")).toBe(kept);
  });

  it("the initial disk size never shrinks a disk that has grown, which would replace it", async () => {
    const { resources } = await create();
    for (const { options } of ofKind(resources, "DatabaseInstance")) {
      expect(options.ignoreChanges).toEqual(["settings.diskSize"]);
    }
  });

  it("values of flags are strings", async () => {
    const { resources } = await create({ parameters: { max_connections: "250" } });
    const flags = settings(resources, "db-instance")["databaseFlags"] as { value: unknown }[];
    expect(flags).toHaveLength(9);
    expect(flags.filter(({ value }) => typeof value !== "string")).toEqual([]);
  });

  it("database and user are abandoned, because Google cannot drop them while in use", async () => {
    const { resources } = await create({ protect: false });
    expect(
      ["db-database", "db-user"].map((name) => inputsOf(resources, name)["deletionPolicy"]),
    ).toEqual(["ABANDON", "ABANDON"]);
  });

  it("a slow creation of an instance does not count as failed", async () => {
    const { resources } = await create();
    expect(named(resources, "db-read-1").options.customTimeouts).toEqual({
      create: "90m",
      update: "90m",
      delete: "90m",
    });
  });
});

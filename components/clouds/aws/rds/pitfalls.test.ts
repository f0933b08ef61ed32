import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind } from "../../../kit/testing";
import { create } from "./testing";

describe("RDS' peculiarities", () => {
  it("the password is managed here, because Amazon's management does not support read replicas", async () => {
    const { resources } = await create();
    const instances = ofKind(resources, "Instance");
    expect(instances).toHaveLength(3);
    for (const { inputs } of instances)
      expect(inputs).not.toHaveProperty("manageMasterUserPassword");
    expect(inputsOf(resources, "db-instance")["password"]).toEqual({
      $secret: "generated-password",
    });
  });

  it("a primary has backups, which replicas require", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-instance")["backupRetentionPeriod"]).toBe(21);
  });

  it("a final snapshot has a generated name, and a replica has none", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-instance")).toMatchObject({
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "bikes-prod-db-final-0a1b2c3d",
    });
    expect(inputsOf(resources, "db-final-snapshot")).toEqual({
      byteLength: 4,
      keepers: { identifier: "bikes-prod-db" },
    });
    for (const name of ["db-read-1", "db-read-2"]) {
      expect(inputsOf(resources, name)["skipFinalSnapshot"]).toBe(true);
      expect(inputsOf(resources, name)).not.toHaveProperty("finalSnapshotIdentifier");
    }
  });

  it("a log group is deleted after its instance, which would recreate it", async () => {
    const { resources } = await create();
    expect(named(resources, "db-instance").dependsOn).toEqual([
      "db-log-postgresql",
      "db-log-upgrade",
      "db-monitoring-policy",
    ]);
  });

  it.each([true, false])("resources with data are protected twice: %s", async (protect) => {
    const { resources } = await create({ protect });
    const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
    expect(names).toEqual(
      protect
        ? [
            "db-instance",
            "db-pooler-secret",
            "db-read-1",
            "db-read-2",
            "db-recovery-key",
            "db-recovery-replication",
          ]
        : [],
    );
    expect(ofKind(resources, "Instance").map(({ inputs }) => inputs["deletionProtection"])).toEqual(
      [protect, protect, protect],
    );
  });

  it.each([
    [{ protect: false }, false],
    [{ protect: false, keepBackups: true }, true],
    [{ protect: true }, true],
    [{ protect: true, keepBackups: false }, false],
  ])("after the first step of a removal, %j, the data is kept: %s", async (changes, kept) => {
    const { resources } = await create(changes);
    const { skipFinalSnapshot, deleteAutomatedBackups, finalSnapshotIdentifier } = inputsOf(
      resources,
      "db-instance",
    );
    expect([skipFinalSnapshot, deleteAutomatedBackups]).toEqual([!kept, !kept]);
    expect(finalSnapshotIdentifier !== undefined).toBe(kept);
  });

  it("extended support is set at creation only, because it cannot be changed", async () => {
    const { resources } = await create();
    expect(named(resources, "db-instance").options.ignoreChanges).toContain(
      "engineLifecycleSupport",
    );
    expect(inputsOf(resources, "db-instance")["engineLifecycleSupport"]).toBe(
      "open-source-rds-extended-support-disabled",
    );
  });

  it("groups have generated names, so that a new one can exist next to the old", async () => {
    const { resources } = await create();
    for (const name of ["db-subnets", "db-parameters", "db-security-group", "db-monitoring"]) {
      expect(inputsOf(resources, name)).not.toHaveProperty("name");
    }
  });

  it("a slow creation of an instance does not count as failed", async () => {
    const { resources } = await create();
    for (const { options } of ofKind(resources, "Instance")) {
      expect(options.customTimeouts).toEqual({ create: "90m", update: "120m", delete: "90m" });
    }
  });

  it("descriptions of security groups only have characters that EC2 accepts", async () => {
    const { resources } = await create();
    const said = resources
      .filter(({ type }) => type.includes("ecurityGroup"))
      .map(({ inputs }) => inputs["description"]);
    expect(said).toHaveLength(6);
    for (const one of said) expect(one).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
  });
});

import { describe, expect, it } from "vitest";
import type { WireObject } from "../../../offline/wire";
import { Trial } from "../testing";

const ON = (network: string): WireObject => ({
  settings: { ipConfiguration: { privateNetwork: network } },
});

describe("Google Cloud", () => {
  it.each([["network"], ["sql"], ["gke"], ["ring"]] as const)(
    "refuses a second %s of a name",
    async (kind) => {
      const trial = new Trial();
      await trial.make(kind, { name: "bikes" });
      await expect(trial.make(kind, { name: "bikes" })).rejects.toThrow(
        "googleapi: Error 409: bikes already exists, alreadyExists",
      );
      await trial.make(kind, { name: "boats" });
    },
  );

  it("refuses a second bucket of a name on earth, and keeps one with objects", async () => {
    const trial = new Trial();
    const bucket = await trial.make("gcs", { name: "bikes", location: "us-east1" });
    await expect(trial.make("gcs", { name: "bikes", location: "europe-west1" })).rejects.toThrow(
      "you already own it., conflict",
    );
    trial.world.put("bikes", "dump/1");
    await expect(trial.delete(bucket)).rejects.toThrow("is not empty., conflict");
  });

  it.each([
    ["gke", "network", "The resource 'other' was not found"],
    ["gke", "subnetwork", "The resource 'other' was not found"],
    ["gkePool", "cluster", "Not found: other."],
    ["sqlUser", "instance", "The Cloud SQL instance does not exist: other."],
  ] as const)("refuses a %s whose %s does not exist", async (kind, at, message) => {
    await expect(new Trial().make(kind, { [at]: "other" })).rejects.toThrow(message);
  });

  it("runs a zonal cluster in the subnetwork of its region", async () => {
    const trial = new Trial();
    const { outputs } = await trial.make("subnetwork", { region: "us-central1" });
    const subnetwork = outputs["selfLink"] ?? "";
    const cluster = await trial.make("gke", { subnetwork, location: "us-central1-b" });
    expect(cluster.region).toBe("us-central1");
    await expect(trial.make("gke", { subnetwork, location: "us-east1" })).rejects.toThrow(
      "was not found, notFound",
    );
  });

  it("keeps a network that something uses, and a peering for days after its last database", async () => {
    const trial = new Trial();
    const network = await trial.make("network");
    await expect(trial.make("sql", ON(network.id))).rejects.toThrow("NETWORK_NOT_PEERED");
    await expect(trial.make("sql", ON("other"))).rejects.toThrow("Invalid network other");
    const peering = await trial.make("peering", { network: network.id });
    const database = await trial.make("sql", ON(network.id));
    await expect(trial.delete(network)).rejects.toThrow("resourceInUseByAnotherResource");
    await trial.delete(database);
    trial.days = 3;
    await expect(trial.delete(peering)).rejects.toThrow("Producer services");
    trial.days = 5;
    await trial.delete(peering);
    await trial.delete(network);
    expect(trial.world.things).toEqual([]);
  });

  it("gives the name of a deleted database again at once", async () => {
    const trial = new Trial();
    await trial.delete(await trial.make("sql", { name: "bikes" }));
    expect((await trial.make("sql", { name: "bikes" })).id).toBe("bikes");
  });

  it("deletes a replica before its primary", async () => {
    const trial = new Trial();
    const primary = await trial.make("sql", { name: "bikes" });
    const replica = await trial.make("sql", { masterInstanceName: "bikes" });
    await expect(trial.delete(primary)).rejects.toThrow("has read replicas");
    await trial.delete(replica);
    await trial.delete(primary);
  });

  it.each([
    ["gke", { deletionProtection: true }, "deletion_protection is set to true"],
    ["sql", { settings: { deletionProtectionEnabled: true } }, "The instance is protected."],
    ["network", { deletionPolicy: "PREVENT" }, 'without setting deletion_policy="DELETE"'],
  ] as const)("keeps a %s that is protected by %j", async (kind, inputs, message) => {
    const trial = new Trial();
    const thing = await trial.make(kind, inputs);
    await expect(trial.delete(thing)).rejects.toThrow(message);
    trial.update(thing, { settings: {} });
    await trial.delete(thing);
    expect(trial.world.things).toEqual([]);
  });

  it("never deletes a key ring, and leaves what is abandoned to what it is a part of", async () => {
    const trial = new Trial();
    await trial.delete(await trial.make("ring", { name: "bikes" }));
    await expect(trial.make("ring", { name: "bikes" })).rejects.toThrow("already exists");
    const database = await trial.make("sql", { name: "boats" });
    const user = await trial.make("sqlUser", { instance: "boats", deletionPolicy: "ABANDON" });
    await trial.delete(user);
    expect(trial.world.things).toContainEqual(user);
    await trial.delete(database);
    expect(trial.world.things.map(({ name }) => name)).toEqual(["bikes"]);
  });
});

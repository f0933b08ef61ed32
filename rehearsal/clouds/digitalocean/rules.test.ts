import { describe, expect, it } from "vitest";
import { Trial } from "../testing";

describe("DigitalOcean", () => {
  it.each([
    ["doVpc", "the name bikes is already in use by another VPC"],
    ["doks", "a cluster with this name already exists: bikes"],
    ["doDatabase", "database cluster name is not available: bikes"],
    ["spaces", "BucketAlreadyExists: The requested bucket name is not available"],
  ] as const)("refuses a second %s of a name, in any region", async (kind, message) => {
    const trial = new Trial();
    await trial.make(kind, { name: "bikes", region: "nyc3" });
    await expect(trial.make(kind, { name: "bikes", region: "sfo3" })).rejects.toThrow(message);
    await trial.make(kind, { name: "boats", region: "nyc3" });
  });

  it("refuses networks that overlap", async () => {
    const trial = new Trial();
    await trial.make("doVpc", { ipRange: "10.7.0.0/20", region: "nyc3" });
    await expect(trial.make("doVpc", { ipRange: "10.7.8.0/24", region: "sfo3" })).rejects.toThrow(
      "This range/size overlaps with another VPC network in your account: 10.7.0.0/20",
    );
    await trial.make("doVpc", { ipRange: "10.7.16.0/20", region: "sfo3" });
  });

  it("refuses a cluster in a network of another region", async () => {
    const trial = new Trial();
    const { id: vpcUuid } = await trial.make("doVpc", { region: "nyc3" });
    await trial.make("doks", { vpcUuid, region: "nyc3" });
    await expect(trial.make("doks", { vpcUuid, region: "sfo3" })).rejects.toThrow(
      `422 VPC ${vpcUuid} not found in sfo3`,
    );
  });

  it("refuses what belongs to a cluster that does not exist, and a topic of the same name", async () => {
    const trial = new Trial();
    const { id: clusterId } = await trial.make("doDatabase", { engine: "kafka", region: "nyc3" });
    const topic = await trial.make("doTopic", { clusterId, name: "orders" }, "");
    expect(topic.region).toBe("nyc3");
    await expect(trial.make("doTopic", { clusterId, name: "orders" })).rejects.toThrow(
      "409 orders already exists",
    );
    await expect(trial.make("doTopic", { clusterId: "other", name: "orders" })).rejects.toThrow(
      "databases/other: 404 cluster not found",
    );
    await expect(trial.make("doPool", { clusterId: "other" })).rejects.toThrow(
      "404 kubernetes cluster not found",
    );
  });

  it("creates no Redis any more", async () => {
    const trial = new Trial();
    await expect(trial.make("doDatabase", { engine: "redis" })).rejects.toThrow("use Valkey");
    await trial.make("doDatabase", { engine: "valkey" });
  });

  it("keeps a network with members, and a bucket with objects", async () => {
    const trial = new Trial();
    const vpc = await trial.make("doVpc", { region: "nyc3" });
    const database = await trial.make("doDatabase", { privateNetworkUuid: vpc.id, region: "nyc3" });
    await expect(trial.delete(vpc)).rejects.toThrow("409 Can not delete VPC with members");
    await trial.delete(database);
    await trial.delete(vpc);
    const bucket = await trial.make("spaces", { name: "bikes", region: "nyc3" });
    trial.world.put("bikes", "dump/1");
    await expect(trial.delete(bucket)).rejects.toThrow("BucketNotEmpty");
    expect(trial.world.things).toEqual([bucket]);
  });
});

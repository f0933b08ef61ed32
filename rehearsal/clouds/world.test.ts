import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Access, Clusters } from "../contract";
import { Trial, TYPES } from "./testing";
import { keepsName } from "./world";

const ACCESS: Access = { server: "https://127.0.0.1:6443", authority: "PEM", token: "t0ken" };
const BASE64 = Buffer.from("PEM").toString("base64");

const someFile = (): string => join(mkdtempSync(join(tmpdir(), "runstack-clouds-")), "clouds.json");

class Recorded implements Clusters {
  readonly said: string[] = [];

  created(id: string): Promise<Access> {
    this.said.push(`created ${id}`);
    return Promise.resolve(ACCESS);
  }

  deleted(id: string): Promise<void> {
    this.said.push(`deleted ${id}`);
    return Promise.resolve();
  }
}

describe("the simulated clouds", () => {
  it("read what they stored with its inputs, and nothing of what does not exist", async () => {
    const trial = new Trial();
    const vpc = await trial.make("vpc", { cidrBlock: "10.7.0.0/16" });
    expect(trial.world.read(trial.callOf(vpc))).toEqual(vpc);
    expect(vpc.inputs).toEqual({ cidrBlock: "10.7.0.0/16" });
    expect(trial.world.read({ ...trial.callOf(vpc), id: "vpc-other" }).id).toBe("");
    trial.world.drop([vpc]);
    expect(trial.world.read(trial.callOf(vpc)).id).toBe("");
  });

  it("keep what only they know when an input changes, and refuse a change of what is gone", async () => {
    const trial = new Trial();
    const vpcConfig = { endpointPrivateAccess: false };
    const cluster = await trial.make("eks", { name: "bikes", vpcConfig });
    trial.update(cluster, { name: "bikes", vpcConfig: { endpointPrivateAccess: true } });
    const [changed] = trial.world.things;
    expect(changed?.outputs["vpcConfig"]).toMatchObject({ endpointPrivateAccess: true });
    expect(changed?.outputs["vpcConfig"]).toHaveProperty("clusterSecurityGroupId");
    trial.world.drop([cluster]);
    expect(() => {
      trial.update(cluster, {});
    }).toThrow("does not exist");
  });

  it("go on from the file, and give no id twice", async () => {
    const file = someFile();
    const first = new Trial(file);
    const vpc = await first.make("vpc");
    first.world.put("bikes", "dump/1");
    const second = new Trial(file);
    expect(second.world.things).toEqual([vpc]);
    expect(second.world.objectsIn("bikes")).toBe(1);
    expect((await second.make("vpc")).id).not.toBe(vpc.id);
  });

  it("delete what is gone already, and with a thing its parts", async () => {
    const trial = new Trial();
    const bucket = await trial.make("s3", { bucket: "bikes" });
    const policy = await trial.make("s3Policy", { bucket: "bikes" });
    await trial.delete(bucket);
    expect(trial.world.things).toEqual([]);
    await trial.delete(policy);
  });

  it("lose a region with all that is in it, and keep what belongs to none", async () => {
    const clusters = new Recorded();
    const trial = new Trial(undefined, clusters);
    const role = await trial.make("role");
    const bucket = await trial.make("s3", { bucket: "bikes" });
    const cluster = await trial.make("eks", { name: "bikes" });
    const elsewhere = await trial.make("s3", { bucket: "boats" }, "us-west-2");
    await trial.world.lose("us-east-1");
    expect(trial.world.things).toEqual([role, elsewhere]);
    expect(clusters.said).toEqual(["created bikes", "deleted bikes"]);
    const lost = "lookup s3.us-east-1.amazonaws.com: no such host";
    expect(() => trial.world.read(trial.callOf(bucket))).toThrow(lost);
    await expect(trial.make("s3")).rejects.toThrow(lost);
    await expect(trial.delete(cluster)).rejects.toThrow("eks.us-east-1.amazonaws.com");
    await expect(trial.make("s3", { bucket: "bikes" }, "us-west-2")).rejects.toThrow(
      "BucketAlreadyOwnedByYou",
    );
    await trial.make("role");
  });

  it.each([
    ["doks", "https://api.digitalocean.com/v2: 503 (region nyc3) Service unavailable"],
    ["gke", "googleapi: Error 503: The service is currently unavailable: container in nyc3"],
  ] as const)("say of a lost region what the client of %s says", async (kind, message) => {
    const trial = new Trial();
    await trial.world.lose("nyc3");
    await expect(trial.make(kind, {}, "nyc3")).rejects.toThrow(message);
  });

  it.each([
    ["eks", { endpoint: ACCESS.server, certificateAuthority: { data: BASE64 } }],
    ["gke", { controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: "127.0.0.1:6443" } } }],
    ["gke", { endpoint: "127.0.0.1:6443", masterAuth: { clusterCaCertificate: BASE64 } }],
    ["doks", { endpoint: ACCESS.server }],
  ] as const)("lead from a %s to its control plane", async (kind, outputs) => {
    const clusters = new Recorded();
    const file = someFile();
    const trial = new Trial(file, clusters);
    const cluster = await trial.make(kind, { name: "bikes" });
    expect(cluster.outputs).toMatchObject(outputs);
    expect(trial.world.tokenOf(cluster.id)).toBe("t0ken");
    expect(trial.world.tokenOf(ACCESS.server)).toBe("t0ken");
    expect(new Trial(file).world.tokenOf("bikes")).toBe("t0ken");
    await trial.delete(cluster);
    expect(clusters.said).toEqual([`created ${cluster.id}`, `deleted ${cluster.id}`]);
    expect(() => trial.world.tokenOf("bikes")).toThrow("No cluster found for name: bikes.");
  });

  it("let a replacement go first that keeps the name of what it replaces", () => {
    const named = { identifier: "bikes" };
    expect(keepsName(TYPES.rds, named, { ...named, engine: "postgres" })).toBe(true);
    expect(keepsName(TYPES.rds, named, { identifier: "boats" })).toBe(false);
    expect(keepsName(TYPES.rds, {}, {})).toBe(false);
    expect(keepsName(TYPES.nodes, named, named)).toBe(false);
  });
});

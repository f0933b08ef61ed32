import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { isSecret, refusal, register, valueOf } from "../kit/testing";
import { checkExternal, ExternalKafka, type ExternalKafkaArguments } from "./external";

const user = (username: string) => ({
  username,
  password: pulumi.output(`password of ${username}`),
});

const args: ExternalKafkaArguments = {
  brokers: ["k2.example.com:9095", "k1.example.com:9093", "k3.example.com:9093"],
  authentication: "scram-sha-256",
  application: user("rider"),
  monitor: user("watcher"),
};

const create = (changes: Partial<ExternalKafkaArguments> = {}) =>
  register((options) => new ExternalKafka("bus", { ...args, ...changes }, options));

describe("an external Kafka", () => {
  it("creates nothing", async () => {
    const { result, resources } = await create();
    await valueOf(result.urn);
    expect(resources).toEqual([]);
    expect(result.ready).toEqual([]);
  });

  it("returns what was configured", async () => {
    const { result } = await create({ certificateAuthority: pulumi.output("PEM") });
    expect(await valueOf(result.brokers)).toBe(args.brokers.join(","));
    expect([result.tls, result.authentication]).toEqual([true, "scram-sha-256"]);
    expect(await valueOf(pulumi.output(result.certificateAuthority))).toBe("PEM");
    expect((await create()).result.certificateAuthority).toBeUndefined();
    expect(await valueOf(result.users.application.name)).toBe("rider");
    expect(await valueOf(result.users.monitor.password)).toBe("password of watcher");
  });

  it("keeps passwords secret, even if they are given as plain text", async () => {
    const { result } = await create();
    expect(await isSecret(result.users.application.password)).toBe(true);
    expect(await isSecret(result.users.monitor.password)).toBe(true);
  });

  it("is monitored by the application's user by default", async () => {
    const { monitor, ...one } = args;
    expect(monitor?.username).toBe("watcher");
    const { result } = await register((options) => new ExternalKafka("bus", one, options));
    expect(await valueOf(result.users.monitor.name)).toBe("rider");
  });

  it("is reached over the internet on each port", async () => {
    const { result } = await create();
    expect(result.reach).toEqual([
      { kind: "internet", port: 9093 },
      { kind: "internet", port: 9095 },
    ]);
  });
});

describe("invalid broker addresses", () => {
  const said = (changes: Partial<ExternalKafkaArguments>) =>
    refusal(() => {
      checkExternal("bus", { ...args, ...changes });
    });

  it.each<[Partial<ExternalKafkaArguments>, string]>([
    [
      { brokers: [] },
      "brokers is empty, but must be one or more addresses like host:port. With two or more, clients can connect while one is down.",
    ],
    [
      { brokers: ["kafka+ssl://k1.example.com:9093"] },
      'brokers is "kafka+ssl://k1.example.com:9093", but must be like host:port. Give only the host and the port.',
    ],
    [
      { brokers: ["k1.example.com"] },
      'brokers is "k1.example.com", but must be like host:port. Give only the host and the port.',
    ],
    [
      { brokers: ["172.20.1.2:9093"] },
      'brokers is "172.20.1.2:9093", but must be a public address. Network policies allow clients to reach only public addresses.',
    ],
    [
      { brokers: ["k1.example.com:70000"] },
      "brokers is 70000, but must be 1 to 65535. Check the brokers' addresses.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(said(changes)).toBe(`ExternalKafka bus: ${expected}`);
  });

  it.each<[Partial<ExternalKafkaArguments>]>([[{}], [{ brokers: ["172.32.1.2:9093"] }]])(
    "accepts %j",
    (changes) => {
      expect(said(changes)).toBe("");
    },
  );
});

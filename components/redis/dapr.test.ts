import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { valueOf } from "../kit/testing";
import { daprConnection } from "./dapr";

const store = {
  host: pulumi.output("s.example.com"),
  port: pulumi.output(6391),
  username: pulumi.output("keeper"),
  mode: "standalone",
  certificateAuthority: undefined,
} as const;

describe("Dapr's connection to Redis", () => {
  it("names the node, and verifies who answers where the operating system can", async () => {
    expect(await valueOf(pulumi.output(daprConnection(store)))).toEqual([
      { name: "redisHost", value: "s.example.com:6391" },
      { name: "redisType", value: "node" },
      { name: "redisUsername", value: "keeper" },
      { name: "enableTLS", value: "true" },
    ]);
  });

  it("follows redirections between shards in cluster mode", () => {
    expect(daprConnection({ ...store, mode: "cluster" })).toContainEqual({
      name: "redisType",
      value: "cluster",
    });
  });

  it("Dapr takes no certificate authority, so a private one cannot be verified", () => {
    const unverified = { name: "insecureSkipTLSVerify", value: "true" };
    expect(daprConnection(store)).not.toContainEqual(unverified);
    expect(daprConnection({ ...store, certificateAuthority: pulumi.output("PEM") })).toContainEqual(
      unverified,
    );
    expect(
      daprConnection({ ...store, certificateAuthoritySecret: { name: "tls", key: "ca.crt" } }),
    ).toContainEqual(unverified);
  });

  it("an engine without users is signed in to with an empty name", async () => {
    const connection = daprConnection({ ...store, username: pulumi.output("") });
    expect(await valueOf(pulumi.output(connection[2]))).toEqual({
      name: "redisUsername",
      value: "",
    });
  });
});

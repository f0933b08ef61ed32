import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { valueOf } from "../kit/testing";
import { daprConnection } from "./dapr-redis";

const store = {
  host: pulumi.output("s.example.com"),
  port: pulumi.output(6391),
  username: pulumi.output("keeper"),
  mode: "standalone",
  certificateAuthority: undefined,
} as const;

describe("Dapr's connection to Redis", () => {
  it("has the address, and verifies the certificate if the operating system trusts its CA", async () => {
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

  it("Dapr has no setting for a CA, so a private one cannot be verified", () => {
    const unverified = { name: "insecureSkipTLSVerify", value: "true" };
    expect(daprConnection(store)).not.toContainEqual(unverified);
    expect(daprConnection({ ...store, certificateAuthority: pulumi.output("PEM") })).toContainEqual(
      unverified,
    );
    expect(
      daprConnection({ ...store, certificateAuthoritySecret: { name: "tls", key: "ca.crt" } }),
    ).toContainEqual(unverified);
  });

  it("for an engine without users the name is empty", async () => {
    const connection = daprConnection({ ...store, username: pulumi.output("") });
    expect(await valueOf(pulumi.output(connection[2]))).toEqual({
      name: "redisUsername",
      value: "",
    });
  });
});

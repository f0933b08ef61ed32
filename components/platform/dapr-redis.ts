import * as pulumi from "@pulumi/pulumi";
import type { ComponentMetadata } from "./dapr-objects";
import type { Redis } from "../redis/contract";

/**
 * How Dapr's `state.redis` connects to a store, the password apart. Its words are those of
 * dapr/components-contrib at the version of the chart, `common/component/redis/settings.go`.
 */
export function daprConnection(
  redis: Pick<
    Redis,
    "host" | "port" | "username" | "mode" | "certificateAuthority" | "certificateAuthoritySecret"
  >,
): ComponentMetadata {
  const known =
    redis.certificateAuthority === undefined && redis.certificateAuthoritySecret === undefined;
  return [
    { name: "redisHost", value: pulumi.interpolate`${redis.host}:${redis.port}` },
    { name: "redisType", value: redis.mode === "cluster" ? "cluster" : "node" },
    // Empty is no name to Dapr: it then signs in with the password alone.
    { name: "redisUsername", value: redis.username },
    { name: "enableTLS", value: "true" },
    // Since 1.18 Dapr verifies, and trusts only whom the operating system trusts: the component
    // takes no authority. Encrypted without proof of who answers is what remains for the others.
    ...(known ? [] : [{ name: "insecureSkipTLSVerify", value: "true" }]),
  ];
}

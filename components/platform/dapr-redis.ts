import * as pulumi from "@pulumi/pulumi";
import type { ComponentMetadata } from "./dapr-objects";
import type { Redis } from "../redis/contract";

/**
 * Connection settings of Dapr's `state.redis`, without the password. Their names come from
 * dapr/components-contrib at the chart's version, `common/component/redis/settings.go`.
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
    // Dapr treats an empty name as none, and signs in with the password only.
    { name: "redisUsername", value: redis.username },
    { name: "enableTLS", value: "true" },
    // Since 1.18 Dapr verifies certificates against the operating system's trust store only: the
    // component has no setting for a CA. For the other stores, the connection is encrypted but not
    // verified.
    ...(known ? [] : [{ name: "insecureSkipTLSVerify", value: "true" }]),
  ];
}

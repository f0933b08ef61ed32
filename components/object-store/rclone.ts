import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ObjectStore } from "./contract";

/** A bucket as pods with rclone reach it. */
export interface StoreAccess {
  readonly store: ObjectStore;
  /**
   * The Secret, in the pods' namespace, with the keys `accessKey` and `secretKey`; absent where the
   * store has none and the pods sign in as themselves.
   */
  readonly secretName: pulumi.Input<string> | undefined;
  /** Without slashes at its ends. */
  readonly prefix: string;
}

/**
 * Defines rclone's remote `STORE` without a configuration file. It sends no ACL: private is what
 * objects are without one, and buckets that know no ACLs refuse any.
 */
export function storeEnvironment({
  store,
  secretName,
}: StoreAccess): k8s.types.input.core.v1.EnvVar[] {
  const plain: Record<string, pulumi.Input<string>> = {
    TYPE: "s3",
    PROVIDER: store.dialect,
    ENDPOINT: store.endpoint,
    REGION: store.region,
    // Whoever writes may not create the bucket, which rclone would try first.
    NO_CHECK_BUCKET: "true",
    // Without it rclone takes the ETag for a checksum, which an encrypted object's is not.
    ...(store.encryptionKey === undefined
      ? {}
      : { SERVER_SIDE_ENCRYPTION: "aws:kms", SSE_KMS_KEY_ID: store.encryptionKey }),
    // The cloud's own credentials, which the pod finds around itself.
    ...(secretName === undefined ? { ENV_AUTH: "true" } : {}),
  };
  const secret = { ACCESS_KEY_ID: "accessKey", SECRET_ACCESS_KEY: "secretKey" };
  return [
    ...Object.entries(plain).map(([key, value]) => ({ name: `RCLONE_CONFIG_STORE_${key}`, value })),
    ...(secretName === undefined
      ? []
      : Object.entries(secret).map(([name, key]) => ({
          name: `RCLONE_CONFIG_STORE_${name}`,
          valueFrom: { secretKeyRef: { name: secretName, key } },
        }))),
    // There is none, and no directory in which rclone could keep one.
    { name: "RCLONE_CONFIG", value: "/notfound" },
  ];
}

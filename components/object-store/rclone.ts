import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ObjectStore } from "./contract";

/** A bucket for pods with rclone. */
export interface StoreAccess {
  readonly store: ObjectStore;
  /**
   * The Secret, in the pods' namespace, with the keys `accessKey` and `secretKey`; absent if the
   * store has no keys and the pods use their own identity.
   */
  readonly secretName: pulumi.Input<string> | undefined;
  /** Without slashes at either end. */
  readonly prefix: string;
}

/**
 * Defines rclone's remote `STORE` without a configuration file. It sends no ACL: objects are
 * private by default, and buckets without ACLs reject any.
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
    // The key may not create the bucket, which rclone would try first.
    NO_CHECK_BUCKET: "true",
    // Without it rclone takes the ETag for a checksum, which is wrong for an encrypted object.
    ...(store.encryptionKey === undefined
      ? {}
      : { SERVER_SIDE_ENCRYPTION: "aws:kms", SSE_KMS_KEY_ID: store.encryptionKey }),
    // The cloud's own credentials, which rclone finds in the pod's environment.
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
    // There is no configuration file, and no directory where rclone could create one.
    { name: "RCLONE_CONFIG", value: "/notfound" },
  ];
}

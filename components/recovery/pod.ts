import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { mib, millicores, quantity, type Size } from "../../systems/units";
import { containerResources } from "../kit/labels";
import type { ObjectStore } from "../object-store/contract";
import type { Reach } from "../kit/egress";
import { restrictedContainer, restrictedPod } from "../kit/security";

/** The database as the backup's pods reach it. */
export interface DatabaseAccess {
  /** The Secret, in the pods' namespace, whose `key` is the connection URL. */
  readonly secret: { readonly name: pulumi.Input<string>; readonly key: string };
  /** Every way that a client of that URL needs. */
  readonly reach: readonly Reach[];
}

/** The bucket as the backup's pods reach it. */
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
 * Where a dump lies while it is on its way: on the node's own disk, or on a volume that lives as long
 * as the pod, for dumps that no node has room for.
 */
export type Scratch =
  | { readonly kind: "node"; readonly size: Size }
  | { readonly kind: "volume"; readonly size: Size; readonly storageClass: string };

const SCRATCH_PATH = "/scratch";

type Environment = k8s.types.input.core.v1.EnvVar[];

export function databaseEnvironment({ secret }: DatabaseAccess): Environment {
  return [
    {
      name: "DATABASE_URL",
      valueFrom: { secretKeyRef: { name: secret.name, key: secret.key } },
    },
    // For a URL that says nothing about TLS; one that does is stronger than this.
    { name: "PGSSLMODE", value: "require" },
  ];
}

/**
 * Defines rclone's remote `STORE` without a configuration file. It sends no ACL: private is what
 * objects are without one, and buckets that know no ACLs refuse any.
 */
export function storeEnvironment({ store, secretName }: StoreAccess): Environment {
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

/** A container that runs one of the scripts. */
export function scriptContainer(
  name: string,
  image: string,
  script: string,
  environment: Environment,
  scratch: Scratch,
): k8s.types.input.core.v1.Container {
  const resources = containerResources({
    requests: { cpu: millicores(100), memory: mib(128) },
    limits: { memory: mib(512) },
  });
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/sh", "-c", script],
    env: [
      ...environment,
      { name: "SCRATCH", value: SCRATCH_PATH },
      { name: "HOME", value: SCRATCH_PATH },
    ],
    resources:
      scratch.kind === "node"
        ? {
            ...resources,
            requests: { ...resources.requests, "ephemeral-storage": quantity(scratch.size) },
          }
        : resources,
    securityContext: restrictedContainer(),
    volumeMounts: [{ name: "scratch", mountPath: SCRATCH_PATH }],
  };
}

/** `first` runs to its end before `then` begins; both see the same scratch volume. */
export function scriptPod(
  serviceAccountName: pulumi.Input<string>,
  first: k8s.types.input.core.v1.Container,
  then: k8s.types.input.core.v1.Container,
  scratch: Scratch,
): k8s.types.input.core.v1.PodSpec {
  return {
    restartPolicy: "Never",
    serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    initContainers: [first],
    containers: [then],
    volumes: [{ name: "scratch", ...scratchVolume(scratch) }],
  };
}

function scratchVolume(scratch: Scratch): Omit<k8s.types.input.core.v1.Volume, "name"> {
  if (scratch.kind === "node") return { emptyDir: { sizeLimit: quantity(scratch.size) } };
  return {
    ephemeral: {
      volumeClaimTemplate: {
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: scratch.storageClass,
          resources: { requests: { storage: quantity(scratch.size) } },
        },
      },
    },
  };
}

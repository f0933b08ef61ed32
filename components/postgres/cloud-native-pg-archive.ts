import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { customResource } from "../kit/custom-resource";
import { NO_GRANT, type Grant } from "../identity/contract";
import type { ObjectStore } from "../object-store/contract";
import type { Part } from "../kit/child-factory";
import {
  archiveOf,
  DEFAULT_PATH,
  incarnationLabels,
  metadataOf,
  REPLACED_BY_INCARNATION,
  sourceOf,
  signedStores,
  storesOf,
  versionOf,
  type ArchiveSource,
  type CloudNativePgArguments,
} from "./cloud-native-pg-arguments";
import { inDays } from "./rules";

/** The plugin's name, by which the operator finds it. */
export const BARMAN_CLOUD = "barman-cloud.cloudnative-pg.io";

/** The archives that the Cluster refers to. */
export interface Archives {
  readonly own: Reference | undefined;
  readonly source: Reference | undefined;
  /** Annotations for the pods' ServiceAccount. */
  readonly annotations: Grant["annotations"];
  /** What must exist before the first pod starts. */
  readonly ready: readonly pulumi.Resource[];
}

/** Parameters of the plugin. */
export interface Reference {
  readonly barmanObjectName: string;
  readonly serverName: string;
}

/** The plugin's ObjectStores: for the bucket to write to, and for the one to read from. */
export function createArchives(part: Part, args: CloudNativePgArguments): Archives {
  const [own, source] = [archiveOf(args), sourceOf(args)];
  const [signed] = signedStores(args);
  // The same name for every bucket: an account has one identity, and promotion reuses it.
  const grant =
    signed?.grant(part.child("identity"), {
      namespace: args.namespace,
      // The operator names the account after the cluster.
      serviceAccount: args.clusterName,
    }) ?? NO_GRANT;
  return {
    own: own && reference(args, "archive", own),
    source: source && reference(args, "source", source),
    annotations: grant.annotations,
    ready: [
      ...storesOf(args).flatMap(({ ready }) => ready),
      ...grant.ready,
      ...(own === undefined ? [] : describe(part, args, "archive", own)),
      ...(source === undefined ? [] : describe(part, args, "source", source)),
    ],
  };
}

/** Includes the major version: the plugin would mix two versions (CloudNativePG, "Upgrades"). */
const reference = (
  args: CloudNativePgArguments,
  suffix: "archive" | "source",
  { archive }: ArchiveSource,
): Reference => ({
  barmanObjectName: metadataOf(args, suffix).name,
  serverName: `${archive}-pg${versionOf(args)}`,
});

function describe(
  part: Part,
  args: CloudNativePgArguments,
  suffix: "archive" | "source",
  archive: ArchiveSource,
): readonly pulumi.Resource[] {
  const { store } = archive;
  const metadata = metadataOf(args, suffix);
  const keys = createKeys(part, metadata, suffix, store);
  const retention = args.pointInTimeRecovery;
  const object = customResource(
    part.child(suffix),
    {
      apiVersion: "barmancloud.cnpg.io/v1",
      kind: "ObjectStore",
      metadata,
      spec: {
        configuration: configuration(archive, metadata.name),
        // A source belongs to another cluster, which is the only one to delete from it.
        ...(suffix === "archive" && retention !== undefined
          ? { retentionPolicy: `${String(inDays(retention))}d` }
          : {}),
        instanceSidecarConfiguration: {
          env: environment(store),
          resources: {
            requests: { cpu: "50m", memory: "128Mi" },
            limits: { memory: "1Gi" },
          },
        },
      },
    },
    part.options({ dependsOn: keys }),
  );
  return [...keys, object];
}

/** The credentials of the store, if it has keys. */
function createKeys(
  part: Part,
  metadata: ReturnType<typeof metadataOf>,
  suffix: "archive" | "source",
  { credentials: keys, region }: ObjectStore,
): k8s.core.v1.Secret[] {
  if (keys === undefined) return [];
  return [
    new k8s.core.v1.Secret(
      part.child(`${suffix}-keys`),
      {
        // The instances reload it when it changes.
        metadata: { ...metadata, labels: { ...metadata.labels, "cnpg.io/reload": "true" } },
        stringData: {
          ACCESS_KEY_ID: keys.accessKey,
          SECRET_ACCESS_KEY: keys.secretKey,
          REGION: region,
        },
      },
      part.options(),
    ),
  ];
}

function configuration({ store, path = DEFAULT_PATH }: ArchiveSource, secret: string) {
  const google = isGoogle(store);
  return {
    destinationPath: pulumi.interpolate`${google ? "gs" : "s3"}://${store.bucket}/${path}`,
    // Amazon's endpoint is derived from the region.
    ...(google || store.dialect === "AWS"
      ? {}
      : { endpointURL: pulumi.interpolate`https://${store.endpoint}` }),
    ...credentials(store, secret),
    wal: { compression: "gzip", maxParallel: 4 },
    data: { compression: "gzip", jobs: 2 },
  };
}

function credentials(store: ObjectStore, secret: string) {
  if (isGoogle(store)) return { googleCredentials: { gkeEnvironment: true } };
  if (store.credentials === undefined) return { s3Credentials: { inheritFromIAMRole: true } };
  const key = (name: string) => ({ name: secret, key: name });
  return {
    s3Credentials: {
      accessKeyId: key("ACCESS_KEY_ID"),
      secretAccessKey: key("SECRET_ACCESS_KEY"),
      region: key("REGION"),
    },
  };
}

/** With keys, Google's S3-compatible API is used instead. */
const isGoogle = ({ dialect, credentials: keys }: ObjectStore): boolean =>
  dialect === "GCS" && keys === undefined;

/**
 * A role does not include its bucket's region. Not all S3-compatible services support the checksums
 * that newer Amazon clients add to every request (plugin-barman-cloud issue 393).
 */
function environment(store: ObjectStore): readonly { name: string; value: string }[] {
  if (isGoogle(store)) return [];
  if (store.dialect === "AWS") return [{ name: "AWS_DEFAULT_REGION", value: store.region }];
  return ["AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION"].map((name) => ({
    name,
    value: "when_required",
  }));
}

/** Scheduled base backups, the first one immediately; from a standby if there is one. */
export function createBackups(
  part: Part,
  args: CloudNativePgArguments,
  cluster: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  const metadata = metadataOf(args, "base");
  return customResource(
    part.child("backups"),
    {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "ScheduledBackup",
      metadata: { ...metadata, labels: { ...metadata.labels, ...incarnationLabels(args) } },
      spec: {
        // In UTC, with a field for seconds. Daily: an alert counts on it (components/observability/archive-alerts).
        schedule: "0 15 1 * * *",
        immediate: true,
        cluster: { name: args.clusterName },
        method: "plugin",
        pluginConfiguration: { name: BARMAN_CLOUD },
        target: "prefer-standby",
        // The Backup objects are deleted with the schedule; the bucket's contents stay.
        backupOwnerReference: "self",
      },
    },
    // Immediate once only: another incarnation's archive has no base backup either.
    part.options({ dependsOn: [cluster], ...REPLACED_BY_INCARNATION }),
  );
}

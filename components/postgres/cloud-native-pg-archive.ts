import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { customResource } from "../kit/custom-resource";
import { NO_GRANT, type Grant } from "../identity/contract";
import type { ObjectStore } from "../object-store/contract";
import type { Part } from "../kit/child-factory";
import {
  archiveOf,
  DEFAULT_PATH,
  metadataOf,
  sourceOf,
  signedStores,
  storesOf,
  versionOf,
  type ArchiveSource,
  type CloudNativePgArguments,
} from "./cloud-native-pg-arguments";
import { inDays } from "./rules";

/** The plugin's name, under which the operator finds it. */
export const BARMAN_CLOUD = "barman-cloud.cloudnative-pg.io";

/** What there is in the bucket, as the Cluster names it. */
export interface Archives {
  readonly own: Reference | undefined;
  readonly source: Reference | undefined;
  /** To be set on the pods' ServiceAccount. */
  readonly annotations: Grant["annotations"];
  /** What exists before the first pod starts. */
  readonly ready: readonly pulumi.Resource[];
}

/** Parameters of the plugin. */
export interface Reference {
  readonly barmanObjectName: string;
  readonly serverName: string;
}

/** Describes to the plugin the bucket to write to, and the one to read from. */
export function createArchives(part: Part, args: CloudNativePgArguments): Archives {
  const [own, source] = [archiveOf(args), sourceOf(args)];
  const [signed] = signedStores(args);
  // One name whichever bucket it is for: an account has one identity, and promotion moves it.
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

/** With the major version: the plugin itself would mix the logs of two (CloudNativePG, "Upgrades"). */
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
        // A source belongs to another cluster, which alone deletes from it.
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

/** What the store is opened with, where it has keys. */
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
        // Reloaded by the instances when it changes.
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
    // Amazon's own address follows from the region.
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

/** With keys Google speaks Amazon's protocol instead. */
const isGoogle = ({ dialect, credentials: keys }: ObjectStore): boolean =>
  dialect === "GCS" && keys === undefined;

/**
 * A role says nothing of its bucket's region. Others than Amazon do not all know the checksums that
 * its newer clients add to everything (plugin-barman-cloud issue 393).
 */
function environment(store: ObjectStore): readonly { name: string; value: string }[] {
  if (isGoogle(store)) return [];
  if (store.dialect === "AWS") return [{ name: "AWS_DEFAULT_REGION", value: store.region }];
  return ["AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION"].map((name) => ({
    name,
    value: "when_required",
  }));
}

/** Base backups by schedule, the first one at once; from a standby where there is one. */
export function createBackups(
  part: Part,
  args: CloudNativePgArguments,
  cluster: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  return customResource(
    part.child("backups"),
    {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "ScheduledBackup",
      metadata: metadataOf(args, "base"),
      spec: {
        // In UTC, with seconds in front.
        schedule: "0 15 1 * * *",
        immediate: true,
        cluster: { name: args.clusterName },
        method: "plugin",
        pluginConfiguration: { name: BARMAN_CLOUD },
        target: "prefer-standby",
        // The objects go with the schedule; what is in the bucket stays.
        backupOwnerReference: "self",
      },
    },
    part.options({ dependsOn: [cluster] }),
  );
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectStore } from "../object-store/contract";
import type { Part } from "../observability/part";
import { ZALANDO_SERVICE_ACCOUNT } from "../platform/zalando";
import {
  archiveOf,
  DEFAULT_PATH,
  DEFAULT_SCHEDULE,
  metadataOf,
  sourceOf,
  storesOf,
  versionOf,
  type ArchiveSource,
  type InClusterPostgresArguments,
} from "./in-cluster";
import { inDays } from "./rules";

/** An environment variable of the database's container. */
export interface Variable {
  readonly name: string;
  readonly value?: pulumi.Input<string>;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

export interface Archives {
  readonly variables: readonly Variable[];
  /** Where the source lies, as `postgresql` names it. */
  readonly source: pulumi.Output<string> | undefined;
  /** What exists before the first pod starts. */
  readonly ready: readonly pulumi.Resource[];
}

/** The image's words for the buckets; keys come from Secrets, read when a pod starts. */
export function createArchives(part: Part, args: InClusterPostgresArguments): Archives {
  const [own, source] = [archiveOf(args), sourceOf(args)];
  const prefix = args.replicaOf === undefined ? "CLONE_" : "STANDBY_";
  return {
    variables: [
      ...(own === undefined
        ? []
        : [...access("", own.store, secretName(args, "archive")), ...archiving(args, own)]),
      ...(source === undefined
        ? []
        : [...access(prefix, source.store, secretName(args, "source")), ...reading(args, prefix)]),
    ],
    source: source && walPath(args, source),
    ready: [
      ...storesOf(args).flatMap(({ ready }) => ready),
      ...createIdentity(part, args),
      ...(own === undefined ? [] : createKeys(part, args, "archive", own.store)),
      ...(source === undefined ? [] : createKeys(part, args, "source", source.store)),
    ],
  };
}

const secretName = (args: InClusterPostgresArguments, suffix: "archive" | "source"): string =>
  metadataOf(args, suffix).name;

/** Without keys only Google's buckets remain: see the check. */
export const isGoogle = ({ credentials }: ObjectStore): boolean => credentials === undefined;

/** The image appends nothing to a whole path; one of another major version must not mix with it. */
function walPath(
  args: InClusterPostgresArguments,
  { store, path = DEFAULT_PATH, archive }: ArchiveSource,
): pulumi.Output<string> {
  const scheme = isGoogle(store) ? "gs" : "s3";
  return pulumi.interpolate`${scheme}://${store.bucket}/${path}/${archive}/${versionOf(args)}`;
}

function access(prefix: string, store: ObjectStore, secret: string): readonly Variable[] {
  if (isGoogle(store)) return [];
  const key = (name: string): Variable => ({
    name: `${prefix}${name}`,
    valueFrom: { secretKeyRef: { name: secret, key: name } },
  });
  return [
    key("AWS_ACCESS_KEY_ID"),
    key("AWS_SECRET_ACCESS_KEY"),
    { name: `${prefix}AWS_REGION`, value: store.region },
    // Amazon's own address follows from the region.
    ...(store.dialect === "AWS"
      ? []
      : [
          { name: `${prefix}AWS_ENDPOINT`, value: pulumi.interpolate`https://${store.endpoint}` },
          { name: `${prefix}AWS_S3_FORCE_PATH_STYLE`, value: "true" },
        ]),
  ];
}

/** WAL-G, because WAL-E knows no identity and is no longer maintained. */
const walG = (prefix: string): readonly Variable[] => [
  { name: `${prefix}USE_WALG_BACKUP`, value: "true" },
  { name: `${prefix}USE_WALG_RESTORE`, value: "true" },
];

/** As many days and as many base backups are kept, and the one before that the days begin with. */
function archiving(args: InClusterPostgresArguments, own: ArchiveSource): readonly Variable[] {
  const days = args.pointInTimeRecovery === undefined ? 2 : inDays(args.pointInTimeRecovery);
  const kind = isGoogle(own.store) ? "GS" : "S3";
  return [
    { name: `WALE_${kind}_PREFIX`, value: walPath(args, own) },
    { name: `WALG_${kind}_PREFIX`, value: walPath(args, own) },
    ...walG(""),
    { name: "BACKUP_SCHEDULE", value: args.schedule ?? DEFAULT_SCHEDULE },
    { name: "BACKUP_NUM_TO_RETAIN", value: String(days) },
  ];
}

/** A clone from Google's bucket has no field of its own in `postgresql`. */
function reading(args: InClusterPostgresArguments, prefix: string): readonly Variable[] {
  const { restoreFrom } = args;
  return [
    ...walG(prefix),
    ...(restoreFrom !== undefined && isGoogle(restoreFrom.store)
      ? [{ name: `${prefix}WALE_GS_PREFIX`, value: walPath(args, restoreFrom) }]
      : []),
  ];
}

function createKeys(
  part: Part,
  args: InClusterPostgresArguments,
  suffix: "archive" | "source",
  { credentials }: ObjectStore,
): readonly pulumi.Resource[] {
  if (credentials === undefined) return [];
  return [
    new k8s.core.v1.Secret(
      part.child(`${suffix}-keys`),
      {
        metadata: metadataOf(args, suffix),
        stringData: {
          AWS_ACCESS_KEY_ID: credentials.accessKey,
          AWS_SECRET_ACCESS_KEY: credentials.secretKey,
        },
      },
      part.options(),
    ),
  ];
}

/** The operator takes an account that is there already; one a namespace, for all of its databases. */
function createIdentity(part: Part, args: InClusterPostgresArguments): readonly pulumi.Resource[] {
  const [signed] = storesOf(args).filter(isGoogle);
  if (signed === undefined) return [];
  const account = { namespace: args.namespace, serviceAccount: ZALANDO_SERVICE_ACCOUNT };
  const grant = signed.grant(part.child("identity"), account);
  const metadata = metadataOf(args);
  return [
    ...grant.ready,
    new k8s.core.v1.ServiceAccount(
      part.child("account"),
      {
        metadata: {
          ...metadata,
          name: ZALANDO_SERVICE_ACCOUNT,
          annotations: { ...grant.annotations },
        },
      },
      part.options(),
    ),
  ];
}

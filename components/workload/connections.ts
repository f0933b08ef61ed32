import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Service, System } from "../../systems/model";
import type { Authority } from "../kit/authority";

/** How a service verifies the data services that its own clients connect to. Pure. */

type EnvVar = k8s.types.input.core.v1.EnvVar;
type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

export type DataKind = "postgres" | "redis" | "kafka";

/** A data service that a service connects to without Dapr. */
export interface Connection {
  /** Its name in the system. */
  readonly of: string;
  readonly kind: DataKind;
  /** `public` if operating systems trust it; otherwise the file that is mounted. */
  readonly authority: Authority;
  /** Kafka's SASL mechanism, by Kafka's name. */
  readonly mechanism?: string;
}

/** A variable, or a file, that every pod of a service gets in addition to the system's data. */
export interface Given {
  readonly name: string;
  readonly value: string;
}

const FOLDER = "/etc/runstack/authorities";

/** The certificates of the authority that signed a data service's own. */
export const authorityFile = (of: string): string => `${FOLDER}/${of}.crt`;

/** PostgreSQL's name is libpq's own; the two others have no convention. */
const FILE_VARIABLE = {
  postgres: "PGSSLROOTCERT",
  redis: "REDIS_CA_FILE",
  kafka: "KAFKA_CA_FILE",
} as const;

/** The data services that a service's own clients connect to, and of which kind they are. */
export function connectedTo(
  { uses }: Pick<Service, "uses">,
  { databases, caches, eventBuses }: Pick<System, "databases" | "caches" | "eventBuses">,
): readonly { readonly of: string; readonly kind: DataKind }[] {
  const kinds = { postgres: databases, redis: caches, kafka: eventBuses };
  return (Object.keys(kinds) as DataKind[]).flatMap((kind) =>
    kinds[kind].filter(({ name }) => uses.includes(name)).map(({ name }) => ({ of: name, kind })),
  );
}

/**
 * The variables for a service's connections: the file with the authority of each that has one, and
 * how to sign in to Kafka. Of several of a kind, each has its own name before the variable's. A
 * variable of the system's data precedes one of the same name.
 */
export function connectionVariables(
  connections: readonly Pick<Connection, "of" | "kind" | "authority" | "mechanism">[],
): readonly Given[] {
  return connections.flatMap(({ of, kind, authority, mechanism }) => {
    const several = connections.filter((one) => one.kind === kind).length > 1;
    const prefix = several ? `${of.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_` : "";
    return [
      ...(authority.kind === "public"
        ? []
        : [
            {
              name: prefix + FILE_VARIABLE[kind],
              value: authorityFile(of),
            },
          ]),
      ...(mechanism === undefined
        ? []
        : [
            {
              name: `${prefix}KAFKA_SECURITY_PROTOCOL`,
              value: "SASL_SSL",
            },
            {
              name: `${prefix}KAFKA_SASL_MECHANISM`,
              value: mechanism,
            },
          ]),
    ];
  });
}

/** The same as Kubernetes' variables, without those that the system's data sets itself. */
export function connectionEnvironment(
  { environment }: Service,
  connections: readonly Connection[],
): readonly EnvVar[] {
  const own = environment.map(({ name }) => name);
  return connectionVariables(connections)
    .filter(({ name }) => !own.includes(name))
    .map(({ name, value }) => ({ name, value }));
}

const VOLUME = "authorities";

/** One read-only volume for all authorities; only certificates of it, never a key. */
export function authorityVolumes(connections: readonly Connection[]): readonly Volume[] {
  const sources = connections.flatMap(({ of, authority }) => {
    if (authority.kind === "public") return [];
    const { kind, name, key } = authority;
    const items = [{ key, path: `${of}.crt` }];
    return [kind === "secret" ? { secret: { name, items } } : { configMap: { name, items } }];
  });
  return sources.length === 0 ? [] : [{ name: VOLUME, projected: { defaultMode: 0o444, sources } }];
}

export const authorityMounts = (connections: readonly Connection[]): readonly VolumeMount[] =>
  authorityVolumes(connections).map(({ name }) => ({
    name,
    mountPath: FOLDER,
    readOnly: true,
  }));

/**
 * A new authority restarts the clients that read its file once, where the program knows it. One that is written in the
 * cluster is renewed with the same key, and the file follows: clients trust the server before and after.
 */
export function authorityChecksums(
  connections: readonly Connection[],
): Readonly<Record<string, pulumi.Output<string>>> {
  return Object.fromEntries(
    connections.flatMap(({ of, authority }) =>
      authority.kind === "configMap"
        ? [[`checksum/authority-${of}`, authority.pem.apply(digest)] as const]
        : [],
    ),
  );
}

const digest = (pem: string): string => createHash("sha256").update(pem).digest("hex");

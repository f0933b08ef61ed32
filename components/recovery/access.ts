import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../systems/model";
import { commonLabels } from "../kit/labels";
import type { Postgres } from "../postgres/contract";
import type { Reach } from "../kit/egress";

/** The database, for the backup's pods. */
export interface DatabaseAccess {
  /** The Secret, in the pods' namespace, whose `key` is the connection URL. */
  readonly secret: { readonly name: pulumi.Input<string>; readonly key: string };
  /** All network paths of clients of that URL. */
  readonly reach: readonly Reach[];
}

export function databaseEnvironment({ secret }: DatabaseAccess): k8s.types.input.core.v1.EnvVar[] {
  return [
    {
      name: "DATABASE_URL",
      valueFrom: { secretKeyRef: { name: secret.name, key: secret.key } },
    },
    // For a URL without a TLS setting; a setting in the URL takes precedence.
    { name: "PGSSLMODE", value: "require" },
  ];
}

/**
 * The connection of the dump and restore jobs to each database: with the system's own Secret, or,
 * if its URL uses a pooler, with a separate Secret that bypasses it. A dump needs its own session.
 */
export function databaseAccess(
  name: string,
  args: {
    readonly system: System;
    readonly namespace: string;
    readonly postgres: Readonly<Record<string, Postgres>>;
  },
  options: pulumi.CustomResourceOptions,
): Readonly<Record<string, DatabaseAccess>> {
  const { system, namespace, postgres } = args;
  return Object.fromEntries(
    system.databases.flatMap((database): readonly (readonly [string, DatabaseAccess])[] => {
      const server = postgres[database.name];
      if (server === undefined) return [];
      const { reach, poolerHost } = server;
      if (poolerHost === undefined) {
        const { secret, key } = database.url;
        return [[database.name, { secret: { name: secret, key }, reach }]];
      }
      const objectName = `${database.name}-direct`;
      const secret = new k8s.core.v1.Secret(
        `${name}-${objectName}`,
        {
          metadata: { name: objectName, namespace, labels: commonLabels(system.id, "backups") },
          type: "Opaque",
          stringData: { url: pulumi.secret(server.directUrl) },
        },
        options,
      );
      return [[database.name, { secret: { name: secret.metadata.name, key: "url" }, reach }]];
    }),
  );
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../systems/model";
import { commonLabels } from "../kit/labels";
import type { Postgres } from "../postgres/contract";
import type { DatabaseAccess } from "./pod";

/**
 * How jobs that dump and restore get to each database: by the system's own secret, or, where that
 * leads through a pooler, past it by a secret of theirs. A dump needs a session of its own.
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

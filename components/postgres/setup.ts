import type * as pulumi from "@pulumi/pulumi";
import type { Setup } from "./contract";
import { quoted, type Rule } from "../kit/validation";

/** Tasks without a cloud API: they need a connection to the database, and SQL. */
export function setupOf(
  url: pulumi.Output<string>,
  wanted: {
    readonly extensions: readonly string[];
    /**
     * The user who needs access to the schema `public`, if another user owns the database: from
     * PostgreSQL 15, only the database's owner may create objects there.
     */
    readonly guest?: string;
  },
): Setup | undefined {
  const statements = [
    ...(wanted.guest === undefined
      ? []
      : [`GRANT CREATE, USAGE ON SCHEMA public TO ${identifier(wanted.guest)}`]),
    ...[...wanted.extensions]
      .sort()
      .map((extension) => `CREATE EXTENSION IF NOT EXISTS ${identifier(extension)}`),
  ];
  return statements.length === 0 ? undefined : { url, statements };
}

/** A quoted name is taken literally. */
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const extensionRules = (extensions: readonly string[]): readonly Rule[] =>
  extensions.map((extension) => ({
    holds: /^[a-z][a-z0-9_-]*$/.test(extension),
    key: "extensions",
    value: quoted(extension),
    allowed: "an extension's name, such as pg_stat_statements",
    next: "Use lower-case letters, digits, underscores and hyphens.",
  }));

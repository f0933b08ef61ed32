import * as pulumi from "@pulumi/pulumi";
import { ComponentError } from "../kit/component";

/** The parts of a PostgreSQL connection URL, not encoded. */
export interface UrlParts {
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** How clients verify the server: `require` encrypts without verification. */
  readonly sslmode: SslMode;
}

export type SslMode = "require" | "verify-ca" | "verify-full";

/** PostgreSQL's default port. */
export const POSTGRES_PORT = 5432;

/**
 * `postgresql://user:password@host:port/database?sslmode=…`. Reserved characters are
 * percent-encoded (RFC 3986), as libpq and every driver expect: a password may contain any
 * character. Pure.
 */
export function postgresUrl(parts: UrlParts): string {
  const { username, password, host, port, database, sslmode } = parts;
  // Brackets separate the colons of an IPv6 address from the port.
  const at = host.includes(":") ? `[${host}]` : host;
  return (
    `postgresql://${encode(username)}:${encode(password)}@${at}:${port}` +
    `/${encode(database)}?sslmode=${sslmode}`
  );
}

/** `encodeURIComponent` leaves `!'()*`, reserved in RFC 3986 and special in shells and YAML. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The same for parts that are known only later; always secret. */
export function connectionUrl(parts: {
  readonly [part in keyof UrlParts]: pulumi.Input<UrlParts[part]>;
}): pulumi.Output<string> {
  return pulumi.secret(pulumi.output(parts).apply((known) => postgresUrl(known as UrlParts)));
}

/** What can be read from an external URL. */
export interface GivenUrl {
  readonly username: string;
  readonly password: string;
  readonly host: string;
}

/**
 * Reads a URL from the configuration. The error does not contain it: it is a secret, and the
 * platform's own parser would put it into the error's details. Pure.
 */
export function readPostgresUrl(component: string, url: string): GivenUrl {
  const read = URL.canParse(url) ? partsOf(new URL(url)) : undefined;
  if (read === undefined) {
    throw new ComponentError(
      component,
      "url",
      "not a PostgreSQL URL",
      "like postgresql://user:password@host/database?sslmode=require",
      "Percent-encode special characters in the password, such as @, / or #.",
    );
  }
  return read;
}

function partsOf({ protocol, username, password, hostname }: URL): GivenUrl | undefined {
  if (!["postgresql:", "postgres:"].includes(protocol)) return undefined;
  try {
    return {
      username: decode(username),
      password: decode(password),
      host: hostname.replace(/^\[|\]$/g, ""),
    };
  } catch {
    return undefined;
  }
}

/** A percent sign that starts no code is kept, as most drivers do. */
const decode = (text: string): string =>
  decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, "%25"));

/**
 * The URL without Neon's pooler: the pooled host is the endpoint's with `-pooler` after its first
 * label (neon.com/docs/connect/connection-pooling). Any other URL is returned unchanged. Pure.
 */
export const pastPooler = (url: string): string =>
  url.replace(/(?<=[@/][^@/?#.]+)-pooler(?=\.[^@/?#]+\.neon\.tech(?:[:/?#]|$))/, "");

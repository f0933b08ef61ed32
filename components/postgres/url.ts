import * as pulumi from "@pulumi/pulumi";
import { ComponentError } from "../kit/component";

/** What a PostgreSQL connection URL is made of, each part as it is, not encoded. */
export interface UrlParts {
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** How clients are to check the server: `require` encrypts without asking who answers. */
  readonly sslmode: SslMode;
}

export type SslMode = "require" | "verify-ca" | "verify-full";

/** The port that PostgreSQL has everywhere unless somebody says otherwise. */
export const POSTGRES_PORT = 5432;

/**
 * `postgresql://user:password@host:port/database?sslmode=…`. Whatever has a meaning in a URL is
 * percent-encoded (RFC 3986), as libpq and every driver expect: a password may hold anything. Pure.
 */
export function postgresUrl(parts: UrlParts): string {
  const { username, password, host, port, database, sslmode } = parts;
  // Brackets tell the colons of an IPv6 address from the one before the port.
  const at = host.includes(":") ? `[${host}]` : host;
  return (
    `postgresql://${encode(username)}:${encode(password)}@${at}:${port}` +
    `/${encode(database)}?sslmode=${sslmode}`
  );
}

/** `encodeURIComponent` leaves `!'()*`, which RFC 3986 reserves too and which shells and YAML trip over. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The same of parts that are known only later; always secret. */
export function connectionUrl(parts: {
  readonly [part in keyof UrlParts]: pulumi.Input<UrlParts[part]>;
}): pulumi.Output<string> {
  return pulumi.secret(pulumi.output(parts).apply((known) => postgresUrl(known as UrlParts)));
}

/** What can be read from somebody else's URL. */
export interface GivenUrl {
  readonly username: string;
  readonly password: string;
  readonly host: string;
}

/**
 * Reads a URL that an operator gave. The error says nothing of what it was given: it is a secret,
 * and the platform's own parser would put it into the message's details. Pure.
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

/** A percent sign that begins no code stands for itself, as it does to most drivers. */
const decode = (text: string): string =>
  decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, "%25"));

/**
 * The URL past Neon's pooler: there the pooled host is the endpoint's with `-pooler` behind its first
 * label (neon.com/docs/connect/connection-pooling). Every other URL is returned as it is. Pure.
 */
export const pastPooler = (url: string): string =>
  url.replace(/(?<=[@/][^@/?#.]+)-pooler(?=\.[^@/?#]+\.neon\.tech(?:[:/?#]|$))/, "");

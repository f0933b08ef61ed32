import * as pulumi from "@pulumi/pulumi";
import { ComponentError } from "../kit/component";

/**
 * Secret: the connection URL for clients. All characters of a name or password except letters and
 * digits are escaped, so that none of them can end its part of the URL.
 */
export function redisUrl(parts: {
  /** Empty if the engine only has passwords. */
  readonly username: pulumi.Input<string>;
  readonly password: pulumi.Input<string>;
  readonly host: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
}): pulumi.Output<string> {
  return pulumi.secret(
    pulumi
      .all([parts.username, parts.password, parts.host, parts.port])
      .apply(
        ([username, password, host, port]) =>
          `rediss://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${host}:${port}`,
      ),
  );
}

/** Redis' default port, with or without TLS. */
export const REDIS_PORT = 6379;

export interface GivenUrl {
  readonly url: string;
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Reads a URL from the configuration. The error does not contain it, because it is a secret. Pure.
 */
export function readRedisUrl(component: string, url: string): GivenUrl {
  const refuse = (value: string, allowed: string, next: string) =>
    new ComponentError(component, "url", value, allowed, next);
  const like = "like rediss://user:password@host:port";
  if (/^redis:/i.test(url)) {
    throw refuse("a URL without TLS", like, "Ask its provider for the address with TLS.");
  }
  const read = URL.canParse(url) ? partsOf(new URL(url)) : undefined;
  if (read === undefined) {
    throw refuse(
      "not a Redis URL with a password",
      like,
      "Percent-encode special characters in the password, such as @, / or #.",
    );
  }
  if (read.port !== REDIS_PORT) {
    throw refuse(
      "a URL with another port",
      `a URL with port ${REDIS_PORT}, which network policies allow`,
      "Ask its provider for an address with that port.",
    );
  }
  return { ...read, url };
}

function partsOf({ protocol, username, password, hostname, port }: URL) {
  if (protocol !== "rediss:" || hostname === "" || password === "") return undefined;
  try {
    return {
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? REDIS_PORT : Number(port),
    };
  } catch {
    return undefined;
  }
}

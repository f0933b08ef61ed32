import * as pulumi from "@pulumi/pulumi";

/**
 * Secret: what clients connect with. What is not a letter or a digit of a name or a password is
 * escaped, so that none of it can end the part of the URL it stands in.
 */
export function redisUrl(parts: {
  /** Empty where the engine knows passwords only. */
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

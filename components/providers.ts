import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";

/**
 * The cloud's provider, explicit: a default one would be configured by whatever the environment
 * happens to hold, and two stacks in one shell would share it.
 *
 * Credentials come from secret configuration (`digitalocean:token`, `digitalocean:spacesAccessId`,
 * `digitalocean:spacesSecretKey`), or, where that is not set, from the environment of the engine.
 */
export function digitaloceanProvider(
  name: string,
  options: pulumi.CustomResourceOptions,
): digitalocean.Provider {
  const config = new pulumi.Config("digitalocean");
  const token = config.getSecret("token");
  const spacesAccessId = config.getSecret("spacesAccessId");
  const spacesSecretKey = config.getSecret("spacesSecretKey");
  return new digitalocean.Provider(
    name,
    {
      ...(token === undefined ? {} : { token }),
      ...(spacesAccessId === undefined ? {} : { spacesAccessId }),
      ...(spacesSecretKey === undefined ? {} : { spacesSecretKey }),
    },
    options,
  );
}

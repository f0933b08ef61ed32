import * as aws from "@pulumi/aws/provider";
import * as digitalocean from "@pulumi/digitalocean";
import * as gcp from "@pulumi/gcp/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";

export type ProviderSettings = Pick<
  Settings,
  "cloud" | "region" | "project" | "system" | "environment" | "administrators"
>;

/**
 * The cloud's provider, explicit: a default one would be configured by whatever the environment
 * happens to hold, and two stacks in one shell would share it. Empty for an existing cluster.
 *
 * Credentials come from secret configuration of the provider's own namespace (`digitalocean:token`),
 * or, where that is not set, from the environment of the engine.
 */
export function cloudProviders(
  child: (suffix: string) => string,
  settings: ProviderSettings,
  options: pulumi.CustomResourceOptions,
): Record<string, pulumi.ProviderResource> {
  switch (settings.cloud) {
    case "digitalocean":
      return { digitalocean: digitaloceanProvider(child("digitalocean"), options) };
    case "aws":
      return { aws: awsProvider(child("aws"), settings, options) };
    case "gcp":
      return { gcp: googleProvider(child("gcp"), settings, options) };
    case "existing":
      return {};
  }
}

function digitaloceanProvider(
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

/** Whose it is and what it is for, on everything that can carry it. */
const labels = ({ system, environment }: ProviderSettings): Record<string, string> => ({
  "managed-by": "runstack",
  system: system.id,
  environment,
});

/** Credentials by role or profile stay with the engine: a key in the stack would outlive its owner. */
function awsProvider(
  name: string,
  settings: ProviderSettings,
  options: pulumi.CustomResourceOptions,
): aws.Provider {
  return new aws.Provider(
    name,
    {
      region: settings.region,
      // Of those who administer: credentials of another account build nothing there.
      allowedAccountIds: accountsOf(settings),
      defaultTags: { tags: labels(settings) },
    },
    options,
  );
}

/** The twelve digits in each principal's ARN, each once. */
const accountsOf = ({ administrators }: ProviderSettings): string[] => [
  ...new Set(administrators.flatMap((arn) => arn.split(":")[4] ?? [])),
];

function googleProvider(
  name: string,
  settings: ProviderSettings,
  options: pulumi.CustomResourceOptions,
): gcp.Provider {
  return new gcp.Provider(
    name,
    {
      project: settings.project,
      region: settings.region,
      defaultLabels: labels(settings),
      addPulumiAttributionLabel: false,
      // Quota and billing of calls go to the project that is built in.
      userProjectOverride: true,
      billingProject: settings.project,
    },
    options,
  );
}

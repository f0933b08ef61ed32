import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import type { Cluster } from "../cluster/contract";
import type { Platform } from "../platform/platform";
import { AwsSecretStore } from "../clouds/aws/secrets-manager";
import type { SecretStore } from "./contract";
import { GoogleSecretStore } from "../clouds/gcp/secret-manager";

/** Production's secrets can be read in the recovery region too, when the first one cannot. */
const replicaOf = ({ system, environment, region }: Settings) => {
  const { recoveryRegion } = system.home;
  return environment === "prod" && recoveryRegion !== undefined && recoveryRegion !== region
    ? { replica: { region: recoveryRegion } }
    : {};
};

/** The secret manager of the stack's cloud; undefined where there is none, or none is wanted. */
export function createSecretStore(
  name: string,
  args: {
    readonly settings: Settings;
    readonly cluster: Pick<Cluster, "placement">;
    readonly platform: Pick<Platform, "application" | "monitoring">;
  },
  options: pulumi.ComponentResourceOptions,
): SecretStore | undefined {
  const { settings, cluster, platform } = args;
  const { placement } = cluster;
  const { system, environment, production } = settings;
  if (settings.secretStore === "none") return undefined;
  const shared = {
    namespace: platform.application.namespace,
    operator: {
      system: system.id,
      production,
      monitoringNamespace: platform.monitoring.namespace,
      chartMirror: settings.chartMirror,
    },
    protect: settings.protect,
  };
  const called = `${system.id}-${environment}`;
  switch (placement.cloud) {
    case "aws":
      return new AwsSecretStore(
        name,
        { ...shared, placement, prefix: called, production, ...replicaOf(settings) },
        options,
      );
    case "gcp":
      return new GoogleSecretStore(
        name,
        {
          ...shared,
          placement,
          accountId: `${called}-secrets`,
          // Production keeps the runbook's own names, which its commands use.
          ...(environment === "prod" ? {} : { prefix: called }),
          locations: [settings.region],
        },
        options,
      );
    case "digitalocean":
    case "existing":
      return undefined;
  }
}

import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Service, System } from "../../systems/model";
import { commonLabels } from "../kit/labels";

/** The ConfigMaps through which the runbook's variables reach pods. */

type Values = Readonly<Record<string, string>>;

/** The values of each ConfigMap that these services read. Pure. */
export function configMapsOf(
  services: readonly Pick<Service, "environment">[],
): Readonly<Record<string, Values>> {
  const maps: Record<string, Record<string, string>> = {};
  for (const { name, from } of services.flatMap(({ environment }) => environment)) {
    if (from.kind !== "setting" || from.configMap === undefined) continue;
    (maps[from.configMap] ??= {})[name] = from.default;
  }
  return maps;
}

/** Pod annotations: a container reads its variables once, so that a change must restart it. */
export const configMapChecksums = (service: Service): Values =>
  Object.fromEntries(
    Object.entries(configMapsOf([service])).map(([name, values]) => [
      `checksum/config-${name}`,
      createHash("sha256").update(JSON.stringify(values)).digest("hex"),
    ]),
  );

/**
 * The ConfigMaps of a system, by name. `kubectl patch`, as the runbook has it, takes a key over;
 * the next change of `runstack:variables` takes it back, instead of stopping at the conflict.
 */
export function createConfigMaps(
  child: (suffix: string) => string,
  { system, namespace }: { readonly system: System; readonly namespace: string },
  options: pulumi.CustomResourceOptions,
): Readonly<Record<string, k8s.core.v1.ConfigMap>> {
  return Object.fromEntries(
    Object.entries(configMapsOf(system.services)).map(([name, data]) => [
      name,
      new k8s.core.v1.ConfigMap(
        child(name),
        {
          metadata: {
            name,
            namespace,
            labels: commonLabels(system.id, "configuration"),
            annotations: { "pulumi.com/patchForce": "true" },
          },
          data,
        },
        options,
      ),
    ]),
  );
}

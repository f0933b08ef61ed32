/** A Pod as one of the pods of a Deployment. */
import type { Manifest } from "../../policies/manifests/resource";
import { record } from "./example";

/** Other kinds are returned unchanged. */
export function asDeployment(manifest: Manifest): Manifest {
  if (manifest.kind !== "Pod") return manifest;
  const { metadata, spec } = manifest.object;
  const { labels = { app: manifest.name }, annotations = {} } = record(metadata);
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: { ...record(spec), restartPolicy: "Always" },
      },
    },
  };
  return { ...manifest, apiVersion: "apps/v1", kind: "Deployment", object };
}

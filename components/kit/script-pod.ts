import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { mib, millicores, quantity, type Size } from "../../systems/units";
import { containerResources } from "./labels";
import { restrictedContainer, restrictedPod } from "./security";

/**
 * Where a dump or snapshot is stored during the job: on the node's disk, or on a volume that lives
 * as long as the pod, for data that does not fit on a node.
 */
export type Scratch =
  | { readonly kind: "node"; readonly size: Size }
  | { readonly kind: "volume"; readonly size: Size; readonly storageClass: string };

const SCRATCH_PATH = "/scratch";

/** A container that runs one of the scripts. */
export function scriptContainer(
  name: string,
  image: string,
  script: string,
  environment: k8s.types.input.core.v1.EnvVar[],
  scratch: Scratch,
): k8s.types.input.core.v1.Container {
  const resources = containerResources({
    requests: { cpu: millicores(100), memory: mib(128) },
    limits: { memory: mib(512) },
  });
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/sh", "-c", script],
    env: [
      ...environment,
      { name: "SCRATCH", value: SCRATCH_PATH },
      { name: "HOME", value: SCRATCH_PATH },
    ],
    resources:
      scratch.kind === "node"
        ? {
            ...resources,
            requests: { ...resources.requests, "ephemeral-storage": quantity(scratch.size) },
            limits: { ...resources.limits, "ephemeral-storage": quantity(withLogs(scratch.size)) },
          }
        : resources,
    securityContext: restrictedContainer(),
    volumeMounts: [{ name: "scratch", mountPath: SCRATCH_PATH }],
  };
}

/** The namespace's default limit may be below the request, which the API server refuses. */
const withLogs = ({ bytes }: Size): Size => mib(Math.ceil(bytes / 1024 ** 2) + 256);

/** `first` must finish before `then` starts; they share the scratch volume. */
export function scriptPod(
  serviceAccountName: pulumi.Input<string>,
  first: k8s.types.input.core.v1.Container,
  then: k8s.types.input.core.v1.Container,
  scratch: Scratch,
): k8s.types.input.core.v1.PodSpec {
  return {
    restartPolicy: "Never",
    serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    initContainers: [first],
    containers: [then],
    volumes: [{ name: "scratch", ...scratchVolume(scratch) }],
  };
}

function scratchVolume(scratch: Scratch): Omit<k8s.types.input.core.v1.Volume, "name"> {
  if (scratch.kind === "node") return { emptyDir: { sizeLimit: quantity(scratch.size) } };
  return {
    ephemeral: {
      volumeClaimTemplate: {
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: scratch.storageClass,
          resources: { requests: { storage: quantity(scratch.size) } },
        },
      },
    },
  };
}

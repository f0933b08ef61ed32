/** What a container can write: its own files and the node's. */
import { elements, type Check } from "../expect";
import { expectThat, expectEqual } from "../expect";
import { HARDENING } from "../in-manifests";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import type { Value } from "../values";
import type { Pod } from "./objects";
import { eachContainer, eachPod, partsOf } from "./pods";

/** Sockets and pipes through which anyone controls the container runtime. */
const SOCKETS: readonly string[] = [
  "/run/docker.sock",
  "/run/containerd/containerd.sock",
  "/run/k3s/containerd/containerd.sock",
  "/run/crio/crio.sock",
  "/run/cri-dockerd.sock",
  "/run/podman/podman.sock",
  "/./pipe/docker_engine",
  "/./pipe/containerd-containerd",
];

/** Whether a host path is such a socket, or a directory that contains one. */
export function reachesSocket(path: string): boolean {
  const plain = path
    .replaceAll("\\", "/")
    .replace(/\/{2,}/g, "/")
    .replace(/\/$/, "");
  // /var/run is a link to /run on every current distribution.
  const real = plain.replace(/^\/var\/run(?=\/|$)/, "/run");
  return SOCKETS.some((socket) => socket === real || socket.startsWith(`${real}/`));
}

/** The volumes of a pod, each with a check that names it; unknown ones are noted. */
function volumesOf(
  check: Check,
  { spec }: Pod,
): readonly { readonly part: Check; readonly volume: Value }[] {
  return elements(check, spec.get("volumes")).map((volume) => {
    const name = volume.get("name").string ?? "without a name";
    return { part: { ...check, part: `volume "${name}"` }, volume };
  });
}

function sockets(check: Check, pod: Pod): void {
  for (const { part, volume } of volumesOf(check, pod)) {
    const path = volume.get("hostPath", "path");
    const isRight = ({ isMissing, string }: Value): boolean =>
      isMissing || (string !== undefined && !reachesSocket(string));
    const expected = "it gives the container control of the node's runtime: remove the volume";
    expectThat(part, path, isRight, expected);
  }
}

function hostPathsReadOnly(check: Check, pod: Pod): void {
  const ofNode = new Set<string>();
  for (const { volume } of volumesOf(check, pod)) {
    const source = volume.get("hostPath");
    const name = volume.get("name").string;
    if (!check.context.noteUnknown(source) && source.isKnown && name !== undefined)
      ofNode.add(name);
  }
  for (const { part, container } of partsOf(check, pod)) {
    for (const mount of elements(part, container.get("volumeMounts"))) {
      if (!ofNode.has(mount.get("name").string ?? "")) continue;
      expectEqual(part, mount.get("readOnly"), true, "a hostPath volume must be mounted read-only");
    }
  }
}

export const filesystems: readonly Policy[] = [
  {
    name: "container-filesystem-read-only",
    title: "Containers have a read-only root file system",
    clause: {
      reference: "PO-03; CKV_K8S_22; CIS Kubernetes 5.7.3",
      url: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    },
    severity: "high",
    themes: ["workloads", "security"],
    prevents: "An attacker in a container replaces its program, or leaves another one behind.",
    description: "The root file system of every container is read-only (Windows has no such mode).",
    remediation:
      "Set securityContext.readOnlyRootFilesystem to true in every container, and mount an emptyDir with a sizeLimit wherever the program writes, such as /tmp.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: HARDENING,
    check: eachContainer((check, container, { isWindows }) => {
      if (isWindows) return;
      expectEqual(check, container.get("securityContext", "readOnlyRootFilesystem"), true);
    }),
  },
  {
    name: "container-runtime-socket",
    title: "Pods do not mount the container runtime socket",
    clause: {
      reference: "PO-03; CKV_K8S_27",
      url: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    },
    severity: "critical",
    themes: ["workloads", "security"],
    prevents: "A container starts another one that is root on the node, and takes over the node.",
    description:
      "No pod mounts the socket of Docker, containerd, CRI-O or Podman, or a directory that contains one.",
    remediation:
      "Remove the hostPath volume; build images with a rootless builder, and read container metrics from the kubelet.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachPod(sockets),
  },
  {
    name: "host-path-read-only",
    title: "Volumes of type hostPath are mounted read-only",
    clause: {
      reference: "PO-03; kube-linter writable-host-mount",
      url: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    },
    severity: "high",
    themes: ["workloads", "security"],
    prevents: "An agent that only needs to read its node's files can also change them.",
    description: "If an exemption allows a hostPath volume, every container mounts it read-only.",
    remediation: "Set readOnly to true in the volumeMount, or replace the hostPath with a claim.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachPod(hostPathsReadOnly),
  },
];

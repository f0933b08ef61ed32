/** Controls of the baseline standard that keep a pod away from its node. */
import { elements, expectThat, expectAbsent } from "../expect";
import type { Policy } from "../policy";
import { typeKey } from "../policy";
import type { Value } from "../values";
import type { CheckedPod, PodCheck } from "./standard";
import {
  eachContainer,
  eachContext,
  eachVolume,
  exempt,
  expectEmpty,
  expectOff,
  onPods,
  since,
  standard,
} from "./standard";

const hostProcess: PodCheck = (check) => {
  eachContext(check, (inside, securityContext) => {
    expectOff(inside, securityContext.get("windowsOptions", "hostProcess"));
  });
};

const hostNamespaces: PodCheck = (check) => {
  for (const field of ["hostNetwork", "hostPID", "hostIPC"]) {
    expectOff(check, check.pod.spec.get(field));
  }
};

const privileged: PodCheck = (check) => {
  eachContainer(check, (inside, container) => {
    expectOff(inside, container.get("securityContext", "privileged"));
  });
};

const hostPathVolumes: PodCheck = (check) => {
  eachVolume(check, (inside, volume) => {
    expectAbsent(inside, volume.get("hostPath"), "a volume must not be a hostPath");
  });
};

const hostPorts: PodCheck = (check) => {
  eachContainer(check, (inside, container) => {
    for (const port of elements(inside, container.get("ports"))) expectNoHostPort(inside, port);
  });
};

function expectNoHostPort(check: CheckedPod, port: Value): void {
  const isFree = ({ isMissing, number }: Value): boolean => isMissing || number === 0;
  const hostPort = port.get("hostPort");
  expectThat(check, hostPort, isFree, "it must be 0 or missing");
  if (!isFree(hostPort) || !isPodOfNodesNetwork(check)) return;
  const expected = `it is a host port because of ${check.pod.spec.path}.hostNetwork, which must be false or missing`;
  expectThat(check, port.get("containerPort"), isFree, expected);
}

/** The API server sets a host port for each port of such a Pod, but not in templates. */
function isPodOfNodesNetwork({ resource, pod, context }: CheckedPod): boolean {
  if (typeKey(resource.type) !== "kubernetes:core:Pod") return false;
  const hostNetwork = pod.spec.get("hostNetwork");
  return !context.noteUnknown(hostNetwork) && hostNetwork.boolean === true;
}

const HANDLERS = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
] as const;

const hostProbes: PodCheck = (check) => {
  eachContainer(check, (inside, container) => {
    for (const handler of HANDLERS) {
      for (const action of ["httpGet", "tcpSocket"]) {
        const host = container.get(...handler, action, "host");
        expectEmpty(inside, host, "it must be missing: it defaults to the pod itself");
      }
    }
  });
};

export const baselineHost: readonly Policy[] = [
  {
    ...standard("Baseline", "HostProcess"),
    name: "pod-security-baseline-host-process",
    title: "Windows containers are not HostProcess containers",
    prevents:
      "A container on a Windows node is an ordinary process of the node, with its permissions.",
    description: "Pods and containers must not be HostProcess containers on a Windows node.",
    remediation: `Remove securityContext.windowsOptions.hostProcess from the pod spec and from every container. ${exempt("privileged")}`,
    check: onPods(hostProcess),
  },
  {
    ...standard("Baseline", "Host Namespaces", ["CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19"]),
    name: "pod-security-baseline-host-namespaces",
    title: "Pods do not use the host's namespaces",
    prevents:
      "A pod sees the node's network, processes or shared memory, and so those of other pods.",
    description: "Pods must not share the network, process or IPC namespace of their node.",
    remediation: `Remove hostNetwork, hostPID and hostIPC from the pod spec. ${exempt("privileged")}`,
    check: onPods(hostNamespaces),
  },
  {
    ...standard("Baseline", "Privileged Containers", ["CKV_K8S_16"]),
    name: "pod-security-baseline-privileged",
    title: "Containers are not privileged",
    prevents: "A container has full access to the node's devices and kernel.",
    description: "Containers must not be privileged.",
    remediation: `Remove securityContext.privileged from every container. ${exempt("privileged")}`,
    check: onPods(privileged),
  },
  {
    ...standard("Baseline", "HostPath Volumes", ["CKV_K8S_27"]),
    name: "pod-security-baseline-host-path-volumes",
    title: "Pods mount no hostPath volumes",
    prevents:
      "A pod reads the node's files, or takes over the node through a socket or a file that it plants.",
    description: "Pods must not mount files or directories of their node.",
    remediation: `Use a PersistentVolumeClaim or an emptyDir instead of the hostPath volume. ${exempt("privileged")}`,
    check: onPods(hostPathVolumes),
  },
  {
    ...standard("Baseline", "Host Ports", ["CKV_K8S_26"]),
    severity: "high",
    name: "pod-security-baseline-host-ports",
    title: "Containers use no host ports",
    prevents: "A pod is reachable at its node's address, bypassing every network policy.",
    description: "Containers must not open a port on their node.",
    remediation: `Remove hostPort from every port of every container, and reach the pods through a Service. ${exempt("privileged")}`,
    check: onPods(hostPorts),
  },
  {
    ...standard("Baseline", "Host Probes / Lifecycle Hooks (v1.34+)"),
    severity: "high",
    name: "pod-security-baseline-host-probes",
    title: "Probes and lifecycle hooks set no host",
    prevents:
      "The kubelet sends requests to any address that a pod names, bypassing every network policy.",
    description:
      "Probes and lifecycle hooks must not set a host: they may only call their own pod.",
    remediation: `Remove host from httpGet and tcpSocket of every probe and lifecycle hook; set a Host header under httpHeaders. ${exempt("privileged")}`,
    check: onPods(since(34, hostProbes)),
  },
];

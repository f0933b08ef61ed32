import { describe, expect, it } from "vitest";
import { UNKNOWN, messages } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import {
  WHO,
  accepted,
  below,
  deployment,
  inContainers,
  inContexts,
  inPod,
  keysOf,
  pod,
  version,
} from "../testing/restricted-pod";

const OFF = "it must be false or missing";

testPolicy("pod-security-baseline-host-process", {
  happy: deployment,
  broken: [
    ...inContexts("windowsOptions.hostProcess", true, OFF),
    ...inContexts("windowsOptions.hostProcess", "false", OFF),
    ...accepted("securityContext.windowsOptions", [{}, null, undefined]),
    ...accepted("containers[0].securityContext.windowsOptions.hostProcess", [null, undefined]),
  ],
  unknown: below(
    "securityContext.windowsOptions",
    "securityContext.windowsOptions.hostProcess",
    "initContainers[0].securityContext.windowsOptions.hostProcess",
    "containers",
  ),
});

testPolicy("pod-security-baseline-host-namespaces", {
  happy: deployment,
  broken: [
    ...["hostNetwork", "hostPID", "hostIPC"].flatMap((field) => [
      inPod(field, true, OFF),
      inPod(field, "yes", OFF),
      ...accepted(field, [null, undefined]),
    ]),
  ],
  unknown: below("hostNetwork", "hostPID", "hostIPC"),
});

testPolicy("pod-security-baseline-privileged", {
  happy: deployment,
  broken: [
    ...inContainers("securityContext.privileged", true, OFF),
    ...inContainers("securityContext.privileged", 0, OFF),
    ...accepted("containers[0].securityContext", [{}, null, undefined]),
  ],
  unknown: below("containers[0].securityContext.privileged", "ephemeralContainers"),
});

testPolicy("pod-security-baseline-host-path-volumes", {
  happy: deployment,
  broken: [
    {
      ...inPod("volumes[3].hostPath", { path: "/run/containerd" }, ""),
      says: `${WHO}, volume "scratch": spec.template.spec.volumes[3].hostPath is {"path":"/run/containerd"}; a volume must not be a hostPath.`,
    },
    {
      ...inPod("volumes[3]", { hostPath: {} }, ""),
      says: `${WHO}, volume "without a name": spec.template.spec.volumes[3].hostPath is {}; a volume must not be a hostPath.`,
    },
    ...accepted("volumes[3]", [{ name: "scratch", hostPath: null }, null]),
    // A value that is not a list is left to pod-containers-listed.
    ...accepted("volumes", [[], null, undefined, "/run"]),
  ],
  unknown: below("volumes", "volumes[3]", "volumes[3].hostPath"),
});

const FREE = "it must be 0 or missing";

testPolicy("pod-security-baseline-host-ports", {
  happy: deployment,
  broken: [
    ...inContainers("ports[0].hostPort", 8121, FREE),
    ...inContainers("ports[0].hostPort", "0", FREE),
    ...accepted("containers[0].ports[0].hostPort", [null, undefined]),
    ...accepted("containers[0].ports", [[], [null], undefined, { http: 80 }]),
    // Templates keep their ports; the host network is left to another policy.
    ...accepted("hostNetwork", [true]),
  ],
  unknown: below("containers[0].ports[0].hostPort", "containers[0].ports"),
});

const OWN = "it must be missing: it defaults to the pod itself";
const HOSTS = [
  "livenessProbe.httpGet.host",
  "readinessProbe.tcpSocket.host",
  "startupProbe.httpGet.host",
  "lifecycle.postStart.tcpSocket.host",
  "lifecycle.preStop.httpGet.host",
];

testPolicy("pod-security-baseline-host-probes", {
  happy: deployment,
  broken: [
    ...HOSTS.flatMap((path) => inContainers(path, "169.254.169.254", OWN)),
    {
      ...inPod("containers[0].livenessProbe", { tcpSocket: { host: 5 } }, OWN),
      says: `${WHO}, container "api": spec.template.spec.containers[0].livenessProbe.tcpSocket.host is 5; ${OWN}.`,
    },
    ...accepted("containers[0].livenessProbe.httpGet.host", ["10.0.0.7"], version(33)),
    {
      ...inPod("containers[0].livenessProbe.httpGet.host", "10.0.0.7", OWN, version(34)),
      says: `${WHO}, container "api": spec.template.spec.containers[0].livenessProbe.httpGet.host is "10.0.0.7"; ${OWN}.`,
    },
    ...accepted("containers[0].livenessProbe", [{ exec: {} }, {}, null, undefined]),
    ...accepted("containers[0].lifecycle", [{}, null, undefined]),
  ],
  unknown: below(
    "containers[0].livenessProbe",
    "containers[0].lifecycle.preStop.httpGet.host",
    "initContainers[0].startupProbe.httpGet.host",
  ),
});

describe("a Pod on the host network", () => {
  const onNode = broken(pod(), ["spec", "hostNetwork"], true);
  const reported = (fixture = onNode): Promise<readonly string[]> =>
    messages("pod-security-baseline-host-ports", [fixture]);

  it("uses each of its ports as a host port, as the API server sets them", async () => {
    const only = broken(onNode, ["spec", "initContainers"]);
    const alone = broken(only, ["spec", "ephemeralContainers"]);
    expect(await reported(alone)).toEqual([
      'Pod "shop/orders", container "api": spec.containers[0].ports[0].containerPort is 8117; it is a host port because of spec.hostNetwork, which must be false or missing.',
    ]);
    expect(await reported(broken(alone, keysOf("spec.hostNetwork"), false))).toEqual([]);
    expect(await reported(broken(alone, keysOf("spec.hostNetwork"), UNKNOWN))).toEqual([]);
    expect(
      await reported(broken(alone, keysOf("spec.containers[0].ports[0].containerPort"), 0)),
    ).toEqual([]);
  });

  it("reports an explicit host port once", async () => {
    const only = broken(broken(onNode, ["spec", "initContainers"]), [
      "spec",
      "ephemeralContainers",
    ]);
    expect(
      await reported(broken(only, keysOf("spec.containers[0].ports[0].hostPort"), 8123)),
    ).toEqual([
      'Pod "shop/orders", container "api": spec.containers[0].ports[0].hostPort is 8123; it must be 0 or missing.',
    ]);
  });
});

/** DigitalOcean Kubernetes: availability, upgrades, networks and deletion. */
import { is, isOrMissing, isThat, isWritten, rules, withRemedy } from "../rules";
import { isEverywhere } from "../addresses";
import {
  each,
  elements,
  expectEqual,
  expectNot,
  expectPresent,
  expectThat,
  type Check,
} from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { Relations } from "../relations";
import { DOCS } from "./shared";
import { digitalocean } from "../tokens";
import type { Value } from "../values";

export const CLUSTER = digitalocean("KubernetesCluster");
const POOL = digitalocean("KubernetesNodePool");
const DOKS = `${DOCS}/kubernetes`;

function upgraded(check: Check): void {
  const { props } = check.resource;
  // The provider defaults to true here, unlike the cloud's own interface.
  expectNot(check, props.get("surgeUpgrade"), false, "it must be true");
  // An exact version is raised in the program; automatic patches would be reverted.
  const [version, auto] = [props.get("version"), props.get("autoUpgrade")];
  const isExact = ({ string = "" }: Value): boolean => /-do\.\d+$/.test(string);
  if (auto.boolean !== true && !check.context.noteUnknown(version) && !isExact(version)) {
    expectEqual(check, auto, true);
  }
  const window = props.get("maintenancePolicy");
  for (const key of ["day", "startTime"]) {
    expectPresent(check, window.get(key), "set the runbook's maintenance window, in UTC");
  }
  const isChosen = ({ string }: Value): boolean => string !== "any";
  expectThat(check, window.get("day"), isChosen, "set the runbook's day");
}

function guarded(check: Check): void {
  const firewall = check.resource.props.get("controlPlaneFirewall");
  for (const address of elements(check, firewall.get("allowedAddresses"))) {
    expectThat(check, address, (it) => !isEverywhere(it), "list the allowed addresses");
  }
  if (!check.context.setting("demand", false)) return;
  expectEqual(
    check,
    firewall.get("enabled"),
    true,
    "every address can reach the API server: it must be true",
  );
}

const PAIRS: readonly (readonly [string, string])[] = [
  ["amdGpuDevicePlugin", "amdGpuDraDriver"],
  ["nvidiaGpuDevicePlugin", "nvidiaGpuDraDriver"],
];

function consistent(check: Check): void {
  const { props } = check.resource;
  for (const [plugin, driver] of PAIRS) {
    const [one, other] = [props.get(plugin, "enabled"), props.get(driver, "enabled")];
    const isPossible = [one, other].every((it) => it.isUnknown || it.boolean === true);
    if (!isPossible || check.context.noteUnknown(one)) continue;
    const expected = `${plugin} manages the same devices: remove one of them`;
    expectThat(check, other, () => false, expected);
  }
  for (const config of elements(check, props.get("clusterAutoscalerConfigurations"))) {
    for (const key of ["scaleDownUtilizationThreshold", "scaleDownUnneededTime"]) {
      expectPresent(
        check,
        config.get(key),
        "without it the provider sends an empty value: set both",
      );
    }
  }
  for (const sso of elements(check, props.get("ssos"))) {
    const isOn = sso.get("enabled");
    if (check.context.noteUnknown(isOn) || isOn.boolean !== true) continue;
    for (const key of ["issuerUrl", "clientId"]) {
      expectPresent(check, sso.get(key), "without it nobody can log in");
    }
  }
}

function poolSize(check: Check, pool: Value): void {
  const scaled = pool.get("autoScale");
  if (check.context.noteUnknown(scaled)) return;
  const isScaled = scaled.boolean === true;
  const count = pool.get(isScaled ? "minNodes" : "nodeCount");
  expectThat(
    check,
    count,
    ({ number = 0 }) => number >= 2,
    "at least two nodes are needed to tolerate the loss of one",
  );
  if (!isScaled) return;
  const least = count.number ?? 0;
  const expected = `it must be above minNodes ${least}, so that the pool can grow`;
  expectThat(check, pool.get("maxNodes"), ({ number = 0 }) => number > least, expected);
  const fixed = pool.get("nodeCount");
  expectThat(
    check,
    fixed,
    (it) => it.isMissing,
    "every update would reset the pool to it: leave it out",
  );
}

function poolsSeparate(stack: Stack, context: CheckContext): void {
  const to = stack.of(CLUSTER);
  const pools = new Relations({ from: stack.of(POOL), by: "clusterId", to });
  for (const cluster of to) {
    if (pools.of(cluster).length > 0 || pools.mayBeMore(cluster, context)) continue;
    const expected =
      "changing its machine type replaces the cluster: add a KubernetesNodePool for workloads";
    context.report(`${nameOf(cluster)} has only its default pool; ${expected}.`, cluster.urn);
  }
}

/** `latest` and `1.36` are resolved once; the state holds the slug, so every plan shows a diff. */
const isSlug = ({ string = "" }: Value): boolean => /^\d+\.\d+\.\d+-do\.\d+$/.test(string);
const RANGE = isWritten(
  "set a range that overlaps no other: pods get addresses in the Vpc only if it is set",
);

const strict = { enforcement: STRICT_IN_PRODUCTION, severity: "high" } as const;

export const clusters: readonly Policy[] = [
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-cluster-available",
    themes: ["availability", "clusters", "digitalocean"],
    title: "The control plane is highly available",
    clause: { reference: "PO-02; ALL-04", url: `${DOKS}/details/features/#high-availability` },
    prevents: "The control plane stops with one machine: nothing is scaled, healed or deployed.",
    description: "In production, every DigitalOcean Kubernetes cluster is highly available.",
    remediation: "Set ha to true; it cannot be turned off again.",
    // No remedy, because it can never be turned off again.
    check: rules([CLUSTER], { ha: is(true) }),
  },
  {
    ...strict,
    name: "digitalocean-cluster-upgraded",
    themes: ["clusters", "digitalocean"],
    title: "DigitalOcean clusters are upgraded in the maintenance window",
    clause: { reference: "PO-03", url: `${DOKS}/how-to/upgrade-cluster/` },
    prevents: "Patches are forgotten, are installed at the busiest hour, or take capacity away.",
    description:
      "Every DigitalOcean Kubernetes cluster upgrades itself in the runbook's window (unless it pins an exact version), with surge nodes.",
    remediation:
      "Set autoUpgrade and surgeUpgrade to true, and set maintenancePolicy with day and startTime, in UTC.",
    check: each([CLUSTER], upgraded),
  },
  {
    ...strict,
    severity: "medium",
    name: "digitalocean-cluster-version-exact",
    themes: ["clusters", "digitalocean"],
    title: "DigitalOcean clusters set a full version",
    clause: { reference: "PO-02", url: `${DOKS}/details/supported-releases/` },
    prevents: "Every preview shows a spurious diff, so the real one is overlooked.",
    description: "Every DigitalOcean Kubernetes cluster sets its version including the patch.",
    remediation:
      "Set the full version slug, or use getKubernetesVersions' latestVersion and ignore its changes.",
    check: rules([CLUSTER], {
      version: isThat(
        isSlug,
        "use a slug such as 1.36.2-do.0, or getKubernetesVersions' latestVersion",
      ),
    }),
  },
  {
    ...strict,
    name: "digitalocean-cluster-private",
    themes: ["network", "clusters", "digitalocean"],
    title: "DigitalOcean clusters are in the stack's VPC",
    clause: { reference: "PO-03", url: `${DOKS}/details/features/#vpc-native-networking` },
    prevents: "Databases cannot tell pods apart, and pods reach them over the public network.",
    description:
      "Every DigitalOcean Kubernetes cluster is in the stack's Vpc, with its own ranges for pods and services.",
    remediation:
      "Set vpcUuid, clusterSubnet and serviceSubnet; changing any of them replaces the cluster.",
    check: rules([CLUSTER], {
      vpcUuid: isWritten("set it to the ID of the stack's Vpc"),
      clusterSubnet: RANGE,
      serviceSubnet: RANGE,
    }),
  },
  {
    ...strict,
    name: "digitalocean-cluster-endpoint-guarded",
    themes: ["network", "clusters", "digitalocean"],
    title: "The control plane firewall lists allowed addresses",
    clause: { reference: "PO-03", url: `${DOKS}/how-to/add-control-plane-firewall/` },
    prevents:
      "The next vulnerability in the API server is open to everyone on the day it is published.",
    description:
      "No control plane firewall admits every address; if the option demand is set, every cluster has one.",
    remediation:
      "Set controlPlaneFirewall to { enabled: true, allowedAddresses }, including the address from which Pulumi runs.",
    configuration: {
      properties: {
        demand: {
          type: "boolean",
          default: false,
          description: "Whether a firewall is required; not every account has the feature yet",
        },
      },
    },
    check: each([CLUSTER], guarded),
  },
  {
    ...strict,
    severity: "medium",
    name: "digitalocean-cluster-consistent",
    themes: ["clusters", "digitalocean"],
    title: "Cluster settings do not conflict",
    clause: { reference: "PO-02", url: `${DOKS}/how-to/` },
    prevents: "DigitalOcean refuses half of the change, or the autoscaler never removes a node.",
    description:
      "Only one plugin manages a kind of device, and the settings of the autoscaler and of single sign-on are complete.",
    remediation:
      "Remove one of the plugins; set both thresholds of the autoscaler, and issuerUrl and clientId.",
    check: each([CLUSTER], consistent),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-cluster-volumes-stay",
    themes: ["recovery", "clusters", "digitalocean"],
    title: "Volumes outlive their cluster",
    clause: { reference: "PO-02", url: `${DOKS}/how-to/destroy-clusters/` },
    severity: "critical",
    prevents: "Destroying a cluster destroys its volumes and their snapshots.",
    description:
      "In production, no cluster deletes its volumes, snapshots and load balancers when it is destroyed.",
    remediation: "Remove destroyAllAssociatedResources: true.",
    ...withRemedy(rules([CLUSTER], { destroyAllAssociatedResources: isOrMissing(false) })),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-node-pool-sized",
    themes: ["availability", "clusters", "digitalocean"],
    title: "Node pools tolerate the loss of a node and have room to scale",
    clause: { reference: "PO-02; ALL-04", url: `${DOKS}/how-to/autoscale/` },
    prevents: "The loss of one node is an outage, or the pool cannot grow under load.",
    description:
      "In production, every pool has at least two nodes, and an autoscaled pool has room to grow and no fixed count.",
    remediation:
      "Set minNodes to 2 or more and maxNodes above it, without nodeCount; or set nodeCount to 2.",
    check: each([CLUSTER, POOL], (check) => {
      const { props, type } = check.resource;
      poolSize(check, type === POOL ? props : props.get("nodePool"));
    }),
  },
  {
    name: "digitalocean-node-pool-separate",
    themes: ["clusters", "digitalocean"],
    title: "Workloads run on a separate node pool",
    clause: { reference: "PO-02", url: `${DOKS}/how-to/add-node-pools/` },
    severity: "medium",
    prevents: "A new machine type replaces the whole cluster.",
    description: "Every cluster has a node pool in addition to its default one.",
    remediation:
      "Add a KubernetesNodePool whose clusterId is the cluster's ID; keep the default pool small.",
    enforcement: ADVICE,
    check: { kind: "stack", run: poolsSeparate },
  },
];

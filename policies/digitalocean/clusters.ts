/** DigitalOcean Kubernetes: redundant, patched, private, and what is left when it goes. */
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
  // Nothing written is true here, other than in the cloud's own interface.
  expectNot(check, props.get("surgeUpgrade"), false, "it must be true");
  // An exact version is raised by whoever wrote it; patches behind its back would lower it again.
  const [version, auto] = [props.get("version"), props.get("autoUpgrade")];
  const isExact = ({ string = "" }: Value): boolean => /-do\.\d+$/.test(string);
  if (auto.boolean !== true && !check.context.noteUnknown(version) && !isExact(version)) {
    expectEqual(check, auto, true);
  }
  const window = props.get("maintenancePolicy");
  for (const key of ["day", "startTime"]) {
    expectPresent(check, window.get(key), "write the runbook's maintenance window, in UTC");
  }
  const isChosen = ({ string }: Value): boolean => string !== "any";
  expectThat(check, window.get("day"), isChosen, "write the runbook's day");
}

function guarded(check: Check): void {
  const firewall = check.resource.props.get("controlPlaneFirewall");
  for (const address of elements(check, firewall.get("allowedAddresses"))) {
    expectThat(check, address, (it) => !isEverywhere(it), "name the addresses that may come");
  }
  if (!check.context.setting("demand", false)) return;
  expectEqual(
    check,
    firewall.get("enabled"),
    true,
    "every address reaches the API server: it must be true",
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
    const expected = `${plugin} hands out the same devices: leave one of them out`;
    expectThat(check, other, () => false, expected);
  }
  for (const config of elements(check, props.get("clusterAutoscalerConfigurations"))) {
    for (const key of ["scaleDownUtilizationThreshold", "scaleDownUnneededTime"]) {
      expectPresent(
        check,
        config.get(key),
        "the provider sends an empty value without it: write both",
      );
    }
  }
  for (const sso of elements(check, props.get("ssos"))) {
    const isOn = sso.get("enabled");
    if (check.context.noteUnknown(isOn) || isOn.boolean !== true) continue;
    for (const key of ["issuerUrl", "clientId"]) {
      expectPresent(check, sso.get(key), "nobody can log in without it");
    }
  }
}

function poolSize(check: Check, pool: Value): void {
  const scaled = pool.get("autoScale");
  if (check.context.noteUnknown(scaled)) return;
  const isScaled = scaled.boolean === true;
  const count = pool.get(isScaled ? "minNodes" : "nodeCount");
  expectThat(check, count, ({ number = 0 }) => number >= 2, "two nodes or more survive one");
  if (!isScaled) return;
  const least = count.number ?? 0;
  const expected = `more than minNodes ${least} leaves room to grow`;
  expectThat(check, pool.get("maxNodes"), ({ number = 0 }) => number > least, expected);
  const fixed = pool.get("nodeCount");
  expectThat(
    check,
    fixed,
    (it) => it.isMissing,
    "every change would set the pool back to it: leave it out",
  );
}

function poolsSeparate(stack: Stack, context: CheckContext): void {
  const to = stack.of(CLUSTER);
  const pools = new Relations({ from: stack.of(POOL), by: "clusterId", to });
  for (const cluster of to) {
    if (pools.of(cluster).length > 0 || pools.mayBeMore(cluster, context)) continue;
    const expected =
      "another machine type replaces the cluster: write a KubernetesNodePool for the work";
    context.report(`${nameOf(cluster)} has its default pool only; ${expected}.`, cluster.urn);
  }
}

/** `latest` and `1.36` are resolved once; the state holds the slug, and every plan a difference. */
const isSlug = ({ string = "" }: Value): boolean => /^\d+\.\d+\.\d+-do\.\d+$/.test(string);
const RANGE = isWritten(
  "write a range that overlaps no other: only then pods have addresses in the Vpc",
);

const strict = { enforcement: STRICT_IN_PRODUCTION, severity: "high" } as const;

export const clusters: readonly Policy[] = [
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-cluster-available",
    themes: ["availability", "clusters", "digitalocean"],
    title: "The control plane survives a machine",
    clause: { reference: "PO-02; ALL-04", url: `${DOKS}/details/features/#high-availability` },
    prevents: "The control plane stops with one machine: nothing is scaled, healed or deployed.",
    description: "In production every DigitalOcean Kubernetes cluster is highly available.",
    remediation: "Set ha to true; it cannot be switched off again.",
    // No remedy: it can never be switched off again.
    check: rules([CLUSTER], { ha: is(true) }),
  },
  {
    ...strict,
    name: "digitalocean-cluster-upgraded",
    themes: ["clusters", "digitalocean"],
    title: "Clusters are patched, when it suits us",
    clause: { reference: "PO-03", url: `${DOKS}/how-to/upgrade-cluster/` },
    prevents: "Patches are forgotten, come at the busiest hour, or take capacity away.",
    description:
      "Every DigitalOcean Kubernetes cluster upgrades itself in the runbook's window (unless an exact version is written), with spare nodes.",
    remediation:
      "Set autoUpgrade and surgeUpgrade to true, and write maintenancePolicy with day and startTime, in UTC.",
    check: each([CLUSTER], upgraded),
  },
  {
    ...strict,
    severity: "medium",
    name: "digitalocean-cluster-version-exact",
    themes: ["clusters", "digitalocean"],
    title: "Versions of clusters are whole",
    clause: { reference: "PO-02", url: `${DOKS}/details/supported-releases/` },
    prevents: "Every preview shows a spurious diff, so the real one is overlooked.",
    description: "Every DigitalOcean Kubernetes cluster names a version with its patch.",
    remediation:
      "Write the slug, or take getKubernetesVersions' latestVersion and ignore its changes.",
    check: rules([CLUSTER], {
      version: isThat(
        isSlug,
        "write a slug such as 1.36.2-do.0, or getKubernetesVersions' latestVersion",
      ),
    }),
  },
  {
    ...strict,
    name: "digitalocean-cluster-private",
    themes: ["network", "clusters", "digitalocean"],
    title: "Clusters lie in the stack's network",
    clause: { reference: "PO-03", url: `${DOKS}/details/features/#vpc-native-networking` },
    prevents: "Pods cannot be told apart by databases, and reach them over the public way.",
    description:
      "Every DigitalOcean Kubernetes cluster lies in the stack's Vpc, with ranges of its own for pods and services.",
    remediation:
      "Write vpcUuid, clusterSubnet and serviceSubnet; each of them replaces the cluster.",
    check: rules([CLUSTER], {
      vpcUuid: isWritten("write the id of the stack's Vpc"),
      clusterSubnet: RANGE,
      serviceSubnet: RANGE,
    }),
  },
  {
    ...strict,
    name: "digitalocean-cluster-endpoint-guarded",
    themes: ["network", "clusters", "digitalocean"],
    title: "The API server's firewall names who may come",
    clause: { reference: "PO-03", url: `${DOKS}/how-to/add-control-plane-firewall/` },
    prevents: "The next hole in the API server is open to everybody on the day it is known.",
    description:
      "No control plane firewall admits every address; where the option demand is set, every cluster has one.",
    remediation:
      "Set controlPlaneFirewall to { enabled: true, allowedAddresses }, with the address from which Pulumi runs.",
    configuration: {
      properties: {
        demand: {
          type: "boolean",
          default: false,
          description: "Whether a firewall is needed: not every account is offered one yet",
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
    title: "Parts of a cluster do not exclude each other",
    clause: { reference: "PO-02", url: `${DOKS}/how-to/` },
    prevents: "The cloud refuses half of the change, or the autoscaler removes no node ever.",
    description:
      "Plugins for the same devices exclude each other, the autoscaler's settings are whole, and so is a single sign-on.",
    remediation:
      "Leave one plugin out; write both thresholds of the autoscaler, and issuerUrl and clientId.",
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
    prevents: "A destroyed cluster takes its volumes and their snapshots with it.",
    description:
      "In production no cluster deletes its volumes, snapshots and balancers when it goes.",
    remediation: "Remove destroyAllAssociatedResources: true.",
    ...withRemedy(rules([CLUSTER], { destroyAllAssociatedResources: isOrMissing(false) })),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-node-pool-sized",
    themes: ["availability", "clusters", "digitalocean"],
    title: "Pools survive a node and have room",
    clause: { reference: "PO-02; ALL-04", url: `${DOKS}/how-to/autoscale/` },
    prevents: "The loss of one node is an outage, or a busy day finds no second one.",
    description:
      "In production every pool has two nodes or more, and one that is scaled has room and no fixed count.",
    remediation:
      "Set minNodes to 2 or more and maxNodes above it, without nodeCount; or nodeCount to 2.",
    check: each([CLUSTER, POOL], (check) => {
      const { props, type } = check.resource;
      poolSize(check, type === POOL ? props : props.get("nodePool"));
    }),
  },
  {
    name: "digitalocean-node-pool-separate",
    themes: ["clusters", "digitalocean"],
    title: "Work runs on a pool that can be replaced",
    clause: { reference: "PO-02", url: `${DOKS}/how-to/add-node-pools/` },
    severity: "medium",
    prevents: "A new machine type replaces the whole cluster.",
    description: "Every cluster has a node pool besides its default one.",
    remediation:
      "Write a KubernetesNodePool whose clusterId is the cluster's id; keep the default small.",
    enforcement: ADVICE,
    check: { kind: "stack", run: poolsSeparate },
  },
];

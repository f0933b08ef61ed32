/** GKE nodes. */
import {
  all,
  expectRows,
  is,
  isMissingOr,
  isNot,
  isThat,
  isWritten,
  combine,
  rules,
  where,
  type Rows,
} from "../rules";
import { each, elements, knows, type Check } from "../expect";
import type { Policy } from "../policy";
import { ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

export const CLUSTER = gcp("container", "Cluster");
export const NODE_POOL = gcp("container", "NodePool");

const GKE = `${DOCS}/kubernetes-engine/docs`;

/**
 * Google manages the nodes of Autopilot clusters, shielded and patched; open if that is unknown.
 */
export function isStandard(check: Check): boolean {
  const autopilot = check.resource.props.get("enableAutopilot");
  return knows(check, autopilot) && autopilot.boolean !== true;
}

/**
 * Where nodes are configured: in a pool, in the default pool if the cluster configures it, and in
 * pools inside the cluster. A pool without nodeConfig has every default, so it is evaluated too.
 */
export function nodeConfigs(check: Check): readonly Value[] {
  const { type, props } = check.resource;
  const own = props.get("nodeConfig");
  if (type === NODE_POOL) return [own];
  const inline = elements(check, props.get("nodePools"));
  return [...(own.isMissing ? [] : [own]), ...inline.map((pool) => pool.get("nodeConfig"))];
}

const onNodes = (rows: Rows): Policy["check"] =>
  each([CLUSTER, NODE_POOL], (check) => {
    if (!isStandard(check)) return;
    for (const config of nodeConfigs(check)) expectRows(check, config, rows);
  });

/** Google's hardened image, the default, under its current and its former name. */
const isContainerOptimised = ({ isMissing, string }: Value): boolean =>
  isMissing || /^COS(_CONTAINERD)?$/i.test(string ?? "");

const DEFAULT_ACCOUNT = /^(default|\d+-compute@developer\.gserviceaccount\.com)$/;
const OWN_ACCOUNT =
  "the project's default service account may change every resource: set it to the email of a service account for nodes";

const ON = isNot(false, "it must be true or missing");

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const gkeNodes: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-gke-nodes-shielded",
    title: "GKE nodes use secure boot",
    clause: {
      reference:
        "PO-03; CKV_GCP_68; CKV_GCP_71; CKV_GCP_72; CIS GKE 5.5.5; CIS GKE 5.5.6; CIS GKE 5.5.7",
      url: `${GKE}/how-to/shielded-gke-nodes`,
    },
    severity: "medium",
    themes: ["clusters", "gcp"],
    prevents: "A rootkit in a node's boot chain stays undetected.",
    description: "Every node pool enables secure boot and integrity monitoring.",
    remediation: "Set nodeConfig.shieldedInstanceConfig.enableSecureBoot to true in every pool.",
    check: onNodes({
      "shieldedInstanceConfig.enableSecureBoot": is(true),
      "shieldedInstanceConfig.enableIntegrityMonitoring": ON,
    }),
  },
  {
    ...strict,
    name: "gcp-gke-nodes-surface",
    title: "GKE nodes have a small attack surface",
    clause: {
      reference: "PO-03; CKV_GCP_22; CIS GKE 4.2.4; CIS GKE 5.4.1; CIS GKE 5.5.1",
      url: `${GKE}/how-to/disable-kubelet-readonly-port`,
    },
    severity: "medium",
    themes: ["clusters", "gcp"],
    prevents:
      "Anyone who can reach a node can read its pods, or its credentials, without logging in.",
    description:
      "Nodes run Container-Optimized OS, without the kubelet's read-only port and the legacy metadata endpoints.",
    remediation:
      'Set nodeConfig.imageType to "COS_CONTAINERD" and nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled to "FALSE"; remove disable-legacy-endpoints: "false".',
    check: onNodes({
      imageType: isThat(isContainerOptimised, 'it must be "COS_CONTAINERD" or missing'),
      "kubeletConfig.insecureKubeletReadonlyPortEnabled": isThat(
        ({ string }) => string?.toUpperCase() === "FALSE",
        'anyone who can reach the node can read its pods: set it to "FALSE"',
      ),
      "metadata.disable-legacy-endpoints": isNot("false", 'it must be "true" or missing'),
    }),
  },
  {
    ...strict,
    name: "gcp-gke-nodes-identity",
    title: "GKE nodes have their own service account",
    clause: {
      reference: "PO-03; CKV2_GCP_1; CIS GKE 5.2.1",
      url: `${GKE}/how-to/hardening-your-cluster#use_least_privilege_sa`,
    },
    severity: "high",
    themes: ["clusters", "iam", "gcp"],
    prevents: "One compromised node may change every resource of the project.",
    description: "Every node pool runs as a service account other than the project's default one.",
    remediation:
      "Set nodeConfig.serviceAccount to an Account with roles/container.defaultNodeServiceAccount and permission to pull images.",
    check: onNodes({
      serviceAccount: all(
        isWritten(OWN_ACCOUNT),
        isMissingOr(({ string = "" }) => !DEFAULT_ACCOUNT.test(string), OWN_ACCOUNT),
      ),
    }),
  },
  {
    ...strict,
    name: "gcp-gke-nodes-patched",
    title: "GKE nodes are repaired and upgraded automatically",
    clause: {
      reference: "PO-03; CKV_GCP_9; CKV_GCP_10; CIS GKE 5.5.2; CIS GKE 5.5.3",
      url: `${GKE}/concepts/node-pools`,
    },
    severity: "medium",
    themes: ["clusters", "gcp"],
    prevents: "Broken and outdated nodes stay until someone notices.",
    description: "No node pool turns off automatic repair or automatic upgrades.",
    remediation: "Remove management.autoRepair and management.autoUpgrade, or set both to true.",
    check: combine(
      rules(where([NODE_POOL], isStandard), {
        "management.autoRepair": ON,
        "management.autoUpgrade": ON,
      }),
      rules(where([CLUSTER], isStandard), {
        "nodePools[].management.autoRepair": ON,
        "nodePools[].management.autoUpgrade": ON,
      }),
    ),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-gke-nodes-spread",
    title: "GKE node pools tolerate the loss of a node or a zone",
    clause: { reference: "PO-02; ALL-04", url: `${GKE}/concepts/regional-clusters` },
    severity: "medium",
    themes: ["availability", "clusters", "gcp"],
    prevents: "The loss of one zone takes down every node of a pool.",
    description:
      "In production, no node pool is in a single zone, or may shrink to one node; one that may be empty waits for a load.",
    remediation:
      "List the region's zones in nodeLocations (or leave it out), and set autoscaling.totalMinNodeCount to 2 or more, or to 0.",
    check: rules([NODE_POOL], {
      // The default is the cluster's zones.
      nodeLocations: isThat(
        (it) => it.list().length !== 1,
        "list the region's other zones too, or none",
      ),
      // The alternative, minNodeCount, counts per zone.
      "autoscaling.totalMinNodeCount": isMissingOr(
        ({ number = 0 }) => number >= 2 || number === 0,
        "at least two nodes are needed to tolerate the loss of one",
      ),
    }),
  },
];

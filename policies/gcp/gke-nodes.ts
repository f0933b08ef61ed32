/** The machines of GKE clusters. */
import { each, elements, expectThat, expectPresent, expectNot, type Check } from "../expect";
import type { Policy } from "../policy";
import { ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

export const CLUSTER = gcp("container", "Cluster");
export const NODE_POOL = gcp("container", "NodePool");

const GKE = `${DOCS}/kubernetes-engine/docs`;

/** Google runs an Autopilot cluster's nodes, shielded and patched; open where that is not known. */
export function isAutopilot({ resource, context }: Check): boolean {
  const mode = resource.props.get("enableAutopilot");
  return context.noteUnknown(mode) || mode.boolean === true;
}

/**
 * Where nodes are described: of a pool, of the default pool if the cluster says anything of it, of
 * pools inside the cluster. A pool without nodeConfig has every default, so it is evaluated too.
 */
export function nodeConfigs(check: Check): readonly Value[] {
  const { type, props } = check.resource;
  const own = props.get("nodeConfig");
  if (type === NODE_POOL) return [own];
  const inline = elements(check, props.get("nodePools"));
  return [...(own.isMissing ? [] : [own]), ...inline.map((pool) => pool.get("nodeConfig"))];
}

const onNodes = (evaluate: (check: Check, config: Value) => void): Policy["check"] =>
  each([CLUSTER, NODE_POOL], (check) => {
    if (isAutopilot(check)) return;
    for (const config of nodeConfigs(check)) evaluate(check, config);
  });

function shielded(check: Check, config: Value): void {
  const instance = config.get("shieldedInstanceConfig");
  expectThat(
    check,
    instance.get("enableSecureBoot"),
    ({ boolean }) => boolean === true,
    "it must be true",
  );
  expectNot(check, instance.get("enableIntegrityMonitoring"), false, "it must be true or missing");
}

/** Google's hardened image, which is the default, in its current and its former name. */
const isContainerOptimised = ({ isMissing, string }: Value): boolean =>
  isMissing || /^COS(_CONTAINERD)?$/i.test(string ?? "");

function surface(check: Check, config: Value): void {
  const image = config.get("imageType");
  expectThat(check, image, isContainerOptimised, 'it must be "COS_CONTAINERD" or missing');
  const port = config.get("kubeletConfig", "insecureKubeletReadonlyPortEnabled");
  const closed = 'anybody who reaches the node reads its pods: write "FALSE"';
  expectThat(check, port, ({ string }) => string?.toUpperCase() === "FALSE", closed);
  const legacy = config.get("metadata", "disable-legacy-endpoints");
  expectNot(check, legacy, "false", 'it must be "true" or missing');
}

const DEFAULT_ACCOUNT = /^(default|\d+-compute@developer\.gserviceaccount\.com)$/;

function identity(check: Check, config: Value): void {
  const account = config.get("serviceAccount");
  const expected =
    "the project's default account may change every resource: write the email of an account for nodes";
  expectPresent(check, account, expected);
  // Missing has been said.
  const isOwn = ({ isMissing, string = "" }: Value): boolean =>
    isMissing || !DEFAULT_ACCOUNT.test(string);
  expectThat(check, account, isOwn, expected);
}

function patched(check: Check): void {
  const { props, type } = check.resource;
  if (isAutopilot(check)) return;
  const pools = type === NODE_POOL ? [props] : elements(check, props.get("nodePools"));
  for (const pool of pools) {
    for (const key of ["autoRepair", "autoUpgrade"]) {
      expectNot(check, pool.get("management", key), false, "it must be true or missing");
    }
  }
}

function surviving(check: Check): void {
  const { props } = check.resource;
  const zones = props.get("nodeLocations");
  // None written: those of the cluster.
  const expected = "name the region's other zones too, or none";
  expectThat(check, zones, (it) => it.list().length !== 1, expected);
  // The other way to write it, minNodeCount, counts for each zone.
  const total = props.get("autoscaling", "totalMinNodeCount");
  const isRight = ({ isMissing, number = 0 }: Value): boolean => isMissing || number >= 2;
  expectThat(check, total, isRight, "two nodes or more survive one");
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const gkeNodes: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-gke-nodes-shielded",
    title: "Nodes of GKE boot what Google signed",
    clause: {
      reference:
        "PO-03; CKV_GCP_68; CKV_GCP_71; CKV_GCP_72; CIS GKE 5.5.5; CIS GKE 5.5.6; CIS GKE 5.5.7",
      url: `${GKE}/how-to/shielded-gke-nodes`,
    },
    severity: "medium",
    themes: ["clusters", "gcp"],
    prevents: "A root kit in a node's boot chain stays there, unseen.",
    description: "Every node pool has secure boot and integrity monitoring.",
    remediation: "Set nodeConfig.shieldedInstanceConfig.enableSecureBoot to true in every pool.",
    check: onNodes(shielded),
  },
  {
    ...strict,
    name: "gcp-gke-nodes-surface",
    title: "Nodes of GKE show nothing that they need not",
    clause: {
      reference: "PO-03; CKV_GCP_22; CIS GKE 4.2.4; CIS GKE 5.4.1; CIS GKE 5.5.1",
      url: `${GKE}/how-to/disable-kubelet-readonly-port`,
    },
    severity: "medium",
    themes: ["clusters", "gcp"],
    prevents: "Whoever reaches a node reads its pods, or its credentials, without logging in.",
    description:
      "Nodes run Container-Optimized OS, without the kubelet's open port and the legacy metadata endpoints.",
    remediation:
      'Set nodeConfig.imageType to "COS_CONTAINERD" and nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled to "FALSE"; remove disable-legacy-endpoints: "false".',
    check: onNodes(surface),
  },
  {
    ...strict,
    name: "gcp-gke-nodes-identity",
    title: "Nodes of GKE have an account of their own",
    clause: {
      reference: "PO-03; CKV2_GCP_1; CIS GKE 5.2.1",
      url: `${GKE}/how-to/hardening-your-cluster#use_least_privilege_sa`,
    },
    severity: "high",
    themes: ["clusters", "iam", "gcp"],
    prevents: "One node that is taken over may change every resource of the project.",
    description: "Every node pool runs as a service account that is not the project's default one.",
    remediation:
      "Set nodeConfig.serviceAccount to an Account with roles/container.defaultNodeServiceAccount and the right to pull images.",
    check: onNodes(identity),
  },
  {
    ...strict,
    name: "gcp-gke-nodes-patched",
    title: "Nodes of GKE are repaired and upgraded",
    clause: {
      reference: "PO-03; CKV_GCP_9; CKV_GCP_10; CIS GKE 5.5.2; CIS GKE 5.5.3",
      url: `${GKE}/concepts/node-pools`,
    },
    severity: "medium",
    themes: ["clusters", "gcp"],
    prevents: "Broken and outdated nodes stay until somebody looks.",
    description: "No node pool switches its repair or its upgrades off.",
    remediation: "Remove management.autoRepair and management.autoUpgrade, or set both to true.",
    check: each([CLUSTER, NODE_POOL], patched),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-gke-nodes-spread",
    title: "A pool of GKE survives a node and a zone",
    clause: { reference: "PO-02; ALL-04", url: `${GKE}/concepts/regional-clusters` },
    severity: "medium",
    themes: ["availability", "clusters", "gcp"],
    prevents: "The loss of one zone takes every node of a pool.",
    description: "In production no node pool lies in one zone, or may shrink below two nodes.",
    remediation:
      "Name the region's zones in nodeLocations (or leave it out), and set autoscaling.totalMinNodeCount to 2 or more.",
    check: each([NODE_POOL], surviving),
  },
];

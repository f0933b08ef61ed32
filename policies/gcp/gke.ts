/** GKE clusters: upgrades, monitoring and hardening. */
import { is, isMissingOr, isNot, isThat, isWritten, rules, where } from "../rules";
import {
  each,
  expectEqual,
  expectNot,
  expectOneOf,
  expectPresent,
  expectThat,
  type Check,
} from "../expect";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, finding, listSetting } from "../policy";
import { CLUSTER, isStandard } from "./gke-nodes";
import { DOCS } from "./shared";
import type { Value } from "../values";

const GKE = `${DOCS}/kubernetes-engine/docs`;
const WINDOWS = ["dailyMaintenanceWindow", "recurringWindow", "recurringMaintenanceWindow"];

function upgraded(check: Check): void {
  const { props } = check.resource;
  const channel = props.get("releaseChannel", "channel");
  // Google's default is REGULAR, or a channel that has the given version.
  if (!channel.isMissing) {
    expectOneOf(check, channel, ["RAPID", "REGULAR", "STABLE", "EXTENDED"]);
  }
  const policy = props.get("maintenancePolicy");
  if (check.context.noteUnknown(policy)) return;
  if (WINDOWS.some((key) => !policy.get(key).isMissing)) return;
  const window = policy.get("recurringWindow");
  check.context.report(finding(check.resource, window, "set the window in which upgrades may run"));
}

const COMPONENTS = ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"];

function logged(check: Check): void {
  const { props } = check.resource;
  for (const service of ["loggingService", "monitoringService"]) {
    expectNot(
      check,
      props.get(service),
      "none",
      "it turns logging or monitoring off: leave it out",
    );
  }
  const components = props.get("loggingConfig", "enableComponents");
  const expected = check.context.setting("components", COMPONENTS);
  for (const name of expected) expectItem(check, components, name);
  // GKE's default includes the system metrics.
  const metrics = props.get("monitoringConfig", "enableComponents");
  if (!metrics.isMissing) expectItem(check, metrics, "SYSTEM_COMPONENTS");
}

function expectItem(check: Check, list: Value, name: string): void {
  if (list.list().some(({ string }) => string === name)) return;
  // One of these may be it.
  if (list.list().some((item) => check.context.noteUnknown(item))) return;
  expectThat(check, list, () => false, `it must contain "${name}"`);
}

function posture(check: Check): void {
  const { props } = check.resource;
  expectOneOf(check, props.get("securityPostureConfig", "mode"), ["BASIC", "ENTERPRISE"]);
  const flows = props.get("enableIntranodeVisibility");
  if (flows.boolean === true) return;
  // Dataplane V2 always sees traffic inside a node.
  const datapath = props.get("datapathProvider");
  if (check.context.noteUnknown(datapath) || datapath.string === "ADVANCED_DATAPATH") return;
  if (!isStandard(check)) return;
  expectEqual(check, flows, true, "flow logs miss traffic inside a node: it must be true");
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const gke: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-gke-upgraded",
    title: "GKE is upgraded in a maintenance window",
    clause: {
      reference: "PO-03; CKV_GCP_70; CIS GKE 5.5.4",
      url: `${GKE}/concepts/release-channels`,
    },
    severity: "high",
    themes: ["clusters", "gcp"],
    prevents: "The cluster stays on an unpatched version, or is upgraded at the busiest hour.",
    description: "GKE clusters follow a release channel and set a maintenance window.",
    remediation:
      'Set releaseChannel.channel to "REGULAR" or "STABLE", not "UNSPECIFIED", and maintenancePolicy.recurringWindow to the runbook\'s window, in UTC.',
    check: each([CLUSTER], upgraded),
  },
  {
    ...strict,
    name: "gcp-gke-logged",
    title: "GKE collects logs and metrics",
    clause: {
      reference: "PO-03; CKV_GCP_1; CKV_GCP_8; CIS GKE 5.7.1",
      url: `${GKE}/how-to/view-logs`,
    },
    severity: "high",
    themes: ["logging", "clusters", "gcp"],
    prevents: "After an incident nobody knows who requested what from the cluster.",
    description:
      "GKE clusters collect the logs of the system, the workloads and the API server, and the system metrics.",
    remediation: `Set loggingConfig.enableComponents to ${COMPONENTS.join(", ")}; remove loggingService and monitoringService.`,
    configuration: {
      properties: {
        components: listSetting(COMPONENTS, "Components that must send logs"),
      },
    },
    check: each([CLUSTER], logged),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-gke-regional",
    title: "GKE clusters are regional",
    clause: { reference: "PO-02; ALL-04", url: `${GKE}/concepts/regional-clusters` },
    severity: "high",
    themes: ["availability", "clusters", "gcp"],
    prevents: "The loss of one zone, or an upgrade of the control plane, blocks every change.",
    description: "In production, GKE clusters are regional, not zonal.",
    remediation:
      "Set location to a region, such as europe-west1; changing it replaces the cluster.",
    check: rules([CLUSTER], {
      location: isThat(
        ({ string = "" }) => /^[a-z]+-[a-z]+\d+$/.test(string),
        "use a region: in a zone the control plane is a single machine",
      ),
    }),
  },
  {
    ...strict,
    name: "gcp-gke-pools-separate",
    title: "GKE node pools are separate resources",
    clause: { reference: "PO-02; CKV_GCP_123", url: `${GKE}/how-to/node-pools` },
    severity: "medium",
    themes: ["clusters", "gcp"],
    prevents: "A new machine type replaces the whole cluster.",
    description: "GKE clusters have no inline node pools and remove the default one.",
    remediation:
      "Set removeDefaultNodePool to true with initialNodeCount 1, and add a NodePool for each pool.",
    check: rules(where([CLUSTER], isStandard), {
      nodePools: isMissingOr(
        (it) => it.isEmptyList,
        "changing one pool replaces the cluster: use NodePool resources",
      ),
      removeDefaultNodePool: is(true, "the default pool cannot be changed later: it must be true"),
    }),
  },
  {
    ...strict,
    name: "gcp-gke-hardened",
    title: "GKE has no unsafe settings",
    clause: {
      reference: "PO-03; CKV_GCP_71; CKV2_GCP_19; CIS GKE 5.5.5; CIS GKE 5.10.2",
      url: `${GKE}/how-to/hardening-your-cluster`,
    },
    severity: "high",
    themes: ["clusters", "gcp"],
    prevents:
      "An alpha cluster is deleted after thirty days, a forged node joins, or a Service intercepts other traffic.",
    description:
      "GKE clusters are not alpha clusters, have shielded nodes and do not allow external IPs.",
    remediation:
      "Remove enableKubernetesAlpha, enableShieldedNodes: false and serviceExternalIpsConfig.enabled: true.",
    check: rules([CLUSTER], {
      enableKubernetesAlpha: isNot(true, "it must be false or missing"),
      enableShieldedNodes: isNot(false, "it must be true or missing"),
      "serviceExternalIpsConfig.enabled": isNot(
        true,
        "a Service could intercept other traffic: it must be false",
      ),
    }),
  },
  {
    name: "gcp-gke-posture",
    title: "GKE enables its security posture dashboard",
    clause: {
      reference: "PO-03; CKV_GCP_61; CIS GKE 5.6.1",
      url: `${GKE}/concepts/about-security-posture-dashboard`,
    },
    severity: "low",
    themes: ["clusters", "gcp"],
    prevents: "Insecure workload settings, and traffic between pods on one node, go unnoticed.",
    description: "GKE clusters enable the security posture dashboard and intranode visibility.",
    remediation:
      'Set securityPostureConfig.mode to "BASIC", which is free, and enableIntranodeVisibility to true unless Dataplane V2 is used.',
    enforcement: ADVICE,
    check: each([CLUSTER], posture),
  },
  {
    name: "gcp-gke-labelled",
    title: "GKE clusters have labels",
    clause: { reference: "PO-04; CKV_GCP_21", url: `${GKE}/how-to/creating-managing-labels` },
    severity: "low",
    themes: ["metadata", "clusters", "gcp"],
    prevents: "Nobody knows to which system or budget a cluster belongs.",
    description: "GKE clusters have labels.",
    remediation: "Set resourceLabels, such as system and environment.",
    enforcement: ADVICE,
    check: rules([CLUSTER], { resourceLabels: isWritten("add the system and the environment") }),
  },
  {
    name: "gcp-gke-binary-authorization",
    title: "GKE sets Binary Authorization",
    clause: {
      reference: "PO-03; CKV_GCP_66; CIS GKE 5.10.4",
      url: `${DOCS}/binary-authorization/docs`,
    },
    severity: "low",
    themes: ["images", "clusters", "gcp"],
    prevents: "Images that nobody built or checked run, and nobody decided to allow it.",
    description:
      "GKE clusters set whether Binary Authorization checks images, and enable it if the option demand is set.",
    remediation:
      'Set binaryAuthorization.evaluationMode to "PROJECT_SINGLETON_POLICY_ENFORCE" once the project has a policy, or explicitly to "DISABLED".',
    enforcement: ADVICE,
    configuration: {
      properties: {
        demand: {
          type: "boolean",
          default: false,
          description: "Whether DISABLED is a violation",
        },
      },
    },
    check: each([CLUSTER], (check) => {
      const mode = check.resource.props.get("binaryAuthorization", "evaluationMode");
      expectPresent(check, mode, "set whether images are checked before they run");
      if (!check.context.setting("demand", false)) return;
      expectNot(check, mode, "DISABLED", "write PROJECT_SINGLETON_POLICY_ENFORCE");
    }),
  },
];

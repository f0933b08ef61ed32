/** Nodes, add-ons and access entries of EKS clusters. */
import { each, expectThat, knows, type Check } from "../expect";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf, listSetting } from "../policy";
import type { Value } from "../values";
import { nodesSpread } from "./node-spread";
import { Relations } from "../relations";
import { is, isNot, isThat, isWritten, rules, withRemedy, type Expectation } from "../rules";
import { aws } from "../tokens";
import { ENDED_IMAGES } from "./versions";

const NODE_GROUP = aws("eks", "NodeGroup");
const ADDON = aws("eks", "Addon");
const CLUSTER = aws("eks", "Cluster");
const ASSOCIATION = aws("eks", "PodIdentityAssociation");
const ENTRY = aws("eks", "AccessEntry");
const AGENT = "eks-pod-identity-agent";

const GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["clusters", "aws"] } as const;

function remoteAccess(check: Check): void {
  const access = check.resource.props.get("remoteAccess");
  if (access.isMissing) return;
  const sources = access.get("sourceSecurityGroupIds");
  const expected = "without it SSH is open to every address: set it, or remove remoteAccess";
  expectThat(check, sources, (it) => it.list().length > 0, expected);
}

/** The add-on's schema requires a string: it rejects a boolean. */
function networkPolicies(check: Check): void {
  const { props } = check.resource;
  const name = props.get("addonName");
  if (!knows(check, name) || name.string !== "vpc-cni") return;
  const expected =
    'without {"enableNetworkPolicy":"true"} NetworkPolicies are accepted and ignored';
  expectThat(
    check,
    props.get("configurationValues"),
    ({ string }) => keepsPolicies(string),
    expected,
  );
}

/** The values of an add-on are JSON or YAML; this matches the YAML line. */
function keepsPolicies(values = ""): boolean {
  return /["']?\benableNetworkPolicy["']?\s*:\s*["']true["']/.test(values);
}

function agentRuns(stack: Stack, context: CheckContext): void {
  // An add-on with an unknown name may be the agent.
  const candidates = stack.of(ADDON).filter(({ props }) => {
    const name = props.get("addonName");
    return name.isUnknown || name.string === AGENT;
  });
  const clusters = { by: "clusterName", to: stack.of(CLUSTER), name: "name" };
  const agents = new Relations({ from: candidates, ...clusters });
  const associations = new Relations({ from: stack.of(ASSOCIATION), ...clusters });
  // Nothing is known of a cluster outside the stack.
  for (const cluster of clusters.to) {
    const own = associations.of(cluster);
    if (own.length === 0 || isServed(cluster, agents, context)) continue;
    for (const association of own) {
      const expected = `its cluster has no Addon "${AGENT}", without which the pods get no credentials: add one`;
      context.report(`${nameOf(association)}: ${expected}.`, association.urn);
    }
  }
}

/** Whether a cluster has the agent, or may have it. */
function isServed(cluster: StackResource, agents: Relations, context: CheckContext): boolean {
  const { props, urn } = cluster;
  // Auto Mode includes the agent.
  const auto = props.get("computeConfig", "enabled");
  const names = agents.of(cluster).map((addon) => ({
    urn: addon.urn,
    name: addon.props.get("addonName"),
  }));
  if (auto.boolean === true || names.some(({ name }) => name.string === AGENT)) return true;
  const isOpen = [{ urn, name: auto }, ...names].map((it) => context.noteUnknown(it.name, it.urn));
  return isOpen.includes(true) || agents.mayBeMore(cluster, context);
}

const isStillBuilt: Expectation = (check, value) => {
  const ended = check.context.setting("ended", ENDED_IMAGES);
  const isRight = ({ string, isMissing }: Value): boolean =>
    isMissing || (string !== undefined && !ended.some((it) => string.startsWith(it)));
  expectThat(check, value, isRight, "it gets no more images: use AL2023 or Bottlerocket");
};

const nodes: readonly Policy[] = [
  {
    ...strict,
    name: "aws-eks-nodes-remote-access",
    title: "EKS nodes are not open to SSH",
    clause: { reference: "PO-03; CKV_AWS_100", url: `${GUIDE}/create-managed-node-group.html` },
    severity: "high",
    prevents: "Port 22 of every node is open to the whole internet, protected only by a key.",
    description: "A node group that allows SSH lists the source security groups.",
    remediation: "Remove remoteAccess, or set remoteAccess.sourceSecurityGroupIds.",
    check: each([NODE_GROUP], remoteAccess),
  },
  {
    ...strict,
    name: "aws-eks-nodes-spread",
    title: "EKS nodes span several zones",
    clause: {
      reference: "PO-02",
      url: "https://docs.aws.amazon.com/eks/latest/best-practices/reliability.html",
    },
    severity: "medium",
    prevents: "The loss of one zone takes down all nodes of a cluster.",
    description:
      "In production, the node groups of a cluster have subnets in at least two zones, individually or together.",
    remediation:
      "List two or more subnets in different zones in subnetIds, or create a node group for each zone.",
    enforcement: ONLY_IN_PRODUCTION,
    check: { kind: "stack", run: nodesSpread },
  },
  {
    ...strict,
    name: "aws-eks-nodes-image",
    title: "EKS nodes run a maintained operating system",
    clause: { reference: "PO-03", url: `${GUIDE}/eks-ami-deprecation-faqs.html` },
    severity: "high",
    prevents: "Nodes keep every vulnerability found after the last Amazon Linux 2 image.",
    description: "No node group uses Amazon Linux 2; its EKS images ended in November 2025.",
    remediation:
      "Set amiType to AL2023_x86_64_STANDARD, or another family that is still maintained.",
    configuration: {
      properties: {
        ended: listSetting(ENDED_IMAGES, "Prefixes of image types that are no longer maintained"),
      },
    },
    check: rules([NODE_GROUP], { amiType: isStillBuilt }),
  },
  {
    ...strict,
    name: "aws-eks-nodes-repaired",
    title: "EKS replaces broken nodes",
    clause: { reference: "PO-02", url: `${GUIDE}/node-health.html` },
    severity: "low",
    enforcement: ADVICE,
    prevents: "A node that stops responding stays in the pool until someone notices.",
    description: "Every node group enables automatic node repair.",
    remediation: "Set nodeRepairConfig.enabled to true.",
    ...withRemedy(rules([NODE_GROUP], { "nodeRepairConfig.enabled": is(true) })),
  },
];

const addons: readonly Policy[] = [
  {
    ...strict,
    name: "aws-eks-network-policies-kept",
    title: "The VPC CNI add-on enforces NetworkPolicies",
    clause: {
      reference: "PO-03; ALL-05; CIS EKS 4.3.1",
      url: `${GUIDE}/cni-network-policy-configure.html`,
    },
    severity: "critical",
    themes: ["network", "aws"],
    prevents: "Every NetworkPolicy is accepted by the API server and ignored by the nodes.",
    description: "The vpc-cni add-on enables network policies; they are off by default.",
    remediation: 'Set configurationValues of the Addon to {"enableNetworkPolicy":"true"}.',
    check: each([ADDON], networkPolicies),
  },
  {
    ...strict,
    name: "aws-eks-addon-pinned",
    title: "EKS add-ons are pinned to a version",
    clause: { reference: "PO-03", url: `${GUIDE}/managing-add-ons.html` },
    severity: "low",
    enforcement: ADVICE,
    prevents:
      "Two clusters of the same program run different add-on versions, depending on when they were created.",
    description: "Every EKS add-on sets its version.",
    remediation: "Set addonVersion to one that is compatible with the cluster's version.",
    check: rules([ADDON], {
      addonVersion: isWritten("set the version, such as v1.19.2-eksbuild.1"),
    }),
  },
  {
    ...strict,
    name: "aws-eks-pod-identity-agent",
    title: "Clusters with pod identities run the Pod Identity Agent",
    clause: { reference: "PO-03; ALL-07", url: `${GUIDE}/pod-id-agent-setup.html` },
    severity: "high",
    themes: ["iam", "aws"],
    prevents:
      "Pods start without the credentials of their role and fall back to those of the node.",
    description: "A cluster with pod identity associations has the Pod Identity Agent add-on.",
    remediation: `Add an Addon "${AGENT}" to the cluster.`,
    check: { kind: "stack", run: agentRuns },
  },
  {
    ...strict,
    name: "aws-eks-pod-identity-own-account",
    title: "IAM roles are not associated with the default ServiceAccount",
    clause: { reference: "PO-03; CIS EKS 4.1.5", url: `${GUIDE}/pod-identities.html` },
    severity: "high",
    themes: ["iam", "aws"],
    prevents: "Every pod that names no ServiceAccount gets the permissions of the role.",
    description: 'No IAM role is associated with the ServiceAccount "default".',
    remediation: "Create a ServiceAccount for the workload and set serviceAccount to it.",
    check: rules([ASSOCIATION], {
      serviceAccount: isNot(
        "default",
        "every pod without its own ServiceAccount would get the role",
      ),
    }),
  },
];

const entries: readonly Policy[] = [
  {
    ...strict,
    name: "aws-eks-access-by-role",
    title: "EKS access entries are for IAM roles",
    clause: { reference: "PO-03", url: `${GUIDE}/access-entries.html` },
    severity: "medium",
    themes: ["iam", "aws"],
    enforcement: ADVICE,
    prevents: "A leaked access key of a user opens the cluster until someone notices.",
    description: "EKS access entries are for IAM roles, whose credentials expire.",
    remediation: "Set principalArn to the ARN of a role that people assume.",
    check: rules([ENTRY], {
      principalArn: isThat(
        ({ string = "" }) => string.includes(":role/"),
        "use an IAM role: users have credentials that do not expire",
      ),
    }),
  },
];

export const nodeGroups: readonly Policy[] = [...nodes, ...addons, ...entries];

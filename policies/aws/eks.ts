/** The EKS control plane: endpoint, authentication, logs and supported versions. */
import { isEverywhere } from "../addresses";
import { each, expectOneOf, expectPresent, expectThat, lacks, type Check } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { is, rules, withRemedy } from "../rules";
import { aws } from "../tokens";
import { EKS_VERSIONS, expectSupported, versionSetting } from "./versions";

const CLUSTER = aws("eks", "Cluster");
const NODE_GROUP = aws("eks", "NodeGroup");
const GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide";
const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["clusters", "aws"] } as const;

const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

function endpointNarrow(check: Check): void {
  const vpc = check.resource.props.get("vpcConfig");
  // EKS opens the endpoint to the internet by default.
  const open = vpc.get("endpointPublicAccess");
  if (check.context.noteUnknown(open) || open.boolean === false) return;
  if (!check.context.setting("public", true)) {
    expectThat(check, open, () => false, "it must be false");
    return;
  }
  const ranges = vpc.get("publicAccessCidrs");
  const expected =
    "set it to the administrators' CIDR ranges, or set endpointPublicAccess to false";
  expectThat(check, ranges, (it) => it.list().length > 0, expected);
  for (const range of ranges.list()) {
    expectThat(check, range, (it) => !isEverywhere(it), "it must not be every address");
  }
}

function logged(check: Check): void {
  const types = check.resource.props.get("enabledClusterLogTypes");
  const missing = LOGS.filter((log) => lacks(check, types, (type) => type === log));
  expectThat(check, types, () => missing.length === 0, `add ${missing.join(", ")}`);
}

function encrypted(check: Check): void {
  const encryption = check.resource.props.get("encryptionConfig");
  const resources = encryption.get("resources");
  const isUncovered = lacks(check, resources, (name) => name === "secrets");
  expectThat(check, resources, () => !isUncovered, 'it must name "secrets"');
  expectPresent(check, encryption.get("provider", "keyArn"), "set it to the ARN of a KMS key");
}

function supported(check: Check): void {
  const version = check.resource.props.get("version");
  // A node group without a version uses its cluster's; a cluster without one keeps the version it
  // was created with.
  if (check.resource.type === NODE_GROUP && version.isMissing) return;
  expectSupported(check, version, "versions", EKS_VERSIONS);
}

const reach: readonly Policy[] = [
  {
    ...strict,
    name: "aws-eks-endpoint-private",
    title: "EKS nodes reach the control plane over the private network",
    clause: { reference: "PO-03; CIS EKS 5.4.2", url: `${GUIDE}/cluster-endpoint.html` },
    severity: "high",
    prevents:
      "Nodes reach their control plane over the internet, and lose it when outbound access fails.",
    description: "Every EKS cluster enables its private endpoint.",
    remediation: "Set vpcConfig.endpointPrivateAccess to true.",
    ...withRemedy(rules([CLUSTER], { "vpcConfig.endpointPrivateAccess": is(true) })),
  },
  {
    ...strict,
    name: "aws-eks-endpoint-narrow",
    title: "The EKS control plane is closed to the internet",
    clause: { reference: "PO-03; CKV_AWS_38; CKV_AWS_39; EKS.1; CIS EKS 5.4.1", url: CONTROLS },
    severity: "critical",
    prevents: "Anyone who steals or guesses a credential can use the Kubernetes API from anywhere.",
    description:
      "The public endpoint of an EKS cluster is off, or restricted to listed CIDR ranges.",
    remediation:
      "Set vpcConfig.endpointPublicAccess to false, or vpcConfig.publicAccessCidrs to the administrators' ranges.",
    configuration: {
      properties: {
        public: {
          type: "boolean",
          default: true,
          description: "Whether a public endpoint with narrow CIDR ranges is accepted",
        },
      },
    },
    check: each([CLUSTER], endpointNarrow),
  },
  {
    ...strict,
    name: "aws-eks-authentication-api",
    title: "EKS access is granted by access entries",
    clause: { reference: "PO-03; ALL-07", url: `${GUIDE}/access-entries.html` },
    severity: "high",
    prevents:
      "Anyone who may edit a ConfigMap can become administrator, and the creator of the cluster stays one without it showing anywhere.",
    description:
      "EKS clusters authenticate through access entries only, and their creator gets no implicit administrator rights.",
    remediation:
      "Set accessConfig.authenticationMode to API and accessConfig.bootstrapClusterCreatorAdminPermissions to false, and add an AccessEntry for each administrator.",
    check: rules([CLUSTER], {
      "accessConfig.authenticationMode": is("API"),
      "accessConfig.bootstrapClusterCreatorAdminPermissions": is(false),
    }),
  },
];

const keeping: readonly Policy[] = [
  {
    ...strict,
    name: "aws-eks-logs",
    title: "EKS control planes send all their logs",
    clause: { reference: "PO-03; CKV_AWS_37; EKS.8; CIS EKS 2.1.1", url: CONTROLS },
    severity: "high",
    themes: ["logging", "aws"],
    prevents: "After an incident nobody can tell who did what in the cluster.",
    description: "Every EKS cluster enables all five control plane log types.",
    remediation: `Set enabledClusterLogTypes to ${LOGS.join(", ")}.`,
    check: each([CLUSTER], logged),
  },
  {
    ...strict,
    name: "aws-eks-secrets-encrypted",
    title: "EKS encrypts Secrets with a customer-managed key",
    clause: { reference: "PO-03; CKV_AWS_58; EKS.3; CIS EKS 5.3.1", url: CONTROLS },
    severity: "high",
    prevents: "Secrets are stored in etcd under a key that you cannot revoke or audit.",
    description: "Every EKS cluster encrypts its Secrets with a KMS key that it names.",
    remediation: 'Set encryptionConfig to { resources: ["secrets"], provider: { keyArn } }.',
    check: each([CLUSTER], encrypted),
  },
  {
    ...strict,
    name: "aws-eks-deletion-protected",
    title: "Production EKS clusters have deletion protection",
    clause: { reference: "PO-02; ALL-12", url: `${GUIDE}/deletion-protection.html` },
    severity: "high",
    prevents: "One command, or one wrong plan, deletes the cluster and everything in it.",
    description: "In production, every EKS cluster has deletion protection.",
    remediation: "Set deletionProtection to true.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules([CLUSTER], { deletionProtection: is(true) }),
  },
  {
    ...strict,
    name: "aws-eks-zonal-shift",
    title: "EKS clusters take part in zonal shift",
    clause: { reference: "PO-02", url: `${GUIDE}/zone-shift.html` },
    severity: "low",
    enforcement: ADVICE,
    prevents: "An impaired zone keeps receiving its share of the requests for hours.",
    description: "Every EKS cluster enables zonal shift.",
    remediation: "Set zonalShiftConfig.enabled to true.",
    ...withRemedy(rules([CLUSTER], { "zonalShiftConfig.enabled": is(true) })),
  },
];

const versions: readonly Policy[] = [
  {
    ...strict,
    name: "aws-eks-version-supported",
    title: "EKS clusters run a version in standard support",
    clause: { reference: "PO-03; CKV_AWS_339; EKS.2", url: `${GUIDE}/kubernetes-versions.html` },
    severity: "high",
    prevents:
      "The cluster gets no more fixes, costs six times as much, and is upgraded when AWS decides.",
    description: "EKS clusters and node groups run a Kubernetes version in standard support.",
    remediation: "Set version to a supported one; upgrade one minor version at a time.",
    configuration: { properties: { versions: versionSetting(EKS_VERSIONS, "Kubernetes") } },
    check: each([CLUSTER, NODE_GROUP], supported),
  },
  {
    ...strict,
    name: "aws-eks-upgrade-policy",
    title: "EKS clusters set what happens when standard support ends",
    clause: {
      reference: "PO-03",
      url: `${GUIDE}/view-upgrade-policy.html`,
    },
    severity: "low",
    enforcement: ADVICE,
    prevents: "A forgotten cluster moves into extended support, at six times the price.",
    description: "Every EKS cluster opts out of extended support, unless configured otherwise.",
    remediation: "Set upgradePolicy.supportType to STANDARD.",
    configuration: {
      properties: {
        supportType: {
          type: "string",
          enum: ["STANDARD", "EXTENDED"],
          default: "STANDARD",
          description:
            "What happens when standard support ends: an upgrade (STANDARD) or extended support at a surcharge (EXTENDED)",
        },
      },
    },
    check: each([CLUSTER], (check) => {
      const expected = check.context.setting("supportType", "STANDARD");
      expectOneOf(check, check.resource.props.get("upgradePolicy", "supportType"), [expected]);
    }),
  },
];

export const eks: readonly Policy[] = [...reach, ...keeping, ...versions];

/** GKE: access to the API server, identities and network policies. */
import { is, isNot, isOneOf, isOrMissing, isWritten, combine, rules, withRemedy } from "../rules";
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
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding } from "../policy";
import { CLUSTER, NODE_POOL, isStandard, nodeConfigs } from "./gke-nodes";
import { DOCS } from "./shared";

const GKE = `${DOCS}/kubernetes-engine/docs`;

/**
 * The API server's addresses: none (IAM guards the DNS endpoint), only a private one, or a public
 * one for listed networks.
 */
function endpoint(check: Check): void {
  const { resource, context } = check;
  const { props } = resource;
  const byAddress = props.get("controlPlaneEndpointsConfig", "ipEndpointsConfig", "enabled");
  const isPrivate = props.get("privateClusterConfig", "enablePrivateEndpoint");
  if (byAddress.boolean === false || isPrivate.boolean === true) return;
  if (context.noteUnknown(byAddress) || context.noteUnknown(isPrivate)) return;
  const networks = props.get("masterAuthorizedNetworksConfig");
  if (context.noteUnknown(networks)) return;
  if (networks.isMissing) {
    const expected =
      "every address can reach the API server: set controlPlaneEndpointsConfig.ipEndpointsConfig.enabled to false, or list the networks";
    context.report(finding(resource, networks, expected));
    return;
  }
  for (const block of elements(check, networks.get("cidrBlocks"))) {
    expectThat(
      check,
      block.get("cidrBlock"),
      (it) => !isEverywhere(it),
      "list the allowed networks",
    );
  }
  const open = networks.get("gcpPublicCidrsAccessEnabled");
  expectNot(check, open, true, "it admits every Google Cloud customer: it must be false");
}

function networkPolicy(check: Check): void {
  const { props } = check.resource;
  // Autopilot always has it.
  if (!isStandard(check)) return;
  expectNot(check, props.get("networkingMode"), "ROUTES", 'it must be "VPC_NATIVE" or missing');
  const calico = props.get("networkPolicy", "enabled");
  if (calico.boolean === true) return;
  if (check.context.noteUnknown(calico)) return;
  expectEqual(
    check,
    props.get("datapathProvider"),
    "ADVANCED_DATAPATH",
    'without it or networkPolicy.enabled nothing enforces NetworkPolicies: set it to "ADVANCED_DATAPATH"',
  );
}

function workloadIdentity(check: Check): void {
  const { resource } = check;
  // Autopilot always has it.
  if (!isStandard(check)) return;
  if (resource.type === CLUSTER) {
    const pool = resource.props.get("workloadIdentityConfig", "workloadPool");
    expectPresent(check, pool, "write <project>.svc.id.goog");
  }
  for (const config of nodeConfigs(check)) {
    const mode = config.get("workloadMetadataConfig", "mode");
    const expected = 'pods can use the node\'s own service account: set it to "GKE_METADATA"';
    expectEqual(check, mode, "GKE_METADATA", expected);
  }
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const gkeAccess: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-gke-nodes-private",
    title: "GKE nodes have no public IP address",
    clause: {
      reference: "PO-03; CKV_GCP_25; CKV_GCP_64; CIS GKE 5.6.5",
      url: `${GKE}/how-to/private-clusters`,
    },
    severity: "high",
    themes: ["clusters", "network", "gcp"],
    prevents: "A port that a node opens by mistake is open to the internet.",
    description:
      "Every GKE cluster gives its nodes private addresses only, and no node pool overrides this.",
    remediation:
      "Set privateClusterConfig.enablePrivateNodes to true, and give the subnetwork outbound access through Cloud NAT.",
    check: combine(
      rules([CLUSTER], {
        "privateClusterConfig.enablePrivateNodes": is(
          true,
          "it must be true, so that nodes have no public address",
        ),
      }),
      // A pool defaults to the cluster's setting.
      rules([NODE_POOL], {
        "networkConfig.enablePrivateNodes": isNot(
          false,
          "it must be true or missing, so that nodes have no public address",
        ),
      }),
    ),
  },
  {
    ...strict,
    name: "gcp-gke-endpoint-guarded",
    title: "The GKE API server is not open to every address",
    clause: {
      reference: "PO-03; CKV_GCP_18; CKV_GCP_20; CKV_GCP_25; CIS GKE 5.6.3; CIS GKE 5.6.4",
      url: `${GKE}/concepts/network-isolation`,
    },
    severity: "critical",
    themes: ["clusters", "network", "gcp"],
    prevents:
      "The next vulnerability in the API server is open to everyone on the day it is published.",
    description:
      "The API server of every GKE cluster is reached by its DNS endpoint, which IAM guards, by a private address, or from listed networks.",
    remediation:
      "Set controlPlaneEndpointsConfig.ipEndpointsConfig.enabled to false and use the DNS endpoint; otherwise set masterAuthorizedNetworksConfig.cidrBlocks without 0.0.0.0/0.",
    check: each([CLUSTER], endpoint),
  },
  {
    ...strict,
    name: "gcp-gke-credentials",
    title: "GKE disables legacy authentication",
    clause: {
      reference: "PO-03; CKV_GCP_7; CKV_GCP_13; CIS GKE 5.8.1; CIS GKE 5.8.3",
      url: `${GKE}/how-to/hardening-your-cluster`,
    },
    severity: "high",
    themes: ["clusters", "iam", "gcp"],
    prevents:
      "Certificates that cannot be revoked, legacy permissions, or roles for everyone with a Google account open the cluster.",
    description:
      "GKE clusters have no attribute-based access control, no client certificate, no anonymous requests beyond health checks and no bindings to everyone.",
    remediation:
      'Remove enableLegacyAbac and masterAuth.clientCertificateConfig; set anonymousAuthenticationConfig.mode to "LIMITED" and both flags of rbacBindingConfig to false.',
    ...withRemedy(
      rules([CLUSTER], {
        enableLegacyAbac: isOrMissing(false),
        "masterAuth.clientCertificateConfig.issueClientCertificate": isOrMissing(false),
        // GKE's default is ENABLED.
        "anonymousAuthenticationConfig.mode": is("LIMITED"),
        // GKE's default allows both.
        "rbacBindingConfig.enableInsecureBindingSystemAuthenticated": is(false),
        "rbacBindingConfig.enableInsecureBindingSystemUnauthenticated": is(false),
      }),
    ),
  },
  {
    name: "gcp-gke-google-groups",
    title: "GKE roles are granted to groups",
    clause: {
      reference: "PO-03; CKV_GCP_65; CIS GKE 5.8.2",
      url: `${GKE}/how-to/google-groups-rbac`,
    },
    severity: "low",
    themes: ["rbac", "clusters", "gcp"],
    prevents: "Someone who left the company keeps a RoleBinding in some namespace.",
    description:
      "If the option demand is set, GKE clusters accept Google Groups as subjects of RoleBindings.",
    remediation: "Set authenticatorGroupsConfig.securityGroup to gke-security-groups@<domain>.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        demand: {
          type: "boolean",
          default: false,
          description:
            "Whether a group is required; organizations without Google Workspace have none",
        },
      },
    },
    check: each([CLUSTER], (check) => {
      if (!check.context.setting("demand", false)) return;
      const group = check.resource.props.get("authenticatorGroupsConfig", "securityGroup");
      expectPresent(check, group, "set it to gke-security-groups@<domain>");
    }),
  },
  {
    ...strict,
    name: "gcp-gke-network-policy",
    title: "GKE enforces network policies",
    clause: {
      reference: "PO-03; CKV_GCP_12; CKV_GCP_23; CIS GKE 5.6.2; CIS GKE 5.6.7",
      url: `${GKE}/concepts/dataplane-v2`,
    },
    severity: "high",
    themes: ["clusters", "network", "gcp"],
    prevents: "Every NetworkPolicy is accepted, and none is enforced.",
    description: "GKE clusters are VPC-native and use Dataplane V2, or Calico network policies.",
    remediation:
      'Set datapathProvider to "ADVANCED_DATAPATH" when the cluster is created: changing it replaces the cluster.',
    check: each([CLUSTER], networkPolicy),
  },
  {
    ...strict,
    name: "gcp-gke-workload-identity",
    title: "GKE pods use Workload Identity",
    clause: {
      reference: "PO-03; CKV_GCP_69; CIS GKE 5.2.2; CIS GKE 5.4.2",
      url: `${GKE}/how-to/workload-identity`,
    },
    severity: "critical",
    themes: ["clusters", "iam", "gcp"],
    prevents: "Every pod acts as its node, with all the permissions of the node's service account.",
    description:
      "GKE clusters have a workload pool, and every node pool uses the GKE metadata server.",
    remediation:
      'Set workloadIdentityConfig.workloadPool to <project>.svc.id.goog, and nodeConfig.workloadMetadataConfig.mode to "GKE_METADATA" in every pool.',
    check: each([CLUSTER, NODE_POOL], workloadIdentity),
  },
  {
    ...strict,
    name: "gcp-gke-secrets-encrypted",
    title: "GKE encrypts Secrets with a customer-managed key",
    clause: { reference: "PO-03; CIS GKE 5.3.1", url: `${GKE}/how-to/encrypting-secrets` },
    severity: "high",
    themes: ["keys", "clusters", "gcp"],
    prevents: "A copy of the cluster's etcd contains every Secret in plain text.",
    description: "GKE clusters encrypt Secrets in etcd with a Cloud KMS key.",
    remediation:
      'Set databaseEncryption.state to "ENCRYPTED" and keyName to a CryptoKey in the same region, and grant the cluster\'s service agent encrypt and decrypt on it.',
    check: rules([CLUSTER], {
      "databaseEncryption.state": isOneOf("ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED"),
      "databaseEncryption.keyName": isWritten("set it to the ID of a key in the cluster's region"),
    }),
  },
];

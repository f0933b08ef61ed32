/** Google Cloud networks and flow logs. */
import { is, isNot, isOneOf, isWritten, combine, rules, where } from "../rules";
import { each, expectThat, knows, type Check } from "../expect";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

const VPC = `${DOCS}/vpc/docs`;
const SUBNETWORK = gcp("compute", "Subnetwork");

/**
 * Subnetworks for load balancers and endpoints have no machines, and neither setting is allowed
 * there.
 */
function hasMachines(check: Check): boolean {
  const purpose = check.resource.props.get("purpose");
  const ofMachines = ["PRIVATE", "PRIVATE_RFC_1918", undefined];
  return knows(check, purpose) && ofMachines.includes(purpose.string);
}

function hasIpv6(check: Check): boolean {
  const stacks = check.resource.props.get("stackType");
  return hasMachines(check) && knows(check, stacks) && stacks.string === "IPV4_IPV6";
}

/** Where a type sets its network, and whether the default is the default network. */
const NETWORKS: Readonly<Record<string, { readonly at: string; readonly isImplied?: true }>> = {
  [gcp("container", "Cluster")]: { at: "network", isImplied: true },
  [gcp("redis", "Instance")]: { at: "authorizedNetwork", isImplied: true },
  [gcp("compute", "Firewall")]: { at: "network" },
  [SUBNETWORK]: { at: "network" },
  [gcp("compute", "Router")]: { at: "network" },
  [gcp("servicenetworking", "Connection")]: { at: "network" },
};

function ownNetwork(check: Check): void {
  const { props, type } = check.resource;
  const place = NETWORKS[type];
  if (place === undefined) return;
  const isDefault = ({ string, isMissing }: Value): boolean =>
    isMissing ? place.isImplied === true : /(^|\/)default$/.test(string ?? "");
  const expected =
    "in the default network everything can talk to everything: use the stack's Network";
  expectThat(check, props.get(place.at), (it) => !isDefault(it), expected);
}

const common = { enforcement: STRICT_IN_PRODUCTION } as const;

export const network: readonly Policy[] = [
  {
    ...common,
    name: "gcp-network-custom",
    title: "Networks do not create subnetworks automatically",
    clause: {
      reference: "PO-03; CIS GCP 3.1; CIS GCP 3.2",
      url: `${VPC}/vpc#auto-mode-considerations`,
    },
    severity: "medium",
    themes: ["network", "gcp"],
    prevents:
      "A subnetwork is created in every region, with ranges that collide with those of the next network.",
    description: "Networks use custom mode, without automatic subnetworks.",
    remediation:
      "Set autoCreateSubnetworks to false and create the Subnetworks; changing it replaces the network.",
    check: rules([gcp("compute", "Network")], {
      autoCreateSubnetworks: is(
        false,
        "set it to false and create the Subnetworks that are needed",
      ),
    }),
  },
  {
    ...common,
    name: "gcp-network-not-default",
    title: "The default network is not used",
    clause: {
      reference: "PO-03; CKV_GCP_27; CKV2_GCP_2; CIS GCP 3.1",
      url: `${VPC}/vpc#default-network`,
    },
    severity: "high",
    themes: ["network", "gcp"],
    prevents: "SSH and RDP ports are open to the internet, because of the default network's rules.",
    description: "Clusters, caches and subnetworks are in a network that the stack defines.",
    remediation: "Set network (authorizedNetwork of Memorystore) to the ID of the stack's Network.",
    check: each(Object.keys(NETWORKS), ownNetwork),
  },
  {
    ...common,
    name: "gcp-subnet-flow-logs",
    title: "Subnetworks have flow logs",
    clause: { reference: "PO-03; CKV_GCP_26; CIS GCP 3.8", url: `${VPC}/using-flow-logs` },
    severity: "medium",
    themes: ["logging", "network", "gcp"],
    prevents: "After an intrusion nobody knows where the data went.",
    description: "Subnetworks with machines write flow logs.",
    remediation: "Set logConfig, with a flowSampling above 0.",
    check: rules(where([SUBNETWORK], hasMachines), {
      logConfig: isWritten("set it, to {} for the defaults, so that traffic is logged"),
      "logConfig.flowSampling": isNot(0, "nothing is sampled: set it above 0"),
    }),
  },
  {
    ...common,
    name: "gcp-subnet-private-access",
    title: "Subnetworks reach Google APIs privately",
    clause: { reference: "PO-03; CKV_GCP_74; CKV_GCP_76", url: `${VPC}/private-google-access` },
    severity: "medium",
    themes: ["network", "gcp"],
    prevents:
      "Images and secrets are fetched over the public internet, or not at all if there is no outbound access.",
    description: "Machines without a public address reach Google APIs from their subnetwork.",
    remediation:
      "Set privateIpGoogleAccess to true, and privateIpv6GoogleAccess where the subnetwork has IPv6.",
    check: combine(
      rules(where([SUBNETWORK], hasMachines), { privateIpGoogleAccess: is(true) }),
      rules(where([SUBNETWORK], hasIpv6), {
        privateIpv6GoogleAccess: isOneOf(
          "ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE",
          "ENABLE_BIDIRECTIONAL_ACCESS_TO_GOOGLE",
        ),
      }),
    ),
  },
];

import { z } from "zod";
import { cidr, isPrivate, overlap, parseCidr } from "../../lib/cidr";
import { list } from "../../lib/words";
import type { Range } from "../../systems/model";
import type { Network } from "../clouds/profile";
import { unless, type Check } from "../problem";
import type { Site } from "../site";
import { kubernetesVersion } from "../versions";
import { listOf, mapOf, matching, network, objectName, oneOf, range } from "./formats";
import { sizeOf } from "./data";
import { on, optional, perCloud, withDefault } from "./key";
import { withinRunbook } from "./rules";

const nodesWithinRunbook: Check = ({ nodes: given }, { system, production }) => {
  const pool = system.cluster.pools[0];
  if (given === undefined || pool === undefined) return [];
  const least = { min: pool.nodes.min, max: Number.MAX_SAFE_INTEGER };
  return withinRunbook("nodes", given, least, pool.clause.heading, production);
};

/** Staging needs two nodes; production uses the runbook's range. */
const nodesOf = (given: Range | undefined, { system, production }: Site): Range =>
  given ??
  (production ? (system.cluster.pools[0]?.nodes ?? { min: 3, max: 6 }) : { min: 2, max: 4 });

type Given = { readonly [Part in keyof Network]?: string | undefined } | undefined;

/** The stack's ranges over the defaults. A part that shares the nodes' range follows `vpc`. */
function networkOf(given: Given, { profile, environment }: Site): Network {
  const defaults = profile.networks[environment];
  const vpc = given?.vpc ?? defaults.vpc;
  const beside = (part: "pods" | "managed") =>
    given?.[part] ?? (defaults[part] === defaults.vpc ? vpc : defaults[part]);
  return {
    vpc,
    pods: beside("pods"),
    services: given?.services ?? defaults.services,
    managed: beside("managed"),
  };
}

const PARTS = ["vpc", "pods", "services", "managed"] as const;

/** The ranges of a stack that sets some, without parts that share the nodes' range. */
function rangesOf(given: Given, site: Site) {
  const whole = networkOf(given, site);
  const defaults = site.profile.networks[site.environment];
  return PARTS.flatMap((part) => {
    const shares = part !== "vpc" && given?.[part] === undefined && defaults[part] === defaults.vpc;
    const range = parseCidr(shares ? "" : whole[part]);
    return range === undefined ? [] : [{ part, range }];
  });
}

/**
 * Private, of a size that the cloud accepts, and not overlapping each other or the cloud's reserved
 * ranges.
 */
const networksAccepted: Check = ({ network: given }, site) => {
  const { prefixes, reserved } = site.profile;
  const ranges = given === undefined ? [] : rangesOf(given, site);
  return ranges.flatMap(({ part, range }, index) => {
    const { widest = 0, narrowest = 32, because = "" } = prefixes[part] ?? {};
    const must = (holds: boolean, allowed: string) =>
      unless(holds, `network.${part}`, range.text, allowed);
    return [
      ...must(
        range.prefix >= widest && range.prefix <= narrowest,
        `a network of /${widest} to /${narrowest}, ${because}`,
      ),
      ...must(isPrivate(range), "inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"),
      ...reserved.ranges.flatMap((text) =>
        must(
          !overlap(range, cidr(text)),
          `a range that does not overlap ${text}, which ${reserved.by} reserves`,
        ),
      ),
      ...ranges
        .slice(index + 1)
        .flatMap((other) =>
          must(
            !overlap(range, other.range),
            `a range that does not overlap network.${other.part}, which is ${other.range.text}`,
          ),
        ),
    ];
  });
};

/** The classes of every DOKS cluster; the first is its default. */
const OFFERED_CLASSES = [
  "do-block-storage",
  "do-block-storage-retain",
  "do-block-storage-xfs",
  "do-block-storage-xfs-retain",
] as const;

const offeredClass: Check = ({ storageClass }, { cloud }) =>
  unless(
    cloud !== "digitalocean" ||
      storageClass === undefined ||
      OFFERED_CLASSES.some((one) => one === storageClass),
    "storageClass",
    storageClass,
    `a class of DigitalOcean: ${list(OFFERED_CLASSES)}`,
  );

/** The cluster, its nodes and its networks. */
export const cluster = {
  kubernetesVersion: perCloud({
    schema: matching(
      /^\d+\.\d+(\.\d+-do\.\d+)?$/,
      "a minor version such as 1.35, or an exact DigitalOcean version such as 1.35.1-do.0",
    ),
    fallback: (profile) => profile.kubernetesVersion,
    doc: "The minor version of Kubernetes; the cloud applies patches. On digitalocean, an exact version is also possible",
    example: "1.35",
    rules: [kubernetesVersion],
  }),
  systemNodeSize: sizeOf(
    "systemNodeSize",
    "Size of the platform's nodes",
    "Changing it REPLACES the cluster on digitalocean.",
    "m6i.large",
  ),
  nodeSize: sizeOf(
    "nodeSize",
    "Size of the workload nodes",
    "On aws, instance types that the runbook names take precedence. Changing it replaces node pools.",
    "m6i.2xlarge",
  ),
  nodes: optional({
    schema: range,
    doc: "Minimum and maximum number of workload nodes",
    otherwise: "the runbook's range; in staging, 2 to 4",
    example: { min: 3, max: 8 },
    rules: [nodesWithinRunbook],
    settle: nodesOf,
  }),
  network: optional({
    schema: z.strictObject(
      {
        vpc: network.optional(),
        pods: network.optional(),
        services: network.optional(),
        managed: network.optional(),
      },
      { error: "a map with `vpc`, `pods`, `services` and `managed`" },
    ),
    doc: "Address ranges of nodes, pods, Services and managed services",
    note: "Changing them REPLACES the cluster.",
    otherwise: "different ranges in each environment, so that the networks can be peered",
    example: { vpc: "10.60.0.0/20", services: "10.61.0.0/19" },
    rules: [networksAccepted],
    settle: networkOf,
  }),
  controlPlaneAccess: withDefault({
    schema: listOf(network, "a list of IPv4 networks"),
    fallback: [],
    doc: "Networks that may reach the control plane",
    note: "They must include the address that Pulumi runs from.",
    example: ["198.51.100.0/24"],
    only: {
      where: "where the stack creates the cluster",
      applies: ({ cloud }) => cloud !== "existing",
    },
  }),
  administrators: withDefault({
    schema: listOf(
      matching(
        /^arn:aws(-[a-z]+)*:iam::\d{12}:(user|role)\/\S+$/,
        "an IAM user or role, such as arn:aws:iam::123456789012:role/operators",
      ),
      "a list of IAM users and roles",
    ),
    fallback: [],
    doc: "IAM users and roles that administer the cluster",
    note: "They must include the one that runs Pulumi.",
    example: ["arn:aws:iam::123456789012:role/operators"],
    only: on("aws"),
  }),
  storageClass: optional({
    schema: objectName("a StorageClass's name"),
    doc: "StorageClass for volumes that hold data",
    note: "On digitalocean, one of its own: with do-block-storage-retain, deleting a claim keeps the volume, which then has to be deleted by hand. A running environment cannot change it: Kubernetes refuses another class for an existing claim.",
    otherwise: "on digitalocean do-block-storage, whose volumes are deleted with their claim",
    example: "do-block-storage-retain",
    only: on("digitalocean", "existing"),
    rules: [offeredClass],
    settle: (given, { cloud }) => given ?? (cloud === "digitalocean" ? OFFERED_CLASSES[0] : ""),
  }),
  metricsServer: withDefault({
    schema: oneOf(["adopt", "create"]),
    fallback: "adopt",
    doc: "Whether to use the cluster's existing metrics.k8s.io API (adopt) or to install metrics-server (create)",
    example: "create",
    only: on("existing"),
  }),
  loadBalancerAnnotations: withDefault({
    schema: mapOf(z.string({ error: "text" }), "a map from annotation to text"),
    fallback: {},
    doc: "Annotations that a Service needs for the cluster to create its load balancer",
    example: { "metallb.io/address-pool": "public" },
    only: on("existing"),
  }),
};

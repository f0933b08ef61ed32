/**
 * What DigitalOcean refuses, in the form of its Go client: method, address, status, message. Its pages say that names are
 * unique, and not in which words it refuses: those are ours, but for members and ranges of networks.
 */
import { parseCIDR } from "ipaddr.js";
import { demands, empty, exists, unique, unused, type Rule } from "../rule";
import { textsAt } from "../thing";

const API = "https://docs.digitalocean.com/reference/api/reference";
const V2 = "https://api.digitalocean.com/v2";

const VPC = "digitalocean:index/vpc:Vpc";
export const CLUSTER = "digitalocean:index/kubernetesCluster:KubernetesCluster";
const POOL = "digitalocean:index/kubernetesNodePool:KubernetesNodePool";
export const DATABASE = "digitalocean:index/databaseCluster:DatabaseCluster";
export const BUCKET = "digitalocean:index/spacesBucket:SpacesBucket";
export const OF_DATABASES = [
  "digitalocean:index/databaseFirewall:DatabaseFirewall",
  "digitalocean:index/databaseUser:DatabaseUser",
  "digitalocean:index/databaseDb:DatabaseDb",
  "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic",
  "digitalocean:index/databaseReplica:DatabaseReplica",
];

export const RULES: readonly Rule[] = [
  unique({
    ...{ types: [VPC], within: "account", at: "name", source: `${API}/vpcs/` },
    message: (name) => `POST ${V2}/vpcs: 422 the name ${name} is already in use by another VPC`,
  }),
  demands([VPC], `${API}/vpcs/`, ({ inputs }, sight) => {
    const [range] = textsAt(inputs, "ipRange");
    const taken = sight
      .of([VPC])
      .flatMap((one) => textsAt(one.inputs, "ipRange"))
      .find((other) => range !== undefined && overlap(range, other));
    return taken === undefined
      ? undefined
      : `POST ${V2}/vpcs: 422 This range/size overlaps with another VPC network in your account: ${taken}`;
  }),
  unused({
    ...{ of: [VPC], by: [CLUSTER, DATABASE], at: ["vpcUuid", "privateNetworkUuid"] },
    source: "https://docs.digitalocean.com/products/networking/vpc/how-to/delete/",
    message: ({ id }) => `DELETE ${V2}/vpcs/${id}: 409 Can not delete VPC with members`,
  }),
  exists({
    ...{ from: [CLUSTER, DATABASE], at: ["vpcUuid", "privateNetworkUuid"], to: [VPC] },
    source: `${API}/kubernetes/`,
    message: (id, region) => `POST ${V2}: 422 VPC ${id} not found in ${region}`,
  }),
  unique({
    ...{ types: [CLUSTER], within: "account", at: "name", source: `${API}/kubernetes/` },
    message: (name) =>
      `POST ${V2}/kubernetes/clusters: 422 a cluster with this name already exists: ${name}`,
  }),
  exists({
    ...{ from: [POOL], at: ["clusterId"], to: [CLUSTER], source: `${API}/kubernetes/` },
    message: (id) =>
      `POST ${V2}/kubernetes/clusters/${id}/node_pools: 404 kubernetes cluster not found`,
  }),
  unique({
    ...{ types: [DATABASE], within: "account", at: "name", source: `${API}/databases/` },
    message: (name) => `POST ${V2}/databases: 422 database cluster name is not available: ${name}`,
  }),
  demands([DATABASE], `${API}/databases/`, ({ inputs }) =>
    inputs["engine"] === "redis"
      ? `POST ${V2}/databases: 422 Managed Redis can no longer be created, use Valkey`
      : undefined,
  ),
  exists({
    ...{ from: OF_DATABASES, at: ["clusterId"], to: [DATABASE], source: `${API}/databases/` },
    message: (id) => `POST ${V2}/databases/${id}: 404 cluster not found`,
  }),
  demands(OF_DATABASES, `${API}/databases/`, ({ type, inputs }, sight) =>
    sight
      .of([type])
      .some(
        (one) =>
          textsAt(inputs, "name").includes(one.name) &&
          one.inputs["clusterId"] === inputs["clusterId"],
      )
      ? `POST ${V2}/databases: 409 ${textsAt(inputs, "name")[0] ?? ""} already exists`
      : undefined,
  ),
  unique({
    ...{ types: [BUCKET], within: "world", at: "name", source: `${API}/spaces/` },
    message: () => "BucketAlreadyExists: The requested bucket name is not available",
  }),
  empty(
    [BUCKET],
    "https://docs.digitalocean.com/products/spaces/how-to/destroy/",
    "BucketNotEmpty: The bucket you tried to delete is not empty",
  ),
];

function overlap(one: string, other: string): boolean {
  const [[address, bits], [otherAddress, otherBits]] = [parseCIDR(one), parseCIDR(other)];
  return address.match(otherAddress, Math.min(bits, otherBits));
}

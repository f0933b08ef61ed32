/** What Google Cloud refuses, as its Go client prints it, or as its provider does before it asks. */
import { empty, exists, guarded, unique, unused, type Rule } from "../rule";
import { textsAt, type Thing } from "../thing";

const DOCS = "https://cloud.google.com";
const NETWORKS = `${DOCS}/compute/docs/reference/rest/v1/networks`;
const PROVIDER = "https://github.com/hashicorp/terraform-provider-google/blob/main/website/docs/r";

export const NETWORK = "gcp:compute/network:Network";
const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
const ROUTER = "gcp:compute/router:Router";
const RANGE = "gcp:compute/globalAddress:GlobalAddress";
export const PEERING = "gcp:servicenetworking/connection:Connection";
export const CLUSTER = "gcp:container/cluster:Cluster";
const POOL = "gcp:container/nodePool:NodePool";
export const SQL = "gcp:sql/databaseInstance:DatabaseInstance";
const REDIS = "gcp:redis/instance:Instance";
const SECRET = "gcp:secretmanager/secret:Secret";
export const BUCKET = "gcp:storage/bucket:Bucket";
const ACCOUNT = "gcp:serviceaccount/account:Account";
export const RING = "gcp:kms/keyRing:KeyRing";
export const KEY = "gcp:kms/cryptoKey:CryptoKey";
const REPOSITORY = "gcp:artifactregistry/repository:Repository";
/** What is on a peered network by its range, for days after it is deleted. */
export const LINGERING = "gcp:servicenetworking/producer:Producer";

const already = (name: string): string =>
  `googleapi: Error 409: ${name} already exists, alreadyExists`;
const inUse = ({ name }: Thing, user: Thing): string =>
  `googleapi: Error 400: The resource '${name}' is already being used by '${user.name}', resourceInUseByAnotherResource`;

interface Named {
  readonly type: string;
  readonly within: "account" | "region";
  readonly at?: string;
  readonly source: string;
}
const NAMED: readonly Named[] = [
  { type: NETWORK, within: "account", source: NETWORKS },
  {
    ...{ type: SUBNETWORK, within: "region" },
    source: `${DOCS}/compute/docs/reference/rest/v1/subnetworks`,
  },
  { type: ROUTER, within: "region", source: `${DOCS}/compute/docs/reference/rest/v1/routers` },
  {
    ...{ type: RANGE, within: "account" },
    source: `${DOCS}/compute/docs/reference/rest/v1/globalAddresses`,
  },
  {
    ...{ type: CLUSTER, within: "region" },
    source: `${DOCS}/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters`,
  },
  // Free again at once: cloud.google.com/sql/docs/postgres/delete-instance.
  { type: SQL, within: "account", source: `${DOCS}/sql/docs/postgres/instance-settings` },
  {
    ...{ type: REDIS, within: "region" },
    source: `${DOCS}/memorystore/docs/redis/reference/rest/v1/projects.locations.instances`,
  },
  {
    ...{ type: SECRET, within: "account", at: "secretId" },
    source: `${DOCS}/secret-manager/docs/reference/rest/v1/projects.secrets`,
  },
  {
    ...{ type: ACCOUNT, within: "account", at: "accountId" },
    source: `${DOCS}/iam/docs/reference/rest/v1/projects.serviceAccounts`,
  },
  // Its name is taken for ever: cloud.google.com/kms/docs/resource-hierarchy.
  { type: RING, within: "region", source: `${DOCS}/kms/docs/resource-hierarchy` },
  {
    ...{ type: REPOSITORY, within: "region", at: "repositoryId" },
    source: `${DOCS}/artifact-registry/docs/reference/rest/v1/projects.locations.repositories`,
  },
];

const PROTECTED: readonly Rule[] = [
  guarded({
    ...{ types: "every type", at: "deletionPolicy", value: "PREVENT" },
    source: `${PROVIDER}/compute_network.html.markdown`,
    message: ({ name }) =>
      `cannot destroy ${name} without setting deletion_policy="DELETE" and running up`,
  }),
  guarded({
    ...{ types: [SQL], at: "settings.deletionProtectionEnabled", value: true },
    source: `${DOCS}/sql/docs/postgres/deletion-protection`,
    message: () =>
      "googleapi: Error 400: The instance is protected. Please disable the deletion protection and try again. To disable deletion protection, update the instance settings with deletionProtectionEnabled set to false., invalidRequest",
  }),
  guarded({
    ...{ types: [CLUSTER, SQL, REDIS, SECRET], at: "deletionProtection", value: true },
    source: `${PROVIDER}/container_cluster.html.markdown`,
    message: ({ name }) =>
      `cannot destroy ${name} because deletion_protection is set to true. Set it to false to proceed with its deletion`,
  }),
];

export const RULES: readonly Rule[] = [
  ...NAMED.map(({ type, within, at = "name", source }) =>
    unique({ ...{ types: [type], within, at, source }, message: already }),
  ),
  unique({
    ...{ types: [BUCKET], within: "world", at: "name" },
    source: `${DOCS}/storage/docs/buckets`,
    message: () =>
      "googleapi: Error 409: Your previous request to create the named bucket succeeded and you already own it., conflict",
  }),
  empty(
    [BUCKET],
    `${DOCS}/storage/docs/deleting-buckets`,
    "googleapi: Error 409: The bucket you tried to delete is not empty., conflict",
  ),
  exists({
    ...{ from: [SUBNETWORK, ROUTER, RANGE, CLUSTER, PEERING], at: ["network"], to: [NETWORK] },
    source: NETWORKS,
    message: (name) => `googleapi: Error 404: The resource '${name}' was not found, notFound`,
  }),
  exists({
    ...{ from: [CLUSTER], at: ["subnetwork"], to: [SUBNETWORK] },
    source: `${DOCS}/kubernetes-engine/docs/how-to/private-clusters`,
    message: (name) => `googleapi: Error 404: The resource '${name}' was not found, notFound`,
  }),
  exists({
    ...{ from: [SQL], at: ["settings.ipConfiguration.privateNetwork"], to: [NETWORK] },
    source: `${DOCS}/sql/docs/postgres/configure-private-ip`,
    message: (name) => `googleapi: Error 400: Invalid network ${name}, invalid`,
  }),
  {
    ...{ on: [SQL], when: "create" },
    source: `${DOCS}/sql/docs/postgres/configure-private-services-access`,
    refuses: ({ inputs }, sight) => {
      const { ipConfiguration: { privateNetwork } = {} } = (inputs["settings"] ?? {}) as {
        readonly ipConfiguration?: { readonly privateNetwork?: string };
      };
      const peered = sight.of([PEERING]).some((one) => one.inputs["network"] === privateNetwork);
      return privateNetwork === undefined || peered
        ? undefined
        : "googleapi: Error 400: Invalid request: Incorrect Service Networking config for instance: NETWORK_NOT_PEERED., invalid";
    },
  },
  exists({
    ...{ from: [POOL], at: ["cluster"], to: [CLUSTER] },
    source: `${DOCS}/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools`,
    message: (name) => `googleapi: Error 404: Not found: ${name}., notFound`,
  }),
  exists({
    ...{ from: ["gcp:sql/database:Database", "gcp:sql/user:User"], at: ["instance"], to: [SQL] },
    source: `${DOCS}/sql/docs/postgres/admin-api/rest/v1/databases`,
    message: (name) =>
      `googleapi: Error 404: The Cloud SQL instance does not exist: ${name}., instanceDoesNotExist`,
  }),
  unused({
    ...{ of: [NETWORK], by: [SUBNETWORK, ROUTER, RANGE, CLUSTER, PEERING], at: ["network"] },
    source: NETWORKS,
    message: inUse,
  }),
  unused({
    ...{ of: [SUBNETWORK], by: [CLUSTER], at: ["subnetwork"] },
    source: `${DOCS}/vpc/docs/create-modify-vpc-networks`,
    message: inUse,
  }),
  unused({
    ...{ of: [SQL], by: [SQL], at: ["masterInstanceName"] },
    source: `${DOCS}/sql/docs/postgres/delete-instance`,
    message: () =>
      "googleapi: Error 400: Invalid request: the instance has read replicas; delete them first., invalid",
  }),
  {
    ...{ on: [PEERING], when: "delete" },
    source: `${DOCS}/sql/docs/postgres/delete-instance`,
    refuses: ({ thing }, sight) => {
      const [network = ""] = textsAt(thing?.inputs, "network");
      return sight.isReserved(LINGERING, network, "")
        ? "googleapi: Error 400: Failed to delete connection; Producer services (e.g. CloudSQL, Cloud Memstore, etc.) are still using this connection., failedPrecondition"
        : undefined;
    },
  },
  ...PROTECTED,
];

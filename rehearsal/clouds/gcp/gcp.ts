/** Google Cloud, as far as a rehearsal needs it. */
import { text, type Cloud, type Making, type Remains } from "../cloud";
import { valueAt, type Thing } from "../thing";
import { BUCKET, CLUSTER, KEY, LINGERING, RING, RULES, SQL } from "./rules";

/** The input that names a thing, where it is not `name`. */
const NAMED_BY: Readonly<Record<string, string>> = {
  "gcp:serviceaccount/account:Account": "accountId",
  "gcp:secretmanager/secret:Secret": "secretId",
  "gcp:artifactregistry/repository:Repository": "repositoryId",
  "gcp:projects/service:Service": "service",
};

/** Where a thing is in its project, as REST writes it. */
const COLLECTIONS: Readonly<Record<string, (region: string) => string>> = {
  "gcp:compute/network:Network": () => "global/networks",
  "gcp:compute/globalAddress:GlobalAddress": () => "global/addresses",
  "gcp:compute/subnetwork:Subnetwork": (region) => `regions/${region}/subnetworks`,
  "gcp:compute/router:Router": (region) => `regions/${region}/routers`,
  [CLUSTER]: (region) => `locations/${region}/clusters`,
  "gcp:redis/instance:Instance": (region) => `locations/${region}/instances`,
  "gcp:artifactregistry/repository:Repository": (region) => `locations/${region}/repositories`,
  [RING]: (region) => `locations/${region}/keyRings`,
  "gcp:secretmanager/secret:Secret": () => "secrets",
};
/** What is called by its name alone. */
const BY_NAME = new Set([SQL, BUCKET]);

/** Days for which what Cloud SQL had on a network still uses the peering. */
const LINGERING_DAYS = 4;

export const GCP: Cloud = {
  global:
    /^gcp:(projects|serviceaccount|dns|servicenetworking|secretmanager)\/|compute\/(network|globalAddress):|storage\/hmacKey/u,
  rules: RULES,
  buckets: [BUCKET],
  parts: {
    "gcp:container/nodePool:NodePool": "cluster",
    "gcp:compute/routerNat:RouterNat": "router",
    "gcp:kms/cryptoKey:CryptoKey": "keyRing",
    "gcp:sql/database:Database": "instance",
    "gcp:sql/user:User": "instance",
    "gcp:storage/bucketIAMMember:BucketIAMMember": "bucket",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": "cryptoKeyId",
    "gcp:secretmanager/secretVersion:SecretVersion": "secret",
    "gcp:secretmanager/secretIamMember:SecretIamMember": "secretId",
    "gcp:serviceaccount/iAMMember:IAMMember": "serviceAccountId",
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": "repository",
  },
  identify,
  remains,
  unreachable: (type, region) =>
    `googleapi: Error 503: The service is currently unavailable: ${type.split(/[:/]/u)[1] ?? ""} in ${region}, backendError`,
  clusters: {
    [CLUSTER]: (server, authority) => {
      const endpoint = server.replace("https://", "");
      return {
        endpoint,
        controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint } },
        masterAuth: { clusterCaCertificate: authority },
      };
    },
  },
};

function identify({ type, inputs, name, digest, region, place }: Making) {
  const key = NAMED_BY[type] ?? "name";
  const called = text(inputs[key]) ?? `${name}-${digest.slice(0, 7)}`;
  const project = text(inputs["project"]) ?? place.account;
  const full = `projects/${project}/${COLLECTIONS[type]?.(region) ?? ""}`;
  const email = `${called}@${project}.iam.gserviceaccount.com`;
  if (type === "gcp:serviceaccount/account:Account") {
    const id = `projects/${project}/serviceAccounts/${email}`;
    return { id, name: called, outputs: { name: id, email, member: `serviceAccount:${email}` } };
  }
  if (type === KEY) {
    const id = `${text(inputs["keyRing"]) ?? ""}/cryptoKeys/${called}`;
    return { id, name: called, outputs: { name: called } };
  }
  const id = BY_NAME.has(type)
    ? called
    : COLLECTIONS[type] === undefined
      ? `${project}/${called}/${digest.slice(0, 7)}`
      : `${full}/${called}`;
  const link = `https://www.googleapis.com/compute/v1/${id}`;
  const outputs = type in NAMED_BY ? { [key]: called } : { name: called };
  return {
    id,
    name: called,
    outputs: type.startsWith("gcp:compute/") ? { ...outputs, selfLink: link } : outputs,
  };
}

function remains(thing: Thing): Remains {
  // kms: cloud.google.com/kms/docs/destroy-restore; ABANDON: the provider's `deletionPolicy`.
  if (thing.type === RING || thing.type === KEY || thing.inputs["deletionPolicy"] === "ABANDON") {
    return { stays: true };
  }
  const network = valueAt(thing.inputs, "settings.ipConfiguration.privateNetwork");
  return thing.type === SQL && typeof network === "string"
    ? { reserved: LINGERING_DAYS, reservation: { type: LINGERING, name: network, region: "" } }
    : {};
}

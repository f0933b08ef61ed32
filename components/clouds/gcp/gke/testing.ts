/** For tests of GKE: a cluster for a small town, and Google's responses. */
import { hours } from "../../../../systems/units";
import { register } from "../../../kit/testing";
import { GkeCluster } from "./gke";
import type { GkeArguments } from "./arguments";

export const args: GkeArguments = {
  clusterName: "bikes",
  project: "town-7",
  region: "europe-west4",
  zones: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
  version: "1.34",
  network: {
    vpc: "10.50.0.0/22",
    pods: "10.52.0.0/16",
    services: "10.51.0.0/20",
    managed: "10.53.16.0/20",
  },
  systemPool: { size: "e2-standard-8", nodes: 6 },
  pools: [
    { name: "riders", size: "n2d-standard-16", nodes: { min: 7, max: 11 } },
    { name: "drivers", size: "c3-highmem-4", nodes: { min: 1, max: 5 } },
  ],
  maintenance: { day: "saturday", start: "03:30", duration: hours(5) },
  highlyAvailable: true,
  controlPlaneAccess: [],
  protect: true,
  imageRepositories: [
    { name: "gcr.io", location: "us" },
    { name: "bikes", location: "europe-west4" },
    { name: "shared", location: "europe", exists: true },
  ],
  labels: { system: "bikes" },
};

const cloud = {
  "gcp:artifactregistry/repository:Repository": {},
  "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": {},
  "gcp:compute/globalAddress:GlobalAddress": {},
  "gcp:compute/network:Network": {},
  "gcp:compute/router:Router": {},
  "gcp:compute/routerNat:RouterNat": {},
  "gcp:compute/subnetwork:Subnetwork": {},
  "gcp:container/cluster:Cluster": {
    endpoint: "192.0.2.44",
    masterAuth: { clusterCaCertificate: "QUJD" },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { endpoint: "gke-1f.europe-west4.gke.goog" },
    },
  },
  "gcp:container/nodePool:NodePool": {},
  "gcp:kms/cryptoKey:CryptoKey": {},
  "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": {},
  "gcp:kms/keyRing:KeyRing": {},
  "gcp:projects/iAMMember:IAMMember": {},
  "gcp:projects/service:Service": {},
  "gcp:projects/serviceIdentity:ServiceIdentity": { member: "serviceAccount:the-agent" },
  "gcp:serviceaccount/account:Account": {
    email: "nodes@town.example.com",
    member: "serviceAccount:nodes@town.example.com",
  },
  "gcp:servicenetworking/connection:Connection": {},
};

export const create = (changes: Partial<GkeArguments> = {}, preview = false) =>
  register((options) => new GkeCluster("town", { ...args, ...changes }, options), {
    cloud,
    preview,
  });

/** The contents of the kubeconfig that a provider was given. */
export const kubeconfigOf = (inputs: Readonly<Record<string, unknown>>): unknown =>
  JSON.parse((inputs["kubeconfig"] as { readonly $secret: string }).$secret);

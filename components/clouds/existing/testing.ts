/** For tests: the description of an existing cluster. */
import { register } from "../../kit/testing";
import { ExistingCluster } from "./existing";
import type { ExistingArguments } from "./arguments";

export const args: ExistingArguments = {
  context: "town-hall",
  kubeconfig: undefined,
  zones: ["z-1", "z-2"],
  region: "cellar",
  versions: ["1.33", "1.34"],
  storageClass: "fast",
  loadBalancerAnnotations: { "example.com/load-balancer": "wide" },
  podCidr: "10.52.0.0/16",
  serviceCidr: "10.51.0.0/19",
  hasMetricsServer: true,
  workloadNodes: { "example.com/pool": "riders", disk: "ssd" },
  helmOwned: [{ definition: "bells.example.com", namespace: "bells" }],
};

/** Resource types of the preflight, besides the ones that all tests know. */
const cloud = {
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": {},
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": {},
};

export const create = (changes: Partial<ExistingArguments> = {}, preview = false) =>
  register((options) => new ExistingCluster("town", { ...args, ...changes }, options), {
    cloud,
    preview,
  });

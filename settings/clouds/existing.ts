import { KUBERNETES } from "../../versions";
import { problem, type Check } from "../problem";
import type { CloudProfile } from "./profile";

/** What nobody but the cluster's owner knows. */
const described: Check = ({ kubeContext, storageClass, region, network, dns }) => [
  ...(kubeContext === undefined
    ? [problem("kubeContext", kubeContext, "the kubeconfig's context of the existing cluster")]
    : []),
  ...(storageClass === undefined
    ? [problem("storageClass", storageClass, "the StorageClass for volumes that must survive")]
    : []),
  ...(region === undefined
    ? [problem("region", region, "any name of the place where the existing cluster is")]
    : []),
  ...(["pods", "services"] as const)
    .filter((part) => network?.[part] === undefined)
    .map((part) =>
      problem(`network.${part}`, undefined, `the range of the existing cluster's ${part}`),
    ),
  ...(dns === "manual"
    ? []
    : [problem("dns", dns, '"manual": nothing is known of a zone beside an existing cluster')]),
];

/** Dumps need somewhere to go, and here no cloud offers it. */
const backups: Check = ({ backupEndpoint, backupRegion, backupBucket }, { system }) =>
  system.backups.some(({ method }) => method === "dump" || method === "wal")
    ? Object.entries({ backupEndpoint, backupRegion, backupBucket })
        .filter(([, value]) => value === undefined)
        .map(([key, value]) =>
          problem(key, value, "the S3 service's, because backups leave the cluster"),
        )
    : [];

const NETWORK = { vpc: "", pods: "", services: "", managed: "" };

export const existing: CloudProfile = {
  title: "an existing cluster",
  kubernetesVersion: KUBERNETES.existing,
  runsKubernetes: () => true,
  exactKubernetes: false,
  // Its nodes are there already; managed services are nowhere.
  sizes: { systemNodeSize: "", nodeSize: "", postgresSize: "", redisSize: "", kafkaSize: "" },
  networks: { prod: NETWORK, staging: NETWORK, dr: NETWORK },
  prefixes: {},
  reserved: { ranges: [], by: "its owner" },
  managed: [],
  versions: { postgres: [], redis: () => [], kafka: [] },
  recoveryDays: 0,
  zones: () => [],
  backupRegion: () => undefined,
  rules: [described, backups],
};

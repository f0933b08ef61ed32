import { KUBERNETES } from "../../versions";
import { problem, type Check } from "../problem";
import type { CloudProfile } from "./profile";

/** What only the cluster's owner knows. */
const described: Check = ({ kubeContext, storageClass, region, network, dns }) => [
  ...(kubeContext === undefined
    ? [problem("kubeContext", kubeContext, "the kubeconfig's context of the existing cluster")]
    : []),
  ...(storageClass === undefined
    ? [problem("storageClass", storageClass, "the StorageClass for volumes that hold data")]
    : []),
  ...(region === undefined
    ? [problem("region", region, "any name for the location of the existing cluster")]
    : []),
  ...(["pods", "services"] as const)
    .filter((part) => network?.[part] === undefined)
    .map((part) =>
      problem(`network.${part}`, undefined, `the range of the existing cluster's ${part}`),
    ),
  ...(dns === "manual"
    ? []
    : [problem("dns", dns, '"manual": Runstack manages no DNS for an existing cluster')]),
];

/** Backups need an S3 service, and an existing cluster comes without one. */
const backups: Check = ({ backupEndpoint, backupRegion, backupBucket }, { system }) =>
  system.backups.some(({ method }) => method === "dump" || method === "wal")
    ? Object.entries({ backupEndpoint, backupRegion, backupBucket })
        .filter(([, value]) => value === undefined)
        .map(([key, value]) =>
          problem(key, value, "set for the S3 service that stores backups outside the cluster"),
        )
    : [];

const NETWORK = { vpc: "", pods: "", services: "", managed: "" };

export const existing: CloudProfile = {
  title: "an existing cluster",
  kubernetesVersion: KUBERNETES.existing,
  runsKubernetes: () => true,
  exactKubernetes: false,
  // The nodes exist already, and there are no managed services.
  sizes: { systemNodeSize: "", nodeSize: "", postgresSize: "", redisSize: "", kafkaSize: "" },
  networks: { prod: NETWORK, staging: NETWORK, dr: NETWORK },
  prefixes: {},
  reserved: { ranges: [], by: "its owner" },
  managed: [],
  versions: { postgres: [], redis: () => [], kafka: [] },
  recoveryDays: 0,
  backupDays: 0,
  redisSnapshots: false,
  zones: () => [],
  backupRegion: () => undefined,
  rules: [described, backups],
};

/** The nodes of a simulated cluster: objects only. KWOK does for them what a kubelet would do. */
import type { ClusterShape } from "../contract";

/** Each large enough that only what the scheduler is told (spread, affinity, pools) decides where pods run. */
const CAPACITY = { cpu: "32", memory: "128Gi", "ephemeral-storage": "500Gi", pods: "250" };

/** @param version of the API server, which kubelets of a new cluster share */
export const nodesOf = (shape: ClusterShape, version: string): readonly object[] =>
  Array.from({ length: shape.nodes }, (_, index) => nodeOf(shape, index, version));

function nodeOf(shape: ClusterShape, index: number, version: string): object {
  const name = `node-${index + 1}`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        ...placeOf(shape, index),
      },
    },
    status: {
      addresses: [
        { type: "InternalIP", address: `10.0.${Math.floor(index / 250)}.${(index % 250) + 4}` },
        { type: "Hostname", address: name },
      ],
      allocatable: CAPACITY,
      capacity: CAPACITY,
      nodeInfo: {
        ...{ architecture: "amd64", operatingSystem: "linux", kubeletVersion: version },
        ...{ bootID: "", containerRuntimeVersion: "kwok", kernelVersion: "", kubeProxyVersion: "" },
        ...{ machineID: "", osImage: "", systemUUID: "" },
      },
    },
  };
}

/** Region, zone and pool. */
function placeOf({ zones, pools = [], region }: ClusterShape, index: number) {
  const zone = zones[index % zones.length];
  const turn = Math.floor(index / Math.max(zones.length, 1));
  return {
    ...(region === undefined ? {} : { "topology.kubernetes.io/region": region }),
    ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
    ...pools[turn % pools.length],
  };
}

/** The clusters that the simulated clouds run: a control plane each. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudName } from "../systems/model";
import type { Access, ClusterShape, Clusters, ControlPlane } from "./contract";
import { startControlPlane } from "./control-plane/control-plane";
import type { Binaries } from "./tools/binaries";

/** The zone labels of the nodes, and the storage classes that the cloud installs. DOKS labels no zones. */
const SHAPES: Readonly<
  Record<CloudName, { zones: readonly string[]; classes: readonly string[] }>
> = {
  digitalocean: { zones: [], classes: ["do-block-storage", "do-block-storage-retain"] },
  aws: { zones: ["a", "b", "c"], classes: ["gp2"] },
  gcp: { zones: ["a", "b", "c"], classes: ["standard-rwo", "premium-rwo"] },
  existing: { zones: ["a", "b", "c"], classes: ["standard"] },
};

/** Enough for every system, whose pods spread over nodes and zones. */
const NODES = 9;

interface Given {
  /** For logs and objects. */
  readonly folder: string;
  /** A file that always leads to the cluster that was made last. */
  readonly kubeconfig: string;
  readonly cloud: CloudName;
  readonly region: string;
  /** The labels of the nodes of each pool. */
  readonly pools: readonly Readonly<Record<string, string>>[];
  /** What the cloud installs beside its storage classes. */
  readonly objects: readonly object[];
  readonly binaries: Binaries;
}

export class ControlPlanes implements Clusters {
  private readonly running = new Map<string, ControlPlane>();
  private started = 0;

  constructor(private readonly given: Given) {}

  /** The cluster that was made last. */
  get latest(): ControlPlane {
    const last = [...this.running.values()].at(-1);
    if (last === undefined) throw new Error("There is no cluster.");
    return last;
  }

  async created(id: string): Promise<Access> {
    this.started += 1;
    const own = join(this.given.folder, `cluster-${this.started}`);
    const plane = await startControlPlane(own, this.shape(), this.given.binaries);
    this.running.set(id, plane);
    copyFileSync(plane.kubeconfig, this.given.kubeconfig);
    return plane.access;
  }

  async deleted(id: string): Promise<void> {
    await this.running.get(id)?.stop();
    this.running.delete(id);
  }

  /** The clusters stop without a word to anybody. @returns their ids */
  async lose(): Promise<readonly string[]> {
    const ids = [...this.running.keys()];
    for (const id of ids) await this.deleted(id);
    return ids;
  }

  private shape(): ClusterShape {
    const { zones, classes } = SHAPES[this.given.cloud];
    return {
      nodes: NODES,
      zones: zones.map((zone) => zoneOf(this.given, zone)),
      region: this.given.region,
      pools: this.given.pools,
      balancers: this.given.cloud === "aws" ? "hostname" : "address",
      objects: [...classes.map(storageClass), ...this.given.objects],
    };
  }
}

/** Such as `us-east-1a` or `us-central1-a`. */
const zoneOf = ({ cloud, region }: Given, zone: string): string =>
  cloud === "gcp" ? `${region}-${zone}` : `${region}${zone}`;

const storageClass = (name: string, index: number): object => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: {
    name,
    ...(index === 0
      ? { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } }
      : {}),
  },
  provisioner: "rehearsal.runstack.dev/volumes",
  volumeBindingMode: "Immediate",
  allowVolumeExpansion: true,
});

/**
 * What a rehearsal is made of: the real engine and its Kubernetes provider, a real control plane, and simulated clouds, all
 * on the loopback interface of one machine. Each part knows this file and no other part.
 */

/** How a client reaches a Kubernetes API server as an administrator of the cluster. */
export interface Access {
  /** Such as `https://127.0.0.1:6443`. */
  readonly server: string;
  /** The certificate authority of the server, as PEM. */
  readonly authority: string;
  /** A bearer token. */
  readonly token: string;
}

/** Etcd, API server, controllers, scheduler and simulated nodes. They end with the process that started them. */
export interface ControlPlane {
  readonly access: Access;
  /** Of the API server, such as `v1.37.2`. */
  readonly version: string;
  /** A file with `access` as a kubeconfig, which only its owner can read. */
  readonly kubeconfig: string;
  /** What went wrong by itself: the end of the log of each part that ended, and of what operators could not do. */
  complaints(): readonly string[];
  /** Kills the API server and starts it again with the same objects: clients see refused connections meanwhile. */
  restartServer(): Promise<void>;
  /** The cluster is lost, with all that was in it. */
  stop(): Promise<void>;
}

/** What differs between the clusters of the clouds. */
export interface ClusterShape {
  /** How many nodes there are. */
  readonly nodes: number;
  /** The values of the nodes' zone label, given in turn. Empty for a cloud whose nodes have no such label. */
  readonly zones: readonly string[];
  /** The labels of each node pool; nodes are given to pools in turn, all zones of one first. @default one pool without */
  readonly pools?: readonly Readonly<Record<string, string>>[];
  /** Where the cloud is, for the nodes' region label. @default no label */
  readonly region?: string;
  /** What a Service of type LoadBalancer gets: an address, or on AWS a name. @default "address" */
  readonly balancers?: "address" | "hostname";
  /** What the cloud installs before anybody else, as the objects that `kubectl apply` would get. */
  readonly objects: readonly object[];
  /**
   * How long operators and nodes take, as a share of what they take in a cloud.
   * @default 1/60, so that seconds stand for minutes
   */
  readonly pace?: number;
}

/** Something that exists in a simulated cloud. */
export interface Held {
  /** Such as `aws:rds/instance:Instance`. */
  readonly type: string;
  readonly id: string;
  /** The name that the cloud knows it by, which need not be the resource's name in the program. */
  readonly name: string;
  /** Empty for what belongs to no region. */
  readonly region: string;
}

/** The simulated clouds. What they hold is in a file, which outlives clusters and the engine's state. */
export interface Clouds {
  /** For the environment of the engine: the plugins find the clouds by it. */
  readonly environment: Readonly<Record<string, string>>;
  /** What exists now. */
  held(): readonly Held[];
  /** Everything in the region is gone, and whoever asks for it is refused. */
  loseRegion(region: string): Promise<void>;
  /** Deletes one thing behind the engine's back, as a person in the console would. */
  remove(held: Held): void;
  /** Changes inputs of one thing behind the engine's back, such as what protects it from deletion. */
  change(held: Held, inputs: Readonly<Record<string, boolean | number | string>>): void;
  /** Lets days pass in the clouds, which free what they had blocked. */
  pass(days: number): void;
  /** Puts an object into a bucket. */
  put(bucket: string, key: string): void;
  close(): Promise<void>;
}

/** Asked by the clouds when a cluster is created or deleted. */
export interface Clusters {
  /** @param id what the cloud calls the cluster */
  created(id: string): Promise<Access>;
  deleted(id: string): Promise<void>;
}

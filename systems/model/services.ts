/** The programs a system runs, and how they scale, start and change. */
import type { Element, Range } from "./element";
import type { Cpu, Duration, Ratio, Size } from "../units";

export interface Service extends Element {
  /** Short name, unique in the system: what topics, edges, alerts and secrets refer to. */
  readonly name: string;
  /** The Deployment's and the Service's name, as the runbook's commands use it. */
  readonly workload: string;
  readonly container: string;
  readonly purpose: string;
  readonly technology: string;
  /** Labels that the runbook selects pods by. */
  readonly labels: Readonly<Record<string, string>>;
  /** The repository without tag or digest where the runbook names one. Tags are configuration. */
  readonly image?: string;
  /** Absent for a worker that serves nothing but its probes. */
  readonly port?: number;
  readonly health: Probe;
  /** Endpoints besides the health path that operators use, for example `/stats`. */
  readonly endpoints?: readonly string[];
  readonly scaling: Scaling;
  readonly resources: Resources;
  readonly environment: readonly EnvironmentVariable[];
  readonly dapr?: Dapr;
  readonly sidecars?: readonly Sidecar[];
  readonly rollout: Rollout;
  /** Changes the database's schema before a new version takes traffic. */
  readonly migration?: Migration;
  /** Other services it calls; every pair here is an allowed network flow, all others are denied. */
  readonly calls: readonly string[];
  /** Names of the databases, caches and appliances it connects to by itself (not through Dapr). */
  readonly uses: readonly string[];
  /** Hosts outside the cluster it must reach, besides what `uses` implies. */
  readonly external?: readonly { readonly name: string; readonly port: number }[];
  /** Folders it writes to, besides `/tmp`; everything else of its file system is read-only. */
  readonly writable?: readonly string[];
  /** Instance types its pods are required to run on. */
  readonly instanceTypes?: readonly string[];
}

export interface Probe {
  readonly path: string;
  readonly port: number;
}

/** The autoscaler is called `<workload>-hpa`, as the runbooks that name one call it. */
export interface Scaling extends Element {
  readonly replicas: Range;
  readonly triggers: readonly ScalingTrigger[];
  /** How long the pressure must last before pods are added; absent means at once. */
  readonly after?: Duration;
  /** Memory requests follow measured use; processor stays with the horizontal autoscaler. */
  readonly vertical?: "memory";
}

export type ScalingTrigger =
  | { readonly kind: "cpu"; readonly utilization: Ratio }
  | { readonly kind: "memory"; readonly utilization: Ratio }
  | { readonly kind: "requestRate"; readonly perSecondPerPod: number }
  | { readonly kind: "gauge"; readonly metric: string; readonly perPod: number }
  | {
      readonly kind: "lag";
      readonly topic: string;
      readonly group: string;
      readonly perPod: number;
    };

export interface Resources extends Element {
  readonly requests: { readonly cpu: Cpu; readonly memory: Size };
  /** No processor limit means the pod may use what its node has left. */
  readonly limits: { readonly cpu?: Cpu; readonly memory: Size };
  /** The larger size the runbook gives for times of need, chosen by configuration. */
  readonly stepUp?: {
    readonly requests: { readonly cpu: Cpu; readonly memory: Size };
    readonly limits: { readonly cpu: Cpu; readonly memory: Size };
  };
}

export interface EnvironmentVariable extends Element {
  readonly name: string;
  readonly from:
    | { readonly kind: "value"; readonly value: string }
    /** A key of a secret declared in `System.secrets`. */
    | { readonly kind: "secret"; readonly secret: string; readonly key: string }
    /** The in-cluster URL of another service. */
    | { readonly kind: "service"; readonly service: string }
    /**
     * A stack configuration key, with the value to use when the stack does not set it. With
     * `configMap` the value reaches the pod through that ConfigMap, under the variable's name.
     */
    | { readonly kind: "setting"; readonly default: string; readonly configMap?: string };
}

export interface Dapr extends Element {
  readonly appId: string;
  /** Services whose sidecars may call this one; all others are refused. */
  readonly invokedBy: readonly string[];
}

/** A second container beside the service's own, from the same image and with the same environment. */
export interface Sidecar extends Element {
  readonly name: string;
  readonly purpose: string;
  /** Absent where the image starts it by the container's name. */
  readonly command?: readonly string[];
  readonly resources: Resources;
}

export type Rollout =
  | { readonly kind: "rolling" }
  | {
      readonly kind: "blueGreen";
      /** What is switched: the Service's selector, or the route's backend in another namespace. */
      readonly by: "selector" | "route";
      /** How long the new version is watched before the old one may go. */
      readonly watch: Duration;
      /** How long the waiting version may take to become ready. */
      readonly readyWithin?: Duration;
      /** The two Deployments, where the runbook names them; by route both have the workload's name. */
      readonly deployments?: { readonly blue: string; readonly green: string };
    };

export interface Migration extends Element {
  readonly command: readonly string[];
  /** Must succeed after `command`. */
  readonly verify?: readonly string[];
  /** What an operator runs to go one step back. */
  readonly undo?: readonly string[];
}

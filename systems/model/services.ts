/** The services of a system, and how they scale, start and are updated. */
import type { Element, Range } from "./element";
import type { Cpu, Duration, Ratio, Size } from "../units";

export interface Service extends Element {
  /** Short name, unique in the system: used by topics, edges, alerts and secrets. */
  readonly name: string;
  /** The Deployment's and the Service's name, as the runbook's commands use it. */
  readonly workload: string;
  readonly container: string;
  readonly purpose: string;
  readonly technology: string;
  /** Labels that the runbook selects pods by. */
  readonly labels: Readonly<Record<string, string>>;
  /** The repository without tag or digest, if the runbook names one. Tags are configuration. */
  readonly image?: string;
  /** @default the entry point of its image */
  readonly command?: Command;
  /** Arguments of the command. @default those of its image */
  readonly args?: readonly string[];
  /** Absent for a worker that only serves probes. */
  readonly port?: number;
  /** What the container answers as long as it runs, also without a port for others. */
  readonly health: Probe;
  /** How often it is asked, and when that has consequences. @default each field's own */
  readonly probes?: Probes;
  /** How it stops. @default each field's own */
  readonly termination?: Termination;
  /**
   * Where the service exports metrics in Prometheus' format; `none` for one that has none, whose requests
   * are then measured at the gateway. docs/application-contract.md says what they must be.
   */
  readonly metrics: Probe | "none";
  /** Endpoints besides the health path that operators use, for example `/stats`. */
  readonly endpoints?: readonly string[];
  readonly scaling: Scaling;
  readonly resources: Resources;
  readonly environment: readonly EnvironmentVariable[];
  readonly dapr?: Dapr;
  readonly sidecars?: readonly Sidecar[];
  readonly rollout: Rollout;
  /** How fast a rollout replaces pods. @default each field's own */
  readonly pace?: Pace;
  /** Changes the database's schema before a new version takes traffic. */
  readonly migration?: Migration;
  /** Other services it calls; each of these network flows is allowed, all others are denied. */
  readonly calls: readonly string[];
  /** Names of the databases, caches and appliances that it connects to directly (not through Dapr). */
  readonly uses: readonly string[];
  /** Hosts outside the cluster that it must reach, in addition to those implied by `uses`. */
  readonly external?: readonly { readonly name: string; readonly port: number }[];
  /** Folders that it writes to, in addition to `/tmp`. The rest of its file system is read-only. */
  readonly writable?: readonly string[];
  /** Instance types its pods are required to run on. */
  readonly instanceTypes?: readonly string[];
}

/**
 * What a container runs instead of its image's entry point. `configured`: the runbook does not say,
 * and the entry point would start another service of the same image a second time, so that each
 * stack says it (`runstack:commands`).
 */
export type Command = readonly string[] | "configured";

export interface Probe {
  readonly path: string;
  readonly port: number;
}

export interface Timing {
  readonly every: Duration;
  /** Failures in a row that have consequences. */
  readonly failures: number;
  /** For one answer. */
  readonly timeout: Duration;
}

export interface Probes {
  /** While it starts; afterwards it is restarted. @default every 3 s, 40 times, 2 s each */
  readonly startup?: Timing;
  /**
   * Takes it out of service; fails before liveness.
   * @default every 5 s, twice, 2 s each; as often and as long as liveness where that follows the objective for pod
   * recovery: with 30 s, every 4 s, twice, 3 s each
   */
  readonly readiness?: Timing;
  /**
   * Restarts it. It must not depend on other services, or their outage restarts everything.
   * @default every 20 s, 4 times, 5 s each; where that takes longer than half of the objective for pod recovery, what
   * takes half of it: with 30 s, every 4 s, 3 times, 3 s each
   */
  readonly liveness?: Timing & { readonly path?: string };
}

export interface Termination {
  /** How long it keeps serving until load balancers have removed it. @default 10 s */
  readonly drain?: Duration;
  /** After which it is killed, including `drain`; longer than its longest request. @default 75 s */
  readonly grace?: Duration;
  /**
   * The same for a container that no longer answers its liveness probe. It is out of service by then, but the drain comes
   * first here too; SIGTERM has the rest, and 2 s at least.
   * @default `grace`; with an objective for pod recovery a sixth of it, or 1 s if the drain leaves nothing of that
   */
  readonly graceOfUnhealthy?: Duration;
}

export interface Pace {
  /** Pods beyond the wanted number, as share of it. @default 25% */
  readonly surge?: Ratio;
  /** Pods below the wanted number, as share of it. @default none */
  readonly unavailable?: Ratio;
  /** How long a new pod must be ready before the next one is replaced. @default 10 s */
  readonly settle?: Duration;
}

/** The autoscaler is named `<workload>-hpa`, as in the runbooks that name one. */
export interface Scaling extends Element {
  readonly replicas: Range;
  readonly triggers: readonly ScalingTrigger[];
  /** How long the load must last before pods are added; absent means immediately. */
  readonly after?: Duration;
  /** Memory requests follow measured use; CPU is left to the horizontal autoscaler. */
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
  /** Without a CPU limit the pod may use the node's spare CPU. */
  readonly limits: { readonly cpu?: Cpu; readonly memory: Size };
  /** The runbook's larger size for high load, selected by configuration. */
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

/** A second container in the pod, with the same image and environment as the service's. */
export interface Sidecar extends Element {
  readonly name: string;
  readonly purpose: string;
  /** Required: the image's entry point is the service's own. */
  readonly command: Command;
  readonly resources: Resources;
}

export type Rollout =
  | { readonly kind: "rolling" }
  | {
      readonly kind: "blueGreen";
      /** What is switched: the Service's selector, or the route's backend in another namespace. */
      readonly by: "selector" | "route";
      /** How long the new version is observed before the old one may be removed. */
      readonly watch: Duration;
      /** How long the new version may take to become ready. @default 10 minutes */
      readonly readyWithin?: Duration;
      /**
       * The two Deployments, if the runbook names them. When switching by route, both have the workload's
       * name.
       */
      readonly deployments?: { readonly blue: string; readonly green: string };
    };

export interface Migration extends Element {
  readonly command: readonly string[];
  /** Must succeed after `command`. */
  readonly verify?: readonly string[];
  /** The command to roll back one revision. */
  readonly undo?: readonly string[];
}

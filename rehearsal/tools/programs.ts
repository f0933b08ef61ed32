/** The programs that a rehearsal runs, and how each is built from source. Their versions stand in the modules' `go.mod`. */

export interface Program {
  /** As it is called on the PATH. */
  readonly command: string;
  /** The folder of its Go module, below `modules`. */
  readonly module: string;
  /** What is built in there. */
  readonly package: string;
  /** The module whose version is the program's. */
  readonly versioned: string;
  /** Variables that get that version when the program is linked. */
  readonly stamped?: readonly string[];
  /** Processor time of a build that Go has not cached, on a machine of 2026. */
  readonly minutes: number;
}

const kubernetes = (command: string, minutes: number): Program => ({
  command,
  module: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${command}`,
  versioned: "k8s.io/kubernetes",
  stamped: ["k8s.io/component-base/version.gitVersion", "k8s.io/client-go/pkg/version.gitVersion"],
  minutes,
});

/** In the order in which they are built: the longest last. */
export const PROGRAMS = {
  etcd: {
    command: "etcd",
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    versioned: "go.etcd.io/etcd/server/v3",
    minutes: 1,
  },
  kwok: {
    command: "kwok",
    module: "kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    versioned: "sigs.k8s.io/kwok",
    minutes: 3,
  },
  apiServer: kubernetes("kube-apiserver", 10),
  controllerManager: kubernetes("kube-controller-manager", 4),
  scheduler: kubernetes("kube-scheduler", 1),
  kubectl: kubernetes("kubectl", 1),
  pulumi: {
    command: "pulumi",
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    versioned: "github.com/pulumi/pulumi/pkg/v3",
    stamped: ["github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"],
    minutes: 11,
  },
  kubernetesProvider: {
    command: "pulumi-resource-kubernetes",
    module: "kubernetes-provider",
    package: ".",
    versioned: "github.com/pulumi/pulumi-kubernetes/provider/v4",
    minutes: 18,
  },
} as const satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof PROGRAMS;

/** A path for each program. */
export type Binaries = Readonly<Record<ProgramName, string>>;

/** What a control plane is made of. */
export type ControlPlaneBinaries = Pick<
  Binaries,
  "etcd" | "apiServer" | "controllerManager" | "scheduler" | "kwok"
>;

export const PROGRAM_NAMES = Object.keys(PROGRAMS) as readonly ProgramName[];

import type * as pulumi from "@pulumi/pulumi";
import type { Range, Service, System } from "../../systems/model";
import type { Kafka } from "../kafka/contract";
import type { Reach } from "../kit/egress";

/** A Kubernetes Secret that workloads read, and a text that changes whenever its content does. */
export interface WorkloadSecret {
  /** The Secret, or whatever makes it and is done once it has. */
  readonly object: pulumi.Resource;
  /**
   * Secret: a digest of each value, by key. Those of the keys that a pod reads stand on the pod, so
   * that a rotation restarts exactly its readers.
   */
  readonly checksums: Readonly<Record<string, pulumi.Output<string>>>;
}

/** One running service of a system. */
export interface WorkloadArguments {
  readonly system: System;
  readonly service: Service;
  readonly namespace: string;
  /** With tag or digest. */
  readonly image: string;
  readonly replicas: Range;
  /** Of its ServiceAccount, by which a cloud knows its pods. @default none */
  readonly accountAnnotations?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Labels of the nodes it runs on. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Instance types of which its nodes must be. @default any */
  readonly instanceTypes?: readonly string[];
  /** By name of the Secret. */
  readonly secrets: Readonly<Record<string, WorkloadSecret>>;
  /** Values of the environment variables that are settings. @default each variable's own default */
  readonly settings?: Readonly<Record<string, string>>;
  readonly network: WorkloadNetwork;
  /** Secret: digests of credentials that its sidecar reads, by Dapr component. @default none */
  readonly sidecarDigests?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Names of Secrets with which nodes pull its image. @default none: a public registry */
  readonly imagePullSecrets?: readonly string[];
  readonly autoscaling: {
    /** Where the autoscaler asks for measurements, `http://host:port`. */
    readonly prometheusUrl: string;
    /** By name of the event bus. */
    readonly kafka: Readonly<Record<string, Kafka>>;
  };
}

/** The flows around a workload; everything else stays denied. */
export interface WorkloadNetwork {
  readonly monitoringNamespace: string;
  readonly daprNamespace: string;
  /** The gateway's namespace, if the edge routes to this service. */
  readonly edgeNamespace: string | undefined;
  /** Every way to the data services that it or its sidecar connects to. */
  readonly data: readonly Reach[];
}

import type * as pulumi from "@pulumi/pulumi";
import type { Range, Service, System } from "../../systems/model";
import type { Kafka } from "../kafka/contract";
import type { Reach } from "../kit/egress";
import type { Connection } from "./connections";

/** A Kubernetes Secret that workloads read, and a digest that changes with its contents. */
export interface WorkloadSecret {
  /** The Secret, or the resource that creates it and is done once it exists. */
  readonly object: pulumi.Resource;
  /**
   * Secret: a digest of each value, by key. The pod is annotated with those of its own keys, so
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
  /** Cloud permissions of its ServiceAccount. @default none */
  readonly accountAnnotations?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
  /** Labels of the nodes that it runs on. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Instance types that its nodes must have. @default any */
  readonly instanceTypes?: readonly string[];
  /** By name of the Secret. */
  readonly secrets: Readonly<Record<string, WorkloadSecret>>;
  /** The data services that its own clients connect to. @default none */
  readonly connections?: readonly Connection[];
  readonly network: WorkloadNetwork;
  /** Secret: digests of credentials that its sidecar reads, by Dapr component. @default none */
  readonly sidecarDigests?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Names of its image pull Secrets. @default none: a public registry */
  readonly imagePullSecrets?: readonly string[];
  readonly autoscaling: {
    /** Where the autoscaler queries metrics, `http://host:port`. */
    readonly prometheusUrl: string;
    /** By name of the event bus. */
    readonly kafka: Readonly<Record<string, Kafka>>;
  };
}

/** The traffic of a workload; everything else is denied. */
export interface WorkloadNetwork {
  readonly monitoringNamespace: string;
  readonly daprNamespace: string;
  /** The gateway's namespace, if the gateway routes to this service. */
  readonly edgeNamespace: string | undefined;
  /** All network paths to the data services that it or its sidecar uses. */
  readonly data: readonly Reach[];
}

/** An operator's chart in a namespace of its own, as data. */
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CHARTS } from "../../versions";

export interface OperatorChart {
  readonly suffix: string;
  readonly namespace: string;
  readonly chart: keyof typeof CHARTS;
  readonly releaseName: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Ports that the control plane calls. */
  readonly webhooks: readonly number[];
  /** Egress besides the API server and port 443 of any address. */
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
  readonly dependsOn?: readonly pulumi.Resource[];
}

export const small = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } };

import type * as k8s from "@pulumi/kubernetes";
import { NAMESPACES } from "../../lib/namespaces";
import { CHARTS } from "../../versions";
import { installChart } from "../kit/chart";
import { Component, type ComponentOptions } from "../kit/component";
import { NAMESPACE_NAME_LABEL } from "../kit/labels";
import { Namespace } from "../kit/namespace";
import { fromAnywhere, fromPeers, inNamespace, toApiServer } from "../kit/network-rules";

export interface DaprArguments {
  readonly system: string;
  readonly production: boolean;
  /** The namespace whose pods get sidecars; no other one does. */
  readonly applicationNamespace: string;
  readonly monitoringNamespace: string;
  readonly storageClass: string;
  readonly chartMirror: string | undefined;
  /** The Job that applied Dapr's definitions; absent if none did. */
  readonly definitions: string | undefined;
}

/** Dapr's control plane: replicated, with mutual TLS, and its dashboard only by port-forward. */
export class Dapr extends Component {
  /** What must exist before Dapr's own objects, and pods that need a sidecar. */
  readonly release: k8s.helm.v3.Release;
  readonly dashboard: k8s.helm.v3.Release;

  constructor(name: string, args: DaprArguments, options: ComponentOptions) {
    super("platform:Dapr", name, { production: args.production }, options);
    const namespace = this.createNamespace(args);
    this.release = installChart(
      this.child("control-plane"),
      {
        version: CHARTS.dapr,
        releaseName: "dapr",
        namespace: namespace.namespace,
        values: controlPlane(args),
        mirror: args.chartMirror,
        // The scheduler's three members wait for their volumes.
        timeout: 900,
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
    this.dashboard = installChart(
      this.child("dashboard"),
      {
        version: CHARTS.daprDashboard,
        releaseName: "dapr-dashboard",
        namespace: namespace.namespace,
        values: dashboard(),
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [this.release] }),
    );
    this.publish();
  }

  /**
   * No ingress rule allows access to the dashboard: only a port-forward, which comes from the node,
   * reaches it. Baseline, not restricted, because the charts do not set what restricted requires.
   */
  private createNamespace(args: DaprArguments): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespace: NAMESPACES.dapr,
        system: args.system,
        podSecurity: "baseline",
        traffic: {
          ingress: [
            // Webhooks of the injector and the operator.
            fromAnywhere(4000, 19443),
            // Sidecars call the API, the certificate authority, placement and the scheduler.
            fromPeers([inNamespace(args.applicationNamespace)], 6500, 50001, 50005, 50006),
            fromPeers([inNamespace(args.monitoringNamespace)], 9090),
          ],
          egress: [toApiServer()],
        },
      },
      { parent: this },
    );
  }
}

const resources = (cpu: string, memory: string, limit: string) => ({
  requests: { cpu, memory },
  limits: { memory: limit },
});

function controlPlane(args: DaprArguments): Record<string, unknown> {
  return {
    global: {
      logAsJson: true,
      ha: { enabled: args.production, replicaCount: 3, topologyKey: "kubernetes.io/hostname" },
      mtls: { enabled: true, workloadCertTTL: "24h", allowedClockSkew: "15m" },
      prometheus: { enabled: true, port: 9090 },
      seccompProfile: "RuntimeDefault",
    },
    dapr_operator: {
      resources: resources("100m", "128Mi", "256Mi"),
      // The operator completes its definitions when it starts, so it must start after each application.
      ...(args.definitions === undefined
        ? {}
        : { extraEnvVars: { RUNSTACK_DEFINITIONS: args.definitions } }),
    },
    dapr_sentry: { resources: resources("100m", "64Mi", "256Mi") },
    dapr_placement: { resources: resources("100m", "64Mi", "256Mi") },
    dapr_scheduler: {
      resources: resources("100m", "128Mi", "512Mi"),
      cluster: { storageClassName: args.storageClass, storageSize: "16Gi" },
    },
    dapr_sidecar_injector: {
      resources: resources("50m", "64Mi", "128Mi"),
      sidecarDropALLCapabilities: true,
      sidecarReadOnlyRootFilesystem: true,
      sidecarRunAsNonRoot: true,
      // Without its sidecar a pod would start and fail at its first event, so it must not start.
      webhookFailurePolicy: "Fail",
      namespaceSelector: {
        matchLabels: { [NAMESPACE_NAME_LABEL]: args.applicationNamespace },
      },
    },
  };
}

function dashboard(): Record<string, unknown> {
  return {
    replicaCount: 1,
    serviceType: "ClusterIP",
    ingress: { enabled: false },
    runAsNonRoot: true,
    resources: resources("20m", "32Mi", "128Mi"),
  };
}

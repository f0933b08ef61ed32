import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import { enforce } from "../kit/validation";
import { serviceRelabeling } from "../kit/conventions";
import { checksumAnnotations } from "./checksums";
import type { WorkloadArguments } from "./contract";
import { networkPolicy } from "./network";
import { timingOf } from "../../systems/timing";
import { rolloutOf } from "../kit/timing";
import { metricsPort } from "./container";
import { daprAnnotations, podSpec, secretsOf, selector } from "./pod";
import {
  autoscalerName,
  behavior,
  busOf,
  lagAuthentication,
  lagAuthenticationSpec,
  lagCredentials,
  needsKeda,
  resourceMetrics,
  scaledObject,
} from "./scaling";

/** One running service of a system: replicated, scaled, protected, monitored. */
export class Workload extends Component {
  readonly workloadName: string;
  readonly serviceName: string;
  readonly port: number;
  /** Done when all its pods are ready. */
  readonly deployment: k8s.apps.v1.Deployment;
  /** Done when its pods are ready, and scraped if they have metrics. */
  readonly ready: readonly pulumi.Resource[];

  readonly #args: WorkloadArguments;

  constructor(name: string, args: WorkloadArguments, options: ComponentOptions) {
    const { service, namespace, image } = args;
    super("workload:Workload", name, { service: service.name, namespace, image }, options);
    checkWorkload(name, args);
    this.#args = args;

    const account = this.createServiceAccount();
    const policy = this.createNetworkPolicy();
    const objects = secretsOf(service).flatMap((secret) => args.secrets[secret]?.object ?? []);
    this.deployment = this.createDeployment([account, policy, ...objects]);
    this.createService();
    this.createAutoscaler();
    this.createDisruptionBudget();
    this.ready = [this.deployment, ...this.createPodMonitor()];

    this.workloadName = service.workload;
    this.serviceName = service.workload;
    this.port = service.port ?? service.health.port;
    this.publish();
  }

  private metadata(objectName: string): {
    name: string;
    namespace: string;
    labels: Record<string, string>;
  } {
    const { system, service, namespace } = this.#args;
    return {
      name: objectName,
      namespace,
      labels: {
        ...commonLabels(system.id, service.name),
        ...selector(service, system),
        "app.kubernetes.io/name": service.workload,
      },
    };
  }

  private createServiceAccount(): k8s.core.v1.ServiceAccount {
    const annotations = this.#args.accountAnnotations ?? {};
    return new k8s.core.v1.ServiceAccount(
      this.child("account"),
      {
        metadata: {
          ...this.metadata(this.#args.service.workload),
          ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
        },
        automountServiceAccountToken: false,
        imagePullSecrets: (this.#args.imagePullSecrets ?? []).map((name) => ({ name })),
      },
      this.options(),
    );
  }

  private createDeployment(dependsOn: pulumi.Resource[]): k8s.apps.v1.Deployment {
    const { service, system } = this.#args;
    const metadata = this.metadata(service.workload);
    return new k8s.apps.v1.Deployment(
      this.child("deployment"),
      {
        metadata,
        spec: {
          // No replicas: the autoscaler sets the number, and a deployment must not reset it.
          selector: { matchLabels: selector(service, system) },
          revisionHistoryLimit: 10,
          ...rolloutOf(service, timingOf(service, system)),
          template: {
            metadata: {
              labels: metadata.labels,
              annotations: {
                ...daprAnnotations(this.#args),
                ...checksumAnnotations(this.#args),
              },
            },
            spec: podSpec(this.#args),
          },
        },
      },
      this.options({ dependsOn, customTimeouts: { create: "15m", update: "15m" } }),
    );
  }

  private createService(): void {
    const { service, system } = this.#args;
    if (service.port === undefined) return;
    new k8s.core.v1.Service(
      this.child("service"),
      {
        metadata: this.metadata(service.workload),
        spec: {
          type: "ClusterIP",
          selector: selector(service, system),
          ports: [
            {
              name: "http",
              port: service.port,
              targetPort: "http",
              protocol: "TCP",
              appProtocol: "http",
            },
          ],
        },
      },
      this.options({ dependsOn: [this.deployment] }),
    );
  }

  /** KEDA if something besides CPU and memory is measured, otherwise Kubernetes' own autoscaler. */
  private createAutoscaler(): void {
    const { service, replicas } = this.#args;
    if (needsKeda(service)) {
      const authentication = this.createLagAuthentication();
      customResource(
        this.child("scaler"),
        {
          apiVersion: "keda.sh/v1alpha1",
          kind: "ScaledObject",
          metadata: this.metadata(service.workload),
          spec: scaledObject(this.#args),
        },
        this.options({ dependsOn: [this.deployment, ...authentication] }),
      );
      return;
    }
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      this.child("autoscaler"),
      {
        metadata: this.metadata(autoscalerName(service)),
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: service.workload },
          minReplicas: replicas.min,
          maxReplicas: replicas.max,
          metrics: resourceMetrics(service),
          behavior: behavior(service),
        },
      },
      this.options({ dependsOn: [this.deployment] }),
    );
  }

  /** Credentials with which KEDA reads the lag: those of the user that may only consume. */
  private createLagAuthentication(): pulumi.Resource[] {
    const { service, system, autoscaling } = this.#args;
    const lag = service.scaling.triggers.find((trigger) => trigger.kind === "lag");
    const kafka = lag === undefined ? undefined : autoscaling.kafka[busOf(system, lag.topic)];
    if (kafka === undefined) return [];
    const name = lagAuthentication(service);
    const credentials = lagCredentials(kafka);
    const secret = new k8s.core.v1.Secret(
      this.child("lag-credentials"),
      {
        metadata: this.metadata(name),
        type: "Opaque",
        stringData: credentials,
      },
      this.options(),
    );
    const authentication = customResource(
      this.child("lag-authentication"),
      {
        apiVersion: "keda.sh/v1alpha1",
        kind: "TriggerAuthentication",
        metadata: this.metadata(name),
        spec: lagAuthenticationSpec(name, credentials),
      },
      this.options({ dependsOn: [secret] }),
    );
    return [authentication];
  }

  /** One pod at a time; a pod that is unhealthy anyway does not block its node's drain. */
  private createDisruptionBudget(): void {
    const { service, system } = this.#args;
    new k8s.policy.v1.PodDisruptionBudget(
      this.child("budget"),
      {
        metadata: this.metadata(service.workload),
        spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: selector(service, system) },
        },
      },
      this.options(),
    );
  }

  private createNetworkPolicy(): k8s.networking.v1.NetworkPolicy {
    return new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      { metadata: this.metadata(this.#args.service.workload), spec: networkPolicy(this.#args) },
      this.options(),
    );
  }

  private createPodMonitor(): pulumi.Resource[] {
    const { service, system } = this.#args;
    const { metrics } = service;
    if (metrics === "none") return [];
    return [
      customResource(
        this.child("monitor"),
        {
          apiVersion: "monitoring.coreos.com/v1",
          kind: "PodMonitor",
          metadata: this.metadata(service.workload),
          spec: {
            selector: { matchLabels: selector(service, system) },
            podMetricsEndpoints: [
              {
                port: metricsPort(service, metrics),
                path: metrics.path,
                interval: "15s",
                scrapeTimeout: "10s",
                relabelings: [serviceRelabeling(service.name)],
              },
            ],
            jobLabel: "app.kubernetes.io/name",
          },
        },
        this.options({ dependsOn: [this.deployment] }),
      ),
    ];
  }
}

/** Pure. */
export function checkWorkload(
  name: string,
  { service, secrets, replicas }: WorkloadArguments,
): void {
  enforce(`Workload ${name}`, [
    ...secretsOf(service).map((secret) => ({
      holds: secrets[secret] !== undefined,
      key: "secrets",
      value: Object.keys(secrets).join(", ") || "none",
      allowed: `a map with "${secret}", which ${service.name} reads`,
      next: "Declare the secret in the system.",
    })),
    ...[service, ...(service.sidecars ?? [])].map(({ name: one, command }) => ({
      holds: command !== "configured",
      key: "command",
      value: "not known",
      allowed: `the command of ${one}, whose image would start another service`,
      next: `Set runstack:commands.${one}.`,
    })),
    {
      holds: replicas.min >= 1 && replicas.min <= replicas.max,
      key: "replicas",
      value: `${replicas.min} to ${replicas.max}`,
      allowed: "1 or more, the minimum not above the maximum",
      next: "Set runstack:scaling.",
    },
  ]);
}

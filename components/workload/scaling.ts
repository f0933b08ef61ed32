import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ScalingTrigger, Service, System } from "../../systems/model";
import { KAFKA_PROTOCOL } from "../../versions";
import type { Kafka } from "../kafka/contract";
import type { WorkloadArguments } from "./contract";

/**
 * How a service scales, as data. Pure except for the brokers' address, which only the cloud knows.
 */

type MetricSpec = k8s.types.input.autoscaling.v2.MetricSpec;

/** Kubernetes' own autoscaler supports resource triggers; the others need KEDA. */
export const needsKeda = (service: Service): boolean =>
  service.scaling.triggers.some(({ kind }) => kind !== "cpu" && kind !== "memory");

export const autoscalerName = (service: Service): string => `${service.workload}-hpa`;

/** The name of the TriggerAuthentication with the event bus's credentials. */
export const lagAuthentication = (service: Service): string => `${service.workload}-lag`;

/**
 * Scales up quickly: doubles, or adds two pods if that is more, each minute. Scales down slowly, so
 * that a short lull does not cause cold starts.
 */
export function behavior(
  service: Service,
): k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior {
  return {
    scaleUp: {
      stabilizationWindowSeconds: service.scaling.after?.seconds ?? 0,
      policies: [
        { type: "Percent", value: 100, periodSeconds: 60 },
        { type: "Pods", value: 2, periodSeconds: 60 },
      ],
      selectPolicy: "Max",
    },
    scaleDown: {
      stabilizationWindowSeconds: 300,
      policies: [{ type: "Percent", value: 25, periodSeconds: 60 }],
    },
  };
}

/**
 * Metrics of a plain autoscaler. In a pod with a sidecar only the application's container is
 * measured: the sidecar's usage would distort the average.
 */
export function resourceMetrics(service: Service): MetricSpec[] {
  return service.scaling.triggers.flatMap((trigger): MetricSpec[] => {
    if (trigger.kind !== "cpu" && trigger.kind !== "memory") return [];
    const target = {
      type: "Utilization",
      averageUtilization: Math.round(trigger.utilization.value * 100),
    };
    return [
      service.dapr === undefined && service.sidecars === undefined
        ? { type: "Resource", resource: { name: trigger.kind, target } }
        : {
            type: "ContainerResource",
            containerResource: { name: trigger.kind, container: service.container, target },
          },
    ];
  });
}

/** `spec` of the ScaledObject, with the runbook's range and the autoscaler's name. */
export function scaledObject(args: WorkloadArguments): Record<string, unknown> {
  const { service, replicas } = args;
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: service.workload },
    minReplicaCount: replicas.min,
    maxReplicaCount: replicas.max,
    pollingInterval: 15,
    cooldownPeriod: 300,
    advanced: {
      horizontalPodAutoscalerConfig: { name: autoscalerName(service), behavior: behavior(service) },
    },
    ...fallback(args),
    triggers: service.scaling.triggers.map((one) => trigger(one, args)),
  };
}

/**
 * Without metrics, at least half of the range, and never fewer pods than there are: a compromise
 * between an outage and the full cost. Together with a resource trigger there is no fallback: while
 * a metric is missing, Kubernetes' autoscaler follows the others up and scales nothing down.
 */
function fallback({ service, replicas }: WorkloadArguments): Record<string, unknown> {
  const measured = service.scaling.triggers.every(
    ({ kind }) => kind !== "cpu" && kind !== "memory",
  );
  return measured
    ? {
        fallback: {
          failureThreshold: 4,
          replicas: Math.ceil((replicas.min + replicas.max) / 2),
          behavior: "currentReplicasIfHigher",
        },
      }
    : {};
}

function trigger(one: ScalingTrigger, args: WorkloadArguments): Record<string, unknown> {
  const { service, system, namespace, autoscaling } = args;
  switch (one.kind) {
    case "cpu":
    case "memory":
      return {
        type: one.kind,
        metricType: "Utilization",
        metadata: {
          value: String(Math.round(one.utilization.value * 100)),
          containerName: service.container,
        },
      };
    case "lag":
      return lag(one, args);
    case "gauge":
      return prometheus(
        autoscaling.prometheusUrl,
        `sum(${one.metric}{namespace="${namespace}"})`,
        one.perPod,
      );
    case "requestRate": {
      const { requests } = system.observability.metrics;
      const pods = `namespace="${namespace}",pod=~"${service.workload}-.*"`;
      return prometheus(
        autoscaling.prometheusUrl,
        // A service without requests has no series: it is scraped, and so not lost.
        `sum(rate(${requests}{${pods}}[2m])) or sum(0 * up{${pods}})`,
        one.perSecondPerPod,
      );
    }
  }
}

const prometheus = (
  serverAddress: string,
  query: string,
  perPod: number,
): Record<string, unknown> => ({
  type: "prometheus",
  metricType: "AverageValue",
  // By default an empty result counts as 0, and a lost metric as no load at all.
  metadata: { serverAddress, query, threshold: String(perPod), ignoreNullValues: "false" },
});

function lag(
  one: Extract<ScalingTrigger, { kind: "lag" }>,
  { service, system, autoscaling }: WorkloadArguments,
): Record<string, unknown> {
  const bus = busOf(system, one.topic);
  const kafka = autoscaling.kafka[bus];
  return {
    type: "kafka",
    metricType: "AverageValue",
    metadata: {
      bootstrapServers: kafka?.brokers,
      consumerGroup: one.group,
      topic: one.topic,
      lagThreshold: String(one.perPod),
      offsetResetPolicy: "earliest",
      // More consumers than partitions would be idle.
      allowIdleConsumers: "false",
      version: KAFKA_PROTOCOL,
      tls: "enable",
    },
    authenticationRef: { name: lagAuthentication(service) },
  };
}

/** The name of the event bus with a topic. */
export const busOf = (system: System, topic: string): string =>
  system.eventBuses.find((bus) => bus.topics.some(({ name }) => name === topic))?.name ?? "";

/** KEDA's credentials, by KEDA's names: the user that may only consume. */
export function lagCredentials(
  kafka: Pick<Kafka, "authentication" | "certificateAuthority" | "users">,
): Record<string, pulumi.Input<string>> {
  const mechanism = {
    "scram-sha-256": "scram_sha256",
    "scram-sha-512": "scram_sha512",
    plain: "plaintext",
  } as const;
  const { certificateAuthority: ca } = kafka;
  return {
    sasl: mechanism[kafka.authentication],
    username: kafka.users.monitor.name,
    password: pulumi.secret(kafka.users.monitor.password),
    ...(ca === undefined ? {} : { ca: pulumi.secret(ca) }),
  };
}

/** Where KEDA finds each of them. */
export const lagAuthenticationSpec = (
  secretName: string,
  credentials: Readonly<Record<string, unknown>>,
): Record<string, unknown> => ({
  secretTargetRef: Object.keys(credentials).map((key) => ({
    parameter: key,
    name: secretName,
    key,
  })),
});

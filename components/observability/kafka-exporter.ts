/** Exports consumer group lag, for alerts and autoscaling. */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "../kit/custom-resource";
import type { Kafka } from "../kafka/contract";
import { commonLabels } from "../kit/labels";
import { fromPeers, inNamespace, toDns } from "../kit/network-rules";
import {
  CREDENTIALS,
  credentialsRevision,
  exporterPod,
  MATCH_LABELS,
  NAME,
  PORT,
  type Exported,
} from "./kafka-exporter-pod";
import { toReach } from "../kit/egress";
import { createMonitors } from "./monitors";
import type { Part } from "../kit/child-factory";

export interface KafkaExporterArguments extends Exported {
  readonly system: string;
  /** The application's: the lag metrics carry the consumers' namespace. */
  readonly namespace: string;
  readonly monitoringNamespace: string;
  /** Two replicas, so that autoscaling on lag survives the loss of a node. */
  readonly production: boolean;
  /** The chart that installs the Prometheus operator's CRDs. */
  readonly metricsReady: readonly pulumi.Resource[];
}

export function createKafkaExporter(part: Part, args: KafkaExporterArguments): void {
  const metadata = {
    name: NAME,
    namespace: args.namespace,
    labels: { ...commonLabels(args.system, NAME), ...MATCH_LABELS },
  };
  const before = [
    createCredentials(part, metadata, args.kafka),
    new k8s.core.v1.ServiceAccount(
      part.child("kafka-exporter-account"),
      { metadata, automountServiceAccountToken: false },
      part.options(),
    ),
    createNetworkPolicy(part, metadata, args),
    ...args.kafka.ready,
  ];
  createDeployment(part, metadata, args, before);
  if (args.production) createBudget(part, metadata);
  createScrape(part, metadata, args);
  createBrokerMonitor(part, args);
}

/**
 * Brokers in the cluster also export message rates, under-replicated partitions and request times.
 */
function createBrokerMonitor(part: Part, args: KafkaExporterArguments): void {
  const { metrics } = args.kafka;
  if (metrics === undefined) return;
  const spec = {
    namespaceSelector: { matchNames: [metrics.namespace] },
    selector: { matchLabels: { ...metrics.labels } },
    podMetricsEndpoints: [{ port: metrics.port, path: "/metrics" }],
  };
  createMonitors(part, { ...args, monitors: [{ name: "kafka-brokers", spec }] });
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [label: string]: string };
}

function createCredentials(part: Part, metadata: Metadata, kafka: Kafka): k8s.core.v1.Secret {
  return new k8s.core.v1.Secret(
    part.child("kafka-exporter-credentials"),
    {
      metadata: { ...metadata, name: CREDENTIALS },
      stringData: {
        password: kafka.users.monitor.password,
        ...(kafka.certificateAuthority === undefined
          ? {}
          : { "ca.crt": kafka.certificateAuthority }),
      },
    },
    part.options(),
  );
}

function createDeployment(
  part: Part,
  metadata: Metadata,
  args: KafkaExporterArguments,
  before: pulumi.Resource[],
): void {
  new k8s.apps.v1.Deployment(
    part.child("kafka-exporter"),
    {
      metadata,
      spec: {
        replicas: args.production ? 2 : 1,
        revisionHistoryLimit: 3,
        selector: { matchLabels: MATCH_LABELS },
        template: {
          metadata: {
            labels: metadata.labels,
            annotations: { "checksum/credentials": credentialsRevision(args.kafka) },
          },
          spec: exporterPod(args),
        },
      },
    },
    part.options({ dependsOn: before }),
  );
}

function createBudget(part: Part, metadata: Metadata): void {
  new k8s.policy.v1.PodDisruptionBudget(
    part.child("kafka-exporter-budget"),
    {
      metadata,
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: MATCH_LABELS },
      },
    },
    part.options(),
  );
}

/**
 * One scrape through the Service instead of one for each pod: both pods report the same lag, so a
 * sum over their series, as dashboards and runbooks have it, would be doubled.
 */
function createScrape(part: Part, metadata: Metadata, args: KafkaExporterArguments): void {
  new k8s.core.v1.Service(
    part.child("kafka-exporter-service"),
    {
      metadata,
      spec: {
        type: "ClusterIP",
        selector: MATCH_LABELS,
        ports: [{ name: "metrics", port: PORT, targetPort: "metrics", protocol: "TCP" }],
      },
    },
    part.options(),
  );
  customResource(
    part.child("kafka-exporter-scrape"),
    {
      apiVersion: "monitoring.coreos.com/v1alpha1",
      kind: "ScrapeConfig",
      metadata,
      spec: {
        jobName: NAME,
        metricsPath: "/metrics",
        staticConfigs: [
          {
            targets: [`${NAME}.${args.namespace}.svc:${String(PORT)}`],
            labels: { namespace: args.namespace },
          },
        ],
      },
    },
    part.options({ dependsOn: [...args.metricsReady] }),
  );
}

function createNetworkPolicy(
  part: Part,
  metadata: Metadata,
  args: KafkaExporterArguments,
): k8s.networking.v1.NetworkPolicy {
  return new k8s.networking.v1.NetworkPolicy(
    part.child("kafka-exporter-network"),
    {
      metadata,
      spec: {
        podSelector: { matchLabels: MATCH_LABELS },
        policyTypes: ["Ingress", "Egress"],
        ingress: [fromPeers([inNamespace(args.monitoringNamespace)], PORT)],
        egress: [toDns(), ...args.kafka.reach.map(toReach)],
      },
    },
    part.options(),
  );
}

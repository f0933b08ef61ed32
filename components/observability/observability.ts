import type * as pulumi from "@pulumi/pulumi";
import type { EnvironmentName, System } from "../../systems/model";
import { unwatched } from "../../systems/reading";
import { Component, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import type { Kafka } from "../kafka/contract";
import { commonLabels } from "../kit/labels";
import { createRouting, type Channels } from "./channels";
import { CHART } from "./chart-values";
import { createDashboards } from "./dashboard-resources";
import { createKafkaExporter } from "./kafka-exporter";
import { createMetrics, prometheusUrl } from "./metrics";
import { createMonitors, platformMonitors } from "./monitors";
import type { Part } from "../kit/child-factory";
import { systemRules } from "./rules";
import { sizing } from "./sizing";
import { createTraces, otlpEndpoint } from "./traces";
import { validateObservability } from "./validate";

export interface ObservabilityArguments {
  readonly system: System;
  readonly environment: EnvironmentName;
  /** Must exist; see the component's `dependsOn`. */
  readonly applicationNamespace: string;
  /** Must exist and enforce at most "baseline"; `NODE_NAMESPACE` must enforce "privileged". */
  readonly monitoringNamespace: string;
  readonly storageClass: string;
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
  /** Several replicas, longer retention, larger volumes. */
  readonly production: boolean;
  readonly chartMirror: string | undefined;
  /** `https` address of the runbook, without an anchor; each alert links to one of its headings. */
  readonly runbookUrl: string;
  readonly channels: Channels;
  /** Mutes only the system's own alerts during its maintenance window. */
  readonly maintenance: boolean;
}

/** Metrics, alerts, dashboards and traces of one environment. */
export class Observability extends Component {
  /** `host:port` for OTLP over gRPC, without TLS, inside the cluster. */
  readonly otlpEndpoint: string;
  /** In-cluster address of Prometheus, for autoscaling on metrics. */
  readonly prometheusUrl: string;
  /** The Service for a port-forward or a route to Grafana; port 80. */
  readonly grafanaService: string;
  /** Secret. The user is `administrator`. */
  readonly grafanaPassword: pulumi.Output<string>;
  /** What must exist before a ServiceMonitor, PodMonitor or PrometheusRule. */
  readonly metricsReady: readonly pulumi.Resource[];
  /** What must exist before traces are sent. */
  readonly tracesReady: readonly pulumi.Resource[];
  readonly #given: { readonly part: Part; readonly args: ObservabilityArguments };

  constructor(name: string, args: ObservabilityArguments, options: ComponentOptions) {
    const system = unwatched(args.system);
    validateObservability({ ...args, system, given: givenChannels(args.channels) });
    super(
      "observability:Observability",
      name,
      { system: args.system.id, environment: args.environment, maintenance: args.maintenance },
      options,
    );
    const part: Part = {
      child: (suffix) => this.child(suffix),
      options: (more) => this.options(more),
    };
    const metrics = createMetrics(part, {
      ...args,
      ...sizing(args),
      system: args.system.id,
    });
    const traces = createTraces(part, args);
    const metricsReady = [metrics.release];
    this.createRules(args, metricsReady);
    createDashboards(part, args);
    createRouting(part, { ...args, metricsReady });
    createMonitors(part, {
      system: args.system.id,
      monitoringNamespace: args.monitoringNamespace,
      monitors: platformMonitors({ ...args, dapr: usesDapr(args.system) }),
      metricsReady,
    });
    this.#given = { part, args };
    this.otlpEndpoint = otlpEndpoint(args.monitoringNamespace);
    this.prometheusUrl = prometheusUrl(args.monitoringNamespace);
    this.grafanaService = CHART.grafana;
    this.grafanaPassword = metrics.grafanaPassword;
    this.metricsReady = metricsReady;
    this.tracesReady = [traces];
    this.publish();
  }

  /**
   * Exports the consumer lag of an event bus. Not part of the constructor, because brokers in the
   * cluster are created after the monitoring, and the exporter after the brokers.
   */
  exportLag(kafka: Kafka): void {
    const { part, args } = this.#given;
    const topics = args.system.eventBuses.flatMap((bus) => bus.topics);
    if (topics.length === 0) return;
    const groups = topics.flatMap(({ consumers }) => consumers.map(({ group }) => group));
    createKafkaExporter(part, {
      system: args.system.id,
      namespace: args.applicationNamespace,
      monitoringNamespace: args.monitoringNamespace,
      kafka,
      topics: topics.map(({ name }) => name),
      groups: [...new Set(groups)],
      zones: args.zones,
      production: args.production,
      metricsReady: this.metricsReady,
    });
  }

  private createRules(
    args: ObservabilityArguments,
    metricsReady: readonly pulumi.Resource[],
  ): void {
    const { system, applicationNamespace: namespace, runbookUrl } = args;
    customResource(
      this.child("rules"),
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name: system.id, namespace, labels: commonLabels(system.id, "rules") },
        spec: { groups: systemRules(system, { namespace, runbookUrl }) },
      },
      this.options({ dependsOn: [...metricsReady] }),
    );
  }
}

const usesDapr = (system: System): boolean =>
  system.services.some(({ dapr }) => dapr !== undefined);

const givenChannels = (channels: Channels) => ({
  pagerduty: channels.pagerDutyRoutingKey !== undefined,
  slack: channels.slack !== undefined,
  email: channels.email !== undefined,
});

import type * as pulumi from "@pulumi/pulumi";
import type { EnvironmentName, System } from "../../systems/model";
import { unwatched } from "../../systems/reading";
import { Component, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import { EXPORTED } from "../kit/conventions";
import type { Kafka } from "../kafka/contract";
import type { Postgres } from "../postgres/contract";
import type { Redis } from "../redis/contract";
import { commonLabels } from "../kit/labels";
import { createRouting, type Channels } from "./channels";
import { CHART } from "./chart-values";
import { createDashboards } from "./dashboard-resources";
import type { ExporterPlace } from "./exporter";
import type { Identity } from "./identity";
import { createKafkaExporter } from "./kafka-exporter";
import { createMetrics, prometheusUrl } from "./metrics";
import { exportersRead } from "./metrics-missing";
import { createMonitors, platformMonitors } from "./monitors";
import { createPostgresExporter } from "./postgres-exporter";
import { createRedisExporter } from "./redis-exporter";
import type { MutedTime } from "./routing";
import type { Part } from "../kit/child-factory";
import type { RuleTarget } from "./rule";
import { expressionsOf, systemRules } from "./rules";
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
  /** Mutes alerts during the system's maintenance window. */
  readonly maintenance: boolean;
  /** Further times in which alerts are muted. @default none */
  readonly muted?: readonly MutedTime[];
  /** Whether critical alerts page somebody; other channels get them in any case. */
  readonly paging: boolean;
  /** What tells this environment from others: labels of every alert and of what leaves Prometheus. */
  readonly identity: Identity;
  /** Whether its databases follow another environment's, and only read. */
  readonly follows: boolean;
  /** Whether Secrets come from the cloud's manager, so that External Secrets runs. */
  readonly externalSecrets: boolean;
  /** Whether the records of its hosts are written by external-dns. */
  readonly externalDns: boolean;
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
  /** The exporters, and the monitors of the platform. */
  readonly #scraped: pulumi.Resource[];
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
    const part = this.part();
    const metrics = createMetrics(part, {
      ...args,
      ...sizing(args),
      system: args.system.id,
      kafkaResources: kafkaRunsHere(args.system),
    });
    const traces = createTraces(part, args);
    const metricsReady = [metrics.release];
    createDashboards(part, args);
    createRouting(part, { ...args, metricsReady });
    this.#scraped = createMonitors(part, {
      system: args.system.id,
      monitoringNamespace: args.monitoringNamespace,
      monitors: platformMonitors({
        ...args,
        dapr: usesDapr(args.system),
        strimzi: kafkaRunsHere(args.system),
      }),
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
   * What runs outside the cluster exports nothing itself: an exporter beside each database and cache whose
   * metrics a rule or a panel reads. Others are left alone: a scrape wakes a database that sleeps when unused.
   */
  exportData(data: {
    readonly postgres: Readonly<Record<string, Postgres>>;
    readonly redis: Readonly<Record<string, Redis>>;
  }): void {
    const { part, args } = this.#given;
    const place = this.place(args);
    const read = exportersRead(expressionsOf(args.system, targetOf(args)));
    const reads = (metric: string): boolean => read.some(({ metrics }) => metric in metrics);
    for (const { name, runs } of args.system.databases) {
      const postgres = data.postgres[name];
      if (postgres === undefined || runs === "operator" || !reads(EXPORTED.databaseReached))
        continue;
      const role = runs === "external" ? "given" : args.follows ? "replicated" : "own";
      this.#scraped.push(
        ...createPostgresExporter(part, { ...place, database: name, postgres, role }),
      );
    }
    for (const { name, runs } of args.system.caches) {
      const redis = data.redis[name];
      if (redis === undefined || runs === "operator" || !reads(EXPORTED.cacheHits)) continue;
      this.#scraped.push(...createRedisExporter(part, { ...place, cache: name, redis }));
    }
  }

  private place(args: ObservabilityArguments): ExporterPlace {
    return {
      system: args.system.id,
      namespace: args.applicationNamespace,
      monitoringNamespace: args.monitoringNamespace,
      production: args.production,
      zones: args.zones,
      metricsReady: this.metricsReady,
    };
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
    const exported = createKafkaExporter(part, {
      ...this.place(args),
      kafka,
      topics: topics.map(({ name }) => name),
      groups: [...new Set(groups)],
    });
    this.#scraped.push(...exported);
  }

  /**
   * The rules, after the exporters and after what else they watch: a first `up` takes longer than alerts on missing
   * series wait, and would page for everything that is not there yet. Call it once, when nothing more is exported.
   */
  watch(others: readonly pulumi.Resource[]): void {
    const { args } = this.#given;
    const { system, applicationNamespace: namespace } = args;
    customResource(
      this.child("rules"),
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name: system.id, namespace, labels: commonLabels(system.id, "rules") },
        spec: { groups: systemRules(system, targetOf(args)) },
      },
      this.options({ dependsOn: [...this.metricsReady, ...this.#scraped, ...others] }),
    );
  }
}

const usesDapr = (system: System): boolean =>
  system.services.some(({ dapr }) => dapr !== undefined);

const targetOf = ({
  applicationNamespace: namespace,
  runbookUrl,
  follows,
  externalSecrets,
  externalDns,
}: ObservabilityArguments): RuleTarget => ({
  namespace,
  runbookUrl,
  follows,
  externalSecrets,
  externalDns,
});

const kafkaRunsHere = ({ eventBuses }: System): boolean =>
  eventBuses.some(({ runs }) => runs === "operator");

const givenChannels = (channels: Channels) => ({
  pagerduty: channels.pagerDutyRoutingKey !== undefined,
  slack: channels.slack !== undefined,
  email: channels.email !== undefined,
});

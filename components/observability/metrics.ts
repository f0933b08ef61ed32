import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { CHARTS } from "../../versions";
import { installChart } from "../kit/chart";
import { commonLabels } from "../kit/labels";
import type { Identity } from "./identity";
import { CHART } from "./chart-values";
import { metricsValues, type MetricsSizing } from "./metrics-values";
import type { Part } from "../kit/child-factory";

export interface MetricsArguments extends MetricsSizing {
  readonly system: string;
  readonly identity: Identity;
  readonly kafkaResources: boolean;
  readonly monitoringNamespace: string;
  readonly chartMirror: string | undefined;
}

export interface Metrics {
  readonly release: k8s.helm.v3.Release;
  /** Secret. */
  readonly grafanaPassword: pulumi.Output<string>;
}

/** Changing this text generates a new administrator password for Grafana, and restarts it. */
const ROTATION = "1";

const ADMINISTRATOR = "grafana-administrator";

/** Prometheus, Alertmanager, Grafana and the cluster's exporters. */
export function createMetrics(part: Part, args: MetricsArguments): Metrics {
  const password = new random.RandomPassword(
    part.child("grafana-password"),
    { length: 32, special: false, keepers: { rotation: ROTATION } },
    part.options(),
  );
  const secret = new k8s.core.v1.Secret(
    part.child("grafana-administrator"),
    {
      metadata: {
        name: ADMINISTRATOR,
        namespace: args.monitoringNamespace,
        labels: commonLabels(args.system, "grafana"),
      },
      stringData: { "admin-user": "administrator", "admin-password": password.result },
    },
    part.options(),
  );
  const release = installChart(
    part.child("metrics"),
    {
      version: CHARTS.kubePrometheusStack,
      releaseName: CHART.metrics,
      namespace: args.monitoringNamespace,
      values: metricsValues({
        ...args,
        grafanaSecret: ADMINISTRATOR,
        grafanaRevision: ROTATION,
      }),
      mirror: args.chartMirror,
      // Some clouds attach volumes one at a time, and three parts wait for theirs.
      timeout: 900,
    },
    part.options({ dependsOn: [secret] }),
  );
  return { release, grafanaPassword: password.result };
}

/** In-cluster address of Prometheus' API. */
export const prometheusUrl = (namespace: string): string =>
  `http://${CHART.metrics}-prometheus.${namespace}.svc:9090`;

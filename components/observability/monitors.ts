/** What Prometheus scrapes besides the charts' own monitors: Dapr, its sidecars, cert-manager. */
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import { exporterOf } from "../../lib/exporters";
import { EXPORTED, LABEL } from "../kit/conventions";
import type { Part } from "../kit/child-factory";

export interface Monitor {
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The namespace of cert-manager. */
const CERT_MANAGER_NAMESPACE = NAMESPACES.certManager;

/** PodMonitors for one environment. */
export function platformMonitors(args: {
  readonly applicationNamespace: string;
  readonly dapr: boolean;
  /** Whether Kafka runs in the cluster. */
  readonly strimzi: boolean;
  readonly externalSecrets: boolean;
  readonly externalDns: boolean;
}): readonly Monitor[] {
  return [
    certManager(),
    gateway(),
    operator("keda", NAMESPACES.keda, { "app.kubernetes.io/name": "keda-operator" }, "metrics"),
    ...(args.dapr ? [sidecars(args.applicationNamespace), daprSystem()] : []),
    ...(args.strimzi
      ? [operator("strimzi", NAMESPACES.strimzi, { "strimzi.io/kind": "cluster-operator" }, "http")]
      : []),
    ...(args.externalSecrets
      ? [
          operator(
            "external-secrets",
            NAMESPACES.externalSecrets,
            { "app.kubernetes.io/name": "external-secrets" },
            "metrics",
          ),
        ]
      : []),
    ...(args.externalDns
      ? [
          operator(
            "external-dns",
            NAMESPACES.externalDns,
            { "app.kubernetes.io/name": "external-dns" },
            "http",
          ),
        ]
      : []),
  ];
}

/** An operator reports on objects of other namespaces: the scrape's labels would hide theirs. */
const operator = (
  name: string,
  namespace: string,
  matchLabels: Readonly<Record<string, string>>,
  port: string,
): Monitor => ({
  name,
  spec: {
    namespaceSelector: { matchNames: [namespace] },
    selector: { matchLabels },
    podMetricsEndpoints: [{ port, path: "/metrics", honorLabels: true }],
  },
});

/** Envoy has some thousand series a pod: only those that the table of exporters names are kept. */
const gateway = (): Monitor => ({
  name: "gateway",
  spec: {
    namespaceSelector: { matchNames: [NAMESPACES.gateway] },
    selector: {
      matchLabels: {
        "app.kubernetes.io/managed-by": "envoy-gateway",
        "app.kubernetes.io/component": "proxy",
      },
    },
    podMetricsEndpoints: [
      {
        port: "metrics",
        path: "/stats/prometheus",
        metricRelabelings: [
          {
            action: "keep",
            sourceLabels: ["__name__"],
            regex: Object.keys(exporterOf(EXPORTED.responses)?.metrics ?? {}).join("|"),
          },
        ],
      },
    ],
  },
});

/** Sidecars by the label of Dapr's injector; their metrics get the label of their service. */
const sidecars = (namespace: string): Monitor => ({
  name: "dapr-sidecars",
  spec: {
    namespaceSelector: { matchNames: [namespace] },
    selector: { matchLabels: { "dapr.io/sidecar-injected": "true" } },
    podMetricsEndpoints: [
      {
        port: "dapr-metrics",
        path: "/",
        relabelings: [
          {
            action: "replace",
            sourceLabels: ["__meta_kubernetes_pod_label_app_kubernetes_io_component"],
            targetLabel: LABEL.service,
          },
        ],
      },
    ],
  },
});

const daprSystem = (): Monitor => ({
  name: "dapr-control-plane",
  spec: {
    namespaceSelector: { matchNames: [NAMESPACES.dapr] },
    selector: {
      matchExpressions: [
        {
          key: "app",
          operator: "In",
          values: [
            "dapr-operator",
            "dapr-placement-server",
            "dapr-scheduler-server",
            "dapr-sentry",
            "dapr-sidecar-injector",
          ],
        },
      ],
    },
    podMetricsEndpoints: [{ port: "metrics", path: "/" }],
  },
});

const certManager = (): Monitor => ({
  name: "cert-manager",
  spec: {
    namespaceSelector: { matchNames: [CERT_MANAGER_NAMESPACE] },
    selector: { matchLabels: { "app.kubernetes.io/name": "cert-manager" } },
    // The metric's own `namespace` label is the certificate's; the scrape's label would hide it.
    podMetricsEndpoints: [{ port: "http-metrics", path: "/metrics", honorLabels: true }],
  },
});

/** All in the monitoring namespace, because the namespaces that they watch may not exist yet. */
export function createMonitors(
  part: Part,
  args: {
    readonly system: string;
    readonly monitoringNamespace: string;
    readonly monitors: readonly Monitor[];
    readonly metricsReady: readonly pulumi.Resource[];
  },
): pulumi.Resource[] {
  return args.monitors.map(({ name, spec }) =>
    customResource(
      part.child(`${name}-monitor`),
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata: {
          name,
          namespace: args.monitoringNamespace,
          labels: commonLabels(args.system, "monitor"),
        },
        spec,
      },
      part.options({ dependsOn: [...args.metricsReady] }),
    ),
  );
}

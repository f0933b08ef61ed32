/** What the platform's own parts export: the gateway, sidecars, certificates, secrets, autoscaling. */
import { all, histogram, type Exporter } from "./exporter";

/** The control plane's pods, by their label `app`. */
const DAPR_CONTROL_PLANE =
  "dapr-(operator|placement-server|scheduler-server|sentry|sidecar-injector)";

const envoy: Exporter = {
  name: "Envoy",
  source:
    "https://www.envoyproxy.io/docs/envoy/v1.39.0/configuration/http/http_conn_man/stats and …/upstream/cluster_manager/cluster_stats, as Envoy Gateway 1.9.0 starts it",
  metrics: {
    // Every response to a client, also those that Envoy answers itself.
    ...all(
      "envoy_http_downstream_rq_xx",
      "envoy_http_conn_manager_prefix",
      "envoy_response_code_class",
    ),
    ...all(
      "envoy_http_downstream_rq_total envoy_http_downstream_cx_active envoy_http_rq_direct_response",
      "envoy_http_conn_manager_prefix",
    ),
    // Of requests that were given to a backend, or for which none of its pods could be chosen.
    ...all("envoy_cluster_upstream_rq_xx", "envoy_cluster_name", "envoy_response_code_class"),
    ...all(
      "envoy_cluster_upstream_rq_total envoy_cluster_upstream_rq_timeout envoy_cluster_upstream_cx_none_healthy envoy_cluster_membership_healthy envoy_cluster_membership_total",
      "envoy_cluster_name",
    ),
    // In milliseconds.
    ...histogram("envoy_cluster_upstream_rq_time", "envoy_cluster_name"),
    ...histogram("envoy_http_downstream_rq_time", "envoy_http_conn_manager_prefix"),
    ...all("envoy_server_live envoy_server_uptime"),
  },
  scrapes: [
    {
      kind: "labels",
      labels: {
        "app.kubernetes.io/managed-by": "envoy-gateway",
        "app.kubernetes.io/component": "proxy",
      },
      port: "metrics",
      // In the namespace of the gateway's own release.
      madeBy: { chart: "gateway-helm" },
    },
  ],
  witness: { metric: "envoy_server_live" },
};

const daprSidecars: Exporter = {
  name: "Dapr's sidecars",
  source:
    "https://docs.dapr.io/operations/observability/metrics/metrics-overview/ and https://github.com/dapr/dapr/blob/v1.18.3/docs/development/dapr-metrics.md",
  metrics: {
    ...histogram(
      "dapr_component_pubsub_ingress_latencies",
      "app_id",
      "component",
      "process_status",
      "topic",
      "status",
    ),
    ...all(
      "dapr_component_pubsub_ingress_count",
      "app_id",
      "component",
      "process_status",
      "topic",
      "status",
    ),
    ...all("dapr_component_pubsub_egress_count", "app_id", "component", "success", "topic"),
    ...histogram(
      "dapr_component_pubsub_egress_latencies",
      "app_id",
      "component",
      "success",
      "topic",
    ),
    ...all("dapr_http_server_request_count", "app_id", "method", "path", "status"),
    ...all("dapr_runtime_component_loaded", "app_id"),
  },
  scrapes: [
    {
      kind: "labels",
      labels: { "dapr.io/sidecar-injected": "true" },
      port: "dapr-metrics",
      madeBy: {
        kind: "kubernetes:apps:Deployment",
        property: ["spec", "template", "metadata", "annotations", "dapr.io/enabled"],
      },
    },
  ],
  witness: { metric: "dapr_runtime_component_loaded" },
};

const daprControlPlane: Exporter = {
  name: "Dapr's control plane",
  source: "https://github.com/dapr/dapr/blob/v1.18.3/docs/development/dapr-metrics.md",
  metrics: all(
    "dapr_sentry_issuercert_expiry_timestamp dapr_sentry_cert_sign_request_received_total dapr_sentry_cert_sign_failure_total dapr_injector_sidecar_injection_failed_total dapr_placement_runtimes_total",
    "app_id",
    "reason",
  ),
  scrapes: [
    {
      kind: "labels",
      labels: { app: DAPR_CONTROL_PLANE },
      port: "metrics",
      madeBy: { chart: "dapr", values: { "global.prometheus.enabled": true } },
    },
  ],
  witness: { metric: "dapr_sentry_issuercert_expiry_timestamp" },
};

const certManager: Exporter = {
  name: "cert-manager",
  source: "https://github.com/cert-manager/cert-manager/tree/v1.21.1/pkg/metrics",
  metrics: {
    ...all(
      "certmanager_certificate_expiration_timestamp_seconds certmanager_certificate_renewal_timestamp_seconds",
      "name",
      "namespace",
      "issuer_name",
      "issuer_kind",
      "issuer_group",
    ),
    ...all(
      "certmanager_certificate_ready_status",
      "name",
      "namespace",
      "condition",
      "issuer_name",
      "issuer_kind",
      "issuer_group",
    ),
    ...all("certmanager_clock_time_seconds_gauge"),
  },
  scrapes: [
    {
      kind: "labels",
      labels: { "app.kubernetes.io/name": "cert-manager" },
      port: "http-metrics",
      madeBy: { chart: "cert-manager", values: { "prometheus.enabled": true } },
    },
  ],
  // The others come with the first Certificate.
  witness: { metric: "certmanager_clock_time_seconds_gauge" },
};

const keda: Exporter = {
  name: "KEDA",
  source: "https://keda.sh/docs/2.20/integrations/prometheus/",
  metrics: {
    ...all(
      "keda_scaler_active keda_scaler_metrics_value keda_scaler_detail_errors_total",
      "namespace",
      "metric",
      "scaledObject",
      "scaler",
      "triggerIndex",
      "type",
    ),
    ...all(
      "keda_scaled_object_errors_total keda_scaled_object_paused",
      "namespace",
      "scaledObject",
    ),
    ...all("keda_resource_registered_total", "namespace", "type"),
    ...all("keda_build_info", "version"),
  },
  scrapes: [
    {
      kind: "labels",
      labels: { "app.kubernetes.io/name": "keda-operator" },
      port: "metrics",
      madeBy: { chart: "keda", values: { "prometheus.operator.enabled": false } },
    },
  ],
  witness: { metric: "keda_build_info" },
};

const externalSecrets: Exporter = {
  name: "External Secrets",
  source: "https://external-secrets.io/v2.9.0/api/metrics/",
  metrics: {
    ...all("externalsecret_status_condition", "name", "namespace", "condition", "status"),
    ...all("externalsecret_sync_calls_total externalsecret_sync_calls_error", "name", "namespace"),
  },
  scrapes: [
    {
      kind: "labels",
      labels: { "app.kubernetes.io/name": "external-secrets" },
      port: "metrics",
      madeBy: { chart: "external-secrets" },
    },
  ],
  witness: { metric: "externalsecret_status_condition" },
};

const externalDns: Exporter = {
  name: "external-dns",
  source:
    "https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/docs/monitoring/metrics.md and controller/controller.go",
  metrics: all(
    "external_dns_controller_last_sync_timestamp_seconds external_dns_controller_last_reconcile_timestamp_seconds external_dns_controller_consecutive_soft_errors external_dns_registry_errors_total external_dns_source_errors_total external_dns_registry_endpoints_total external_dns_source_endpoints_total",
  ),
  scrapes: [
    {
      kind: "labels",
      labels: { "app.kubernetes.io/name": "external-dns" },
      port: "http",
      madeBy: { chart: "external-dns" },
    },
  ],
  witness: { metric: "external_dns_controller_last_sync_timestamp_seconds" },
};

export const PLATFORM_EXPORTERS: readonly Exporter[] = [
  envoy,
  daprSidecars,
  daprControlPlane,
  certManager,
  keda,
  externalSecrets,
  externalDns,
];

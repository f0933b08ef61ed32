/**
 * What the Helm charts that our programs install (and some others) create: Services by name, Secrets, ServiceAccounts, and
 * the labels of their pods. Of every other chart nothing is known.
 */

export interface Chart {
  /** Values of `app.kubernetes.io/name` of its pods. */
  readonly pods: string;
  /** Values of the label `app`, which older charts use. */
  readonly apps?: string;
  /** Its Services; `%` stands for the full name that Helm gives to the release's objects. */
  readonly services: string;
  /**
   * Its Secrets, in the same way, also those of the programs that it runs; `part/%` stands for the full name of a chart
   * that it contains.
   */
  readonly secrets?: string;
  /** Secrets that it creates where its values say so; missing where not all are known. */
  readonly otherSecrets?: string;
  /** The ServiceAccount of `serviceAccount.name`, where `serviceAccount.create` is not false. */
  readonly accounts?: string;
  /** Its other ServiceAccounts; missing where not all are known. */
  readonly otherAccounts?: string;
  /** How long its full name is at most. @default 63 */
  readonly longest?: number;
  /** Further labels of all of its pods: `key` with any value, or `key=value`. */
  readonly labels?: string;
  /** On which its pods listen. */
  readonly ports?: readonly number[];
  /** Whether it may have further Services, as those of subcharts. @default false */
  readonly hasOthers?: boolean;
}

/**
 * Chart → what it installs, from its templates at the versions in versions.ts, with default values. Names that its values
 * give to its objects are read from the values.
 */
export const KNOWN: Readonly<Record<string, Chart>> = {
  "aws-load-balancer-controller": {
    pods: "aws-load-balancer-controller",
    services: "aws-load-balancer-webhook-service",
    ports: [8080, 9443],
  },
  "cert-manager": {
    pods: "cert-manager webhook cainjector startupapicheck",
    apps: "cert-manager webhook cainjector startupapicheck",
    services: "% %-webhook %-cainjector",
    secrets: "%-webhook-ca",
    otherSecrets: "",
    accounts: "%",
    otherAccounts: "%-webhook %-cainjector %-startupapicheck",
    ports: [9402, 9403, 10250, 6080],
  },
  "cloudnative-pg": {
    pods: "cloudnative-pg",
    services: "cnpg-webhook-service",
    secrets: "cnpg-webhook-cert cnpg-ca-secret",
    otherSecrets: "cnpg-controller-manager-config",
    ports: [8080, 9443],
  },
  "cluster-autoscaler": {
    pods: "aws-cluster-autoscaler azure-cluster-autoscaler clusterapi-cluster-autoscaler gce-cluster-autoscaler cluster-autoscaler",
    services: "%",
    ports: [8085],
    hasOthers: true,
  },
  dapr: {
    pods: "dapr",
    apps: "dapr-operator dapr-placement-server dapr-scheduler-server dapr-sentry dapr-sidecar-injector",
    services:
      "dapr-api dapr-placement-server dapr-scheduler-server dapr-scheduler-server-a dapr-sentry dapr-sidecar-injector dapr-webhook",
    secrets: "dapr-trust-bundle",
    otherSecrets: "",
    ports: [3000, 4000, 6500, 8080, 9090, 19443, 50001, 50005, 50006],
  },
  "dapr-dashboard": {
    pods: "dapr",
    apps: "dapr-dashboard",
    services: "dapr-dashboard",
    otherSecrets: "",
    ports: [8080],
  },
  "external-dns": {
    pods: "external-dns",
    services: "%",
    otherSecrets: "%",
    accounts: "%",
    otherAccounts: "",
    ports: [7979],
  },
  "external-secrets": {
    pods: "external-secrets external-secrets-webhook external-secrets-cert-controller",
    services: "%-webhook",
    secrets: "%-webhook",
    otherSecrets: "%-token external-secrets-webhook-token external-secrets-cert-controller-token",
    accounts: "%",
    otherAccounts: "external-secrets-webhook external-secrets-cert-controller",
    ports: [8080, 8081, 10250],
  },
  "gateway-helm": {
    pods: "gateway-helm envoy",
    services: "envoy-gateway",
    // Its job `certgen` creates them.
    secrets: "envoy envoy-gateway envoy-oidc-hmac envoy-rate-limit",
    otherSecrets: "",
    // Those of its proxies.
    hasOthers: true,
    ports: [8081, 9443, 10080, 10443, 18000, 18001, 18002, 19001, 19002, 19003],
    labels:
      "control-plane gateway.envoyproxy.io/owning-gateway-name gateway.envoyproxy.io/owning-gateway-namespace",
  },
  "ingress-nginx": {
    pods: "ingress-nginx",
    services: "%-controller %-controller-admission",
    hasOthers: true,
  },
  keda: {
    pods: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
    apps: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
    services: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
    secrets: "kedaorg-certs",
    otherSecrets: "kedaorg-ca",
    ports: [6443, 8080, 8081, 9443, 9666],
  },
  "kube-prometheus-stack": {
    pods: "prometheus alertmanager thanos-ruler grafana kube-state-metrics prometheus-node-exporter kube-prometheus-stack-prometheus-operator",
    apps: "kube-prometheus-stack-operator kube-prometheus-stack-admission-create kube-prometheus-stack-admission-patch",
    services:
      "%-prometheus %-alertmanager %-operator prometheus-operated alertmanager-operated grafana",
    ports: [3000, 8080, 8081, 9090, 9093, 9094, 9100, 10250],
    // The last ones are the operator's, for the Prometheus and the Alertmanager of the chart.
    secrets:
      "grafana/% alertmanager-%-alertmanager %-admission prometheus-%-prometheus alertmanager-%-alertmanager-generated alertmanager-%-alertmanager-tls-assets-0 alertmanager-%-alertmanager-web-config alertmanager-%-alertmanager-cluster-tls-config prometheus-%-prometheus-tls-assets-0 prometheus-%-prometheus-web-config prometheus-%-prometheus-thanos-prometheus-http-client-file",
    otherSecrets:
      "alertmanager-% alertmanager-%-generated alertmanager-%-tls-assets-0 alertmanager-%-web-config alertmanager-%-extra prometheus-% prometheus-%-tls-assets-0 prometheus-%-web-config prometheus-%-extra %-prometheus %-prometheus-scrape-confg %-prometheus-am-confg %-prometheus-am-relabel-confg kube-prometheus-stack-thanos-ruler kube-prometheus-stack-thanos-ruler-extra grafana/%-config-secret grafana/%-image-renderer grafana/%-env kube-state-metrics/%-kubeconfig",
    longest: 26,
    labels:
      "prometheus alertmanager thanos-ruler operator.prometheus.io/name operator.prometheus.io/shard jobLabel chart release heritage",
    hasOthers: true,
  },
  "metrics-server": { pods: "metrics-server", services: "%", ports: [10250] },
  "plugin-barman-cloud": {
    pods: "plugin-barman-cloud",
    apps: "barman-cloud",
    services: "barman-cloud",
    secrets: "barman-cloud-client-tls barman-cloud-server-tls",
    otherSecrets: "",
    ports: [8080, 9090],
  },
  "strimzi-kafka-operator": {
    pods: "strimzi-cluster-operator",
    services: "",
    otherSecrets: "",
    ports: [8080],
    labels: "name strimzi.io/kind=cluster-operator",
  },
  tempo: {
    pods: "tempo",
    services: "%",
    otherSecrets: "",
    ports: [3100, 3200, 4317, 4318, 9095, 9411, 14250, 14268],
  },
};

/**
 * Every version that the program fixes: Kubernetes, data engines, charts and images. Nothing else
 * in the repository names one.
 *
 * The combination was checked on paper against each project's compatibility page in August 2026;
 * `COMPATIBLE_KUBERNETES` is the range that all of the charts below support.
 */

/** A Helm chart as its publisher serves it. */
export interface ChartVersion {
  /** Repository URL, or the `oci://` address of the chart itself. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  /** What the chart runs, for reading; the chart itself fixes it. */
  readonly app: string;
}

const chart = (repository: string, name: string, version: string, app: string): ChartVersion => ({
  repository,
  chart: name,
  version,
  app,
});

export const CHARTS = {
  metricsServer: chart(
    "https://kubernetes-sigs.github.io/metrics-server/",
    "metrics-server",
    "3.13.1",
    "0.8.1",
  ),
  keda: chart("https://kedacore.github.io/charts", "keda", "2.20.2", "2.20.2"),
  certManager: chart("https://charts.jetstack.io", "cert-manager", "v1.21.1", "v1.21.1"),
  envoyGateway: chart(
    "oci://docker.io/envoyproxy/gateway-helm",
    "gateway-helm",
    "v1.9.0",
    "v1.9.0",
  ),
  externalDns: chart(
    "https://kubernetes-sigs.github.io/external-dns/",
    "external-dns",
    "1.21.1",
    "0.21.0",
  ),
  dapr: chart("https://dapr.github.io/helm-charts/", "dapr", "1.18.3", "1.18.3"),
  daprDashboard: chart("https://dapr.github.io/helm-charts/", "dapr-dashboard", "0.15.0", "0.15.0"),
  kubePrometheusStack: chart(
    "https://prometheus-community.github.io/helm-charts",
    "kube-prometheus-stack",
    "88.5.3",
    "v0.93.1",
  ),
  tempo: chart("https://grafana-community.github.io/helm-charts", "tempo", "2.2.4", "2.10.8"),
  strimzi: chart(
    "https://strimzi.io/charts/",
    "strimzi-kafka-operator",
    "1.2.0",
    "1.2.0 (Kafka 4.2.0 to 4.3.1)",
  ),
  cloudNativePg: chart(
    "https://cloudnative-pg.github.io/charts",
    "cloudnative-pg",
    "0.29.0",
    "1.30.0",
  ),
  barmanCloud: chart(
    "https://cloudnative-pg.github.io/charts",
    "plugin-barman-cloud",
    "0.7.0",
    "v0.13.0",
  ),
  externalSecrets: chart(
    "https://charts.external-secrets.io",
    "external-secrets",
    "2.9.0",
    "v2.9.0",
  ),
  awsLoadBalancerController: chart(
    "https://aws.github.io/eks-charts",
    "aws-load-balancer-controller",
    "3.5.0",
    "v3.5.0",
  ),
  clusterAutoscaler: chart(
    "https://kubernetes.github.io/autoscaler",
    "cluster-autoscaler",
    "9.59.0",
    "1.35.0",
  ),
} as const satisfies Record<string, ChartVersion>;

const github = (path: string, ...files: readonly string[]): readonly string[] =>
  files.map((file) => `https://raw.githubusercontent.com/${path}/${file}.yaml`);

/**
 * Custom resource definitions of the charts that keep them in a `crds/` folder, of the chart's own
 * release. Helm installs that folder once and never upgrades it. (external-dns has one too; nothing
 * here uses its kind.) Without those of the Gateway API, which clouds manage themselves.
 */
export const DEFINITIONS = {
  dapr: github(
    `dapr/dapr/v${CHARTS.dapr.version}/charts/dapr/crds`,
    ...["components", "configuration", "httpendpoints", "mcpservers", "resiliency"],
    ...["subscription", "workflowaccesspolicy"],
  ),
  envoyGateway: github(
    `envoyproxy/gateway/${CHARTS.envoyGateway.version}/charts/gateway-helm/charts/crds/crds/generated`,
    ...[
      "backends",
      "backendtrafficpolicies",
      "clienttrafficpolicies",
      "envoyextensionpolicies",
    ].map((kind) => `gateway.envoyproxy.io_${kind}`),
    ...["envoypatchpolicies", "envoyproxies", "httproutefilters", "securitypolicies"].map(
      (kind) => `gateway.envoyproxy.io_${kind}`,
    ),
  ),
  kubePrometheusStack: github(
    `prometheus-community/helm-charts/kube-prometheus-stack-${CHARTS.kubePrometheusStack.version}/charts/kube-prometheus-stack/charts/crds/crds`,
    ...["alertmanagerconfigs", "alertmanagers", "podmonitors", "probes", "prometheusagents"].map(
      (kind) => `crd-${kind}`,
    ),
    ...["prometheuses", "prometheusrules", "scrapeconfigs", "servicemonitors", "thanosrulers"].map(
      (kind) => `crd-${kind}`,
    ),
  ),
  strimzi: github(
    `strimzi/strimzi-kafka-operator/${CHARTS.strimzi.version}/install/cluster-operator`,
    ...["040-Crd-kafka", "041-Crd-kafkaconnect", "042-Crd-strimzipodset", "043-Crd-kafkatopic"],
    ...["044-Crd-kafkauser", "045-Crd-kafkanodepool", "046-Crd-kafkabridge"],
    ...["047-Crd-kafkaconnector", "048-Crd-kafkamirrormaker2", "049-Crd-kafkarebalance"],
  ),
  awsLoadBalancerController: github(
    `kubernetes-sigs/aws-load-balancer-controller/${CHARTS.awsLoadBalancerController.app}/helm/aws-load-balancer-controller/crds`,
    ...["crds", "gateway-crds"],
  ),
} as const satisfies Partial<Record<keyof typeof CHARTS, readonly string[]>>;

/** Images of the few pods that no chart brings. */
export const IMAGES = {
  curl: "docker.io/curlimages/curl:8.16.0",
  /** Brings Kafka's command line, which talks to every broker since 2.1. */
  kafka: "docker.io/apache/kafka:4.3.1",
  kafkaExporter: "docker.io/danielqsj/kafka-exporter:v1.9.0",
  /** Of a minor version that `COMPATIBLE_KUBERNETES` has in its middle; it has no shell. */
  kubectl: "registry.k8s.io/kubectl:v1.35.3",
  ollama: "docker.io/ollama/ollama:0.32.15",
  postgresExporter: "quay.io/prometheuscommunity/postgres-exporter:v0.20.1",
  /** Its `pg_dump` reads every server of its own major version and older. */
  postgresClient: "docker.io/library/postgres:18.1-alpine3.22",
  rclone: "docker.io/rclone/rclone:1.71.2",
  redisExporter: "docker.io/oliver006/redis_exporter:v1.88.0",
} as const;

/**
 * Valkey in a cluster, by `major.minor`. Only versions from 9.1 on: they read a renewed certificate by
 * themselves. Debian's images, because scripts have crashed on Alpine (valkey-io/valkey issue 3812).
 */
export const VALKEY_IMAGES: Readonly<Record<string, string>> = {
  "9.1": "docker.io/valkey/valkey:9.1.1",
};

/** Qdrant's image, whose tags are `v<version>`, and the version of AENEAS' runbook. */
export const QDRANT = { image: "docker.io/qdrant/qdrant", version: "1.7.0" } as const;

/** The default of `runstack:kubernetesVersion` per cloud; `doctl kubernetes options versions` lists what is on offer. */
export const KUBERNETES = {
  digitalocean: "1.35",
  aws: "1.35",
  gcp: "1.35",
  existing: "1.35",
} as const;

/** What a Kubernetes minor version is run with on EKS. */
export interface EksVersions {
  readonly addons: Readonly<
    Record<
      "vpc-cni" | "kube-proxy" | "eks-pod-identity-agent" | "coredns" | "aws-ebs-csi-driver",
      string
    >
  >;
  /** The autoscaler simulates the scheduler, so its minor version is the cluster's. */
  readonly autoscaler: string;
}

/**
 * Only versions in EKS' standard support: the others cost extra, or are upgraded without asking.
 * The add-ons are what EKS offered as its default in September 2026; the newest is answered by
 * `aws eks describe-addon-versions --kubernetes-version 1.35 --addon-name coredns`.
 */
export const EKS: Readonly<Record<string, EksVersions>> = {
  "1.34": {
    addons: {
      "vpc-cni": "v1.22.4-eksbuild.3",
      "kube-proxy": "v1.34.6-eksbuild.29",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
      coredns: "v1.12.4-eksbuild.29",
      "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
    },
    autoscaler: "v1.34.5",
  },
  "1.35": {
    addons: {
      "vpc-cni": "v1.22.4-eksbuild.3",
      "kube-proxy": "v1.35.3-eksbuild.29",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
      coredns: "v1.13.2-eksbuild.31",
      "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
    },
    autoscaler: "v1.35.2",
  },
  "1.36": {
    addons: {
      "vpc-cni": "v1.22.4-eksbuild.3",
      "kube-proxy": "v1.36.0-eksbuild.25",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
      coredns: "v1.14.3-eksbuild.23",
      "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
    },
    autoscaler: "v1.36.1",
  },
};

/** The Kubernetes minor versions that every chart above supports, as `major.minor`. */
export const COMPATIBLE_KUBERNETES = ["1.33", "1.34", "1.35", "1.36"] as const;

/** Kafka's protocol level that clients speak: brokers of version 4 refuse the older default of some. */
export const KAFKA_PROTOCOL = "3.0.0";

/**
 * Kafka versions that Strimzi's chart above runs, oldest first, each with the version of its metadata
 * (kafka-versions.yaml of Strimzi 1.2.0; the last one is its default).
 */
export const STRIMZI_KAFKA = {
  "4.2.0": "4.2-IV1",
  "4.2.1": "4.2-IV1",
  "4.3.0": "4.3-IV0",
  "4.3.1": "4.3-IV0",
} as const;

/**
 * Kafka versions of Amazon MSK's standard brokers without ZooKeeper, as its API spells them (August
 * 2026). 4.2 runs on express brokers only.
 */
export const MSK_KAFKA = {
  "3.8": "3.8.x.kraft",
  "3.9": "3.9.x.kraft",
  "4.0": "4.0.x.kraft",
  "4.1": "4.1.x.kraft",
} as const;

/** Versions that MSK does not support any longer, each with the day that support ends. */
export const MSK_KAFKA_ENDED: Readonly<Record<string, string>> = {
  "3.4": "2025-08-04",
  "3.5": "2025-10-23",
  "3.6": "2026-06-01",
  "3.7": "2026-09-01",
};

/**
 * PostgreSQL by major version for CloudNativePG, each with its digest (cloudnative-pg/artifacts,
 * image-catalogs/catalog-standard-trixie.yaml of 2026-08-17). "standard" brings pgaudit and pgvector;
 * another Debian release brings another glibc, after which text indexes must be built again.
 */
export const CLOUD_NATIVE_PG_IMAGES: Readonly<Record<string, string>> = {
  "15": "ghcr.io/cloudnative-pg/postgresql:15.19-202608170814-standard-trixie@sha256:613c7a0417887cd2626a2bfb31fa4e1d86c3088e575fd66bc227007dc69a5487",
  "16": "ghcr.io/cloudnative-pg/postgresql:16.15-202608170814-standard-trixie@sha256:3df9103d7f89c8abc2870463d4d446944c81b5f1f4b707c590895dc003ecbb65",
  "17": "ghcr.io/cloudnative-pg/postgresql:17.11-202608170816-standard-trixie@sha256:91e0de662d53895a45f1396f4ee1a75daeb0c26fc87853afc9c8f43e01fdaa21",
  "18": "ghcr.io/cloudnative-pg/postgresql:18.6-202608170814-standard-trixie@sha256:771f9eab5225587af259d84680cc69a5b6e374ac32bb24effafde1f3368a1241",
};

/**
 * Major versions of PostgreSQL that can be created as a managed service (late 2026): Amazon's in
 * standard support (endoflife.date/amazon-rds-postgresql), Google's as the provider documents them,
 * DigitalOcean's from its API's `databases/options`, of which 14 ended on 2026-05-12.
 */
export const MANAGED_POSTGRES = {
  aws: ["14", "15", "16", "17", "18"],
  gcp: ["14", "15", "16", "17", "18"],
  digitalocean: ["15", "16", "17"],
} as const;

/** Valkey on DigitalOcean, which took Redis' place there. */
export const VALKEY_ON_DIGITALOCEAN = ["8"] as const;

/** The parameter group family of each version that ElastiCache offers (endoflife.date, August 2026). */
export const ELASTICACHE_FAMILIES: Readonly<
  Record<"redis" | "valkey", Readonly<Record<string, string>>>
> = {
  redis: { "7.0": "redis7", "7.1": "redis7" },
  valkey: { "7.2": "valkey7", "8.0": "valkey8", "8.1": "valkey8", "8.2": "valkey8" },
};

/** The versions that Memorystore offers, by Google's names for them. */
export const MEMORYSTORE_VERSIONS: Readonly<Record<string, string>> = {
  "6.x": "REDIS_6_X",
  "7.0": "REDIS_7_0",
  "7.2": "REDIS_7_2",
};

/** Engine versions of managed data services that a runbook leaves open. */
export const ENGINES = {
  digitalocean: { valkey: "8" },
  aws: { kafka: "3.9", redis: "7.1", valkey: "8.0" },
  gcp: { postgres: "15", redis: "7.2" },
  operator: { kafka: "4.3.1", valkey: "9.1" },
  /** Where neither a runbook nor a stack names one. */
  postgres: "15",
} as const;

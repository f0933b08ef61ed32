/** Postgres by its operator, and Redis as one pod, on a cluster with cert-manager and the Prometheus operator. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  CloudNativePg,
  CloudNativePgOperator,
  cores,
  days,
  ExternalObjectStore,
  gib,
  InClusterRedis,
  Namespace,
  Operators,
  mib,
} from "runstack";

const config = new pulumi.Config();
const storageClass = config.require("storageClass");
const provider = new k8s.Provider("cluster", { context: config.require("context") });
const common = {
  system: "shop",
  production: true,
  monitoringNamespace: "monitoring",
  chartMirror: undefined,
  zones: [],
};

const operators = new Operators(
  "operators",
  { ...common, gatewayApi: [], hasMetricsServer: true, brokerPorts: [] },
  { provider },
);
const postgresOperator = new CloudNativePgOperator(
  "postgres-operator",
  { ...common, certManager: operators.certManager },
  { provider },
);
const namespace = new Namespace(
  "data",
  { namespace: "data", system: common.system, podSecurity: "restricted" },
  { provider },
);
/** The pods of the application, in a namespace of its own. */
const clients = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } }];

/** Any service with the S3 protocol. */
const backups = new ExternalObjectStore(
  "backups",
  {
    endpoint: "s3.example.com",
    bucket: "shop-backups",
    region: "us-east-1",
    accessKey: config.requireSecret("accessKey"),
    secretKey: config.requireSecret("secretKey"),
  },
  { provider },
);

const postgres = new CloudNativePg(
  "orders",
  {
    clusterName: "orders",
    namespace: namespace.namespace,
    system: common.system,
    zones: [],
    version: "17",
    instances: 3,
    resources: {
      requests: { cpu: cores(1), memory: gib(2) },
      limits: { memory: gib(2) },
    },
    storage: gib(20),
    storageClass,
    database: "orders",
    owner: "orders",
    store: backups,
    pointInTimeRecovery: days(14),
    allowFrom: clients,
    monitoringNamespace: common.monitoringNamespace,
    operatorNamespace: postgresOperator.namespace,
    protect: true,
  },
  { provider, dependsOn: [...namespace.ready, ...postgresOperator.ready] },
);

const redis = new InClusterRedis(
  "sessions",
  {
    serviceName: "sessions",
    namespace: namespace.namespace,
    system: common.system,
    zones: [],
    version: "9.1",
    use: ["state"],
    memory: mib(512),
    storageClass,
    storage: gib(2),
    nodes: {},
    allowFrom: clients,
    monitoringNamespace: common.monitoringNamespace,
    protect: true,
  },
  { provider, dependsOn: [...namespace.ready, operators.certManager] },
);

export const postgresUrl = postgres.url;
export const redisUrl = redis.url;

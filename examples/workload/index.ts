/** One service on a cluster that exists already, in a namespace that denies what it does not need. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { clause, defineSystem, gib, cores, Namespace, percent, Workload } from "runstack";

const config = new pulumi.Config();
const cluster = new k8s.Provider("cluster", { context: config.require("context") });

const shop = defineSystem({
  name: "shop",
  title: "Shop",
  cloud: "existing",
  services: [
    {
      name: "api",
      port: 8080,
      scaling: {
        ...clause("Capacity / Scaling"),
        replicas: { min: 3, max: 9 },
        triggers: [{ kind: "cpu", utilization: percent(65) }],
      },
    },
  ],
});
const [api] = shop.services;
if (api === undefined) throw new Error("The system has no service.");

const namespace = new Namespace(
  "shop",
  {
    namespace: "shop",
    system: shop.id,
    podSecurity: "restricted",
    quota: { cpu: cores(8), memory: gib(16), pods: 40 },
  },
  { provider: cluster },
);

const workload = new Workload(
  "shop-api",
  {
    system: shop,
    service: api,
    namespace: namespace.namespace,
    image: config.require("image"),
    replicas: { min: 3, max: 9 },
    zones: ["a", "b", "c"],
    nodes: {},
    secrets: {},
    network: {
      monitoringNamespace: "monitoring",
      daprNamespace: "dapr-system",
      edgeNamespace: "ingress",
      data: [],
    },
    autoscaling: { prometheusUrl: "http://prometheus.monitoring:9090", kafka: {} },
  },
  { provider: cluster, dependsOn: [...namespace.ready] },
);

export const service = workload.serviceName;

import { describeRules } from "./fixtures/describe-rules";
import { namespaceFree } from "./namespaces";

const PLATFORM =
  '"cert-manager", "cnpg-system", "dapr-system", "runstack-definitions", "external-dns", "external-secrets", "envoy-gateway-system", "keda", ';
const ALL = `${PLATFORM}"monitoring", "node-exporter", "runstack-preflight" or "strimzi"`;

const sentence = (key: string, name: string, taken: string) =>
  `The namespace "${key}" is "${name}", but must be the system's own, and neither kube-… nor ${taken}: choose another name.`;

describeRules(
  [namespaceFree],
  [
    ...["dapr-system", "monitoring", "kube-public", "default"].map((name) => ({
      rule: "namespace-free",
      broken: `production in ${name}`,
      change: { "namespaces.prod": name },
      path: "namespaces.prod",
      message: sentence("prod", name, ALL),
    })),
    {
      rule: "namespace-free",
      broken: "staging in the platform's",
      change: { "namespaces.staging": "keda" },
      path: "namespaces.staging",
      message: sentence("staging", "keda", ALL),
    },
    {
      rule: "namespace-free",
      broken: "monitoring among the services",
      change: { "namespaces.monitoring": "shop" },
      path: "namespaces.monitoring",
      message: sentence(
        "monitoring",
        "shop",
        `${PLATFORM}"node-exporter", "runstack-preflight", "strimzi" or "shop"`,
      ),
    },
  ],
);

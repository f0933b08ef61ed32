/** Namespaces that the platform creates or uses in every cluster: no system may use one of them. */
export const NAMESPACES = {
  certManager: "cert-manager",
  cloudNativePg: "cnpg-system",
  dapr: "dapr-system",
  definitions: "runstack-definitions",
  externalDns: "external-dns",
  externalSecrets: "external-secrets",
  gateway: "envoy-gateway-system",
  keda: "keda",
  /** Unless the system sets another. */
  monitoring: "monitoring",
  nodeExporter: "node-exporter",
  preflight: "runstack-preflight",
  strimzi: "strimzi",
} as const;

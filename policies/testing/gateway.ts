import type { Fixture } from "./index";

/** A Gateway with a listener of each protocol, over which the tests of Gateways and of redirects vary. */
export const gateway = (): Fixture => ({
  type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
  name: "edge",
  props: {
    metadata: { name: "edge", namespace: "shop" },
    spec: {
      gatewayClassName: "envoy",
      listeners: [
        {
          name: "https",
          protocol: "HTTPS",
          port: 443,
          hostname: "shop.example.com",
          allowedRoutes: { namespaces: { from: "Same" } },
          tls: { mode: "Terminate", certificateRefs: [{ name: "shop-tls" }] },
        },
        { name: "http", protocol: "HTTP", port: 80 },
        { name: "tcp", protocol: "TCP", port: 5672 },
      ],
    },
  },
});

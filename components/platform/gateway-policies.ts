import type { Edge } from "../../systems/model";
import { durationText, seconds } from "../../systems/units";
import { restrictedPod } from "../kit/security";
import { spreadPods } from "../kit/spread";
import type { GatewayArguments } from "./gateway";
import { EXTENSION_API, GATEWAY_API } from "./gateway-api";

/** How Envoy Gateway runs and limits its proxies. Pure. */

const targets = (edge: Edge) => [
  { group: GATEWAY_API.split("/")[0], kind: "Gateway", name: edge.route },
];

/**
 * The data plane: replicated, spread, with a disruption budget, behind the cloud's load balancer.
 */
export function proxy(args: GatewayArguments): Record<string, unknown> {
  const replicas = args.production ? { min: 2, max: 6 } : { min: 1, max: 2 };
  return {
    provider: {
      type: "Kubernetes",
      kubernetes: {
        envoyDeployment: deployment(args.zones),
        envoyHpa: {
          minReplicas: replicas.min,
          maxReplicas: replicas.max,
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
            },
          ],
        },
        envoyPDB: { maxUnavailable: 1 },
        envoyService: {
          type: "LoadBalancer",
          annotations: { ...args.loadBalancerAnnotations },
          // Preserves the client's address, which rate limits and logs need.
          externalTrafficPolicy: "Local",
        },
      },
    },
    logging: { level: { default: "warn" } },
    // By Service and not by the position of a rule in its route: availability is read from them.
    telemetry: { metrics: { prometheus: {}, clusterStatName: "%BACKEND_REFS%" } },
    shutdown: shutdown(args),
  };
}

/** Open connections get time to finish, and the load balancer to send no new ones, before their proxy stops. */
function shutdown({ loadBalancerTargets: targets }: GatewayArguments): Record<string, string> {
  const least = targets?.release ?? seconds(15);
  return {
    minDrainDuration: durationText(least),
    drainTimeout: durationText(seconds(least.seconds + 45)),
  };
}

const deployment = (zones: readonly string[]): Record<string, unknown> => ({
  pod: {
    securityContext: restrictedPod(),
    topologySpreadConstraints: spreadPods({ "app.kubernetes.io/component": "proxy" }, zones),
  },
  container: {
    // No securityContext: Envoy Gateway's own is restricted, and one from here would also apply to
    // the shutdown manager, which must write to its root.
    resources: {
      requests: { cpu: "250m", memory: "256Mi" },
      limits: { memory: "1Gi" },
    },
  },
});

/** Limits for clients of the gateway. */
export function clientPolicy(edge: Edge): {
  apiVersion: string;
  kind: string;
  spec: Record<string, unknown>;
} {
  return {
    apiVersion: EXTENSION_API,
    kind: "ClientTrafficPolicy",
    spec: {
      targetRefs: targets(edge),
      tls: { minVersion: "1.2", alpnProtocols: ["h2", "http/1.1"] },
      // The route limits the whole request; this limits a client with slow headers.
      timeout: { http: { requestReceivedTimeout: "60s", idleTimeout: "3600s" } },
      connection: { bufferLimit: "1Mi" },
      headers: { withUnderscoresAction: "RejectRequest" },
      path: { escapedSlashesAction: "UnescapeAndRedirect" },
    },
  };
}

/**
 * A limit for each address, counted by each proxy and for each route by itself (Envoy's local rate
 * limit): a common count would need Envoy Gateway's rate limit service and a Redis for it. WebSocket
 * upgrades are allowed.
 */
export function trafficPolicy(edge: Edge): {
  apiVersion: string;
  kind: string;
  spec: Record<string, unknown>;
} {
  return {
    apiVersion: EXTENSION_API,
    kind: "BackendTrafficPolicy",
    spec: {
      targetRefs: targets(edge),
      rateLimit: {
        type: "Local",
        local: {
          rules: [
            {
              clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }],
              // Per minute: a page loads in one burst, which a limit per second would reject.
              limit: { requests: 60 * edge.rateLimit.perClientPerSecond, unit: "Minute" },
            },
          ],
        },
      },
      httpUpgrade: [{ type: "websocket" }],
      // Every WebSocket is one long request: the default of 1,024 would limit them.
      circuitBreaker: {
        maxConnections: 8192,
        maxParallelRequests: 8192,
        maxPendingRequests: 1024,
      },
      timeout: { tcp: { connectTimeout: "5s" } },
    },
  };
}

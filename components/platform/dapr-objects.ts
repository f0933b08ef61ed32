import { eventPath } from "../../systems/metrics";
import type { EventBus, System } from "../../systems/model";
import {
  appIds,
  busScopes,
  daprBuses,
  daprServices,
  stateStores,
  type DaprService,
} from "../kit/dapr";

/**
 * Dapr's objects for a system, as data. Pure: connections are passed in as references, so that the
 * same function works for every cloud.
 */

/** A metadata entry of a Dapr component: a plain value, or a key of a Kubernetes Secret. */
export type ComponentMetadata = readonly (
  | { readonly name: string; readonly value: unknown }
  | {
      readonly name: string;
      readonly secretKeyRef: { readonly name: string; readonly key: string };
    }
)[];

/**
 * Who may publish and subscribe to which topic. Dapr allows everything to an app that has no scope,
 * so every app gets one, even if its list is empty.
 */
export function topicScopes(system: System, bus: EventBus): ComponentMetadata {
  const scope = (kind: "publishers" | "consumers") =>
    daprServices(system)
      .filter((service) => busScopes(system, bus).includes(service.dapr.appId))
      .map((service) => {
        const topics = bus.topics.filter((topic) =>
          kind === "publishers"
            ? topic.publishers.includes(service.name)
            : topic.consumers.some((consumer) => consumer.service === service.name),
        );
        return `${service.dapr.appId}=${topics.map(({ name }) => name).join(",")}`;
      })
      .join(";");
  const names = bus.topics.map(({ name }) => name).join(",");
  return [
    { name: "allowedTopics", value: names },
    { name: "protectedTopics", value: names },
    { name: "publishingScopes", value: scope("publishers") },
    { name: "subscriptionScopes", value: scope("consumers") },
  ];
}

/** One Subscription for each topic and consumer; events arrive at `/events/<topic>`. */
export function subscriptions(
  system: System,
  bus: EventBus,
): readonly {
  readonly name: string;
  readonly scope: string;
  readonly spec: Record<string, unknown>;
}[] {
  return bus.topics.flatMap((topic) =>
    topic.consumers.flatMap(({ service }) =>
      appIds(system, [service]).map((appId) => ({
        name: `${topic.name}-${service}`,
        scope: appId,
        spec: {
          pubsubname: bus.name,
          topic: topic.name,
          routes: { default: eventPath(topic.name) },
        },
      })),
    ),
  );
}

/**
 * Failure handling of calls: a timeout, retries with increasing delay, and a circuit breaker for a
 * peer that keeps failing. A delivery is retried indefinitely (Kafka keeps the event, and skipping
 * it would lose it), a publication for half a minute, so that the caller gets the error.
 */
export function resiliency(system: System): Record<string, unknown> {
  const called = { timeout: "call", retry: "call", circuitBreaker: "peer" };
  const components = [...daprBuses(system), ...stateStores(system)].map(
    ({ name }): [string, unknown] => [
      name,
      {
        outbound: { timeout: "call", retry: "store", circuitBreaker: "peer" },
        ...(daprBuses(system).some((bus) => bus.name === name)
          ? { inbound: { timeout: "deliver", retry: "deliver" } }
          : {}),
      },
    ],
  );
  return {
    policies: {
      timeouts: { call: "5s", deliver: "30s" },
      retries: {
        call: { policy: "exponential", maxInterval: "5s", maxRetries: 3 },
        store: { policy: "exponential", maxInterval: "10s", maxRetries: 5 },
        deliver: { policy: "exponential", maxInterval: "60s", maxRetries: -1 },
      },
      circuitBreakers: {
        peer: { maxRequests: 1, interval: "30s", timeout: "15s", trip: "consecutiveFailures >= 5" },
      },
    },
    targets: {
      apps: Object.fromEntries(daprServices(system).map(({ dapr }) => [dapr.appId, called])),
      components: Object.fromEntries(components),
    },
  };
}

/** A sidecar's settings: who may call its app, traces, metrics. All other callers are denied. */
export function configuration(
  system: System,
  service: DaprService,
  environment: {
    readonly namespace: string;
    readonly production: boolean;
    readonly otlpEndpoint: string;
  },
): Record<string, unknown> {
  return {
    tracing: {
      // A sample of one trace in ten is enough to find faults in production, and cheap to store.
      samplingRate: environment.production ? "0.1" : "1",
      otel: { endpointAddress: environment.otlpEndpoint, isSecure: false, protocol: "grpc" },
    },
    metrics: { enabled: true, http: { increasedCardinality: false }, recordErrorCodes: true },
    logging: { apiLogging: { enabled: true, obfuscateURLs: true, omitHealthChecks: true } },
    accessControl: {
      defaultAction: "deny",
      trustDomain: "public",
      policies: appIds(system, service.dapr.invokedBy).map((appId) => ({
        appId,
        defaultAction: "allow",
        trustDomain: "public",
        namespace: environment.namespace,
      })),
    },
  };
}

import { describe, expect, it } from "vitest";
import type { Cache, EventBus, Service, System } from "../../systems/model";
import { todoChatbot } from "../../systems/todo-chatbot";
import {
  busScopes,
  connectsThroughDapr,
  daprBuses,
  daprServices,
  stateStores,
  storeScopes,
} from "../kit/dapr";
import { configuration, resiliency, subscriptions, topicScopes } from "./dapr-objects";

const bus = todoChatbot.eventBuses[0] as EventBus;
const store = todoChatbot.caches[0] as Cache;
const service = (name: string) => {
  const found = daprServices(todoChatbot).find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} does not use Dapr`);
  return found;
};

describe("TC-03: topics and subscriptions", () => {
  it("load the component into publishers and consumers only", () => {
    expect(busScopes(todoChatbot, bus)).toEqual([
      "backend-service",
      "websocket-service",
      "recurring-task-service",
      "notification-service",
    ]);
  });

  it("let the backend publish, and nobody else", () => {
    expect(topicScopes(todoChatbot, bus)).toContainEqual({
      name: "publishingScopes",
      value:
        "backend-service=task-events,task-updates,reminders;websocket-service=;" +
        "recurring-task-service=;notification-service=",
    });
  });

  it("let each consumer subscribe to its own topics, and the backend to none", () => {
    expect(topicScopes(todoChatbot, bus)).toContainEqual({
      name: "subscriptionScopes",
      value:
        "backend-service=;websocket-service=task-events,task-updates;" +
        "recurring-task-service=task-events;notification-service=reminders",
    });
  });

  it("deny every other topic, and applications without a scope", () => {
    const topics = "task-events,task-updates,reminders";
    expect(topicScopes(todoChatbot, bus).slice(0, 2)).toEqual([
      { name: "allowedTopics", value: topics },
      { name: "protectedTopics", value: topics },
    ]);
  });

  it("are subscribed to exactly as the runbook's table says", () => {
    expect(subscriptions(todoChatbot, bus)).toEqual(
      [
        ["task-events", "recurring-task"],
        ["task-events", "websocket"],
        ["task-updates", "websocket"],
        ["reminders", "notification"],
      ].map(([topic, consumer]) => ({
        name: `${topic ?? ""}-${consumer ?? ""}`,
        scope: `${consumer ?? ""}-service`,
        spec: {
          pubsubname: "pubsub",
          topic,
          routes: { default: `/events/${topic ?? ""}` },
        },
      })),
    );
  });

  it("give each consumer the runbook's group, which is its app id", () => {
    const groups = bus.topics.flatMap(({ consumers }) => consumers.map(({ group }) => group));
    const scopes = subscriptions(todoChatbot, bus).map(({ scope }) => scope);
    expect(scopes).toEqual(groups);
    expect(scopes).toContain("recurring-task-service");
  });
});

describe("a state store", () => {
  it("is available to the services that the system lists", () => {
    expect(storeScopes(todoChatbot, store)).toEqual([
      "backend-service",
      "websocket-service",
      "recurring-task-service",
      "notification-service",
    ]);
  });

  it("is available to all sidecars if the system lists none", () => {
    const { throughDapr, ...open } = store;
    expect(throughDapr).toHaveLength(4);
    expect(storeScopes(todoChatbot, open)).toHaveLength(5);
  });
});

describe("data services without Dapr", () => {
  const direct: System = {
    ...todoChatbot,
    eventBuses: [{ ...bus, through: "client" }],
    caches: [{ ...store, use: ["cache"] }],
  };

  it("are a bus with its own clients, and a plain cache", () => {
    expect([daprBuses(direct), stateStores(direct)]).toEqual([[], []]);
    expect(resiliency(direct)["targets"]).toMatchObject({ components: {} });
  });

  it("are all managed services, for the frontend", () => {
    const connects = (system: System) =>
      system.services.filter((each) => connectsThroughDapr(each, system)).map(({ name }) => name);
    expect(connects(todoChatbot)).toEqual([
      "backend",
      "websocket",
      "recurring-task",
      "notification",
    ]);
    expect(connects(direct)).toEqual([]);
  });
});

describe("resiliency", () => {
  it("has timeouts, retries and circuit breakers for calls, and retries deliveries indefinitely", () => {
    const called = { timeout: "call", retry: "call", circuitBreaker: "peer" };
    const outbound = { timeout: "call", retry: "store", circuitBreaker: "peer" };
    expect(resiliency(todoChatbot)).toEqual({
      policies: {
        timeouts: { call: "5s", deliver: "30s" },
        retries: {
          call: { policy: "exponential", maxInterval: "5s", maxRetries: 3 },
          store: { policy: "exponential", maxInterval: "10s", maxRetries: 5 },
          deliver: { policy: "exponential", maxInterval: "60s", maxRetries: -1 },
        },
        circuitBreakers: {
          peer: {
            maxRequests: 1,
            interval: "30s",
            timeout: "15s",
            trip: "consecutiveFailures >= 5",
          },
        },
      },
      targets: {
        apps: {
          "backend-service": called,
          "frontend-service": called,
          "websocket-service": called,
          "recurring-task-service": called,
          "notification-service": called,
        },
        components: {
          pubsub: { outbound, inbound: { timeout: "deliver", retry: "deliver" } },
          state: { outbound },
        },
      },
    });
  });
});

describe("a sidecar's configuration", () => {
  const environment = { namespace: "app", production: true, otlpEndpoint: "traces:4317" };
  const allowed = (name: string) =>
    (
      configuration(todoChatbot, service(name), environment)["accessControl"] as {
        readonly policies: readonly { readonly appId: string }[];
      }
    ).policies;

  it("allows the application's callers and denies all others", () => {
    expect(configuration(todoChatbot, service("backend"), environment)).toEqual({
      tracing: {
        samplingRate: "0.1",
        otel: { endpointAddress: "traces:4317", isSecure: false, protocol: "grpc" },
      },
      metrics: { enabled: true, http: { increasedCardinality: false }, recordErrorCodes: true },
      logging: { apiLogging: { enabled: true, obfuscateURLs: true, omitHealthChecks: true } },
      accessControl: {
        defaultAction: "deny",
        trustDomain: "public",
        policies: ["frontend-service", "recurring-task-service", "notification-service"].map(
          (appId) => ({
            appId,
            defaultAction: "allow",
            trustDomain: "public",
            namespace: "app",
          }),
        ),
      },
    });
  });

  it.each(["frontend", "websocket", "recurring-task", "notification"])(
    "allows nobody to call %s",
    (name) => {
      expect(allowed(name)).toEqual([]);
    },
  );

  it("traces everything outside production", () => {
    expect(
      configuration(todoChatbot, service("backend"), { ...environment, production: false }),
    ).toMatchObject({ tracing: { samplingRate: "1" } });
  });
});

describe("services with a sidecar", () => {
  it("are those that the system says use Dapr", () => {
    const { dapr, ...plain } = service("frontend");
    const without: Service = plain;
    expect(dapr.appId).toBe("frontend-service");
    expect(daprServices({ ...todoChatbot, services: [without] })).toEqual([]);
  });
});

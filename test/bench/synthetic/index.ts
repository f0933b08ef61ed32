/**
 * The real components with a configurable number of services: the Todo Chatbot's
 * backend repeated, with its sidecar, autoscaler, budget, policies, monitors and rules.
 */
import * as pulumi from "@pulumi/pulumi";
import { Environment } from "../../../components/environment";
import { givenSecrets } from "../../../components/secrets";
import { requiredSecrets } from "../../../settings/secrets";
import { parseSettings, type Settings } from "../../../settings";
import type { Service, System } from "../../../systems/model";
import { todoChatbot } from "../../../systems/todo-chatbot";

function systemOf(count: number): System {
  const [backend] = todoChatbot.services;
  if (backend === undefined) throw new Error("the Todo Chatbot has a backend");
  const services = Array.from({ length: count }, (_, index): Service => {
    const name = `service-${String(index).padStart(4, "0")}`;
    return {
      ...backend,
      name,
      workload: name,
      container: name,
      labels: { "app.kubernetes.io/component": name },
      calls: [],
      ...(backend.dapr === undefined
        ? {}
        : { dapr: { ...backend.dapr, appId: name, invokedBy: [] } }),
    };
  });
  const names = services.map(({ name }) => name);
  return {
    ...todoChatbot,
    services,
    eventBuses: todoChatbot.eventBuses.map((bus) => ({
      ...bus,
      topics: bus.topics.map((topic) => ({ ...topic, publishers: names, consumers: [] })),
    })),
    caches: todoChatbot.caches.map((cache) => ({ ...cache, throughDapr: names })),
    edge: {
      ...todoChatbot.edge,
      hosts: todoChatbot.edge.hosts.map((host) => ({
        ...host,
        routes: [
          { path: "/", service: names[0] ?? "", timeout: { kind: "duration", seconds: 60 } },
        ],
      })),
    },
    slos: todoChatbot.slos.map((slo) => ({ ...slo, services: names })),
    alerts: todoChatbot.alerts.filter(({ service }) => service === undefined),
    validations: [],
  };
}

function settingsOf(system: System): Settings {
  const imageOf = (name: string): string => `registry.example.com/${name}:1.0.0`;
  const images = Object.fromEntries(todoChatbot.services.map(({ name }) => [name, imageOf(name)]));
  const base = parseSettings({
    system: todoChatbot.id,
    environment: "prod",
    domain: "bench.example.com",
    email: "bench@example.com",
    runbookUrl: "https://runbooks.example.com",
    kafkaVersion: "4.0",
    images,
  });
  return {
    ...base,
    system,
    images: Object.fromEntries(system.services.map(({ name }) => [name, imageOf(name)])),
    scaling: Object.fromEntries(
      system.services.map(({ name, scaling }) => [name, scaling.replicas]),
    ),
  };
}

const config = new pulumi.Config();
const settings = settingsOf(systemOf(config.requireNumber("services")));
new Environment("bench", {
  settings,
  given: givenSecrets(config, requiredSecrets(settings), true),
});

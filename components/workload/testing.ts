/** For tests: the arguments of one of Todo Chatbot's workloads. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { todoChatbot } from "../../systems/todo-chatbot";
import type { Service } from "../../systems/model";
import type { Kafka } from "../kafka/contract";
import { connectsThroughDapr } from "../kit/dapr";
import type { WorkloadArguments } from "./contract";

export function serviceNamed(name: string): Service {
  const found = todoChatbot.services.find((service) => service.name === name);
  if (found === undefined) throw new Error(`Todo Chatbot has no ${name}`);
  return found;
}

function bus(): Kafka {
  const user = (name: string) => ({
    name: pulumi.output(name),
    password: pulumi.secret(`password of ${name}`),
  });
  return Object.assign(new pulumi.ComponentResource("runstack:test:Kafka", "bus"), {
    brokers: pulumi.output("b.example.com:25073"),
    tls: true as const,
    certificateAuthority: pulumi.secret("BUS-CA"),
    authentication: "scram-sha-256" as const,
    users: { application: user("dapr"), monitor: user("watcher") },
    reach: [{ kind: "internet" as const, port: 25073 }],
    ready: [],
  });
}

/** Everything except the service has arbitrary values, so that swapped ones are noticed. */
export function workload(
  name: string,
  options: pulumi.CustomResourceOptions = {},
): WorkloadArguments {
  const object = new k8s.core.v1.Secret(
    "a-secret",
    { metadata: { name: "todo-chatbot-secrets" } },
    options,
  );
  return {
    system: todoChatbot,
    service: serviceNamed(name),
    namespace: "app",
    image: `r.example.org/${name}:9.8.7`,
    replicas: { min: 3, max: 7 },
    zones: ["z-1", "z-2"],
    nodes: { "example.org/pool": "riders" },
    secrets: {
      "todo-chatbot-secrets": {
        object,
        checksums: {
          BETTER_AUTH_SECRET: pulumi.secret("a-digest"),
          DATABASE_URL: pulumi.secret("another"),
        },
      },
    },
    network: {
      monitoringNamespace: "watch",
      daprNamespace: "sides",
      edgeNamespace: ["backend", "frontend", "websocket"].includes(name) ? "door" : undefined,
      data: [
        ...(connectsThroughDapr(serviceNamed(name), todoChatbot)
          ? [
              { kind: "network", cidr: "10.50.0.0/20", firstPort: 21, lastPort: 29 } as const,
              { kind: "network", cidr: "10.50.0.0/20", firstPort: 21, lastPort: 29 } as const,
            ]
          : []),
        ...(serviceNamed(name).uses.includes("neon")
          ? [{ kind: "internet", port: 5432 } as const]
          : []),
      ],
    },
    autoscaling: { prometheusUrl: "http://metrics:9090", kafka: { pubsub: bus() } },
  };
}

/** For tests of the whole Observability component: its resources, against a mocked engine. */
import * as pulumi from "@pulumi/pulumi";
import { todoChatbot } from "../../systems/todo-chatbot";
import type { Kafka } from "../kafka/contract";
import type { ObservabilityArguments } from "./observability";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export const registered: Registered[] = [];
export const KNOWN = /^(kubernetes:|random:index\/randomPassword:)/;
export const COMPONENTS =
  /^runstack:(observability:Observability|postgres:DatabaseSetup|test:Kafka)$/;

export const mocks: pulumi.runtime.Mocks = {
  newResource({ type, name, inputs }) {
    if (COMPONENTS.test(type)) return { id: undefined, state: {} };
    if (!KNOWN.test(type)) throw new Error(`No mock for ${type}`);
    registered.push({ type, name, inputs: inputs as Record<string, unknown> });
    const made = type.startsWith("random:") ? { result: "made-password" } : {};
    return { id: `${name}-id`, state: { ...(inputs as object), ...made } };
  },
  call({ token }) {
    throw new Error(`No mock for ${token}`);
  },
};

/** How a secret is serialised for the engine. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Reads an output in these tests. */
export const read = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

export function kafka(changes: Partial<Kafka> = {}): Kafka {
  const user = (name: string) => ({
    name: pulumi.output(name),
    password: pulumi.secret(`${name}-password`),
  });
  return Object.assign(new pulumi.ComponentResource("runstack:test:Kafka", "bus"), {
    brokers: pulumi.output("a.example.com:25073,b.example.com:25073"),
    tls: true as const,
    certificateAuthority: pulumi.output("CERTIFICATE"),
    authentication: "scram-sha-256" as const,
    users: { application: user("dapr"), monitor: user("watcher") },
    reach: [{ kind: "network" as const, cidr: "10.9.0.0/16", firstPort: 31, lastPort: 39 }],
    ready: [],
    ...changes,
  });
}

export const args = (): ObservabilityArguments => ({
  system: todoChatbot,
  environment: "prod",
  applicationNamespace: "app",
  monitoringNamespace: "watch",
  zones: ["z-1", "z-2"],
  storageClass: "fast",
  production: true,
  chartMirror: undefined,
  runbookUrl: "https://runbooks.example.com/todo",
  channels: {
    pagerDutyRoutingKey: pulumi.secret("routing-key"),
    slack: { webhookUrl: pulumi.secret("webhook"), channel: "#ops" },
  },
  maintenance: false,
  paging: true,
  identity: { system: "todo-chatbot", environment: "prod", cluster: "todo", region: "here-1" },
  follows: false,
  externalSecrets: true,
  externalDns: true,
});

export const byName = (name: string): Registered => {
  const found = registered.find((each) => each.name === name);
  if (found === undefined) throw new Error(`Nothing is called ${name}`);
  return found;
};

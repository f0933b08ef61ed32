import { beforeAll, describe, expect, it } from "vitest";
import type { ScalingTrigger } from "../../systems/model";
import { todoChatbot } from "../../systems/todo-chatbot";
import { percent, seconds } from "../../systems/units";
import { register, valueOf } from "../kit/testing";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadArguments } from "./contract";
import {
  behavior,
  busOf,
  lagAuthenticationSpec,
  lagCredentials,
  needsKeda,
  resourceMetrics,
  scaledObject,
} from "./scaling";
import { serviceNamed, workload } from "./testing";

const given: Record<string, WorkloadArguments> = {};

beforeAll(async () => {
  for (const { name } of todoChatbot.services) {
    given[name] = (await register((options) => workload(name, options))).result;
  }
});

const argumentsOf = (name: string, triggers?: readonly ScalingTrigger[]): WorkloadArguments => {
  const found = given[name];
  if (found === undefined) throw new Error(`no arguments for ${name}`);
  if (triggers === undefined) return found;
  const { service } = found;
  return { ...found, service: { ...service, scaling: { ...service.scaling, triggers } } };
};

describe("TC-06: scaling", () => {
  it("of websocket starts before 400 connections per pod", async () => {
    const args = argumentsOf("websocket");
    expect(await valueOf(pulumi.output(scaledObject(args)))).toEqual({
      scaleTargetRef: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: "todo-chatbot-websocket",
      },
      minReplicaCount: 3,
      maxReplicaCount: 7,
      pollingInterval: 15,
      cooldownPeriod: 300,
      advanced: {
        horizontalPodAutoscalerConfig: {
          name: "todo-chatbot-websocket-hpa",
          behavior: behavior(args.service),
        },
      },
      fallback: { failureThreshold: 4, replicas: 5, behavior: "currentReplicasIfHigher" },
      triggers: [
        {
          type: "prometheus",
          metricType: "AverageValue",
          metadata: {
            serverAddress: "http://metrics:9090",
            query: 'sum(websocket_active_connections{namespace="app"})',
            threshold: "320",
            ignoreNullValues: "false",
          },
        },
      ],
    });
  });

  it.each([
    ["recurring-task", "task-events", "recurring-task-service"],
    ["notification", "reminders", "notification-service"],
  ])("of %s follows the lag of %s in group %s", async (name, topic, consumerGroup) => {
    expect(await valueOf(pulumi.output(scaledObject(argumentsOf(name))["triggers"]))).toEqual([
      {
        type: "kafka",
        metricType: "AverageValue",
        metadata: {
          bootstrapServers: "b.example.com:25073",
          consumerGroup,
          topic,
          lagThreshold: "50",
          offsetResetPolicy: "earliest",
          allowIdleConsumers: "false",
          version: "3.0.0",
          tls: "enable",
        },
        authenticationRef: { name: `todo-chatbot-${name}-lag` },
      },
    ]);
  });

  it.each([
    ["backend", false],
    ["frontend", false],
    ["websocket", true],
    ["recurring-task", true],
    ["notification", true],
  ])("of %s needs KEDA: %s", (name, expected) => {
    expect(needsKeda(serviceNamed(name))).toBe(expected);
  });
});

describe("a plain autoscaler", () => {
  const cpu: ScalingTrigger = { kind: "cpu", utilization: percent(63) };
  const target = { type: "Utilization", averageUtilization: 63 };

  it("measures the service's own container if there is a sidecar", () => {
    expect(resourceMetrics(argumentsOf("backend", [cpu]).service)).toEqual([
      {
        type: "ContainerResource",
        containerResource: { name: "cpu", container: "backend", target },
      },
    ]);
  });

  it("measures the pod if there is none", () => {
    const { dapr, ...plain } = argumentsOf("backend", [cpu]).service;
    expect(dapr?.appId).toBe("backend-service");
    expect(resourceMetrics(plain)).toEqual([
      { type: "Resource", resource: { name: "cpu", target } },
    ]);
  });

  it("adds pods immediately, or after the system's delay, and removes them slowly", () => {
    const backend = serviceNamed("backend");
    const patient = { ...backend, scaling: { ...backend.scaling, after: seconds(97) } };
    expect(behavior(backend)).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        policies: [
          { type: "Percent", value: 100, periodSeconds: 60 },
          { type: "Pods", value: 2, periodSeconds: 60 },
        ],
        selectPolicy: "Max",
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [{ type: "Percent", value: 25, periodSeconds: 60 }],
      },
    });
    expect(behavior(patient).scaleUp).toMatchObject({ stabilizationWindowSeconds: 97 });
  });
});

describe("KEDA's triggers", () => {
  it("count requests of the workload's own pods", () => {
    const args = argumentsOf("backend", [{ kind: "requestRate", perSecondPerPod: 88 }]);
    expect(scaledObject(args)["triggers"]).toEqual([
      {
        type: "prometheus",
        metricType: "AverageValue",
        metadata: {
          serverAddress: "http://metrics:9090",
          query:
            'sum(rate(http_requests_total{namespace="app",pod=~"todo-chatbot-backend-.*"}[2m]))' +
            ' or sum(0 * up{namespace="app",pod=~"todo-chatbot-backend-.*"})',
          threshold: "88",
          ignoreNullValues: "false",
        },
      },
    ]);
  });

  it("have no fallback together with a resource trigger", () => {
    const args = argumentsOf("websocket", [
      { kind: "memory", utilization: percent(81) },
      { kind: "gauge", metric: "open", perPod: 4 },
    ]);
    expect(scaledObject(args)).not.toHaveProperty("fallback");
    expect(scaledObject(args)["triggers"]).toMatchObject([
      {
        type: "memory",
        metricType: "Utilization",
        metadata: { value: "81", containerName: "websocket" },
      },
      { type: "prometheus" },
    ]);
  });
});

describe("KEDA signs in to Kafka", () => {
  const user = (name: string) => ({
    name: pulumi.output(name),
    password: pulumi.secret(`password of ${name}`),
  });
  const users = { application: user("dapr"), monitor: user("watcher") };

  it.each([
    ["scram-sha-256", "scram_sha256"],
    ["scram-sha-512", "scram_sha512"],
    ["plain", "plaintext"],
  ] as const)("with %s, which it calls %s", (authentication, sasl) => {
    const credentials = lagCredentials({ users, authentication, certificateAuthority: undefined });
    expect(credentials["sasl"]).toBe(sasl);
  });

  it("without a CA if the operating system trusts it", () => {
    const credentials = lagCredentials({
      users,
      authentication: "plain",
      certificateAuthority: undefined,
    });
    const keys = ["sasl", "username", "password"];
    expect(Object.keys(credentials)).toEqual(keys);
    expect(lagAuthenticationSpec("a-secret", credentials)).toEqual({
      secretTargetRef: keys.map((key) => ({ parameter: key, name: "a-secret", key })),
    });
  });
});

describe("the bus of a topic", () => {
  it.each([
    ["reminders", "pubsub"],
    ["unheard-of", ""],
  ])("%s is %j", (topic, expected) => {
    expect(busOf(todoChatbot, topic)).toBe(expected);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { todoChatbot } from "../../systems/todo-chatbot";
import { mib, millicores } from "../../systems/units";
import { register } from "../kit/testing";
import type { WorkloadArguments } from "./contract";
import { daprAnnotations, podSpec, secretsOf } from "./pod";
import { serviceNamed, workload } from "./testing";

const given: Record<string, WorkloadArguments> = {};

beforeAll(async () => {
  for (const { name } of todoChatbot.services) {
    given[name] = (await register((options) => workload(name, options))).result;
  }
});

const argumentsOf = (name: string): WorkloadArguments => {
  const found = given[name];
  if (found === undefined) throw new Error(`no arguments for ${name}`);
  return found;
};

interface Pod {
  readonly containers: readonly { readonly env: readonly { readonly name: string }[] }[];
}
const variables = (name: string) =>
  (podSpec(argumentsOf(name)) as unknown as Pod).containers.flatMap(({ env }) => env);

const secret = (name: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: "todo-chatbot-secrets", key } },
});
const DATABASE_URL = secret("DATABASE_URL", "DATABASE_URL");
const BETTER_AUTH_SECRET = secret("BETTER_AUTH_SECRET", "BETTER_AUTH_SECRET");
/** The same value under another name: the same key of the same Secret. */
const JWT_SECRET = secret("JWT_SECRET", "BETTER_AUTH_SECRET");
const DAPR_HTTP_PORT = { name: "DAPR_HTTP_PORT", value: "3500" };
const BACKEND_URL = { name: "BACKEND_URL", value: "http://todo-chatbot-backend:8000" };

describe("TC-04: the environment", () => {
  it.each([
    ["backend", [DATABASE_URL, BETTER_AUTH_SECRET, DAPR_HTTP_PORT]],
    ["frontend", [BETTER_AUTH_SECRET, DAPR_HTTP_PORT, BACKEND_URL]],
    ["websocket", [BETTER_AUTH_SECRET, JWT_SECRET, DAPR_HTTP_PORT]],
    ["recurring-task", [DATABASE_URL, DAPR_HTTP_PORT, BACKEND_URL]],
    ["notification", [DATABASE_URL, DAPR_HTTP_PORT, BACKEND_URL]],
  ])("of %s is the runbook's", (name, expected) => {
    expect(variables(name)).toEqual(expected);
  });

  it("comes from one Secret", () => {
    expect(todoChatbot.services.flatMap(secretsOf)).toEqual(
      Array.from({ length: 5 }, () => "todo-chatbot-secrets"),
    );
  });
});

describe("writable paths", () => {
  it("have a volume for each folder, and nothing else", () => {
    const { volumes } = podSpec(argumentsOf("frontend"));
    expect(volumes).toEqual([
      { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
      { name: "app-next-cache", emptyDir: { sizeLimit: "256Mi" } },
    ]);
  });
});

describe("where a pod runs", () => {
  it("AE-02: is required to be one of the runbook's instance types", () => {
    const { affinity } = podSpec({
      ...argumentsOf("backend"),
      instanceTypes: ["m7.big", "m9.huge"],
    });
    expect(affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                {
                  key: "node.kubernetes.io/instance-type",
                  operator: "In",
                  values: ["m7.big", "m9.huge"],
                },
              ],
            },
          ],
        },
      },
    });
  });

  it("depends only on the pool's label otherwise", () => {
    const spec = podSpec(argumentsOf("backend"));
    expect([spec.nodeSelector, spec.affinity]).toEqual([
      { "example.org/pool": "riders" },
      undefined,
    ]);
  });
});

describe("a second container", () => {
  it("P5-01: has the service's image, environment and security context, and its own size", () => {
    const args = argumentsOf("backend");
    const { resources } = serviceNamed("frontend");
    const spec = podSpec({
      ...args,
      service: {
        ...args.service,
        sidecars: [
          {
            clause: args.service.clause,
            name: "scheduler",
            purpose: "sends reminders",
            command: ["python", "-m", "scheduler"],
            resources: { ...resources, requests: { cpu: millicores(70), memory: mib(90) } },
          },
        ],
      },
    }) as unknown as { containers: readonly Record<string, unknown>[] };
    const [own, beside] = spec.containers;
    expect(spec.containers).toHaveLength(2);
    expect(beside).toEqual({
      name: "scheduler",
      image: "r.example.org/backend:9.8.7",
      imagePullPolicy: "IfNotPresent",
      command: ["python", "-m", "scheduler"],
      env: own?.["env"],
      resources: {
        requests: { cpu: "70m", memory: "90Mi", "ephemeral-storage": "64Mi" },
        limits: expect.objectContaining({}) as unknown,
      },
      securityContext: own?.["securityContext"],
      volumeMounts: own?.["volumeMounts"],
    });
  });
});

describe("Dapr's annotations", () => {
  it("are exactly these", () => {
    expect(daprAnnotations(argumentsOf("recurring-task"))).toEqual({
      "dapr.io/enabled": "true",
      "dapr.io/app-id": "recurring-task-service",
      "dapr.io/app-port": "8002",
      "dapr.io/app-protocol": "http",
      "dapr.io/config": "recurring-task-dapr",
      "dapr.io/enable-app-health-check": "true",
      "dapr.io/app-health-check-path": "/health",
      "dapr.io/app-health-probe-interval": "5",
      "dapr.io/graceful-shutdown-seconds": "30",
      "dapr.io/block-shutdown-duration": "10s",
      "dapr.io/log-as-json": "true",
      "dapr.io/enable-metrics": "true",
      "dapr.io/metrics-port": "9090",
      "dapr.io/disable-builtin-k8s-secret-store": "true",
      "dapr.io/sidecar-seccomp-profile-type": "RuntimeDefault",
      "dapr.io/sidecar-cpu-request": "50m",
      "dapr.io/sidecar-memory-request": "64Mi",
      "dapr.io/sidecar-memory-limit": "256Mi",
    });
  });

  it("are absent without Dapr", () => {
    const { dapr, ...service } = serviceNamed("backend");
    expect(dapr?.appId).toBe("backend-service");
    expect(daprAnnotations({ ...argumentsOf("backend"), service })).toEqual({});
  });
});

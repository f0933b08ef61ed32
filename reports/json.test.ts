import { describe, expect, it } from "vitest";
import { known, planOf } from "./fixtures/plan";
import { renderJson } from "./json";

const PLAN = planOf({
  resources: [known.topic],
  policies: {
    violations: [{ clause: "c", message: "m", urn: "u", enforcement: "advisory", policy: "p" }],
    failures: [{ message: "m", urn: "u", policy: "p" }],
    evaluated: 3,
  },
  estimate: {
    objectives: [{ clause: "c", met: true, estimateMinutes: 1, rtoMinutes: 2, of: "system" }],
    criticalPath: ["u"],
    rebuildMinutes: 1,
  },
  diagnostics: [{ urn: "u", message: "m", severity: "info" }],
});

describe("renderJson", () => {
  it("writes all documented keys in order", () => {
    const { resources, ...rest } = JSON.parse(renderJson([PLAN])) as Record<string, unknown>;
    expect(JSON.stringify(rest)).toBe(
      '{"stack":"prod","system":"todo-chatbot","environment":"prod","cloud":"digitalocean",' +
        '"region":"nyc3","outputs":{},"policies":{"violations":[{"policy":"p","enforcement":"advisory",' +
        '"urn":"u","message":"m","clause":"c"}],"failures":[{"policy":"p","urn":"u","message":"m"}],' +
        '"evaluated":3},"estimate":{"rebuildMinutes":1,"criticalPath":["u"],"objectives":[{' +
        '"of":"system","rtoMinutes":2,"estimateMinutes":1,"met":true,"clause":"c","procedure":null}]},' +
        '"diagnostics":[{"severity":"info","message":"m","urn":"u"}]}',
    );
    expect(JSON.stringify(resources)).toBe(
      JSON.stringify([
        {
          urn: known.topic.urn,
          type: known.topic.type,
          name: known.topic.name,
          parent: known.topic.parent,
          provider: null,
          custom: true,
          protect: false,
          dependencies: [known.kafka.urn],
          inputs: {
            configs: [{ minInsyncReplicas: 2 }],
            name: "task-events",
            partitionCount: 6,
            replicationFactor: 3,
          },
        },
      ]),
    );
  });

  it("writes a resource's options, the stack's outputs and the secrets that it needs", () => {
    const plan = {
      ...PLAN,
      resources: [
        { ...known.topic, options: { import: "t-1", aliases: ["a"] }, external: true as const },
      ],
      outputs: { url: "u", key: { $secret: true as const } },
      secrets: [{ key: "A", what: "A token", set: false }],
    };
    const object = JSON.parse(renderJson([plan])) as Record<string, unknown>;
    expect(object["outputs"]).toEqual({ key: { $secret: true }, url: "u" });
    expect(object["secrets"]).toEqual([{ key: "A", what: "A token", optional: false, set: false }]);
    expect(object["resources"]).toMatchObject([
      { options: { aliases: ["a"], import: "t-1" }, external: true },
    ]);
  });

  it("writes no other keys", () => {
    const leaky = {
      ...PLAN,
      token: "hunter2",
      resources: [{ ...known.topic, outputs: "hunter2" }],
    };
    expect(renderJson([leaky])).not.toContain("hunter2");
  });

  it("writes an array for several stacks, even if only one succeeded", () => {
    expect(JSON.parse(renderJson([PLAN, PLAN]))).toHaveLength(2);
    expect(JSON.parse(renderJson([PLAN], true))).toHaveLength(1);
    expect(renderJson([], true)).toBe("[]\n");
  });
});

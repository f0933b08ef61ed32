import { describe, expect, it } from "vitest";
import { SYSTEMS, type SystemId } from "../systems";
import type { Service, System } from "../systems/model";
import { parseSettings, type RawSettings } from "./parse";
import { commands, good, images, mistakes, onAws, onGoogle, sentence } from "./testing";

const raw = (id: SystemId, more: RawSettings = {}): RawSettings => ({
  ...(id === "aia" ? onGoogle : onAws),
  system: id,
  images: images(SYSTEMS[id]),
  commands: commands(SYSTEMS[id]),
  ...(id === "aia"
    ? { mail: { smarthost: "smtp.example.org:587", from: "a@example.org", username: "a" } }
    : {}),
  ...more,
});
const serviceOf = ({ services }: System, name: string): Service => {
  const found = services.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const chosen = (id: SystemId, name: string, more: RawSettings): Service =>
  serviceOf(parseSettings(raw(id, more)).system, name);
const valueOf = (service: Service, variable: string) =>
  service.environment.find(({ name }) => name === variable)?.from;

describe("runstack:variables", () => {
  it("reach every service that has them, or one", () => {
    const variables = { DATABASE_POOL_SIZE: 50, "aeneas-worker": { DATABASE_POOL_SIZE: "7" } };
    const size = (name: string) =>
      valueOf(chosen("aeneas", name, { variables }), "DATABASE_POOL_SIZE");
    expect([size("aeneas-api"), size("aeneas-worker")]).toEqual([
      { kind: "setting", default: "50" },
      { kind: "setting", default: "7" },
    ]);
  });

  it("AI-04: reach the runbook's ConfigMap, also as YAML's own types", () => {
    const variables = { MAINTENANCE_MODE: true };
    expect(valueOf(chosen("aia", "api", { variables }), "MAINTENANCE_MODE")).toEqual({
      kind: "setting",
      default: "true",
      configMap: "aia-config",
    });
  });

  it.each([
    [
      { LOG_LEVL: "DEBUG" },
      sentence(
        "variables.LOG_LEVL",
        'is "DEBUG"',
        'for a variable that aia leaves open: "LOG_LEVEL" or "MAINTENANCE_MODE" (did you mean "LOG_LEVEL"?)',
      ),
    ],
    [
      { api: { DATABASE_URL: "x" } },
      sentence(
        "variables.api.DATABASE_URL",
        'is "x"',
        'for a variable that aia leaves open for api: "LOG_LEVEL" or "MAINTENANCE_MODE"',
      ),
    ],
    [
      { apy: { LOG_LEVEL: "x" } },
      sentence(
        "variables.apy",
        'is {"LOG_LEVEL":"x"}',
        'for a service of aia: "frontend" or "api" (did you mean "api"?)',
      ),
    ],
  ])("refuse %j", (variables, message) => {
    expect(mistakes({ variables }, raw("aia"))).toBe(message);
  });
});

describe("runstack:sizes", () => {
  it("AE-01: choose the runbook's larger size, and the normal one by default", () => {
    const { resources } = serviceOf(SYSTEMS.aeneas, "aeneas-api");
    const large = chosen("aeneas", "aeneas-api", { sizes: { "aeneas-api": "large" } }).resources;
    expect([large.requests, large.limits]).toEqual([
      resources.stepUp?.requests,
      resources.stepUp?.limits,
    ]);
    expect(chosen("aeneas", "aeneas-api", {}).resources).toEqual(resources);
  });

  it("P5-03: are also of a database that runs in the cluster", () => {
    const { system } = parseSettings(raw("phase-5", { sizes: { postgres: "large" } }));
    expect(system.databases[0]?.resources?.limits.memory.bytes).toBe(2 * 1024 ** 3);
  });

  it("are refused where the runbook has no larger one, and for managed databases", () => {
    expect(mistakes({ sizes: { "aeneas-worker": "large" } }, raw("aeneas"))).toBe(
      sentence(
        "sizes.aeneas-worker",
        'is "large"',
        'for a service or database of aeneas with a larger size in its runbook: "aeneas-api"',
      ),
    );
    expect(
      mistakes({ sizes: { postgres: "large" } }, raw("phase-5", { postgres: "managed" })),
    ).toBe(
      sentence(
        "sizes.postgres",
        'is "large"',
        "not set: the cloud runs this database; set runstack:postgresSize",
      ),
    );
  });
});

describe("runstack:commands", () => {
  const needed = (name: string) =>
    sentence(
      `commands.${name}`,
      "is not set",
      `the command of ${name} as a list, such as ["python", "-m", "worker"]: without it, its image would start another service again`,
    );

  it("are required where the runbook has one image for several and no command", () => {
    expect(mistakes({ commands: {} }, raw("aeneas"))).toBe(needed("aeneas-worker"));
    expect(mistakes({ commands: {} }, raw("phase-5"))).toBe(needed("reminder-scheduler"));
    const own = { commands: { "aeneas-worker": ["run", "signals"] } };
    expect(chosen("aeneas", "aeneas-worker", own).command).toEqual(["run", "signals"]);
  });

  it("are required where a stack has one image for several", () => {
    const same = { ...images(SYSTEMS["todo-chatbot"]) };
    same["notification"] = `${(same["backend"] ?? "").replace(/:[^:]+$/, "")}:9.9.9`;
    expect(mistakes({ images: same })).toBe(needed("notification"));
    expect(mistakes({ images: same, commands: { notification: ["notify"] } })).toBe("");
    expect(mistakes({ images: same, commands: { backend: ["serve"] } })).toBe("");
  });

  it("are refused for what does not exist", () => {
    const { commands: none = {} } = good as { commands?: Record<string, string[]> };
    expect(mistakes({ commands: { ...none, frontent: ["x"] } })).toContain(
      'did you mean "frontend"?',
    );
  });
});

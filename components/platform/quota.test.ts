import { describe, expect, it } from "vitest";
import { resolveSystem } from "../../settings/system";
import { aia } from "../../systems/aia";
import { phase5 } from "../../systems/phase-5";
import { todoChatbot } from "../../systems/todo-chatbot";
import { cores, gib, mib, millicores } from "../../systems/units";
import { quota } from "./quota";

describe("the quota", () => {
  it("is twice what all services request at their maximum, including sidecars", () => {
    const [first] = todoChatbot.services;
    if (first === undefined) throw new Error("Todo Chatbot has services");
    const resources = {
      ...first.resources,
      requests: { cpu: millicores(450), memory: mib(448) },
    };
    const system = { ...todoChatbot, services: [{ ...first, resources }] };
    // Three times 450m + 50m, and 448Mi + 64Mi: 1.5 processors and 1.5Gi; doubled.
    expect(quota({ system, scaling: { backend: { min: 1, max: 3 } } })).toEqual({
      cpu: cores(3),
      memory: gib(3),
      pods: 16,
    });
  });

  it("AI-01: is the runbook's if it has one", () => {
    expect(quota({ system: aia, scaling: {} })).toEqual({
      cpu: cores(12),
      memory: gib(16),
      pods: 40,
    });
  });

  it("includes the data services in the same namespace", () => {
    const elsewhere = resolveSystem(phase5, { postgres: "external", kafka: "external" });
    const here = quota({ system: phase5, scaling: {} });
    const without = quota({ system: { ...elsewhere, appliances: [] }, scaling: {} });
    // Brokers, database instances and the model server.
    expect([
      here.cpu.millicores - without.cpu.millicores,
      (here.memory.bytes - without.memory.bytes) / 1024 ** 3,
      here.pods - without.pods,
    ]).toEqual([10_000, 42, 19]);
  });

  it("includes a service's additional containers", () => {
    const [backend] = phase5.services;
    if (backend === undefined) throw new Error("Phase 5 has services");
    const alone = { ...phase5, services: [{ ...backend, sidecars: [] }] };
    const beside = { ...phase5, services: [backend] };
    const of = (system: typeof phase5) =>
      quota({ system, scaling: { backend: { min: 3, max: 10 } } }).memory.bytes;
    expect(of(beside)).toBeGreaterThan(of(alone));
  });
});

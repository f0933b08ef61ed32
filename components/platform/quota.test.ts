import { describe, expect, it } from "vitest";
import { resolveSystem } from "../../settings/system";
import { resizable, withChoices } from "../../settings/choices";
import { SYSTEMS } from "../../systems";
import { aeneas } from "../../systems/aeneas";
import { aia } from "../../systems/aia";
import type { System } from "../../systems/model";
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
    // Three times 450m + 50m, and 448Mi + 64Mi: 1.5 processors and 1.5Gi; doubled, and three exporters.
    expect(quota({ system, scaling: { backend: { min: 1, max: 3 } } })).toEqual({
      cpu: cores(4),
      memory: gib(4),
      pods: 16 + 9,
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
    // Brokers, database instances and the model server, without the exporter of a database elsewhere.
    expect([
      here.cpu.millicores - without.cpu.millicores,
      (here.memory.bytes - without.memory.bytes) / 1024 ** 3,
      here.pods - without.pods,
    ]).toEqual([10_000, 41, 16]);
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

  const large = (system: System) =>
    withChoices(system, {
      commands: {},
      variables: {},
      sizes: Object.fromEntries(resizable(system).map((name) => [name, "large"])),
    });

  it("AE-01: grows with the size that the stack chooses, of services and databases", () => {
    const most = { "aeneas-api": { min: 3, max: 20 }, "aeneas-worker": { min: 2, max: 12 } };
    // Twenty APIs of 2 processors and 2Gi and twelve workers of 0.5 and 1Gi, twice.
    expect(quota({ system: large(aeneas), scaling: most })).toMatchObject({
      cpu: cores(92 + 2),
      memory: gib(104 + 6),
    });
    const database = (system: System) => quota({ system, scaling: {} }).cpu.millicores;
    // 4.1 processors (four instances and the poolers) instead of 3, with everything rounded up.
    expect(database(large(phase5)) - database(phase5)).toBe(1000);
  });

  it("fits the rollout of every service at its maximum, in either size, in every system", () => {
    for (const system of Object.values<System>(SYSTEMS).flatMap((one) => [one, large(one)])) {
      const scaling = Object.fromEntries(
        system.services.map(({ name, scaling: { replicas } }) => [name, replicas]),
      );
      const pods = system.services.flatMap((service) => {
        const most = service.scaling.replicas.max;
        const all = most + Math.ceil(most * (service.pace?.surge?.value ?? 0.25));
        return Array.from({ length: all }, () => service);
      });
      const sum = (of: (service: (typeof pods)[number]) => number) =>
        pods.reduce((total, service) => total + of(service), 0);
      const { cpu, memory, pods: count } = quota({ system, scaling });
      const containers = ({ resources, sidecars = [] }: (typeof pods)[number]) =>
        [resources, ...sidecars.map((one) => one.resources)].map(({ requests }) => requests);
      const processors = sum((service) =>
        containers(service).reduce((total, one) => total + one.cpu.millicores, 0),
      );
      const bytes = sum((service) =>
        containers(service).reduce((total, one) => total + one.memory.bytes, 0),
      );
      expect([system.id, cpu.millicores >= processors, memory.bytes >= bytes]).toEqual([
        system.id,
        true,
        true,
      ]);
      expect(count).toBeGreaterThanOrEqual(pods.length);
    }
  });

  it("AI-01: is more than the runbook's where the stack asks for more", () => {
    const { cpu, pods } = quota({
      system: aia,
      scaling: { api: { min: 2, max: 40 }, frontend: { min: 2, max: 5 } },
    });
    expect([cpu, pods]).toEqual([cores(26), 67 + 6]);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { todoChatbot } from "../../systems/todo-chatbot";
import type { Reach } from "../kit/egress";
import { register } from "../kit/testing";
import type { WorkloadArguments } from "./contract";
import { networkPolicy } from "./network";
import { workload } from "./testing";

const given: Record<string, WorkloadArguments> = {};

beforeAll(async () => {
  for (const { name } of todoChatbot.services) {
    given[name] = (await register((options) => workload(name, options))).result;
  }
});

interface Port {
  readonly port: number;
  readonly endPort?: number;
}
interface Peer {
  readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}

const peer = ({ namespaceSelector, podSelector, ipBlock }: Peer): string =>
  ipBlock?.cidr ??
  Object.values(namespaceSelector?.matchLabels ?? {})[0] ??
  podSelector?.matchLabels["app.kubernetes.io/component"] ??
  "everybody";

/** `who:ports`, one for each peer, so that a rule is as readable as the runbook's diagram. */
const flows = (rules: unknown): string[] =>
  (rules as readonly Rule[]).flatMap(({ from, to, ports }) => {
    const through = (ports ?? []).map(({ port, endPort }) =>
      endPort === undefined ? String(port) : `${port}-${endPort}`,
    );
    return [...(from ?? []), ...(to ?? [])].map(
      (one) => `${peer(one)}:${through.join(",") || "all"}`,
    );
  });

describe("network policies of a service", () => {
  const DATABASE = "0.0.0.0/0:5432";
  const DELIVERY = ["0.0.0.0/0:443", "0.0.0.0/0:587"];
  const MANAGED = "10.50.0.0/20:21-29";
  const SIDECAR = ["sides:all", "watch:4317"];

  it.each([
    [
      "backend",
      [
        "door:8000",
        ...["frontend", "recurring-task", "notification"].map((name) => `${name}:8000`),
        ...["frontend", "recurring-task", "notification"].map((name) => `${name}:50002`),
        "watch:8000,9090",
      ],
      [...SIDECAR, MANAGED, DATABASE],
    ],
    ["frontend", ["door:3000", "watch:9090"], ["backend:8000", "backend:50002", ...SIDECAR]],
    ["websocket", ["door:8001", "watch:8001,9090"], [...SIDECAR, MANAGED]],
    [
      "recurring-task",
      ["watch:8002,9090"],
      ["backend:8000", "backend:50002", ...SIDECAR, MANAGED, DATABASE],
    ],
    [
      "notification",
      ["watch:8003,9090"],
      ["backend:8000", "backend:50002", ...SIDECAR, MANAGED, DATABASE, ...DELIVERY],
    ],
  ])("%s are exactly those of the system's data", (name, ingress, egress) => {
    const args = given[name];
    if (args === undefined) throw new Error(`no arguments for ${name}`);
    const policy = networkPolicy(args) as { ingress: unknown; egress: unknown };
    expect(policy).toMatchObject({
      podSelector: {
        matchLabels: {
          "app.kubernetes.io/component": name,
          "app.kubernetes.io/part-of": "todo-chatbot",
        },
      },
      policyTypes: ["Ingress", "Egress"],
    });
    expect(flows(policy.ingress)).toEqual(ingress);
    expect(flows(policy.egress)).toEqual(egress);
  });

  it("allow data services of any kind, without duplicates, and external hosts", () => {
    const args = given["frontend"];
    if (args === undefined) throw new Error("no arguments for frontend");
    const { dapr, ...plain } = args.service;
    expect(dapr?.appId).toBe("frontend-service");
    const cache = { kind: "pods", namespace: "cellar", labels: { app: "cache" }, ports: [6379] };
    const policy = networkPolicy({
      ...args,
      service: { ...plain, calls: [], external: [{ name: "mail.example.org", port: 465 }] },
      network: {
        ...args.network,
        data: [
          { kind: "network", cidr: "10.50.0.0/20", firstPort: 21, lastPort: 29 },
          cache as Reach,
          { kind: "network", cidr: "10.50.0.0/20", firstPort: 21, lastPort: 29 },
          { kind: "internet", port: 5433 },
        ],
      },
    }) as { ingress: unknown; egress: unknown };
    expect(flows(policy.ingress)).toEqual(["door:3000"]);
    expect(flows(policy.egress)).toEqual([
      "backend:50002",
      "10.50.0.0/20:21-29",
      "cellar:6379",
      "0.0.0.0/0:5433",
      "0.0.0.0/0:465",
    ]);
  });
});

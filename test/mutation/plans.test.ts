/** The sabotage suite on a small plan, and on a sample of a real one. */
import { describe, expect, it } from "vitest";
import type { Plan, PlannedResource, PlanObject } from "../../offline/plan";
import { loadStack } from "../../offline/stack-files";
import { planOf, PROJECT } from "../plan";
import { shapeOf } from "./plans";
import type { Change } from "./plans";
import { changesOf, unbroken } from "./plans-changes";
import { excuseOf } from "./plans-excuses";
import { namesOf } from "./plans-names";
import { ratioOf, shareOf, summary, unnoticed } from "./plans-report";
import { sabotage } from "./plans-run";

const resource = (type: string, name: string, inputs: PlanObject): PlannedResource => ({
  urn: `urn:pulumi:small::runstack::kubernetes:${type}::${name}`,
  type: `kubernetes:${type}`,
  name,
  parent: null,
  provider: null,
  custom: true,
  protect: false,
  dependencies: [],
  inputs,
});
const namespace = "shop";
const SMALL = {
  stack: "small",
  resources: [
    resource("core/v1:Namespace", "shop", { metadata: { name: namespace } }),
    resource("core/v1:Service", "web", {
      metadata: { name: "web", namespace },
      spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] },
    }),
    resource("apps/v1:Deployment", "web", {
      metadata: { name: "web", namespace, labels: { app: "free" } },
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web", team: "a" } },
          spec: {
            containers: [
              {
                name: "web",
                image: "registry.example.com/web:1.2.3",
                ports: [{ name: "http", containerPort: 8080 }],
                env: [{ name: "SELF", value: "http://web.shop.svc:80/x" }],
              },
            ],
          },
        },
      },
    }),
  ],
} as unknown as Plan;

describe("a small plan", () => {
  const changes = changesOf(SMALL).map(
    ({ kind, type, path, from, to }) =>
      `${kind} ${type.slice(type.lastIndexOf(":") + 1)} ${shapeOf(path)} ${from} ${to}`,
  );

  it("is broken wherever a value has a meaning for another object", () => {
    expect(changes).toEqual([
      "name Namespace metadata.name shop shopx",
      "name Service metadata.name web webx",
      "namespace Service metadata.namespace shop shopx",
      "selector Service spec.selector.app web webx",
      "port Service spec.ports.port 80 10081",
      "port Service spec.ports.targetPort http httpx",
      "namespace Deployment metadata.namespace shop shopx",
      "selector Deployment spec.selector.matchLabels.app web webx",
      "label Deployment spec.template.metadata.labels.app web webx",
      "image Deployment spec.template.spec.containers.image registry.example.com/web:1.2.3 registry.example.com/web:1.2.3x",
      "port Deployment spec.template.spec.containers.ports.name http httpx",
      "port Deployment spec.template.spec.containers.ports.containerPort 8080 18081",
      "host Deployment spec.template.spec.containers.env.value http://web.shop.svc:80/x http://webx.shop.svc:80/x",
      "port Deployment spec.template.spec.containers.env.value http://web.shop.svc:80/x http://web.shop.svc:10081/x",
    ]);
  });

  it("tells which policies notice each change, and what nobody does", () => {
    const found = sabotage(SMALL, { "runstack:environment": "prod" });
    const noticing = (shape: string): readonly string[] =>
      found.outcomes.find(({ change }) => shapeOf(change.path) === shape)?.by ?? [];
    expect(noticing("spec.selector.app")).toContain("service-selects-pods");
    expect(noticing("spec.ports.targetPort")).toContain("service-target-port");
    expect(noticing("metadata.namespace")).toContain("namespace-exists");
    expect(noticing("spec.template.spec.containers.env.value")).toEqual(["host-exists"]);
    const lines = unnoticed([found]).trim().split("\n");
    expect(lines.map((line) => line.split("\t").slice(0, 4).join(" "))).toEqual([
      "excused small image apps:Deployment",
      "missed small port apps:Deployment",
    ]);
    expect(summary([found])).toContain("only its registry can tell");
    expect(shareOf(found.outcomes)).toEqual({ noticed: 12, excused: 1, missed: 1 });
  });
});

it("excuses only what holds for the resource", () => {
  const change = {
    kind: "port",
    urn: "u",
    type: "kubernetes:networking.k8s.io:NetworkPolicy",
    path: ["spec", "egress", 0, "ports", 0, "port"],
    from: 5432,
    to: 15_433,
  } as const;
  const names = namesOf(SMALL);
  const to = (...peers: readonly object[]): object => ({ spec: { egress: [{ to: peers }] } });
  expect(excuseOf(change, to({ ipBlock: { cidr: "10.0.0.0/8" } }), names)).toMatch(/^The peers/);
  expect(excuseOf(change, { spec: { egress: [{}] } }, names)).toMatch(/^The peers are/);
  expect(excuseOf(change, to({ podSelector: {} }), names)).toBeUndefined();
});

describe("an excuse by what the plan has besides", () => {
  const excused = (
    kind: Change["kind"],
    type: string,
    path: readonly (string | number)[],
    inputs: object,
  ): string | undefined =>
    excuseOf(
      { kind, urn: "u", type: `kubernetes:${type}`, path, from: "a", to: "b" },
      inputs,
      namesOf({
        ...SMALL,
        resources: [
          ...SMALL.resources,
          resource("monitoring.coreos.com/v1:ServiceMonitor", "web", {
            spec: { endpoints: [{ port: "scraped" }] },
          }),
          resource("core/v1:Secret", "shown", { metadata: { name: "shown" }, data: { a: "" } }),
          ...["a", "b"].map((name) =>
            resource("apps/v1:Deployment", name, { image: "registry.example.com/tool:1" }),
          ),
          resource("core/v1:Secret", "hidden", {
            metadata: { name: "hidden" },
            stringData: { $unknown: true },
          }),
        ],
      }),
    );

  it("holds for a port that nothing refers to", () => {
    const service = (name: string, port: number): object => ({
      metadata: { name: "web" },
      spec: { selector: { app: "web" }, ports: [{ name, port }] },
    });
    const at = (key: string): readonly (string | number)[] => ["spec", "ports", 0, key];
    expect(excused("port", "core:Service", at("name"), service("http", 1))).toBeDefined();
    expect(excused("port", "core:Service", at("name"), service("scraped", 1))).toBeUndefined();
    const container = (name: string): string | undefined =>
      excused("port", "apps:Deployment", ["containers", 0, "ports", 0, "name"], {
        containers: [{ ports: [{ name }] }],
      });
    expect(container("grpc")).toBeDefined();
    expect(container("http")).toBeUndefined();
    expect(excused("port", "core:Service", at("port"), service("http", 81))).toBeDefined();
    expect(excused("port", "core:Service", at("port"), service("http", 80))).toBeUndefined();
  });

  it("holds for the only use of an image", () => {
    const image = (text: string): string | undefined =>
      excused("image", "apps:Deployment", ["image"], { image: text });
    expect(image("registry.example.com/web:2")).toBeDefined();
    expect(image("registry.example.com/tool:2")).toBeUndefined();
  });

  it("holds for a key of a Secret whose keys are not shown", () => {
    const key = (name: string): string | undefined =>
      excused("key", "apps:Deployment", ["secretKeyRef", "key"], { secretKeyRef: { name } });
    expect(key("hidden")).toBeDefined();
    expect(key("shown")).toBeUndefined();
  });
});

it("says what is not broken", () => {
  const chart = resource("helm.sh/v3:Release", "chart", {
    namespace,
    values: { existingSecret: "web", replicas: 3, url: "http://web.shop.svc:80" },
  });
  const plan = { ...SMALL, resources: [...SMALL.resources, chart] };
  const changes = changesOf(plan);
  expect(
    changes.filter(({ urn }) => urn === chart.urn).map(({ kind, to }) => `${kind} ${to}`),
  ).toEqual([
    "namespace shopx",
    "reference webx",
    "host http://webx.shop.svc:80",
    "port http://web.shop.svc:10081",
  ]);
  expect(unbroken(plan, changes)).toEqual({
    "values of Helm releases that are no such reference": 1,
  });
});

/** In milliseconds. */
const LONG = 300_000;

it(
  "notices most of what is broken in a real plan, and nothing in the unbroken one",
  async () => {
    const stack = "prod";
    const found = sabotage(await planOf(stack), loadStack(PROJECT, stack).config.values, 7);
    expect(found.baseline).toEqual([]);
    const of = (kind: string): number =>
      ratioOf(shareOf(found.outcomes.filter(({ change }) => change.kind === kind)));
    for (const kind of ["namespace", "port", "probe path", "image", "host", "topic", "group"])
      expect(of(kind)).toBeGreaterThanOrEqual(0.98);
    expect(of("selector")).toBeGreaterThan(0.9);
    expect(ratioOf(shareOf(found.outcomes))).toBeGreaterThan(0.85);
  },
  LONG,
);

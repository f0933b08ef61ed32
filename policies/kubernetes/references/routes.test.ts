import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { broken } from "../../testing/fixtures";
import { messages, type Fixture } from "../../testing";
import type { Key } from "../../values";

const object = (type: string, name: string, spec: object, namespace = "shop"): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace }, spec },
});
const service = (
  name: string,
  spec: k8s.types.input.core.v1.ServiceSpec,
  namespace = "shop",
): Fixture => object("core/v1:Service", name, spec, namespace);
const namespace = (name: string): Fixture => ({
  type: "kubernetes:core/v1:Namespace",
  name,
  props: { metadata: { name } },
});
const web = (): Fixture =>
  service("web", {
    ports: [
      { port: 81, name: "http" },
      { port: 9091, name: "grpc" },
    ],
  });

const BACKEND: readonly Key[] = ["spec", "rules", 0, "http", "paths", 0, "backend", "service"];
const INGRESS = 'Ingress "shop/edge": spec.rules[0].http.paths[0].backend.service';

testPolicy("route-backend", {
  happy: () => [
    object("networking.k8s.io/v1:Ingress", "edge", {
      defaultBackend: { service: { name: "web", port: { name: "grpc" } } },
      rules: [
        {
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "web", port: { number: 81 } } },
              },
            ],
          },
        },
      ],
    } satisfies k8s.types.input.networking.v1.IngressSpec),
    web(),
  ],
  broken: [
    {
      at: [...BACKEND, "name"],
      to: "wed",
      says: `${INGRESS}.name is "wed"; namespace "shop" has no such Service: correct the name, or create it.`,
    },
    {
      at: [...BACKEND, "port", "number"],
      to: 82,
      says: `${INGRESS}.port.number is 82; Service "shop/web" has only 81, 9091: use one of its ports.`,
    },
    {
      at: ["spec", "defaultBackend", "service", "port", "name"],
      to: "https",
      says: `Ingress "shop/edge": spec.defaultBackend.service.port.name is "https"; Service "shop/web" has only "http", "grpc": use one of its ports.`,
    },
    { at: BACKEND, says: [] },
    { of: 1, at: ["spec"], to: { type: "ExternalName" }, says: [] },
    {
      of: 1,
      at: ["spec", "ports"],
      to: [{ port: 81, name: "grpc" }],
      says: [],
    },
    {
      of: 1,
      at: ["spec", "ports"],
      says: [
        `Ingress "shop/edge": spec.defaultBackend.service.port.name is "grpc"; Service "shop/web" has no port: use one of its ports.`,
        `${INGRESS}.port.number is 81; Service "shop/web" has no port: use one of its ports.`,
      ],
    },
  ],
  unknown: [
    [...BACKEND, "name"],
    [...BACKEND, "port", "number"],
    [1, "spec", "ports"],
    [1, "spec", "ports", 0, "port"],
    [1, "metadata", "name"],
    ["metadata", "namespace"],
  ],
});

const route = (spec: object = {}, type = "HTTPRoute"): Fixture =>
  object(`gateway.networking.k8s.io/v1:${type}`, "edge", {
    parentRefs: [{ name: "public", sectionName: "https" }],
    rules: [
      {
        backendRefs: [{ name: "web", port: 81 }],
        filters: [
          { type: "URLRewrite" },
          { type: "RequestMirror", requestMirror: { backendRef: { name: "web", port: 9091 } } },
        ],
      },
    ],
    ...spec,
  });
const REF: readonly Key[] = ["spec", "rules", 0, "backendRefs", 0];
const ROUTE = 'HTTPRoute "shop/edge": spec.rules[0].backendRefs[0]';

testPolicy("route-backend", {
  happy: () => [route(), web()],
  broken: [
    {
      at: [...REF, "port"],
      to: 82,
      says: `${ROUTE}.port is 82; Service "shop/web" has only 81, 9091: use one of its ports.`,
    },
    {
      at: [...REF, "port"],
      says: `${ROUTE}.port is missing; Service "shop/web" has only 81, 9091: use one of its ports.`,
    },
    {
      at: [...REF, "namespace"],
      to: "stock",
      setting: { configuration: { "route-backend": { foreign: true } } },
      says: `${ROUTE}.name is "web"; namespace "stock" has no such Service: correct the name, or create it.`,
    },
    {
      at: ["spec", "rules", 0, "filters", 1, "requestMirror", "backendRef", "name"],
      to: "copy",
      says: `HTTPRoute "shop/edge": spec.rules[0].filters[1].requestMirror.backendRef.name is "copy"; namespace "shop" has no such Service: correct the name, or create it.`,
    },
    { at: [...REF, "namespace"], to: "stock", says: [] },
    { at: REF, to: { group: "", kind: "Service", name: "web", port: 81 }, says: [] },
    {
      at: REF,
      to: { group: "core", name: "web", port: 1 },
      says: `${ROUTE}.port is 1; Service "shop/web" has only 81, 9091: use one of its ports.`,
    },
    { at: REF, to: { kind: "Backend", group: "gateway.envoyproxy.io", name: "x" }, says: [] },
    { at: REF, to: { group: "example.com", name: "x" }, says: [] },
  ],
  unknown: [
    [...REF, "name"],
    [...REF, "port"],
    [...REF, "namespace"],
  ],
});

describe("route-backend", () => {
  it("checks another namespace that the stack creates", async () => {
    const elsewhere = broken(route(), [...REF, "namespace"], "stock");
    expect(await messages("route-backend", [elsewhere, web(), namespace("stock")])).toEqual([
      `${ROUTE}.name is "web"; namespace "stock" has no such Service: correct the name, or create it.`,
    ]);
    expect(await messages("route-backend", [elsewhere, web(), namespace("shop")])).toEqual([]);
  });

  it("knows the Services that a database creates, but not a chart's", async () => {
    const to = (name: string): Fixture =>
      route({ rules: [{ backendRefs: [{ name, port: 5432 }] }] }, "TCPRoute");
    const database = object("postgresql.cnpg.io/v1:Cluster", "pg", {});
    expect(await messages("route-backend", [to("pg-rw"), database])).toEqual([]);
    expect(await messages("route-backend", [to("pg-wr"), database])).toHaveLength(1);
    const release = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "r",
      props: { namespace: "shop" },
    };
    expect(await messages("route-backend", [to("pg-wr"), release])).toEqual([]);
  });
});

const gateway = (): Fixture =>
  object("gateway.networking.k8s.io/v1:Gateway", "public", {
    listeners: [
      { name: "http", port: 80 },
      { name: "https", port: 443 },
    ],
  });
const PARENT: readonly Key[] = ["spec", "parentRefs", 0];
const HANGS = 'HTTPRoute "shop/edge": spec.parentRefs[0]';

testPolicy("route-parent", {
  happy: () => [route(), gateway(), namespace("shop")],
  broken: [
    {
      at: [...PARENT, "name"],
      to: "private",
      says: `${HANGS}.name is "private"; namespace "shop" has no such Gateway: correct the name, or create it.`,
    },
    {
      at: [...PARENT, "sectionName"],
      to: "tls",
      says: `${HANGS}.sectionName is "tls"; Gateway "shop/public" has only the listeners "http", "https": use one of them.`,
    },
    { at: [...PARENT, "sectionName"], says: [] },
    { at: [...PARENT, "port"], to: 443, says: [] },
    {
      at: [...PARENT, "port"],
      to: 444,
      says: `${HANGS}.port is 444; Gateway "shop/public" has only the listeners 80, 443: use one of them.`,
    },
    { at: PARENT, to: { group: "", kind: "Service", name: "web" }, says: [] },
    {
      at: PARENT,
      to: { group: "gateway.networking.k8s.io", kind: "Gateway", name: "public" },
      says: [],
    },
    {
      of: 1,
      at: ["spec", "listeners"],
      says: `${HANGS}.sectionName is "https"; Gateway "shop/public" has no listener: use one of them.`,
    },
  ],
  unknown: [
    [...PARENT, "name"],
    [...PARENT, "sectionName"],
    [1, "spec", "listeners"],
    [1, "spec", "listeners", 0, "name"],
  ],
});

describe("route-parent", () => {
  const elsewhere = broken(route(), [...PARENT, "namespace"], "infra");
  const missing = [
    `${HANGS}.name is "public"; namespace "infra" has no such Gateway: correct the name, or create it.`,
  ];

  it("does not report a Gateway in a namespace that the stack does not create", async () => {
    expect(await messages("route-parent", [elsewhere, namespace("shop")])).toEqual([]);
    expect(await messages("route-parent", [route()])).toEqual([]);
    expect(await messages("route-parent", [elsewhere, namespace("infra")])).toEqual(missing);
  });

  it("checks every namespace if configured", async () => {
    const foreign = { configuration: { "route-parent": { foreign: true } } };
    expect(await messages("route-parent", [elsewhere], foreign)).toEqual(missing);
  });

  it("does not throw for malformed values", async () => {
    const odd = broken(route(), ["spec"], { parentRefs: "x", rules: [3] });
    expect(await messages("route-parent", [odd])).toEqual([]);
    expect(await messages("route-backend", [odd])).toEqual([]);
  });
});

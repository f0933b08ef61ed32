import { describe, expect, it } from "vitest";
import { cores, gib, mib, millicores } from "../../systems/units";
import { broken, podTemplate } from "../testing/fixtures";
import { testPolicy } from "../testing/cases";
import { shop } from "../testing/system";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { clause, shopWith } from "../testing/runbook";

const [template] = shop.services;
if (template === undefined) throw new Error("The fixture has no service.");
const service = {
  ...template,
  ...clause("Services"),
  container: "api",
  labels: { app: "orders" },
  port: 8110,
  health: { path: "/health", port: 8110 },
  dapr: { ...clause("Dapr"), appId: "orders-id", invokedBy: [] },
  resources: {
    ...clause("Sizes"),
    requests: { cpu: millicores(130), memory: mib(170) },
    limits: { cpu: cores(1), memory: gib(1) },
  },
};
const only = shopWith({ services: [service] });
const probe = (): object => ({ httpGet: { path: "/health", port: 8110 } });

const deployment = (): Fixture => {
  const pod = podTemplate();
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "orders",
    props: {
      metadata: { name: "shop-orders", namespace: "shop" },
      spec: {
        template: {
          ...pod,
          metadata: {
            labels: { app: "orders" },
            annotations: {
              "dapr.io/enabled": "true",
              "dapr.io/app-id": "orders-id",
              "dapr.io/app-port": "8110",
            },
          },
          spec: {
            containers: [
              { name: "sidecar" },
              {
                name: "api",
                ports: [{ name: "http", containerPort: 8110 }],
                readinessProbe: probe(),
                livenessProbe: probe(),
                resources: {
                  requests: { cpu: "0.13", memory: "170Mi" },
                  limits: { cpu: 1, memory: "1Gi" },
                },
              },
            ],
          },
        },
      },
    },
  };
};
const address = (): Fixture => ({
  type: "kubernetes:core/v1:Service",
  name: "orders",
  props: { metadata: { name: "shop-orders" }, spec: { ports: [{ port: 9 }, { port: 8110 }] } },
});
const POD = ["spec", "template"] as const;
const API = [...POD, "spec", "containers", 1] as const;
const at = 'Deployment "shop/shop-orders": spec.template';

testPolicy("runbook-services", {
  happy: () => [deployment(), address()],
  setting: only,
  broken: [
    {
      at: ["metadata", "name"],
      to: "orders",
      says: 'The service "orders" has no Deployment "shop-orders"; the runbook "Shop Runbook" requires it (Services).',
    },
    {
      at: [...POD, "metadata", "labels", "app"],
      to: "cart",
      says: `${at}.metadata.labels.app is "cart"; the runbook selects pods by app=orders.`,
    },
    {
      at: [...POD, "metadata", "labels", "app"],
      says: `${at}.metadata.labels.app is missing; the runbook selects pods by app=orders.`,
    },
    {
      at: [...API, "name"],
      to: "web",
      says: `${at}.spec.containers[0].name is "sidecar"; the runbook's commands name the container "api".`,
    },
    {
      of: 1,
      at: ["metadata", "name"],
      to: "orders",
      says: 'The service "orders" has no Service "shop-orders" with port 8110; the runbook "Shop Runbook" requires it (Services).',
    },
    {
      of: 1,
      at: ["spec", "ports", 1, "port"],
      to: 80,
      says: 'Service "shop-orders": spec.ports is [{"port":9},{"port":80}]; the runbook uses port 8110.',
    },
    { of: 1, at: ["spec", "ports", 1, "port"], to: UNKNOWN, says: [] },
  ],
  unknown: [
    [...POD, "spec"],
    [...POD, "spec", "containers"],
    [1, "spec", "ports"],
  ],
});

it("runbook-services counts an unknown name, and requires no Service of a worker", async () => {
  const reported = (fixture: readonly Fixture[], as = only): Promise<readonly string[]> =>
    messages("runbook-services", fixture, as);
  expect(await reported([broken(deployment(), ["metadata", "name"], UNKNOWN)])).toEqual([]);
  const worker = { ...service, port: undefined };
  expect(await reported([deployment()], shopWith({ services: [worker as never] }))).toEqual([]);
  expect(await reported([deployment(), address()], {})).toEqual([]);
});

testPolicy("runbook-probes", {
  happy: () => deployment(),
  setting: only,
  broken: [
    ...(["readinessProbe", "livenessProbe"] as const).flatMap((name) => {
      const where = `${at.replace(": ", ', container "api": ')}.spec.containers[1].${name}.httpGet`;
      const expected = "the runbook checks orders on port 8110, /health.";
      return [
        { at: [...API, name], says: `${where} is missing; ${expected}` },
        {
          at: [...API, name, "httpGet", "path"],
          to: "/",
          says: `${where}.path is "/"; ${expected}`,
        },
        { at: [...API, name, "httpGet", "port"], to: 80, says: `${where}.port is 80; ${expected}` },
        { at: [...API, name, "httpGet", "port"], to: "http", says: [] },
        {
          at: [...API, name, "httpGet", "port"],
          to: "web",
          says: `${where}.port is "web"; ${expected}`,
        },
      ];
    }),
    { at: [...API, "name"], to: "web", says: [] },
  ],
  unknown: [
    [...POD, "spec", "containers"],
    [...API, "livenessProbe"],
    [...API, "readinessProbe", "httpGet", "path"],
    [...API, "readinessProbe", "httpGet", "port"],
  ],
});

const size = `${at.replace(": ", ', container "api": ')}.spec.containers[1].resources`;
testPolicy("runbook-resources", {
  happy: () => deployment(),
  setting: only,
  broken: [
    {
      at: [...API, "resources", "requests", "cpu"],
      to: "129m",
      says: `${size}.requests.cpu is "129m"; the runbook requires 130m or more for orders.`,
    },
    {
      at: [...API, "resources", "requests", "memory"],
      to: "169Mi",
      says: `${size}.requests.memory is "169Mi"; the runbook requires 170Mi or more for orders.`,
    },
    {
      at: [...API, "resources", "limits", "cpu"],
      says: `${size}.limits.cpu is missing; the runbook requires 1 or more for orders.`,
    },
    {
      at: [...API, "resources", "limits", "memory"],
      to: "1G",
      says: `${size}.limits.memory is "1G"; the runbook requires 1Gi or more for orders.`,
    },
    { at: [...API, "resources", "limits", "memory"], to: "2Gi", says: [] },
    {
      at: [...API, "resources", "limits", "cpu"],
      says: [],
      setting: shopWith({
        services: [{ ...service, resources: { ...service.resources, limits: { memory: mib(9) } } }],
      }),
    },
  ],
  unknown: [
    [...API, "resources", "requests"],
    [...API, "resources", "limits", "memory"],
  ],
});

const annotations = [...POD, "metadata", "annotations"] as const;
testPolicy("runbook-dapr", {
  happy: () => deployment(),
  setting: only,
  broken: [
    ["dapr.io/enabled", "true"],
    ["dapr.io/app-id", "orders-id"],
    ["dapr.io/app-port", "8110"],
  ].map(([key = "", right = ""]) => ({
    at: [...annotations, key],
    to: "x",
    says: `${at}.metadata.annotations["${key}"] is "x"; the runbook sets ${key} to "${right}" for Deployment "shop/shop-orders".`,
  })),
  unknown: [annotations, [...annotations, "dapr.io/app-id"]],
});

describe("runbook-dapr", () => {
  const reported = (rest: object): Promise<readonly string[]> => {
    const bare = broken(deployment(), annotations, { "dapr.io/enabled": "true" });
    return messages("runbook-dapr", [bare], shopWith({ services: [{ ...service, ...rest }] }));
  };

  it("does not apply to a service without Dapr, and requires no port of a worker", async () => {
    expect(await reported({ dapr: undefined })).toEqual([]);
    expect(await reported({ port: undefined })).toHaveLength(1);
    expect(await reported({})).toHaveLength(2);
  });
});

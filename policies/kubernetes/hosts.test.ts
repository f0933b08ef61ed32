import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { broken, deployment } from "../testing/fixtures";
import { hostsIn } from "./hosts";

it.each<[string, readonly unknown[]]>([
  ["http://api:8000/x", [{ name: "api", namespace: undefined, port: 8000 }]],
  ["redis://user:secret@cache:6379/0", [{ name: "cache", namespace: undefined, port: 6379 }]],
  ["api.shop.svc", [{ name: "api", namespace: "shop", port: undefined }]],
  [
    "a.b.svc.cluster.local:80,c.d.svc:81",
    [
      { name: "a", namespace: "b", port: 80 },
      { name: "c", namespace: "d", port: 81 },
    ],
  ],
  ["https://example.com/api", []],
  ["http://localhost:3000", []],
  ["http://10.0.0.1:80", []],
  ["s3://backups/daily", []],
  ["gs://models", []],
  ["s3a://lake:9000/x", []],
  ["unix:///run/api.sock", []],
  ["gcpkms://projects/a", []],
  ["awskms://key", []],
  ["api:8000", [{ name: "api", namespace: undefined, port: 8000 }]],
  ["--redis=cache.stock:6379", [{ name: "cache", namespace: "stock", port: 6379 }]],
  [
    "k1:9092,k2:9092",
    [
      { name: "k1", namespace: undefined, port: 9092 },
      { name: "k2", namespace: undefined, port: 9092 },
    ],
  ],
  ["localhost:6379", []],
  ["127.0.0.1:6379", []],
  ["postgres:16", []],
  ["api.shop.example.com:443", []],
  ["see api:8000", []],
  ["registry/api:8000", []],
  ["api.shop.svc.example.com", []],
])("finds the hosts of %s", (text, hosts) => {
  expect(hostsIn(text)).toEqual(hosts);
});

const object = (type: string, name: string, spec: object, namespace = "shop"): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace }, spec },
});
const shop: Fixture = {
  type: "kubernetes:core/v1:Namespace",
  name: "shop",
  props: { metadata: { name: "shop" } },
};
const api = object("core/v1:Service", "api", { ports: [{ port: 8000 }] });
const calls = (value: string): Fixture =>
  broken(
    deployment(),
    ["spec", "template", "spec", "containers", 0, "env"],
    [{ name: "A", value }],
  );
const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
  messages("host-exists", [shop, ...resources]);
const WHERE = 'Deployment "shop/orders": spec.template.spec.containers[0].env[0].value';

it("refuses a host or a port that no Service has", async () => {
  expect(await said(api, calls("http://api:8000"))).toEqual([]);
  expect(await said(api, calls("http://apo:8000"))).toEqual([
    `${WHERE} is "http://apo:8000"; it leads to "apo", and namespace "shop" has no such Service: correct the host, or create it.`,
  ]);
  expect(await said(api, calls("api.shop.svc:80"))).toEqual([
    `${WHERE} is "api.shop.svc:80"; Service "shop/api" has only 8000: use one of its ports.`,
  ]);
  // Others may create Services in a namespace that is not the stack's.
  expect(await said(api, calls("http://api.stock.svc:8000"))).toEqual([]);
  const external = broken(api, ["spec", "type"], "ExternalName");
  expect(await said(external, calls("http://api:80"))).toEqual([]);
});

it("reads the settings of custom objects", async () => {
  const scaler = object("keda.sh/v1alpha1:ScaledObject", "s", {
    triggers: [{ metadata: { serverAddress: "http://prom.shop.svc:9090" } }],
  });
  expect(await said(scaler)).toHaveLength(1);
  expect(
    await said(scaler, object("core/v1:Service", "prom", { ports: [{ port: 9090 }] })),
  ).toEqual([]);
});

it("refuses a slip of http", async () => {
  expect(await said(api, calls("httpx://api:8000"))).toEqual([
    `${WHERE} is "httpx://api:8000"; its scheme is "httpx": did you mean "http".`,
  ]);
  for (const scheme of ["https", "redis", "grpc", "tcp", "nats"])
    expect(await said(api, calls(`${scheme}://api:8000`))).toEqual([]);
});

describe("a certificate", () => {
  const certificate = (...dnsNames: readonly unknown[]): Fixture =>
    object("cert-manager.io/v1:Certificate", "api-tls", { dnsNames });
  const no = (index: number, name: string, host: string): string =>
    `Certificate "shop/api-tls": spec.dnsNames[${String(index)}] is "${name}"; it leads to "${host}", and namespace "shop" has no such Service: correct the host, or create it.`;

  it("for a Service names it, in full or short, and its pods", async () => {
    const names = ["api", "api.shop", "api.shop.svc", "*.api.shop.svc.cluster.local", "localhost"];
    expect(await said(api, certificate(...names))).toEqual([]);
    for (const [index, wrong] of ["apx", "apx.shop", "apx.shop.svc", "*.apx.shop.svc"].entries()) {
      const changed = names.map((name, at) => (at === index ? wrong : name));
      expect(await said(api, certificate(...changed))).toEqual([no(index, wrong, "apx")]);
    }
  });

  it("for other names is not judged, and neither is one of another namespace", async () => {
    expect(await said(api, certificate("orders-client", "shop.example.com"))).toEqual([]);
    expect(await said(api, certificate("api.shop.svc", "api.stock", "example.com"))).toEqual([]);
    expect(await said(api, certificate(UNKNOWN, "api.shop.svc"))).toEqual([]);
  });
});

it("reads the names that Kafka's listeners add to their certificate", async () => {
  const kafka = (...alternativeNames: readonly string[]): Fixture =>
    object("kafka.strimzi.io/v1:Kafka", "k", {
      kafka: { listeners: [{ configuration: { bootstrap: { alternativeNames } } }] },
    });
  expect(await said(api, kafka("api.shop.svc"))).toEqual([]);
  expect(await said(api, kafka("apx.shop.svc"))).toHaveLength(1);
});

it("reads the values of charts, whose own namespace is that of the release", async () => {
  const chart = (url: string): Fixture => ({
    type: "kubernetes:helm.sh/v3:Release",
    name: "grafana",
    props: { chart: "tempo", name: "grafana", namespace: "shop", values: { sources: [{ url }] } },
  });
  expect(await said(api, chart("http://api:8000"))).toEqual([]);
  expect(await said(api, chart("http://api.shop.svc:80"))).toEqual([
    'Release "grafana": values.sources[0].url is "http://api.shop.svc:80"; Service "shop/api" has only 8000: use one of its ports.',
  ]);
  expect(await said(api, chart("http://apo.shop.svc:8000"))).toHaveLength(1);
  expect(await said(api, chart("http://example.com"))).toEqual([]);
});

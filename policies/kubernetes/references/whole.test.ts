import { describe, expect, it } from "vitest";
import { deployment } from "../../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../../testing";

const object = (type: string, name: string, props: object = {}): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace: "shop" }, ...props },
});
const shop: Fixture = {
  type: "kubernetes:core/v1:Namespace",
  name: "shop",
  props: { metadata: { name: "shop" } },
};

describe("what operators and charts create", () => {
  const judged = (name: string, maker: Fixture): Promise<readonly string[]> =>
    messages(
      ["route-backend", "undecided"],
      [
        object("networking.k8s.io/v1:Ingress", "o", {
          spec: { defaultBackend: { service: { name, port: { number: 80 } } } },
        }),
        shop,
        maker,
      ],
    );
  const release = (chart: string, name: unknown, values: object = {}): Fixture => ({
    type: "kubernetes:helm.sh/v3:Release",
    name: "r",
    props: { namespace: "shop", chart, name, values },
  });
  const NO = "has no such Service";
  const OPEN = "1 reference is not judged";

  it.each<[string, string, Fixture]>([
    // Helm's full name.
    ["my-tempo", "", release("tempo", "my-tempo")],
    ["traces-tempo", "", release("tempo", "traces")],
    ["traces-store", "", release("tempo", "traces", { nameOverride: "store" })],
    ["store", "", release("tempo", "traces", { fullnameOverride: "store" })],
    ["traces", NO, release("tempo", "traces")],
    ["traces", OPEN, release("tempo", undefined)],
    ["other", OPEN, release("tempo", "traces", { extraObjects: [{ kind: "Service" }] })],
    ["other", NO, release("tempo", "traces", { extraObjects: [] })],
    // Subcharts have Services that are not listed.
    ["other", OPEN, release("kube-prometheus-stack", "metrics")],
    ["c-ro", "", object("postgresql.cnpg.io/v1:Cluster", "c")],
    [
      "c-ro",
      NO,
      object("postgresql.cnpg.io/v1:Cluster", "c", {
        spec: { managed: { services: { disabledDefaultServices: ["ro"] } } },
      }),
    ],
    ["c-any", OPEN, object("postgresql.cnpg.io/v1:Cluster", "c")],
    ["c-rx", NO, object("postgresql.cnpg.io/v1:Cluster", "c")],
    ["k-zookeeper-client", "", object("kafka.strimzi.io/v1beta2:Kafka", "k")],
    [
      "e-es-hot",
      "",
      object("elasticsearch.k8s.elastic.co/v1:Elasticsearch", "e", {
        spec: { nodeSets: [{ name: "hot" }] },
      }),
    ],
    ["g-istio", OPEN, object("gateway.networking.k8s.io/v1:Gateway", "g")],
    ["other", NO, object("networking.istio.io/v1:VirtualService", "v")],
  ])("judges Service %s: %s", async (name, says, maker) => {
    const shown = await judged(name, maker);
    if (says === "") expect(shown).toEqual([]);
    else expect(shown).toEqual([expect.stringContaining(says)]);
  });
});

it("knows from its chart whether Envoy Gateway has anything in a Gateway's namespace", async () => {
  const gatewayClass = object("gateway.networking.k8s.io/v1:GatewayClass", "eg", {
    spec: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
  });
  const gateway = object("gateway.networking.k8s.io/v1:Gateway", "orders", {
    spec: { gatewayClassName: "eg" },
  });
  const chart = (type?: unknown): Fixture => ({
    type: "kubernetes:helm.sh/v3:Release",
    name: "eg",
    props: {
      ...{ namespace: "envoy", chart: "oci://docker.io/envoyproxy/gateway-helm", name: "eg" },
      values: { config: { envoyGateway: { provider: { kubernetes: { deploy: { type } } } } } },
    },
  });
  const said = (...more: readonly Fixture[]): Promise<readonly string[]> =>
    messages("pod-service-account-exists", [shop, deployment(), gatewayClass, gateway, ...more]);
  expect(await said(chart())).toHaveLength(1);
  expect(await said(chart("ControllerNamespace"))).toHaveLength(1);
  expect(await said(chart("GatewayNamespace"))).toEqual([]);
  expect(await said(chart(UNKNOWN))).toEqual([]);
  expect(await said()).toEqual([]);
});

import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { parseSettings } from "../../settings";
import { todoChatbot } from "../../systems/todo-chatbot";
import { CLOUDS } from "../clouds";
import { inputsOf, ofKind, refusal, register } from "../kit/testing";
import { toAnywhere, toApiServer } from "../kit/network-rules";
import { definitionsJob } from "./definitions";
import { namespaceOf, Platform, type PlatformArguments } from "./platform";

const settings = (changes: Record<string, unknown> = {}) =>
  parseSettings({
    system: "todo-chatbot",
    environment: "prod",
    domain: "todo.example.org",
    email: "people@example.org",
    runbookUrl: "https://runbooks.example.org",
    kafkaVersion: "4.7",
    images: Object.fromEntries(
      todoChatbot.services.map(({ name }) => [name, `r.example.org/${name}:1`]),
    ),
    ...changes,
  });

const args = (changes: Record<string, unknown> = {}): PlatformArguments => ({
  settings: settings(changes),
  cloud: CLOUDS.digitalocean,
  cluster: {
    hasMetricsServer: false,
    loadBalancerAnnotations: {},
    zones: ["z-1", "z-2"],
    storageClass: "fast",
    placement: {
      cloud: "digitalocean",
      vpcId: pulumi.output("the-vpc"),
      clusterId: pulumi.output("the-cluster"),
    },
  },
  dnsToken: pulumi.secret("the-token"),
});

describe("the platform", () => {
  it("TC-01: creates namespaces and what workloads need before they start", async () => {
    const { result, resources } = await register(
      (options) => new Platform("base", args(), options),
    );
    expect(ofKind(resources, "Release").map(({ name }) => name)).toEqual([
      "base-dapr-control-plane",
      "base-dapr-dashboard",
      "base-dns-external-dns",
      "base-gateway-envoy",
      "base-operators-cert-manager",
      "base-operators-keda",
      "base-operators-metrics-server",
    ]);
    expect([result.application.namespace, result.monitoring.namespace]).toEqual([
      "todo-chatbot",
      "monitoring",
    ]);
  });

  it("lets monitoring reach only its targets and the mail server", async () => {
    const mail = { smarthost: "mail.example.org:2587", from: "a@example.org", username: "a" };
    const { resources } = await register(
      (options) => new Platform("base", { ...args(), settings: { ...settings(), mail } }, options),
    );
    expect(inputsOf(resources, "base-monitoring-allow-platform")).toMatchObject({
      spec: {
        egress: [
          { to: [{ podSelector: {} }] },
          toApiServer(),
          { to: [{ namespaceSelector: {} }] },
          toAnywhere(9100, 10250),
          toAnywhere(2587),
        ],
      },
    });
    expect(inputsOf(resources, "base-nodes-allow-platform")).toMatchObject({
      spec: { egress: [{ to: [{ podSelector: {} }] }] },
    });
  });

  it("restricts and limits the application's namespace", async () => {
    const { resources } = await register((options) => new Platform("base", args(), options));
    expect(inputsOf(resources, "base-application-namespace")).toMatchObject({
      metadata: {
        name: "todo-chatbot",
        labels: { "pod-security.kubernetes.io/enforce": "restricted" },
      },
    });
    expect(inputsOf(resources, "base-application-quota")["spec"]).toMatchObject({
      hard: { "requests.cpu": "11", "requests.memory": "20Gi", pods: "79" },
    });
  });

  it.each([
    ["adopt", 1, 0],
    ["create", 1, 1],
    ["manual", 0, 0],
  ])("with dns %s has %i record writers and creates %i zones", async (dns, writers, zones) => {
    const { resources } = await register((options) => new Platform("base", args({ dns }), options));
    expect(ofKind(resources, "Domain")).toHaveLength(zones);
    expect(resources.filter(({ name }) => name === "base-dns-external-dns")).toHaveLength(writers);
  });

  it("is refused without the token for its records", async () => {
    const { result } = await register((options) =>
      refusal(() => new Platform("base", { ...args(), dnsToken: undefined }, options)),
    );
    expect(result).toBe(
      "Platform base: dnsToken is missing, but must be set as secret configuration. " +
        "Set runstack:secrets.DNS_TOKEN, or runstack:dns to manual.",
    );
  });

  it.each([
    [{}, []],
    [{ kafka: "operator", kafkaVersion: "4.3.1" }, ["base-data-operators-strimzi-operator"]],
    [
      { postgres: "operator" },
      [
        "base-data-operators-cloud-native-pg-cloudnative-pg",
        "base-data-operators-cloud-native-pg-plugin-barman-cloud",
      ],
    ],
  ])(
    "ALL-03: installs the operators of data services in the cluster: %j",
    async (changes, expected) => {
      const { resources } = await register(
        (options) => new Platform("base", args(changes), options),
      );
      expect(
        ofKind(resources, "Release")
          .map(({ name }) => name)
          .filter((name) => name.startsWith("base-data-operators-")),
      ).toEqual(expected);
    },
  );

  it("upgrades the definitions of its charts, or says why it does not", async () => {
    const said = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const upgrade = async (changes: Record<string, unknown>) => {
      const made = await register((options) => new Platform("base", args(changes), options));
      return ofKind(made.resources, "Job").map(({ name }) => name);
    };
    expect(await upgrade({ kafka: "operator", kafkaVersion: "4.3.1" })).toEqual([
      "base-definitions-dapr",
      "base-definitions-gateway-helm",
      "base-definitions-kube-prometheus-stack",
      "base-definitions-strimzi-kafka-operator",
    ]);
    expect(said).not.toHaveBeenCalled();
    expect(await upgrade({ chartMirror: "oci://mirror.example.org/charts" })).toEqual([]);
    expect(said.mock.calls[0]?.[0]).toBe(
      "Custom resource definitions are not upgraded with the charts gateway-helm, " +
        "kube-prometheus-stack, dapr, because runstack:chartMirror has charts only. Before an up that " +
        "raises one of these charts, apply what `helm show crds CHART --version VERSION` prints, with " +
        "kubectl apply --server-side.",
    );
    said.mockRestore();
  });

  it("restarts Dapr's operator after its definitions, which it completes when it starts", async () => {
    const dapr = async (changes: Record<string, unknown>) => {
      const made = await register((options) => new Platform("base", args(changes), options));
      const { values } = inputsOf(made.resources, "base-dapr-control-plane") as {
        values: { dapr_operator: { extraEnvVars?: unknown } };
      };
      return values.dapr_operator.extraEnvVars;
    };
    const applied = { RUNSTACK_DEFINITIONS: definitionsJob("dapr") };
    expect(await dapr({})).toEqual(applied);
    vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    expect(await dapr({ chartMirror: "oci://mirror.example.org/charts" })).toBeUndefined();
    vi.restoreAllMocks();
  });

  it("has no Dapr if no service uses it", async () => {
    const plain = todoChatbot.services.map(({ dapr, ...service }) => {
      expect(dapr).toMatchObject({ appId: `${service.name}-service` });
      return service;
    });
    const { result } = await register(
      (options) =>
        new Platform(
          "base",
          { ...args(), settings: { ...settings(), system: { ...todoChatbot, services: plain } } },
          options,
        ),
    );
    expect(result.dapr).toBeUndefined();
  });
});

describe("the namespace of a system", () => {
  const shared = { ...todoChatbot.namespaces, prod: "garden" };

  it.each([
    ["prod", "garden"],
    ["dr", "garden"],
    ["staging", "garden-staging"],
  ] as const)("in %s is %s", (environment, expected) => {
    const system = { ...todoChatbot, namespaces: { ...shared, staging: "garden-staging" } };
    expect(namespaceOf({ system, environment })).toBe(expected);
  });

  it("is the same in staging if the runbook has no other", () => {
    const system = { ...todoChatbot, namespaces: shared };
    expect(namespaceOf({ system, environment: "staging" })).toBe("garden");
  });
});

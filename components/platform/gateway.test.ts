import { describe, expect, it } from "vitest";
import * as k8s from "@pulumi/kubernetes";
import { todoChatbot } from "../../systems/todo-chatbot";
import { days, seconds } from "../../systems/units";
import { edgeHosts } from "../application";
import { inputsOf, named, ofKind, register } from "../kit/testing";
import { Gateway, SystemEdge, type GatewayArguments } from "./gateway";

const args: GatewayArguments = {
  system: "farm",
  production: true,
  monitoringNamespace: "watch",
  chartMirror: undefined,
  zones: [],
  loadBalancerAnnotations: { "example.com/size": "7" },
  loadBalancerTargets: undefined,
};

const gateway = (changes: Partial<GatewayArguments> = {}) =>
  register((options) => new Gateway("door", { ...args, ...changes }, options));

const edge = {
  ...todoChatbot.edge,
  hsts: { ...todoChatbot.edge.hsts, maxAge: days(3) },
  rateLimit: { ...todoChatbot.edge.rateLimit, perClientPerSecond: 17 },
};
const hosts = edgeHosts({ system: todoChatbot, environment: "prod" }, "todo.example.org");
const admin = {
  host: "admin.example.org",
  routes: [
    {
      path: "/",
      service: "backend",
      timeout: seconds(45),
      backend: { name: "todo-chatbot-backend", port: 8000 },
    },
  ],
};

const systemEdge = () =>
  register(
    (options) =>
      new SystemEdge(
        "edge",
        {
          system: "farm",
          environment: "prod",
          namespace: "app",
          gateway: new Gateway("door", args, options),
          edge,
          hosts: [...hosts, admin],
          promoted: undefined,
          recordWriters: [],
          routedAfter: [new k8s.core.v1.ConfigMap("validated", {}, options)],
        },
        options,
      ),
  );

describe("the gateway", () => {
  it("is one release, and a class with proxy settings that depends on it", async () => {
    const { result, resources } = await gateway();
    const own = resources.filter(({ name }) => !name.includes("namespace"));
    expect(own.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ["door-class", ["door-envoy", "door-proxy"]],
      [
        "door-envoy",
        [
          "door-namespace-allow-dns",
          "door-namespace-allow-platform",
          "door-namespace-default-deny",
          "door-namespace-limits",
          "door-namespace-namespace",
        ],
      ],
      ["door-proxy", ["door-envoy"]],
    ]);
    expect(result.className).toBe("runstack");
    expect(inputsOf(resources, "door-class")["spec"]).toEqual({
      controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
      parametersRef: {
        group: "gateway.envoyproxy.io",
        kind: "EnvoyProxy",
        name: "runstack",
        namespace: "envoy-gateway-system",
      },
    });
  });

  it("does not change a Gateway API that the cloud manages", async () => {
    const { resources } = await gateway();
    expect(inputsOf(resources, "door-envoy")).toMatchObject({
      name: "envoy-gateway",
      chart: "oci://docker.io/envoyproxy/gateway-helm",
      namespace: "envoy-gateway-system",
      values: {
        crds: { enabled: true, gatewayAPI: { safeUpgradePolicy: { enabled: false } } },
        deployment: { replicas: 2 },
        podDisruptionBudget: { minAvailable: 1 },
      },
    });
  });

  it("is reachable only on the proxy's ports and its webhook, from anywhere", async () => {
    const { resources } = await gateway();
    const ports = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
    expect(inputsOf(resources, "door-namespace-allow-platform")["spec"]).toMatchObject({
      ingress: [
        { from: [{ podSelector: {} }] },
        { ports: ports(10080, 10443, 9443) },
        {
          from: [
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } },
          ],
          ports: ports(19001, 8081),
        },
      ],
    });
  });

  it.each([
    [true, { minReplicas: 2, maxReplicas: 6 }],
    [false, { minReplicas: 1, maxReplicas: 2 }],
  ])(
    "runs its proxies behind the cloud's load balancer; production: %s",
    async (production, range) => {
      const { resources } = await gateway({ production });
      expect(inputsOf(resources, "door-proxy")["spec"]).toMatchObject({
        provider: {
          type: "Kubernetes",
          kubernetes: {
            envoyHpa: range,
            envoyPDB: { maxUnavailable: 1 },
            envoyService: {
              type: "LoadBalancer",
              annotations: { "example.com/size": "7" },
              externalTrafficPolicy: "Local",
            },
          },
        },
      });
    },
  );

  it("limits and spreads its proxies, and drains requests before they stop", async () => {
    const { resources } = await gateway();
    expect(inputsOf(resources, "door-proxy")["spec"]).toMatchObject({
      logging: { level: { default: "warn" } },
      provider: {
        kubernetes: {
          envoyDeployment: {
            container: {
              resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "1Gi" } },
            },
            pod: {
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 65532,
                runAsGroup: 65532,
                fsGroup: 65532,
                fsGroupChangePolicy: "OnRootMismatch",
                seccompProfile: { type: "RuntimeDefault" },
              },
              topologySpreadConstraints: [
                {
                  maxSkew: 1,
                  topologyKey: "kubernetes.io/hostname",
                  whenUnsatisfiable: "ScheduleAnyway",
                  labelSelector: { matchLabels: { "app.kubernetes.io/component": "proxy" } },
                },
              ],
            },
          },
          envoyHpa: {
            metrics: [
              {
                type: "Resource",
                resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
              },
            ],
          },
        },
      },
      shutdown: { drainTimeout: "1m", minDrainDuration: "15s" },
      telemetry: { metrics: { prometheus: {} } },
    });
  });

  it("waits for a load balancer whose targets are pods, at their start and before they stop", async () => {
    const targets = { namespaceLabels: { "example.com/gate": "on" }, release: seconds(180) };
    const { resources } = await register(
      (options) => new Gateway("door", { ...args, loadBalancerTargets: targets }, options),
    );
    expect(inputsOf(resources, "door-namespace-namespace")).toMatchObject({
      metadata: { labels: { "example.com/gate": "on" } },
    });
    expect(inputsOf(resources, "door-proxy")["spec"]).toMatchObject({
      shutdown: { minDrainDuration: "3m", drainTimeout: "225s" },
    });
  });

  it("does not change the containers' own restricted settings: the drain must write a file", async () => {
    const { resources } = await gateway();
    const spec = JSON.stringify(inputsOf(resources, "door-proxy")["spec"]);
    expect(spec).not.toContain("readOnlyRootFilesystem");
    expect(spec).toContain('"runAsNonRoot":true');
  });
});

describe("a system's gateway", () => {
  it("has one plain HTTP listener, and one with TLS for each host", async () => {
    const { resources } = await systemEdge();
    const allowedRoutes = { namespaces: { from: "Same" } };
    const secure = (name: string, hostname: string, certificate: string) => ({
      name,
      protocol: "HTTPS",
      port: 443,
      hostname,
      tls: {
        mode: "Terminate",
        certificateRefs: [{ kind: "Secret", name: certificate }],
      },
      allowedRoutes,
    });
    expect(inputsOf(resources, "edge-gateway")["spec"]).toEqual({
      gatewayClassName: "runstack",
      listeners: [
        { name: "http", protocol: "HTTP", port: 80, allowedRoutes },
        secure("https", "todo.example.org", "todo-chatbot-tls"),
        secure("https-1", "admin.example.org", "todo-chatbot-tls-1"),
      ],
    });
    expect(named(resources, "edge-gateway").dependsOn).toEqual(["door-class", "door-envoy"]);
  });

  it("answers plain HTTP only with a redirect", async () => {
    const { resources } = await systemEdge();
    expect(inputsOf(resources, "edge-redirect")["spec"]).toEqual({
      parentRefs: [{ name: "todo-chatbot", sectionName: "http" }],
      hostnames: ["todo.example.org", "admin.example.org"],
      rules: [
        {
          filters: [
            { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
          ],
        },
      ],
    });
    const onHttp = ofKind(resources, "HTTPRoute").filter(({ inputs }) =>
      JSON.stringify(inputs["spec"]).includes('"sectionName":"http"'),
    );
    expect(onHttp.map(({ name }) => name)).toEqual(["edge-redirect"]);
  });

  it("routes each path to its Service, with HSTS, and a timeout of an hour for WebSockets", async () => {
    const { resources } = await systemEdge();
    const rule = (path: string, name: string, port: number, request: string) => ({
      matches: [{ path: { type: "PathPrefix", value: path } }],
      filters: [
        {
          type: "ResponseHeaderModifier",
          responseHeaderModifier: {
            set: [
              { name: "Strict-Transport-Security", value: "max-age=259200; includeSubDomains" },
            ],
          },
        },
      ],
      backendRefs: [{ name, port }],
      timeouts: { request },
    });
    expect(inputsOf(resources, "edge-route")["spec"]).toEqual({
      parentRefs: [{ name: "todo-chatbot", sectionName: "https" }],
      hostnames: ["todo.example.org"],
      rules: [
        rule("/", "todo-chatbot-frontend", 3000, "1m"),
        rule("/api", "todo-chatbot-backend", 8000, "1m"),
        rule("/ws", "todo-chatbot-websocket", 8001, "1h"),
      ],
    });
    expect(inputsOf(resources, "edge-route-1")["spec"]).toEqual({
      parentRefs: [{ name: "todo-chatbot", sectionName: "https-1" }],
      hostnames: ["admin.example.org"],
      rules: [rule("/", "todo-chatbot-backend", 8000, "45s")],
    });
  });

  it("limits each client address, and allows WebSocket upgrades", async () => {
    const { resources } = await systemEdge();
    const targetRefs = [
      { group: "gateway.networking.k8s.io", kind: "Gateway", name: "todo-chatbot" },
    ];
    expect(inputsOf(resources, "edge-traffic-policy")["spec"]).toEqual({
      targetRefs,
      rateLimit: {
        type: "Local",
        local: {
          rules: [
            {
              clientSelectors: [{ sourceCIDR: { type: "Distinct", value: "0.0.0.0/0" } }],
              limit: { requests: 1020, unit: "Minute" },
            },
          ],
        },
      },
      httpUpgrade: [{ type: "websocket" }],
      circuitBreaker: { maxConnections: 8192, maxParallelRequests: 8192, maxPendingRequests: 1024 },
      timeout: { tcp: { connectTimeout: "5s" } },
    });
    expect(inputsOf(resources, "edge-client-policy")["spec"]).toEqual({
      targetRefs,
      tls: { minVersion: "1.2", alpnProtocols: ["h2", "http/1.1"] },
      timeout: { http: { requestReceivedTimeout: "60s", idleTimeout: "3600s" } },
      connection: { bufferLimit: "1Mi" },
      headers: { withUnderscoresAction: "RejectRequest" },
      path: { escapedSlashesAction: "UnescapeAndRedirect" },
    });
  });

  it("is in the system's own namespace, attached to its Gateway", async () => {
    const { result, resources } = await systemEdge();
    const own = resources.filter(({ name }) => name.startsWith("edge-"));
    expect(own).toHaveLength(6);
    for (const { inputs } of own) expect(inputs["metadata"]).toMatchObject({ namespace: "app" });
    const policies = own.filter(({ name }) => name.endsWith("-policy"));
    expect(policies.map(({ dependsOn }) => dependsOn)).toEqual([
      ["edge-gateway"],
      ["edge-gateway"],
    ]);
    expect(result.hosts).toEqual(["todo.example.org", "admin.example.org"]);
    expect(result.gatewayName).toBe("todo-chatbot");
  });

  it("creates routes only after their dependencies; the load balancer does not wait", async () => {
    const { resources } = await systemEdge();
    const routes = resources.filter(({ inputs }) => inputs["kind"] === "HTTPRoute");
    expect(routes.map(({ dependsOn }) => dependsOn)).toEqual(
      Array.from({ length: 3 }, () => ["edge-gateway", "validated"]),
    );
    expect(named(resources, "edge-gateway").dependsOn).not.toContain("validated");
  });
});

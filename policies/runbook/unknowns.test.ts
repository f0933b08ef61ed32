/** Something not found is missing if everything is known, and open if an unknown may be it. */
import { describe, expect, it } from "vitest";
import { days, minutes, percent } from "../../systems/units";
import { policyNamed } from "../catalog";
import { shop } from "../testing/system";
import { UNKNOWN, evaluate, type Fixture, type Setting } from "../testing";
import { unknownValues } from "../unknown-values";
import { clause, database, objective, shopWith } from "../testing/runbook";

const [template] = shop.services;
if (template === undefined) throw new Error("The fixture has no service.");
const { labels, container, workload } = template;

const object = (kind: string, spec: object, metadata: object = {}): Fixture => ({
  type: `kubernetes:${kind}`,
  name: "given",
  props: { metadata: { name: "given", namespace: "shop", ...metadata }, spec },
});
const one = (service: Partial<typeof template>): Setting =>
  shopWith({ services: [{ ...template, ...service }] });
const scaled = (triggers: (typeof template)["scaling"]["triggers"]): Setting =>
  one({ scaling: { ...template.scaling, replicas: { min: 2, max: 7 }, triggers } });
const cpu = scaled([{ kind: "cpu", utilization: percent(65) }]);
const lag = scaled([{ kind: "lag", topic: "t", group: "g", perPod: 40 }]);
const deployment = (name: unknown, containerName: unknown = container): Fixture =>
  object(
    "apps/v1:Deployment",
    { template: { metadata: { labels }, spec: { containers: [{ name: containerName }] } } },
    { name },
  );
const hpa = (spec: object, metadata: object = {}): Fixture =>
  object(
    "autoscaling/v2:HorizontalPodAutoscaler",
    { scaleTargetRef: { kind: "Deployment", name: workload }, ...spec },
    metadata,
  );
const keda = (spec: object, metadata: object = {}): Fixture =>
  object(
    "keda.sh/v1alpha1:ScaledObject",
    { scaleTargetRef: { name: workload }, ...spec },
    metadata,
  );

const host = {
  ...clause("Edge"),
  host: "api.{domain}",
  routes: [{ path: "/", service: template.name, timeout: minutes(4) }],
};
const edge = shopWith({
  edge: { ...shop.edge, hosts: [host], hsts: { ...clause("Edge"), maxAge: days(200) } },
});
const gateway = (listener: object): Fixture =>
  object("gateway.networking.k8s.io/v1:Gateway", { listeners: [{ port: 80 }, listener] });
const route = (spec: object): Fixture =>
  object("gateway.networking.k8s.io/v1:HTTPRoute", {
    hostnames: ["api.shop.example"],
    rules: [{ backendRefs: [{}], timeouts: { request: "5m" } }],
    ...spec,
  });
const secured = (filters: unknown): Fixture =>
  route({ rules: [{ backendRefs: [{}], timeouts: { request: "5m" }, filters }] });
const limited = (rateLimit: unknown): readonly Fixture[] => [
  gateway({}),
  object("gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", { rateLimit }),
];

const secrets = shopWith({
  secrets: [
    {
      ...clause("Secrets"),
      name: "keys",
      keys: [{ ...clause("Secrets"), key: "a", source: { kind: "given", what: "x" } }],
    },
  ],
});
const external = (spec: object, metadata: object = { name: "keys" }): Fixture =>
  object(
    "external-secrets.io/v1:ExternalSecret",
    { data: [{ secretKey: "a" }], ...spec },
    metadata,
  );

const point = shopWith({ databases: [database()], recovery: [objective()], backups: [] });
const cnpg = (spec: object = {}, metadata: object = { name: "db" }): Fixture =>
  object(
    "postgresql.cnpg.io/v1:Cluster",
    { plugins: [{ isWALArchiver: true }], ...spec },
    metadata,
  );
const base = (spec: object = { cluster: { name: "db" } }, metadata: object = {}): Fixture =>
  object("postgresql.cnpg.io/v1:ScheduledBackup", spec, metadata);

const errors = shopWith({
  alerts: shop.alerts
    .slice(0, 1)
    .map((alert) => ({ ...alert, condition: { kind: "consumerLag", above: 5 } })),
});
const [alert] = shop.alerts;
const firing = (severity: unknown, expr: string, holds: string): Fixture =>
  object("monitoring.coreos.com/v1:PrometheusRule", {
    groups: [{ rules: [{ alert: alert?.name, for: holds, expr, labels: { severity } }] }],
  });
const paged = shopWith({
  alerts: shop.alerts.slice(0, 1),
  incidents: {
    ...shop.incidents,
    channels: [{ ...clause("Contact"), kind: "slack", severities: ["warning"] }],
  },
});
const routing = (route: unknown, receivers: unknown = [{ name: "chat", slackConfigs: [{}] }]) =>
  object("monitoring.coreos.com/v1alpha1:AlertmanagerConfig", { route, receivers });

/** The resource, the policy that reads it, and the unknown path. */
type Row = readonly [
  what: string,
  policy: string,
  setting: Setting,
  fixture: (value: unknown) => Fixture | readonly Fixture[],
  wrong: unknown,
];

const api = deployment(workload);
const rows: readonly Row[] = [
  ["a Deployment's name", "runbook-services", one({}), deployment, "x"],
  ["a container", "runbook-services", one({}), (v) => [deployment(workload, v), service()], "x"],
  ["a Service", "runbook-services", one({}), (v) => [api, service(v)], "x"],
  ["a target", "runbook-autoscaler", cpu, (v) => [api, hpa({ scaleTargetRef: v })], {}],
  [
    "a target's name",
    "runbook-autoscaler",
    cpu,
    (name) => [api, keda({ scaleTargetRef: { name } })],
    "x",
  ],
  [
    "a metric",
    "runbook-scaling-triggers",
    cpu,
    (name) => hpa({ metrics: [{ resource: { name, target: { averageUtilization: 65 } } }] }),
    "x",
  ],
  [
    "a trigger",
    "runbook-scaling-triggers",
    lag,
    (type) => keda({ triggers: [{ type, metadata: { topic: "t", lagThreshold: "40" } }] }),
    "x",
  ],
  [
    "listeners",
    "runbook-hosts-encrypted",
    edge,
    (v) => gateway({ tls: { certificateRefs: v }, hostname: "api.x.y" }),
    undefined,
  ],
  [
    "a listener's host",
    "runbook-hosts-encrypted",
    edge,
    (v) => gateway({ tls: { certificateRefs: [] }, hostname: v }),
    "web.x.y",
  ],
  [
    "an Ingress's hosts",
    "runbook-hosts-encrypted",
    edge,
    (hosts) => object("networking.k8s.io/v1:Ingress", { tls: [{ hosts }] }),
    [],
  ],
  ["rules", "runbook-route-timeouts", edge, (rules) => route({ rules }), []],
  ["a backend", "runbook-route-timeouts", edge, (v) => route({ rules: [{ backendRefs: v }] }), []],
  ["host names", "runbook-route-timeouts", edge, (hostnames) => route({ hostnames }), ["web.x.y"]],
  ["filters", "runbook-hsts", edge, secured, []],
  [
    "a header's name",
    "runbook-hsts",
    edge,
    (name) => secured([{ responseHeaderModifier: { set: [{ name, value: "max-age=17280000" }] } }]),
    "x",
  ],
  [
    "a header",
    "runbook-hsts",
    edge,
    (value) =>
      secured([
        { responseHeaderModifier: { set: [{ name: "Strict-Transport-Security", value }] } },
      ]),
    "x",
  ],
  [
    "a limit's unit",
    "runbook-rate-limit",
    edge,
    (unit) => limited({ local: { rules: [{ limit: { requests: 60, unit } }] } }),
    "Second",
  ],
  ["limits", "runbook-rate-limit", edge, (rules) => limited({ global: { rules } }), []],
  ["a secret's name", "runbook-secrets", secrets, (name) => external({}, { name }), "x"],
  [
    "a secret's target",
    "runbook-secrets",
    secrets,
    (name) => external({ target: { name } }, { name: "y" }),
    "x",
  ],
  [
    "a secret's key",
    "runbook-secrets",
    secrets,
    (secretKey) => external({ data: [{ secretKey }] }),
    "x",
  ],
  ["a secret's data", "runbook-secrets", secrets, (data) => external({ data }), []],
  [
    "an archiver",
    "runbook-recovery-point",
    point,
    (v) => [cnpg({ plugins: [{ isWALArchiver: v }] }), base()],
    false,
  ],
  [
    "a database's name",
    "runbook-recovery-point",
    point,
    (name) => [cnpg({}, { name }), base()],
    "x",
  ],
  [
    "a database's namespace",
    "runbook-recovery-point",
    point,
    (v) => [cnpg({}, { name: "db", namespace: v }), base()],
    "x",
  ],
  [
    "a backup's database",
    "runbook-recovery-point",
    point,
    (name) => [cnpg(), base({ cluster: { name } })],
    "x",
  ],
  [
    "a backup's namespace",
    "runbook-recovery-point",
    point,
    (v) => [cnpg(), base({ cluster: { name: "db" } }, { namespace: v })],
    "x",
  ],
  ["a severity", "runbook-alerts", errors, (v) => firing(v, "a > 5", "5m"), "x"],
  ["a route's receiver", "runbook-alert-routing", paged, (receiver) => routing({ receiver }), "x"],
  ["routes", "runbook-alert-routing", paged, (routes) => routing({ routes }), []],
  ["receivers", "runbook-alert-routing", paged, (v) => routing({ receiver: "chat" }, v), []],
];

function service(name: unknown = workload): Fixture {
  return object("core/v1:Service", { ports: [{ port: template?.port }] }, { name });
}

describe.each(rows)("%s, read by %s", (_, policy, setting, fixture, wrong) => {
  const reported = async (value: unknown): Promise<readonly string[]> => {
    const found = await evaluate(
      [policyNamed(policy), unknownValues],
      [fixture(value)].flat(),
      setting,
    );
    return found.map((result) => result.policy);
  };

  it("is reported if known", async () => {
    expect(await reported(wrong)).toEqual([policy]);
  });

  it("is counted if unknown", async () => {
    expect(await reported(UNKNOWN)).toEqual(["undecided"]);
  });
});

it("does not compare a rule of unknown severity", async () => {
  const reported = await evaluate(
    [policyNamed("runbook-alerts"), policyNamed("runbook-alert-thresholds"), unknownValues],
    [firing(UNKNOWN, "a > 9", "1m")],
    errors,
  );
  expect(reported.map(({ policy }) => policy)).toEqual(["undecided"]);
});

it.each([hpa, keda])("counts an autoscaler of an unknown namespace", async (of) => {
  const found = await evaluate(
    [policyNamed("runbook-autoscaler"), unknownValues],
    [api, of({}, { namespace: UNKNOWN })],
    cpu,
  );
  expect(found.map(({ policy }) => policy)).toEqual(["undecided"]);
});

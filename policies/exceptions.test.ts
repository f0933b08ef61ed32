import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../systems";
import { POLICIES, policyNamed } from "./catalog";
import { COMPONENT_EXCEPTIONS, exceptionsOf } from "./exceptions";
import { exempted, exemptionNeeded, exemptionValid } from "./governance";
import { deployment } from "./testing/fixtures";
import { backup, database, objective, shopWith } from "./testing/runbook";
import { shop } from "./testing/system";
import { PROD, UNKNOWN, evaluate, type Fixture, type Setting } from "./testing";

const LABEL = "pod-security.kubernetes.io/enforce";
const PLATFORM = "runstack:platform:Platform$runstack:platform:Namespace";
const NAMESPACE = "kubernetes:core/v1:Namespace";

const namespace = (rest: Partial<Fixture> = {}): Fixture => ({
  type: NAMESPACE,
  within: `runstack:environment:Environment$${PLATFORM}`,
  name: "anything-platform-nodes-namespace",
  props: { metadata: { name: "node-exporter", labels: { [LABEL]: "privileged" } } },
  ...rest,
});
/** One that no component creates. */
const bare = (name: string): Fixture => ({ type: NAMESPACE, name, props: namespace().props });
const release = (values: unknown, props: Fixture["props"] = {}): Fixture => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: "metrics",
  props: { chart: "kube-prometheus-stack", namespace: "monitoring", values, ...props },
});
const exporter = { "prometheus-node-exporter": { namespaceOverride: "node-exporter" } };

const policies = [
  policyNamed("namespace-pod-security-label"),
  exemptionValid,
  exemptionNeeded,
  exempted,
];
async function reported(
  resources: readonly Fixture[],
  setting: Setting = {},
): Promise<readonly string[]> {
  const found = await evaluate(policies, resources, setting);
  return found.map(({ policy, message }) => `${policy}: ${message}`);
}

it("excepts the single pod of in-cluster Redis, and no other of that name", async () => {
  const store = (within: string): Fixture => ({
    type: "kubernetes:apps/v1:StatefulSet",
    within,
    name: "shop-data-redis-members",
    props: { metadata: { name: "redis", namespace: "shop" }, spec: { replicas: 1 } },
  });
  const check = [policyNamed("workload-replicated"), exempted];
  const about = async (within: string) =>
    (await evaluate(check, [store(within)])).map(({ policy, message }) => `${policy}: ${message}`);
  expect(await about("runstack:data:DataServices$runstack:redis:InClusterRedis")).toEqual([
    "exempted: 1 violation is exempt from workload-replicated: Redis in the cluster is one pod, whose volume survives a restart (built in with runstack:redis:InClusterRedis).",
  ]);
  expect(await about("my:redis:InClusterRedis")).toEqual([
    'workload-replicated: StatefulSet "shop/redis": spec.replicas is 1; production needs at least 2 replicas.',
  ]);
});

it("excepts the route of a promoted recovery environment while it reaches no service", async () => {
  const promotion = (rule: object, name = "shop-edge-promotion"): readonly Fixture[] => [
    {
      type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      name: "door",
      props: {
        metadata: { name: "door", namespace: "shop" },
        spec: { listeners: [{ name: "http", protocol: "HTTP", port: 80 }] },
      },
    },
    {
      type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      within: "runstack:platform:SystemEdge",
      name,
      props: {
        metadata: { name: "promotion", namespace: "shop" },
        spec: {
          parentRefs: [{ name: "door", sectionName: "http" }],
          rules: [{ filters: [{ type: "ExtensionRef", extensionRef: { name: "a" } }], ...rule }],
        },
      },
    },
  ];
  const check = [policyNamed("gateway-http-redirects"), exemptionValid, exempted];
  const about = async (...given: Parameters<typeof promotion>) =>
    (await evaluate(check, promotion(...given))).map(({ policy, message }) => [policy, message]);
  const listed = ["exempted", expect.stringContaining("Route 53 asks over HTTP")];
  expect(await about({})).toEqual([listed]);
  expect(await about({ backendRefs: UNKNOWN })).toEqual([listed]);
  expect(await about({ backendRefs: [{ name: "cart" }] })).toEqual([
    [
      "exemption-valid",
      'HTTPRoute "shop/promotion" sends requests over plain HTTP to a service; remove spec.rules[0].backendRefs.',
    ],
    listed,
  ]);
  expect((await about({}, "shop-edge-route"))[0]?.[0]).toBe("gateway-http-redirects");
});

describe("the exception of node-exporter's namespace", () => {
  const listed =
    "exempted: 1 violation is exempt from namespace-pod-security-label: node-exporter measures the nodes' own disks and CPUs, and runs alone in its namespace (built in with runstack:platform:Platform).";
  const violation = `namespace-pod-security-label: Namespace "node-exporter": metadata.labels["${LABEL}"] is "privileged"; it must be "restricted" or "baseline".`;

  it("applies to any stack, on any day, and is listed", async () => {
    expect(await reported([namespace(), release(exporter)])).toEqual([listed]);
    expect(await reported([namespace(), release(exporter)], { day: "2049-12-31" })).toEqual([
      listed,
    ]);
    const mirrored = { chart: "oci://mirror.example.com/charts/kube-prometheus-stack" };
    expect(await reported([namespace(), release(exporter, mirrored)])).toEqual([listed]);
  });

  it.each<[string, Fixture]>([
    [
      "another namespace of the platform",
      namespace({ name: "shop-platform-application-namespace" }),
    ],
    ["a namespace that no platform makes", namespace({ within: "runstack:platform:Namespace" })],
    ["a namespace of a platform that is not ours", namespace({ within: `my${PLATFORM}` })],
    ["a copy of its labels and names", bare("shop-platform-nodes-namespace")],
    ["a name that looks like a URN", bare(`a::${PLATFORM}$${NAMESPACE}::b-nodes-namespace`)],
  ])("does not apply to %s", async (_, fixture) => {
    expect(await reported([fixture, release(exporter)])).toEqual([violation]);
  });

  const intruder = (who: string): string =>
    `exemption-valid: ${who} is in namespace "node-exporter", which admits privileged pods for node-exporter only; move it to another namespace.`;
  const inside = (fixture: Fixture): Fixture => ({
    ...fixture,
    props: { ...fixture.props, metadata: { name: "cart", namespace: "node-exporter" } },
  });

  const chart = (values: unknown, props: Fixture["props"] = {}): Fixture => ({
    ...release(values, props),
    name: "other",
  });
  it.each<[string, Fixture, string]>([
    ["a workload", inside(deployment()), 'Deployment "node-exporter/cart"'],
    ["a chart", chart({}, { namespace: "node-exporter" }), 'Release "other"'],
    ["a chart by its values", chart({ namespaceOverride: "node-exporter" }), 'Release "other"'],
    [
      "another part of the chart",
      chart({ ...exporter, grafana: { namespaceOverride: "node-exporter" } }),
      'Release "other"',
    ],
    ["another chart's part of that name", chart(exporter, { chart: "miner" }), 'Release "other"'],
  ])("is refused if %s is in the namespace", async (_, fixture, who) => {
    expect(await reported([namespace(), release(exporter), fixture])).toEqual([
      intruder(who),
      listed,
    ]);
  });

  it("is refused if node-exporter is not in the namespace", async () => {
    const absent =
      'exemption-valid: Namespace "node-exporter" admits privileged pods for node-exporter, which no chart of the stack installs there; label it restricted or baseline.';
    expect(await reported([namespace()])).toEqual([absent, listed]);
    const elsewhere = { "prometheus-node-exporter": { namespaceOverride: "monitoring" } };
    expect(await reported([namespace(), release(elsewhere)])).toEqual([absent, listed]);
    expect(
      await reported([
        namespace({ provider: "urn:a::b" }),
        { ...release(exporter), provider: "urn:a::c" },
      ]),
    ).toEqual([absent, listed]);
  });

  it.each<[string, readonly Fixture[]]>([
    [
      "the namespace's name",
      [namespace({ props: { metadata: { name: UNKNOWN, labels: { [LABEL]: "privileged" } } } })],
    ],
    ["a chart's values", [namespace(), release(UNKNOWN)]],
    ["a chart's name", [namespace(), release(exporter, { chart: UNKNOWN })]],
    ["a chart's namespace", [namespace(), release(exporter, { namespace: UNKNOWN })]],
  ])("waits if %s is unknown", async (_, resources) => {
    expect(await reported(resources)).toEqual([listed]);
  });

  it("makes a stack's exemption for the same resource unnecessary", async () => {
    const exemption = {
      policy: "namespace-pod-security-label",
      resource: "*-nodes-namespace",
      reason: "copied",
      owner: "platform team",
      expires: "2026-03-01",
    };
    const setting = { policyContext: { exemptions: [exemption] } };
    expect(await reported([namespace(), release(exporter)], setting)).toEqual([
      'exemption-needed: runstack:policyExemptions[0] (namespace-pod-security-label, owner platform team) exempts nothing: "*-nodes-namespace" does not violate the policy, or is exempt without this entry; remove the exemption.',
      listed,
    ]);
  });
});

const STACK: Fixture = { type: "pulumi:pulumi:Stack", name: "runstack-copy", props: {} };

describe("exceptions from a runbook", () => {
  const members = (name: string, rest: Partial<Fixture> = {}): Fixture => ({
    type: "kubernetes:apps/v1:StatefulSet",
    within: "runstack:data:DataServices$my:redis:Redis",
    name,
    props: { metadata: { name: "redis", namespace: "shop" }, spec: { replicas: 1 } },
    ...rest,
  });
  const decided = {
    clause: { ids: ["PO-01"], heading: "Data / Cache" },
    policy: "workload-replicated",
    of: "redis",
    reason: "one node is enough",
    finding: "SH-F1",
  };
  const replicated = async (
    fixture: Fixture,
    rest: Partial<typeof decided> & { readonly type?: string } = {},
  ): Promise<readonly string[]> => {
    const system = { ...shop, exceptions: [{ ...decided, ...rest }] };
    const found = await evaluate([policyNamed("workload-replicated"), exempted], [fixture], {
      policyContext: { system },
    });
    return found.map(({ policy, message }) => `${policy}: ${message}`);
  };
  const listed = `exempted: 1 violation is exempt from workload-replicated: one node is enough (${shop.title}, finding SH-F1).`;
  const violation =
    'workload-replicated: StatefulSet "shop/redis": spec.replicas is 1; production needs at least 2 replicas.';

  it("cover a data store of the system, whatever the names of the stack and the system", async () => {
    expect(await replicated(members("any-data-redis-members"))).toEqual([listed]);
  });

  it.each<[string, Fixture]>([
    ["another store", members("any-data-redis-cache-members")],
    ["a store whose name ends like it", members("any-data-my-redis-members")],
    ["what is no data service", members("any-data-redis-members", { within: "my:data:Services" })],
  ])("do not cover %s", async (_, fixture) => {
    expect(await replicated(fixture)).toEqual([violation]);
  });

  it("cover only one type, if they name it", async () => {
    const fixture = members("any-data-redis-members");
    expect(await replicated(fixture, { type: "kubernetes:apps/v1:StatefulSet" })).toEqual([listed]);
    expect(await replicated(fixture, { type: "kubernetes:apps/v1:Deployment" })).toEqual([
      violation,
    ]);
  });

  it("cover violations about that element, and nothing else in the stack", async () => {
    const excepted = (policy: string, of: string) => [{ ...decided, policy, of }];
    const time = shopWith({
      recovery: [objective({ of: "orders" }), objective({ of: "system" })],
      exceptions: excepted("runbook-recovery-time", "orders"),
    });
    const backups = shopWith({
      databases: [],
      backups: [backup(), backup({ name: "other", of: "orders" })],
      exceptions: excepted("runbook-backups", "ledger"),
    });
    const point = shopWith({
      databases: [database()],
      backups: [],
      recovery: [objective()],
      exceptions: excepted("runbook-recovery-point", "ledger"),
    });
    const about = async (policy: string, setting: Setting): Promise<readonly string[]> =>
      (await evaluate([policyNamed(policy), exempted], [STACK], setting)).map(
        ({ policy: by, message }) => `${by}: ${message.slice(0, 43)}`,
      );
    const configuration = { "runbook-recovery-time": { estimates: ["orders 999", "system 999"] } };
    expect(await about("runbook-recovery-time", { ...time, configuration })).toEqual([
      "runbook-recovery-time: A rebuild from scratch is estimated to have",
      "exempted: 1 violation is exempt from runbook-recovery",
    ]);
    expect(await about("runbook-backups", backups)).toEqual([
      'runbook-backups: The backup "other" (dump of orders) is not ',
      "exempted: 1 violation is exempt from runbook-backups:",
    ]);
    expect(await about("runbook-recovery-point", point)).toEqual([
      "exempted: 1 violation is exempt from runbook-recovery",
    ]);
  });

  it("name existing policies", () => {
    const names = POLICIES.map(({ name }) => name);
    const all = Object.values(SYSTEMS).flatMap((system) => exceptionsOf({ ...PROD, system }));
    expect(all.length).toBeGreaterThan(COMPONENT_EXCEPTIONS.length);
    expect(all.filter(({ policy }) => !names.includes(policy))).toEqual([]);
    expect(all.filter(({ reason }) => !/^\S.*[^.\s]$/.test(reason))).toEqual([]);
  });

  it("exempt nothing from the policies about the pack", async () => {
    const system = { ...shop, exceptions: [{ ...decided, policy: "exemption-valid" }] };
    const found = await evaluate([exemptionValid], [], {
      policyContext: { system, exemptions: "?" },
    });
    expect(found).toHaveLength(1);
  });
});

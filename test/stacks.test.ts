/** Rules for the whole plan of each stack, and an index of its resources for review. */
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { NAMESPACES } from "../lib/namespaces";
import { readPromql } from "../lib/promql";
import type { Plan, PlannedResource } from "../offline/plan";
import { listStacks, loadStack, type StackFile } from "../offline/stack-files";
import { policyNamed } from "../policies/catalog";
import { renderIndex, renderIndexChanges } from "../reports/golden";
import { manifests } from "../reports/manifests";
import { SYSTEMS, type SystemId } from "../systems";
import { allRuns, readersOf, systems, untrueUses } from "./claims";
import { FACTS } from "./facts";
import { Judged } from "./judged";
import { namespaceOf, Order } from "./order";
import { planned, planOf, PROJECT } from "./plan";

/** Kinds whose loss means loss of data, or of everything. */
const HOLDS_DATA =
  /^digitalocean:index\/\w+:(DatabaseCluster|DatabaseKafkaTopic|KubernetesCluster|SpacesBucket|Vpc)$|^aws:(eks\/cluster:Cluster|rds\/instance:Instance|elasticache\/replicationGroup:ReplicationGroup|msk\/(cluster:Cluster|topic:Topic)|s3\/bucket:Bucket|kms\/key:Key|ec2\/vpc:Vpc|secretsmanager\/secret:Secret)$|^gcp:(container\/cluster:Cluster|sql\/databaseInstance:DatabaseInstance|redis\/instance:Instance|managedkafka\/(cluster:Cluster|topic:Topic)|storage\/bucket:Bucket|kms\/cryptoKey:CryptoKey|compute\/network:Network|secretmanager\/secret:Secret)$|^kubernetes:(kafka\.strimzi\.io\/v1:(Kafka|KafkaNodePool|KafkaTopic)|postgresql\.cnpg\.io\/v1:Cluster|core\/v1:PersistentVolumeClaim)$/;

/** The parts of a manifest that the tests read. */
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name?: string };
  readonly type?: string;
  readonly data?: unknown;
  readonly stringData?: Readonly<Record<string, unknown>>;
}

/** Keys that the API server requires of a Secret, for the types that the stacks use. */
const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  Opaque: [],
  "kubernetes.io/basic-auth": ["username", "password"],
};

/**
 * Objects behind which something else exists (a record, a load balancer, a volume, a bucket's credentials), and
 * the controller that removes it when the object goes. Deleted the other way round, a finalizer waits for ever or
 * the cloud keeps what nobody knows of.
 */
const CLEANERS: readonly (readonly [string, RegExp, RegExp])[] = [
  ["routes", /:(HTTPRoute)::/, /:helm\.sh\/v3:Release::.*-external-dns$/],
  ["gateways", /:gateway\.networking\.k8s\.io\/v1:Gateway::/, /:helm\.sh\/v3:Release::.*-envoy$/],
  ["load balancers", /networking\.k8s\.io\/v1:Gateway::/, /:Release::.*-load-balancers$/],
  ["databases", /:postgresql\.cnpg\.io\/v1:/, /:Release::.*-cloudnative-pg$/],
  ["topics and users", /:kafka\.strimzi\.io\/v1:/, /:Release::.*-strimzi-operator$/],
  ["certificates", /:cert-manager\.io\/v1:/, /:Release::.*-cert-manager$/],
  [
    "volumes",
    /kubernetes:(apps\/v1:StatefulSet|kafka\.strimzi\.io\/v1:KafkaNodePool|postgresql\.cnpg\.io\/v1:Cluster)::/,
    /:eks\/addon:Addon::.*-ebs-csi-driver$/,
  ],
  ["scaled objects", /:keda\.sh\/v1alpha1:/, /:Release::.*-keda$/],
  ["external secrets", /:external-secrets\.io\/v1:/, /:Release::.*-secret-store-operator-release$/],
];

/**
 * In seconds: external-dns looks again within five of an event (`--min-event-sync-interval`), and its own clock ticks
 * each second; the rest is for the cloud's API.
 */
const RECORDS_TAKE = 10;

/** For how many seconds a Deployment's pods do nothing before they stop; undefined if it says nothing. */
function drainOf({ type, inputs }: PlannedResource): number | undefined {
  if (type !== "kubernetes:apps/v1:Deployment") return undefined;
  const { containers } = (inputs["spec"] as unknown as { template: { spec: Pod } }).template.spec;
  return containers[0]?.lifecycle?.preStop?.sleep?.seconds;
}
interface Pod {
  readonly containers: readonly {
    readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  }[];
}

const stacks = listStacks(PROJECT);

it("include every stack with recorded facts", () => {
  expect(stacks).toEqual(expect.arrayContaining(Object.keys(FACTS)));
});

/** The plan of a stack whose program and policy pack run on 1 June 2028. */
async function planIn2028(stack: StackFile): Promise<Plan> {
  vi.stubEnv("NODE_OPTIONS", `--require=${join(__dirname, "fixtures", "in-2028.cjs")}`);
  try {
    return await planOf(stack);
  } finally {
    vi.unstubAllEnvs();
  }
}

/** The system and environment that a stack's file names. */
const keysOf = (stack: string) => {
  const { values } = loadStack(PROJECT, stack).config;
  return { system: values["runstack:system"], environment: values["runstack:environment"] };
};

/** Production as a whole; another environment as what makes it different. */
async function indexOf(plan: Plan): Promise<string> {
  const production = stacks.find((stack) => {
    const { system, environment } = keysOf(stack);
    return system === plan.system && environment === "prod";
  });
  return plan.environment === "prod" || production === undefined
    ? renderIndex(plan)
    : renderIndexChanges(await planned(production), plan);
}

/** Every expression in rules, panels and triggers; a dashboard is JSON in a ConfigMap's text. */
function promqlIn(value: unknown): readonly string[] {
  if (typeof value === "string") return /^\s*\{"/.test(value) ? promqlIn(parse(value)) : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === "expr" || key === "query") && typeof inner === "string" ? [inner] : promqlIn(inner),
  );
}

describe.each(stacks)("the plan of %s", (stack) => {
  let plan: Plan;
  let resources: readonly PlannedResource[] = [];
  let byUrn: ReadonlyMap<string, PlannedResource> = new Map();

  beforeAll(async () => {
    plan = await planned(stack);
    ({ resources } = plan);
    byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  });

  it("creates the reviewed resources: accept a change with `npx vitest run test/stacks.test.ts -u`", async () => {
    await expect(await indexOf(plan)).toMatchFileSnapshot(
      join(__dirname, "golden", `${stack}.txt`),
    );
  });

  it.each(Object.entries(FACTS[stack] ?? {}))(
    "gives %s the values that follow from its settings",
    (name, facts) => {
      expect(resources.filter((resource) => resource.name === name)).toMatchObject([
        { inputs: facts },
      ]);
    },
  );

  it("has no mandatory violation, and only warns about what is not implemented yet", () => {
    const { policies, diagnostics } = plan;
    expect(
      policies.violations.filter(({ enforcement }) => enforcement === "mandatory"),
    ).toStrictEqual([]);
    expect(policies.failures).toStrictEqual([]);
    expect(policies.evaluated).toBeGreaterThan(250);
    const warnings = diagnostics.filter(({ severity }) => severity !== "info");
    expect(warnings.filter(({ message }) => !message.startsWith("Nothing reads "))).toStrictEqual(
      [],
    );
    expect(warnings).not.toEqual([]);
  });

  it("has the same results in a copy of its file under another name, years later", async () => {
    const copy = await planIn2028({ ...loadStack(PROJECT, stack), name: "copy" });
    const anonymous = (policies: Plan["policies"], name: string): unknown =>
      JSON.parse(
        JSON.stringify(policies)
          .replaceAll(`urn:pulumi:${name}::`, "urn:pulumi:STACK::")
          .replaceAll(`runstack-${name}"`, 'runstack-STACK"'),
      );
    expect(anonymous(copy.policies, "copy")).toEqual(anonymous(plan.policies, stack));
  });

  it("names each child after its parent", () => {
    const strangers = resources.filter(({ parent, name }) => {
      const above = parent === null ? undefined : byUrn.get(parent);
      // Grants and values of a store have the name of the requester.
      const store = /^runstack:(object|secret)-store:/.test(above?.type ?? "");
      const prefix = store ? plan.system : above?.name;
      return above?.type.startsWith("runstack:") === true && !name.startsWith(`${prefix ?? ""}-`);
    });
    expect(strangers.map(({ name }) => name)).toEqual([]);
    expect(resources.length).toBeGreaterThan(100);
  });

  it("writes manifests that an API server accepts", () => {
    const { files, skipped } = manifests(resources);
    const objects = files.map(({ text }) => parse(text) as Manifest);
    expect(objects.length).toBeGreaterThan(60);
    const names = objects.map(({ metadata }) => metadata.name ?? JSON.stringify(metadata));
    expect(names.filter((name) => !/^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/.test(name))).toEqual([]);
    const secrets = objects.filter(({ kind }) => kind === "Secret");
    const incomplete = secrets.filter(({ type = "Opaque", stringData = {} }) =>
      (SECRET_KEYS[type] ?? [type]).some((key) => !Object.hasOwn(stringData, key)),
    );
    expect(incomplete).toEqual([]);
    expect(secrets.length).toBeGreaterThan(1);
    const values = secrets.flatMap(({ data, stringData = {} }) => [
      data,
      ...Object.values(stringData),
    ]);
    expect(values.filter((value) => value !== undefined && value !== "<redacted>")).toEqual([]);
    const read = resources.filter(({ external }) => external === true).map(({ urn }) => urn);
    expect(skipped.map(({ urn }) => urn)).toEqual(expect.arrayContaining(read));
  });

  it("asks Prometheus for nothing that it refuses", () => {
    const asking = resources.filter(({ type }) =>
      /:(PrometheusRule|ConfigMap|ScaledObject)$/.test(type),
    );
    const expressions = asking.flatMap(({ inputs }) => promqlIn(inputs));
    expect(expressions.flatMap((expression) => readPromql(expression).problems)).toEqual([]);
    expect(expressions.length).toBeGreaterThan(40);
  });

  it("is told what its alerts read without a source, once nothing is scraped any more", () => {
    const system = SYSTEMS[plan.system as SystemId];
    const scrapes = /:(PodMonitor|ServiceMonitor|ScrapeConfig)$/;
    const unscraped = resources.filter(({ type }) => !scrapes.test(type));
    const judged = new Judged({ ...plan, resources: unscraped });
    const found = judged.judge(policyNamed("runbook-series-scraped")).map(({ message }) => message);
    for (const { name, metrics } of system.services) {
      const said = found.some((message) => message.includes(` of ${name}, which no monitor`));
      expect([name, said]).toEqual([name, metrics !== "none"]);
    }
    expect(found.some((message) => message.includes("which Envoy exports"))).toBe(true);
  });

  it("puts every resource below the one environment", () => {
    const roots = resources.filter(
      ({ parent }) => byUrn.get(parent ?? "")?.type === "pulumi:pulumi:Stack",
    );
    expect(roots.map(({ type }) => type).sort()).toEqual([
      "pulumi:providers:random",
      "runstack:environment:Environment",
    ]);
  });

  it("puts the platform into namespaces that no system may use", () => {
    const { namespaces, databases } = SYSTEMS[plan.system as SystemId];
    const { prod, staging, monitoring } = namespaces;
    // A name with dots is in one of the system's own namespaces.
    const aliases = databases.map(({ alias }) => alias?.split(".")[1]);
    const own = [prod, staging, monitoring, ...aliases];
    const created = resources
      .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
      .map(({ inputs }) => (inputs["metadata"] as { name: string }).name);
    expect(created).toContain(NAMESPACES.nodeExporter);
    expect(
      created.filter(
        (name) => !own.includes(name) && !(Object.values(NAMESPACES) as string[]).includes(name),
      ),
    ).toEqual([]);
  });

  it("has no two resources with the same type and name", () => {
    const ids = resources.map(({ type, name }) => `${type} ${name}`);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("has no two Kubernetes objects with the same kind, namespace and name", () => {
    const objects = resources.flatMap(({ type, inputs }) => {
      const { name, namespace } = (inputs["metadata"] ?? {}) as Readonly<Record<string, string>>;
      return name === undefined ? [] : [`${type} ${namespace ?? ""}/${name}`];
    });
    expect(objects.filter((id, index) => objects.indexOf(id) !== index)).toEqual([]);
    expect(objects.length).toBeGreaterThan(60);
  });

  it("uses the environment's own providers for the cloud and the cluster", () => {
    const used = (prefix: string) =>
      new Set(
        resources
          .filter(({ type }) => type.startsWith(prefix))
          .map(({ provider }) => byUrn.get(provider ?? "")?.name),
      );
    expect(used("kubernetes:")).toEqual(new Set([`${plan.system}-cluster-kubernetes`]));
    for (const cloud of ["digitalocean", "aws", "gcp"]) {
      expect(used(`${cloud}:`)).toEqual(
        new Set(plan.cloud === cloud ? [`${plan.system}-${cloud}`] : []),
      );
    }
    const defaults = resources.filter(
      ({ type, name }) => type.startsWith("pulumi:providers:") && name.startsWith("default"),
    );
    expect(defaults.map(({ type }) => type)).toEqual(["pulumi:providers:random"]);
  });

  it("protects everything with data in production, and nothing in staging", () => {
    const stateful = resources.filter(
      ({ type, external }) => HOLDS_DATA.test(type) && external === undefined,
    );
    // An existing cluster has no data of ours until a data service runs in it.
    expect(stateful.length > 1 || plan.cloud === "existing").toBe(true);
    const production = plan.environment !== "staging";
    expect(stateful.filter(({ protect }) => protect !== production).map(({ urn }) => urn)).toEqual(
      [],
    );
    expect(resources.some(({ protect }) => protect)).toBe(production && stateful.length > 0);
  });

  it("creates every namespaced object after its namespace, and deletes it before", () => {
    expect(new Order(resources).outsideNamespace()).toEqual([]);
    expect(resources.filter((one) => namespaceOf(one) !== undefined).length).toBeGreaterThan(60);
  });

  it.each(CLEANERS)("deletes %s before what cleans up after it", (_, later, sooner) => {
    expect(new Order(resources).disordered(later, sooner)).toEqual([]);
  });

  it("leaves external-dns the time to remove records, by stopping pods after the routes", () => {
    const order = new Order(resources);
    const writers = resources.filter(
      ({ urn }) => urn.endsWith("-external-dns") && urn.includes(":Release::"),
    );
    const writes = loadStack(PROJECT, stack).config.values["runstack:dns"] !== "manual";
    expect(writers).toHaveLength(writes ? 1 : 0);
    const slow = resources.filter((one) => (drainOf(one) ?? 0) >= RECORDS_TAKE);
    const unordered = resources
      .filter(({ type }) => type.endsWith(":HTTPRoute"))
      .flatMap((route) =>
        writers
          .filter(
            (writer) =>
              !slow.some((one) => order.isAfter(route, one) && order.isAfter(one, writer)),
          )
          .map(() => route.name),
      );
    expect(unordered).toEqual([]);
  });

  it("creates its alerts after everything that they watch", () => {
    const { watched, early } = new Order(resources).alerts();
    expect(early).toEqual([]);
    expect(watched).toBeGreaterThan(15);
  });

  it("has no circular dependencies", () => {
    const state = new Map<string, "open" | "closed">();
    const cycles: string[] = [];
    const visit = (urn: string): void => {
      if (state.get(urn) === "open") cycles.push(urn);
      if (state.has(urn)) return;
      state.set(urn, "open");
      byUrn.get(urn)?.dependencies.forEach(visit);
      state.set(urn, "closed");
    };
    resources.forEach(({ urn }) => {
      visit(urn);
    });
    expect(cycles).toEqual([]);
  });

  it("keeps its dependency lists short enough to read", () => {
    expect(Math.max(...resources.map(({ dependencies }) => dependencies.length))).toBeLessThan(60);
  });
});

/** The first plan with a resource of each kind. */
async function planWith(...kinds: readonly RegExp[]): Promise<Plan["resources"]> {
  for (const stack of stacks) {
    const { resources } = await planned(stack);
    if (kinds.every((kind) => resources.some(({ urn }) => kind.test(urn)))) return resources;
  }
  throw new Error(`No stack has ${kinds.join(" and ")}.`);
}

/** As if a component had not said what its child waits for. */
function unordered(resources: Plan["resources"], kind: RegExp) {
  const urn = resources.find((one) => kind.test(one.urn))?.urn;
  return resources.map((one) =>
    one.urn === urn ? { ...one, dependencies: [], parent: null } : one,
  );
}

it.each(CLEANERS)(
  "%s are named where nothing orders them",
  async (_, later, sooner) => {
    const resources = await planWith(later, sooner);
    const one = resources.find(({ urn }) => later.test(urn))?.name;
    // And what is ordered only by it.
    expect(new Order(unordered(resources, later)).disordered(later, sooner)).toContain(one);
  },
  600_000,
);

it("an object is named where nothing orders it after its namespace", async () => {
  const object = /:networking\.k8s\.io\/v1:NetworkPolicy::/;
  const resources = await planWith(object);
  const one = resources.find(({ urn }) => object.test(urn))?.name;
  expect(new Order(unordered(resources, object)).outsideNamespace()).toEqual([one]);
});

it("an exemption of a stack is refused after its last day, and named thirty days before", async () => {
  const { name, config } = loadStack(PROJECT, "prod");
  const until = (expires: string) => ({
    ...{ policy: "workload-replicated", resource: "*", reason: "r", owner: "o" },
    expires,
  });
  const exemptions = JSON.stringify([until("2028-05-31"), until("2028-07-01")]);
  const values = { ...config.values, "runstack:policyExemptions": exemptions };
  const { policies } = await planIn2028({ name, config: { ...config, values } });
  const said = (policy: string): readonly string[] =>
    policies.violations
      .filter((violation) => violation.policy === policy)
      .map(({ enforcement, message }) => `${enforcement}: ${message.split("\n")[1] ?? ""}`);
  expect(said("exemption-valid")).toEqual([
    "mandatory: runstack:policyExemptions[0] (workload-replicated, owner o) expired on 2028-05-31; fix the resource and remove the exemption, or have it renewed with a new date.",
  ]);
  expect(said("exemption-expiring")).toEqual([
    "advisory: runstack:policyExemptions[1] (workload-replicated, owner o) ends in 30 days, on 2028-07-01; fix the resource and remove the exemption, or have it renewed with a new date.",
  ]);
});

it("everybody reads what systems/uses says", async () => {
  const runs = await allRuns();
  const plans: Plan[] = [];
  for (const stack of stacks) plans.push(await planned(stack));
  const untrue = systems.flatMap(([id, system]) => {
    const own = plans.filter((plan) => plan.system === id);
    return untrueUses(
      runs.filter(({ stack }) => own.some((plan) => plan.stack === stack)),
      runs,
      readersOf(system, own),
    );
  });
  expect(untrue).toEqual([]);
}, 600_000);

it("every exception of a runbook covers something in a stack", async () => {
  const listed = (await Promise.all(stacks.map(planned))).flatMap(({ policies }) =>
    policies.violations.filter(({ policy }) => policy === "exempted").map(({ message }) => message),
  );
  const idle = Object.values(SYSTEMS).flatMap(({ exceptions = [] }) =>
    exceptions.filter(
      ({ policy, reason, finding }) =>
        !listed.some((message) => [policy, reason, finding].every((one) => message.includes(one))),
    ),
  );
  expect(idle).toEqual([]);
  expect(listed.length).toBeGreaterThanOrEqual(stacks.length);
});

it("the plan is the same every time", async () => {
  const [first, second] = [await planned("prod"), await planOf("prod")];
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
});

/**
 * No input makes a policy throw: every policy, on every kind of resource, with malformed values.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { POLICIES } from "./catalog";
import { BROKEN, checkContext, stackFrom, runSafely } from "./context";
import { readExemptions } from "./exemptions";
import { typeKey, type CheckContext, type Policy, type StackResource } from "./policy";
import { startCounter } from "./counter";
import { startUndecided } from "./undecided";
import { deployment } from "./testing/fixtures";
import { hostile } from "./testing/hostile";
import { shop } from "./testing/system";
import { PROD, UNKNOWN, UNKNOWN_OBJECT, evaluate, secret, urnOf, type Fixture } from "./testing";
import { Value } from "./values";

/** Every string in the pack's sources: all keys, types and values that a policy knows. */
const TEXTS: readonly string[] = [
  ...new Set(
    readdirSync(__dirname, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .flatMap(
        (file) => readFileSync(join(__dirname, file), "utf8").match(/"[^"\\\n ]{1,60}"/g) ?? [],
      )
      .map((text) => text.slice(1, -1)),
  ),
];
const TYPES = [
  ...new Set([
    ...TEXTS.filter((text) =>
      /^(kubernetes|aws|gcp|digitalocean|pulumi|random):[^:]+:\w+$/.test(text),
    ),
    ...POLICIES.flatMap(({ check }) =>
      check.kind === "resource" && check.types !== "every" ? check.types : [],
    ),
  ]),
];
const KEYS = [
  "metadata",
  "name",
  "namespace",
  "labels",
  "spec",
  "template",
  "containers",
  "initContainers",
  "securityContext",
  "selector",
  "matchLabels",
  "data",
  "clusterId",
  "__proto__",
  "constructor",
];

const leaf = fc.oneof(
  fc.constantFrom<unknown>(UNKNOWN, UNKNOWN_OBJECT, null, true, false, 0, 1, -1, "", "ALL"),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { props } = fc.letrec<{ value: unknown; props: Record<string, unknown> }>((tie) => ({
  props: fc.dictionary(fc.constantFrom(...KEYS), tie("value"), { maxKeys: 6 }),
  value: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    leaf,
    tie("props"),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("value").map(secret),
  ),
}));

const resource: fc.Arbitrary<Fixture> = fc.record({
  type: fc.constantFrom(...TYPES),
  name: fc.constantFrom("a", "b"),
  props,
});

/** The passing Deployment with one value replaced by anything. */
const damaged: fc.Arbitrary<Fixture> = fc
  .tuple(fc.array(fc.nat(), { maxLength: 8 }), leaf)
  .map(([steps, value]) => {
    const fixture = deployment();
    let node: unknown = fixture.props;
    for (const step of steps) {
      if (typeof node !== "object" || node === null) break;
      const keys = Object.keys(node);
      const key = keys[step % Math.max(keys.length, 1)];
      if (key === undefined) break;
      const next: unknown = Reflect.get(node, key);
      if (typeof next !== "object" || next === null) Reflect.set(node, key, value);
      node = next;
    }
    return fixture;
  });

/** The number of resources tried until every property has been read. */
const MANY = 20_000;

/**
 * Resources whose settings are only read for value combinations that random input rarely produces.
 */
const SAMPLES: readonly (readonly [type: string, ...props: readonly object[]])[] = [
  [
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    { metadata: { namespace: "a" }, roleRef: { kind: "Role", name: "b" } },
  ],
  [
    "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
    {
      metadata: { namespace: "a" },
      spec: {
        parentRefs: [{ name: "b" }],
        rules: [{ backendRefs: [{ name: "c", namespace: "d", port: 80 }] }],
      },
    },
  ],
  ["kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } }],
  ["kubernetes:extensions/v1beta1:Ingress", { apiVersion: "extensions/v1beta1" }],
  [
    "digitalocean:index/databaseCluster:DatabaseCluster",
    ...["kafka", "mongodb", "mysql", "opensearch", "pg", "valkey"].map((engine) => ({
      engine,
      version: "1",
    })),
  ],
  ["aws:rds/instance:Instance", { engine: "mysql", engineVersion: "8" }],
  ["aws:elasticache/replicationGroup:ReplicationGroup", { engine: "valkey", engineVersion: "8" }],
  [
    "gcp:sql/databaseInstance:DatabaseInstance",
    { databaseVersion: "POSTGRES_16" },
    { databaseVersion: "MYSQL_8_4" },
    { databaseVersion: "SQLSERVER_2019_WEB" },
  ],
  ["gcp:logging/projectSink:ProjectSink", { destination: "storage.googleapis.com/logs" }],
  ["gcp:storage/bucket:Bucket", { name: "logs" }],
  [
    "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
    { spec: { groups: [{ rules: [{ alert: "Watchdog", expr: "vector(1)" }] }] } },
  ],
];
const samples = (): readonly StackResource[] =>
  SAMPLES.flatMap(([type, ...all]) =>
    all.map((written, index) => ({
      ...{ urn: `urn:sample:${type}:${String(index)}`, name: "sample", type, protect: false },
      ...{ props: Value.plain(written), dependencies: [], propertyDependencies: {} },
    })),
  );

/** Values that are not strings in a manifest, or strings with a special meaning. */
const LEAVES = [
  ...TEXTS,
  UNKNOWN,
  null,
  "",
  "*",
  "0.0.0.0/0",
  "{",
  '{"Statement":[{"Effect":"Allow","Action":"*","Principal":"*"}]}',
  "100m",
  "-1Gi",
  "99999999999999999999",
  "50%",
  "0 */6 * * *",
  "\u0000",
  "é".repeat(300),
];

/**
 * Runs a policy on resources that have every property it reads. `reads` is called for each setting.
 */
function reportedBy(
  policy: Policy,
  seed: number,
  reads: (setting: string) => void = () => undefined,
  given?: readonly StackResource[],
): readonly string[] {
  const { check } = policy;
  const { object, pick } = hostile(seed, LEAVES);
  const messages: string[] = [];
  const context = checkContext(policy, {
    policyContext: { ...PROD, system: shop },
    pack: {
      names: new Set(),
      exemptions: readExemptions([], { day: "2026-03-01" }),
      exempted: startCounter(),
      unknown: startCounter(),
      undecided: startUndecided(),
    },
    properties: () => object(),
    urn: "urn",
    report: (message) => messages.push(message),
  });
  const types = check.kind === "resource" && check.types !== "every" ? check.types : TYPES;
  const resource = (index: number): StackResource => ({
    urn: `urn:${String(index)}`,
    name: pick(TEXTS),
    type: pick(types),
    protect: pick([true, false]),
    props: Value.marked(object(), {
      isUnknown: (raw) => raw === UNKNOWN,
      isSecret: () => pick([true, false]),
      holdsSecret: () => false,
    }),
    provider: pick(["urn:0", "urn:1"]),
    dependencies: ["urn:0"],
    propertyDependencies: { [pick(TEXTS)]: ["urn:0"] },
  });
  runSafely(context, () => {
    const spied: CheckContext = {
      ...context,
      setting: (name, fallback) => {
        reads(name);
        return context.setting(name, fallback);
      },
    };
    const all = given ?? Array.from({ length: 6 }, (_, index) => resource(index));
    if (check.kind === "stack") check.run(stackFrom(all), spied);
    else {
      for (const one of given ?? [resource(0)]) {
        if (given === undefined || types.includes(typeKey(one.type))) check.run(one, spied);
      }
    }
  });
  return messages;
}

const isBroken = (message: string): boolean => message.includes(BROKEN);

describe("every policy", () => {
  it("that throws is noticed by these tests", () => {
    const [policy] = POLICIES;
    if (policy === undefined) throw new Error("There is a policy.");
    const run = (): never => {
      throw new Error("on purpose");
    };
    const messages = reportedBy({ ...policy, check: { kind: "stack", run } }, 1);
    expect(messages.filter(isBroken)).toEqual([`${BROKEN}on purpose`]);
  });

  it.each(POLICIES.map((policy) => [policy.name, policy] as const))(
    "%s never throws, whatever the input",
    (_, policy) => {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          expect(reportedBy(policy, seed).filter(isBroken)).toEqual([]);
        }),
        { numRuns: 200 },
      );
    },
  );

  // The context rejects a setting that is read differently from its declaration.
  it.each(
    POLICIES.flatMap((policy) =>
      policy.configuration === undefined ? [] : [[policy.name, policy] as const],
    ),
  )("%s reads each of its options, with the declared default", (_, policy) => {
    const declared = Object.keys(policy.configuration?.properties ?? {});
    const read = new Set<string>();
    for (let seed = 0; seed < MANY && read.size < declared.length; seed += 1) {
      const faults = reportedBy(
        policy,
        seed,
        (name) => read.add(name),
        seed === 0 ? samples() : undefined,
      );
      expect(faults.filter(isBroken)).toEqual([]);
    }
    expect([...read].sort()).toEqual(declared.sort());
  });

  it("evaluates everything that the engine passes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(resource, damaged), { maxLength: 4 }), async (fixture) => {
        const found = await evaluate(POLICIES, fixture, { policyContext: { system: shop } });
        expect(
          found.filter(({ message }) => isBroken(message) || message.includes("can't run")),
        ).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("evaluates a preview without outputs as one with them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.oneof(resource, damaged), { maxLength: 6, selector: urnOf }),
        async (fixture) => {
          const setting = { policyContext: { system: shop } };
          expect(await evaluate(POLICIES, fixture, { ...setting, outputs: () => ({}) })).toEqual(
            await evaluate(POLICIES, fixture, setting),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it("accepts any configuration of exemptions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (exemptions) => {
        const found = await evaluate(POLICIES, [deployment()], { policyContext: { exemptions } });
        expect(found.filter(({ message }) => isBroken(message))).toEqual([]);
      }),
    );
  });
});

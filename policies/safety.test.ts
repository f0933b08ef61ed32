/** No input makes a policy fail: every policy on every kind of resource, in every wrong shape. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { POLICIES } from "./catalog";
import { deployment } from "./testing/fixtures";
import { shop } from "./testing/system";
import { UNKNOWN, UNKNOWN_OBJECT, judge, secret, urnOf, type Given } from "./testing";

const TYPES = [
  ...new Set(
    POLICIES.flatMap(({ check }) =>
      check.kind === "resource" && check.types !== "every" ? check.types : [],
    ),
  ),
  "kubernetes:core:Secret",
  "kubernetes:policy:PodDisruptionBudget",
  "kubernetes:networking.k8s.io:NetworkPolicy",
  "kubernetes:autoscaling:HorizontalPodAutoscaler",
  "kubernetes:keda.sh:ScaledObject",
  "kubernetes:monitoring.coreos.com:PrometheusRule",
  "digitalocean:index/databaseFirewall:DatabaseFirewall",
  "pulumi:pulumi:Stack",
];

/** Every key that occurs in a fixture, and those the policies read beside them. */
const KEYS = [
  "metadata",
  "name",
  "namespace",
  "labels",
  "spec",
  "template",
  "jobTemplate",
  "replicas",
  "containers",
  "initContainers",
  "ephemeralContainers",
  "securityContext",
  "runAsNonRoot",
  "capabilities",
  "drop",
  "add",
  "seccompProfile",
  "type",
  "volumes",
  "hostPath",
  "image",
  "env",
  "value",
  "password",
  "resources",
  "requests",
  "selector",
  "podSelector",
  "matchLabels",
  "matchExpressions",
  "policyTypes",
  "ingress",
  "maxUnavailable",
  "minAvailable",
  "minReplicas",
  "scaleTargetRef",
  "groups",
  "rules",
  "alert",
  "for",
  "data",
  "configs",
  "maintenanceWindows",
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

const resource: fc.Arbitrary<Given> = fc.record({
  type: fc.constantFrom(...TYPES),
  name: fc.constantFrom("a", "b"),
  props,
});

/** The good Deployment with one value somewhere in it replaced by anything. */
const damaged: fc.Arbitrary<Given> = fc
  .tuple(fc.array(fc.nat(), { maxLength: 8 }), leaf)
  .map(([steps, value]) => {
    const given = deployment();
    let node: unknown = given.props;
    for (const step of steps) {
      if (typeof node !== "object" || node === null) break;
      const keys = Object.keys(node);
      const key = keys[step % Math.max(keys.length, 1)];
      if (key === undefined) break;
      const next: unknown = Reflect.get(node, key);
      if (typeof next !== "object" || next === null) Reflect.set(node, key, value);
      node = next;
    }
    return given;
  });

describe("every policy", () => {
  it("decides on whatever it is given, and never fails", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(resource, damaged), { maxLength: 6 }), async (given) => {
        const found = await judge(POLICIES, given, { surroundings: { system: shop } });
        expect(found.filter(({ message }) => /fault of the pack|can't run/.test(message))).toEqual(
          [],
        );
      }),
      { numRuns: 400 },
    );
  });

  it("judges a preview without outputs as one with them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.oneof(resource, damaged), { maxLength: 6, selector: urnOf }),
        async (given) => {
          const setting = { surroundings: { system: shop } };
          expect(await judge(POLICIES, given, { ...setting, outputs: () => ({}) })).toEqual(
            await judge(POLICIES, given, setting),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("takes any configuration of exemptions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (exemptions) => {
        const found = await judge(POLICIES, [deployment()], { surroundings: { exemptions } });
        expect(found.filter(({ message }) => message.includes("fault of the pack"))).toEqual([]);
      }),
    );
  });
});

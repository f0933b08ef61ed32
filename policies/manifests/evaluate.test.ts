import { describe, expect, it } from "vitest";
import { configurePack } from "../configuration";
import type { PolicyContext } from "../policy-context";
import { exempted, exemptionValid } from "../governance";
import type { Policy } from "../policy";
import { unknownValues } from "../unknown-values";
import { evaluateManifests, type Result } from "./evaluate";
import { manifestOf, type Manifest } from "./resource";
import { SAMPLE, deploymentObject, replicas, served, tier } from "./testing";

const PROD: PolicyContext = {
  environment: "prod",
  exemptions: [],
  podSecurityMinor: Infinity,
  zoned: true,
  restored: {},
};

const manifests = (...objects: readonly Record<string, unknown>[]): readonly Manifest[] =>
  objects.flatMap((object, index) => manifestOf(`${index}.yaml`, object) ?? []);

interface Fixture {
  readonly policies?: readonly Policy[];
  readonly policyContext?: Partial<PolicyContext>;
  readonly config?: unknown;
}

function evaluate(
  objects: readonly Manifest[],
  { policies = SAMPLE, policyContext = {}, config }: Fixture = {},
): Result {
  const all = { ...PROD, ...policyContext };
  return evaluateManifests(policies, objects, {
    policyContext: all,
    configured: configurePack(policies, all, config),
    exemptionsIn: "exemptions.yaml",
    day: "2026-03-01",
  });
}

const reported = ({ found }: Result): readonly string[] =>
  found.map(({ policy, level, manifest, message, at }) =>
    [policy.name, level, manifest?.file ?? "all", message, at.join(".")].join(" | "),
  );

const service = (name: string): Record<string, unknown> => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, labels: { tier: "web" } },
});
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { labels: { tier: "web" } } };

describe("evaluateManifests", () => {
  it("finds nothing in valid objects, and counts the evaluations", () => {
    const objects = manifests(deploymentObject("api", 2), service("api"), namespace);
    // tier looks at all three, replicas at one; served and housed look once at all.
    expect(evaluate(objects)).toEqual({
      found: [],
      evaluated: 3 + 1 + 2,
      exempted: 0,
      unknown: 0,
      undecided: [],
    });
  });

  it("lists findings object by object, and those about all objects last", () => {
    const untiered = { ...service("web"), metadata: { name: "web", labels: { tier: "db" } } };
    expect(reported(evaluate(manifests(deploymentObject("api"), untiered)))).toEqual([
      'replicas | mandatory | 0.yaml | Deployment "shop/api": spec.replicas is missing; it must be 2 or more. | spec.replicas',
      'served | mandatory | 0.yaml | Deployment "shop/api" has no Service. | ',
      'tier | advisory | 1.yaml | Service "web": metadata.labels.tier is "db"; it must be "web". | metadata.labels.tier',
      "housed | mandatory | all | There is no Namespace. | ",
    ]);
  });

  it("is only advisory in staging", () => {
    const objects = manifests(deploymentObject("api", 1), namespace);
    const found = reported(evaluate(objects, { policyContext: { environment: "staging" } }));
    expect(found.map((line) => line.split(" | ", 2).join(" "))).toEqual([
      "replicas advisory",
      "served advisory",
    ]);
  });

  it("takes levels and properties from the configuration", () => {
    const objects = manifests(deploymentObject("api", 2), namespace);
    const config = {
      replicas: { enforcementLevel: "advisory", least: 3 },
      served: "disabled",
      tier: "remediate",
    };
    expect(reported(evaluate(objects, { config }))).toEqual([
      'replicas | advisory | 0.yaml | Deployment "shop/api": spec.replicas is 2; it must be 3 or more. | spec.replicas',
    ]);
    const unlabelled = manifests({ ...namespace, metadata: {} });
    expect(reported(evaluate(unlabelled, { config, policies: [tier, served, replicas] }))).toEqual([
      'tier | mandatory | 0.yaml | Namespace "": metadata.labels.tier is missing; it must be "web". | metadata.labels.tier',
    ]);
  });

  it("leaves out policies that are not configured at all", () => {
    const options = { policyContext: PROD, configured: new Map() };
    expect(evaluateManifests(SAMPLE, manifests(namespace), options).evaluated).toBe(0);
  });

  it("distinguishes duplicates in a file", () => {
    const [first] = manifests(deploymentObject("api", 1));
    const [second] = manifests(deploymentObject("api", 0));
    const { found } = evaluate(
      [first, second].flatMap((one) => one ?? []),
      { policies: [replicas] },
    );
    expect(found.map(({ manifest }) => manifest)).toEqual([first, second]);
  });

  it("counts what exemptions cover, and reports unused ones", () => {
    const exemption = (resource: string, expires: string): Record<string, string> => ({
      policy: "replicas",
      resource,
      reason: "One is enough.",
      owner: "team",
      expires,
    });
    const exemptions = [
      exemption("urn:check::0.yaml::kubernetes:apps/v1:Deployment::shop/api", "2026-03-01"),
      exemption("*::shop/api", "2026-02-28"),
      exemption("*::shop/nobody", "2026-03-01"),
    ];
    const policies = [replicas, exemptionValid, exempted, unknownValues];
    const objects = manifests(deploymentObject("api", 1), deploymentObject("api", 1));
    const result = evaluate(objects, { policies, policyContext: { exemptions } });
    expect(reported(result)).toEqual([
      'replicas | mandatory | 1.yaml | Deployment "shop/api": spec.replicas is 1; it must be 2 or more. | spec.replicas',
      "exemption-valid | mandatory | all | exemptions.yaml[1] (replicas, owner team) expired on 2026-02-28; fix the resource and remove the exemption, or have it renewed with a new date. | ",
      'exemption-valid | mandatory | all | exemptions.yaml[2] (replicas) has the resource "*::shop/nobody", which matches no URN of this stack; correct it or remove the exemption. | ',
    ]);
    expect(result).toMatchObject({ exempted: 1, unknown: 0, evaluated: 3 });
  });

  it("says a fault once of two policies that find it in the same value", () => {
    const other = (level: "mandatory" | "advisory", path: string): Policy => ({
      ...replicas,
      name: "other",
      enforcement: { production: level, staging: level },
      coveredBy: ["replicas"],
      check: {
        kind: "resource",
        types: ["kubernetes:apps:Deployment"],
        run: (_, context) => {
          context.report({ message: "Another.", at: path === "" ? [] : path.split(".") });
        },
      },
    });
    const objects = manifests(deploymentObject("api", 1));
    const names = (policies: readonly Policy[], config?: unknown): readonly string[] =>
      evaluate(objects, { policies, config }).found.map(({ policy }) => policy.name);
    const same = other("mandatory", "spec.replicas");
    expect(names([same, replicas])).toEqual(["replicas"]);
    expect(names([other("advisory", "spec.replicas"), replicas])).toEqual(["replicas"]);
    expect(names([same, replicas], { replicas: "disabled" })).toEqual(["other"]);
    expect(names([same, replicas], { replicas: "advisory" })).toEqual(["other", "replicas"]);
    expect(names([other("mandatory", "spec"), replicas])).toEqual(["other", "replicas"]);
    expect(names([other("mandatory", ""), replicas])).toEqual(["other", "replicas"]);
  });

  it("treats Pulumi's special strings as plain strings", () => {
    const sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const object = { ...deploymentObject("api"), spec: { replicas: sentinel } };
    const other = { ...deploymentObject("api"), spec: { replicas: { ...mark, value: 3 } } };
    const result = evaluate(manifests(object, other), { policies: [replicas] });
    expect(reported(result).map((line) => line.split(" | ")[3])).toEqual([
      `Deployment "shop/api": spec.replicas is "${sentinel}"; it must be 2 or more.`,
      `Deployment "shop/api": spec.replicas is ${JSON.stringify({ ...mark, value: 3 }).slice(0, 80)}…; it must be 2 or more.`,
    ]);
    expect(result.unknown).toBe(0);
  });

  it("counts unknown values, and reports a policy that throws", () => {
    const open: Policy = {
      ...tier,
      check: {
        kind: "resource",
        types: "every",
        run: ({ props, urn }, context) => {
          const unknown = Object.create(props.get("x"), {
            isUnknown: { value: true },
          }) as typeof props;
          context.noteUnknown(unknown, urn);
          throw new Error("it broke");
        },
      },
    };
    const result = evaluate(manifests(namespace), { policies: [open] });
    expect(reported(result)).toEqual([
      "tier | advisory | 0.yaml | The policy could not be evaluated, which is a bug in the policy pack: it broke | ",
    ]);
    expect(result.unknown).toBe(1);
  });
});

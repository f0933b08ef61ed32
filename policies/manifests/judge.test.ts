import { describe, expect, it } from "vitest";
import { configure } from "../configuration";
import type { Surroundings } from "../environment";
import { exempted, exemptionValid } from "../governance";
import type { Policy } from "../policy";
import { undecided } from "../undecided";
import { judgeManifests, type Judgement } from "./judge";
import { manifestOf, type Manifest } from "./subject";
import { SAMPLE, deploymentObject, replicas, served, tier } from "./testing";

const PROD: Surroundings = { environment: "prod", exemptions: [], podSecurityMinor: Infinity };

const manifests = (...objects: readonly Record<string, unknown>[]): readonly Manifest[] =>
  objects.flatMap((object, index) => manifestOf(`${index}.yaml`, object) ?? []);

interface Given {
  readonly policies?: readonly Policy[];
  readonly surroundings?: Partial<Surroundings>;
  readonly config?: unknown;
}

function judge(
  objects: readonly Manifest[],
  { policies = SAMPLE, surroundings = {}, config }: Given = {},
): Judgement {
  const all = { ...PROD, ...surroundings };
  return judgeManifests(policies, objects, {
    surroundings: all,
    configured: configure(policies, all, config),
    exemptionsIn: "exemptions.yaml",
    day: "2026-03-01",
  });
}

const said = ({ found }: Judgement): readonly string[] =>
  found.map(({ policy, level, manifest, message, at }) =>
    [policy.name, level, manifest?.file ?? "all", message, at.join(".")].join(" | "),
  );

const service = (name: string): Record<string, unknown> => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, labels: { tier: "web" } },
});
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { labels: { tier: "web" } } };

describe("judgeManifests", () => {
  it("finds nothing in what is right, and counts who looked at it", () => {
    const objects = manifests(deploymentObject("api", 2), service("api"), namespace);
    // tier looks at all three, replicas at one; served and housed look once at all.
    expect(judge(objects)).toEqual({ found: [], evaluated: 3 + 1 + 2, exempted: 0, undecided: 0 });
  });

  it("says what each policy finds, object by object, and last what is said of all", () => {
    const untiered = { ...service("web"), metadata: { name: "web", labels: { tier: "db" } } };
    expect(said(judge(manifests(deploymentObject("api"), untiered)))).toEqual([
      'replicas | mandatory | 0.yaml | Deployment "shop/api": spec.replicas is missing; it must be 2 or more. | spec.replicas',
      'served | mandatory | 0.yaml | Deployment "shop/api" has no Service. | ',
      'tier | advisory | 1.yaml | Service "web": metadata.labels.tier is "db"; it must be "web". | metadata.labels.tier',
      "housed | mandatory | all | There is no Namespace. | ",
    ]);
  });

  it("only advises where others may make what a policy looks for", () => {
    const policies = [{ ...replicas, inManifests: "advisory" as const }, served];
    const objects = manifests(deploymentObject("api", 1));
    for (const level of [undefined, "mandatory", "remediate", "advisory"] as const) {
      const config = level === undefined ? {} : { replicas: level };
      expect(judge(objects, { policies, config }).found.map((it) => it.level)).toEqual([
        "advisory",
        "mandatory",
      ]);
    }
    expect(judge(objects, { policies, config: { replicas: "disabled" } }).found).toHaveLength(1);
  });

  it("only advises in staging", () => {
    const objects = manifests(deploymentObject("api", 1), namespace);
    const found = said(judge(objects, { surroundings: { environment: "staging" } }));
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
    expect(said(judge(objects, { config }))).toEqual([
      'replicas | advisory | 0.yaml | Deployment "shop/api": spec.replicas is 2; it must be 3 or more. | spec.replicas',
    ]);
    const unlabelled = manifests({ ...namespace, metadata: {} });
    expect(said(judge(unlabelled, { config, policies: [tier, served, replicas] }))).toEqual([
      'tier | mandatory | 0.yaml | Namespace "": metadata.labels.tier is missing; it must be "web". | metadata.labels.tier',
    ]);
  });

  it("leaves out policies that are not configured at all", () => {
    const options = { surroundings: PROD, configured: new Map() };
    expect(judgeManifests(SAMPLE, manifests(namespace), options).evaluated).toBe(0);
  });

  it("tells apart what a file writes twice", () => {
    const [first] = manifests(deploymentObject("api", 1));
    const [second] = manifests(deploymentObject("api", 0));
    const { found } = judge(
      [first, second].flatMap((one) => one ?? []),
      { policies: [replicas] },
    );
    expect(found.map(({ manifest }) => manifest)).toEqual([first, second]);
  });

  it("counts what exemptions cover, and says which are in vain", () => {
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
    const policies = [replicas, exemptionValid, exempted, undecided];
    const objects = manifests(deploymentObject("api", 1), deploymentObject("api", 1));
    const result = judge(objects, { policies, surroundings: { exemptions } });
    expect(said(result)).toEqual([
      'replicas | mandatory | 1.yaml | Deployment "shop/api": spec.replicas is 1; it must be 2 or more. | spec.replicas',
      "exemption-valid | mandatory | all | exemptions.yaml[1] (replicas, owner team) expired on 2026-02-28; fix the resource and remove the exemption, or have it renewed with a new date. | ",
      'exemption-valid | mandatory | all | exemptions.yaml[2] (replicas) has the resource "*::shop/nobody", which matches no URN of this stack; correct it or remove the exemption. | ',
    ]);
    expect(result).toMatchObject({ exempted: 1, undecided: 0, evaluated: 3 });
  });

  it("takes texts that Pulumi gives a meaning for plain texts", () => {
    const sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const object = { ...deploymentObject("api"), spec: { replicas: sentinel } };
    const other = { ...deploymentObject("api"), spec: { replicas: { ...mark, value: 3 } } };
    const result = judge(manifests(object, other), { policies: [replicas] });
    expect(said(result).map((line) => line.split(" | ")[3])).toEqual([
      `Deployment "shop/api": spec.replicas is "${sentinel}"; it must be 2 or more.`,
      `Deployment "shop/api": spec.replicas is ${JSON.stringify({ ...mark, value: 3 }).slice(0, 80)}…; it must be 2 or more.`,
    ]);
    expect(result.undecided).toBe(0);
  });

  it("counts what a policy leaves open, and says of one that fails that it did", () => {
    const open: Policy = {
      ...tier,
      check: {
        kind: "resource",
        types: "every",
        run: ({ props, urn }, context) => {
          const unknown = Object.create(props.get("x"), {
            isUnknown: { value: true },
          }) as typeof props;
          context.unsure(unknown, urn);
          throw new Error("it broke");
        },
      },
    };
    const result = judge(manifests(namespace), { policies: [open] });
    expect(said(result)).toEqual([
      "tier | advisory | 0.yaml | The policy could not be evaluated, which is a fault of the pack: it broke | ",
    ]);
    expect(result.undecided).toBe(1);
  });
});

import type { PolicyPackArgs, ResourceValidation, ResourceValidationArgs } from "@pulumi/policy";
import { describe, expect, it, vi } from "vitest";
import type { CheckContext, Policy, ResourceCheck, Stack, Resource } from "./policy";
import { ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, listSetting, typeKey } from "./policy";
import { packArguments } from "./registry";
import { PROD, UNKNOWN, evaluate, urnOf, type Fixture } from "./testing";
import { unknownValues } from "./unknown-values";
import { announce } from "./wire";

const base = {
  title: "Things are green",
  clause: { reference: "PO-09; Colour Standard: Green", url: "https://example.com/green" },
  severity: "low",
  themes: ["colour", "paint"],
  prevents: "Things are taken for others.",
  description: "Every thing is green.",
  remediation: "Set colour to green.",
  enforcement: STRICT_IN_PRODUCTION,
} as const;

const onThings = (
  run: (thing: Resource, context: CheckContext) => void,
  types = ["a:b:Thing"],
): Policy => ({
  ...base,
  name: "green",
  check: { kind: "resource", types, run },
});
const onStack = (run: (stack: Stack, context: CheckContext) => void): Policy => ({
  ...base,
  name: "all-green",
  check: { kind: "stack", run },
});

const thing = (name: string, props: Fixture["props"] = {}): Fixture => ({
  type: "a:b:Thing",
  name,
  props,
});
const green: Policy = onThings(({ props }, context) => {
  const colour = props.get("colour");
  if (!context.noteUnknown(colour) && colour.string !== "green") context.report("It is not green.");
});

function only(args: PolicyPackArgs): PolicyPackArgs["policies"][number] {
  const [policy] = args.policies;
  if (policy === undefined) throw new Error("The pack is empty.");
  return policy;
}

describe("the registry", () => {
  it("passes a policy's reason and remediation to the engine", () => {
    const { name, displayName, description, severity, tags, remediationSteps, url, framework } =
      only(packArguments([green], PROD));
    expect({ name, displayName, description, severity, tags, remediationSteps, url }).toEqual({
      name: "green",
      displayName: "Things are green",
      description: "Every thing is green.",
      severity: "low",
      tags: ["colour", "paint"],
      remediationSteps: "Set colour to green.",
      url: "https://example.com/green",
    });
    expect(framework).toEqual({
      name: "Runstack",
      version: "1",
      reference: "PO-09; Colour Standard: Green",
      specification: "Things are taken for others.",
    });
  });

  it.each([
    ["prod", "mandatory"],
    ["staging", "advisory"],
    ["dr", "mandatory"],
  ] as const)("enforces in %s: %s", async (environment, level) => {
    expect(await evaluate([green], [thing("a")], { policyContext: { environment } })).toEqual([
      { policy: "green", level, urn: urnOf(thing("a")), message: "It is not green." },
    ]);
  });

  it("disables production-only policies in staging", async () => {
    const policy: Policy = { ...green, enforcement: ONLY_IN_PRODUCTION };
    const found = (environment: "prod" | "staging"): Promise<unknown[]> =>
      evaluate([policy], [thing("a")], { policyContext: { environment } }).then((reported) => [
        ...reported,
      ]);
    expect(await found("prod")).toHaveLength(1);
    expect(await found("staging")).toEqual([]);
  });

  it("calls a resource policy only for its types, in any version", async () => {
    const kinds = onThings(
      (_, context) => {
        context.report("seen");
      },
      ["kubernetes:apps:Deployment", "a:b:Thing"],
    );
    const fixture = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v2:Deployment", "a:b:Other"];
    const found = await evaluate(
      [kinds],
      fixture.map((type) => ({ type, name: "x", props: {} })),
    );
    expect(found.map(({ urn }) => urn)).toEqual(
      fixture.slice(0, 2).map((type) => urnOf({ type, name: "x" })),
    );
  });

  it.each<[string, ResourceCheck["types"], string, string | undefined]>([
    ["another type", ["a:b:Thing"], "x:y:Z", "a:b:Thing"],
    ["another of many", ["a:b:Thing", "c:d:E", "f:g:H"], "x:y:Z", "a:b:Thing and 2 others"],
    ["one of its types", ["a:b:Thing", "c:d:E"], "c:d:E", undefined],
    [
      "any version of a kind",
      ["kubernetes:apps:Deployment"],
      "kubernetes:apps/v1:Deployment",
      undefined,
    ],
    ["every type", "every", "x:y:Z", undefined],
  ])("tells the library up front whether a policy applies: %s", (_, types, type, mark) => {
    const args = packArguments(
      [{ ...green, check: { ...green.check, types } as ResourceCheck }],
      PROD,
    );
    const markOf = (policy: PolicyPackArgs["policies"][number]): unknown =>
      Reflect.get(
        ("validateResource" in policy ? policy.validateResource : undefined) ?? {},
        "__pulumiType",
      );
    const request = { getType: () => type };
    announce(request);
    expect(markOf(only(args))).toBe(undefined);
    expect(request.getType()).toBe(type);
    expect(markOf(only(args))).toBe(mark);
    expect(markOf(only(args))).toBe(undefined);
  });

  it("calls a policy without types for every resource", async () => {
    const every: Policy = {
      ...green,
      check: {
        kind: "resource",
        types: "every",
        run: (_, context) => {
          context.report("seen");
        },
      },
    };
    const fixture = [thing("a"), { type: "kubernetes:core/v1:Pod", name: "b", props: {} }];
    expect((await evaluate([every], fixture)).map(({ urn }) => urn)).toEqual(fixture.map(urnOf));
  });

  it("shows all policies the same resource and the same stack, renewed for each analysis", async () => {
    const subjects: Resource[] = [];
    const stacks: Stack[] = [];
    const policies: readonly Policy[] = ["one", "two"].flatMap((name) => [
      {
        ...onThings((subject) => {
          subjects.push(subject);
        }),
        name,
      },
      {
        ...onStack((stack) => {
          stacks.push(stack);
        }),
        name: `${name}-stack`,
      },
    ]);
    await evaluate(policies, [thing("a")]);
    await evaluate(policies, [thing("a")]);
    await evaluate(policies, []);
    expect(subjects.map((subject) => subjects.indexOf(subject))).toEqual([0, 0, 2, 2]);
    expect(stacks.map((stack) => stacks.indexOf(stack))).toEqual([0, 0, 2, 2, 4, 5]);
  });

  it("says that it does not apply where the library asks nevertheless", () => {
    const policy = only(packArguments([green], PROD));
    const leave = vi.fn(() => {
      throw new Error("left");
    });
    const validate = (
      "validateResource" in policy ? policy.validateResource : undefined
    ) as ResourceValidation;
    const args = { type: "x:y:Z", notApplicable: leave } as unknown as ResourceValidationArgs;
    expect(() => validate(args, vi.fn())).toThrow(new Error("left"));
    expect(leave).toHaveBeenCalledOnce();
  });

  it("reports a check that fails instead of failing with it", async () => {
    const failing = onThings(() => {
      throw new TypeError("colour is not iterable");
    });
    expect(
      (await evaluate([{ ...failing, name: "failing" }, green], [thing("a")])).map(
        ({ message }) => message,
      ),
    ).toEqual([
      "The policy could not be evaluated, which is a bug in the policy pack: colour is not iterable",
      "It is not green.",
    ]);
  });

  it("refuses two policies with one name", () => {
    const blue = { ...green, name: "blue" };
    expect(() => packArguments([blue, green, green], PROD)).toThrow(
      new Error("Two policies of the pack have the same name: green. Rename one."),
    );
  });

  it("shows a stack policy relations as URNs, and resources by type", async () => {
    const seen: unknown[] = [];
    const looking = onStack((stack) => {
      for (const { urn, dependencies, propertyDependencies, protect } of stack.of("a:b:Thing")) {
        seen.push({ urn, dependencies, propertyDependencies, protect });
      }
      seen.push(stack.resources.length, stack.of("a:b:Nothing"));
    });
    const [a, b] = [thing("a"), thing("b")];
    const other: Fixture = { type: "a:b:Other", name: "o", props: {} };
    await evaluate(
      [looking],
      [
        { ...a, protect: true },
        { ...b, dependencies: [urnOf(a)], propertyDependencies: { next: [urnOf(other)] } },
        other,
      ],
    );
    expect(seen).toEqual([
      { urn: urnOf(a), dependencies: [], propertyDependencies: {}, protect: true },
      {
        urn: urnOf(b),
        dependencies: [urnOf(a)],
        propertyDependencies: { next: [urnOf(other)] },
        protect: false,
      },
      3,
      [],
    ]);
  });

  const configured: Policy = {
    ...onThings((_, { report, setting }) => {
      const names = setting("names", ["a"]).map((name) => name.toUpperCase());
      report(`at least ${setting("least", 2)} ${names.join("+")}`);
    }),
    configuration: {
      properties: {
        least: { type: "integer", default: 2 },
        names: listSetting(["a"], "Names"),
      },
    },
  };
  const reported = async (policy: Policy, properties: object): Promise<readonly string[]> => {
    const configuration = { [policy.name]: { ...properties } };
    return (await evaluate([policy], [thing("a")], { configuration })).map(
      ({ message }) => message,
    );
  };

  it("passes the configuration's schema to the engine", () => {
    const policy = only(packArguments([configured], PROD));
    expect(policy.configSchema).toEqual(configured.configuration);
  });

  it.each([
    [{}, "at least 2 A"],
    [{ least: 3, names: ["b", "c"] }, "at least 3 B+C"],
    [{ names: [] }, "at least 2 "],
    [{ least: "3", names: "b, c" }, "at least 2 A"],
    [{ names: ["b", 1] }, "at least 2 A"],
  ])("reads configuration only if it has the right type: %j", async (properties, message) => {
    expect(await reported(configured, properties)).toEqual([message]);
  });

  it("refuses to read an option that is declared with another default, or not at all", async () => {
    for (const properties of [{ least: { type: "integer" as const, default: 3 } }, {}]) {
      const policy = { ...configured, configuration: { properties } };
      const [message] = await reported(policy, {});
      expect(message).toMatch(/bug in the policy pack: it reads "(least|names)" with the default/);
    }
  });
});

describe("unknown", () => {
  const policies = [green, unknownValues];
  const open = (...names: readonly string[]): readonly Fixture[] =>
    names.map((name) => thing(name, { colour: UNKNOWN }));

  it("reports unknown values in one advisory line", async () => {
    expect(await evaluate(policies, [...open("a", "b"), thing("c", { colour: "green" })])).toEqual([
      {
        policy: "undecided",
        level: "advisory",
        urn: "",
        message: "2 values are unknown until the update and will be checked then: green (2).",
      },
    ]);
  });

  it("reports nothing if everything was known", async () => {
    expect(await evaluate(policies, [thing("c", { colour: "green" })])).toEqual([]);
  });
});

describe("typeKey", () => {
  it.each([
    ["kubernetes:apps/v1:Deployment", "kubernetes:apps:Deployment"],
    ["kubernetes:networking.k8s.io/v1beta1:Ingress", "kubernetes:networking.k8s.io:Ingress"],
    ["aws:s3/bucket:Bucket", "aws:s3/bucket:Bucket"],
    ["pulumi:providers:kubernetes", "pulumi:providers:kubernetes"],
  ])("%s → %s", (type, key) => {
    expect(typeKey(type)).toBe(key);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import type { Preview } from "./host";
import type { PolicyPackConfig } from "./policy-config";
import { errorsOf, POLICY_PACK, previewFixture, resourceNamed, urnOf } from "./testing";

const thing = (name: string): string => urnOf("test:index:Thing", name);
const fixture = {
  program: "checked.ts",
  declarations: "  limit: { type: integer, default: 100 }\n",
};

describe("a policy pack", () => {
  let preview: Preview;
  beforeAll(async () => {
    preview = await previewFixture(fixture, { policyPackDir: POLICY_PACK });
  });

  it("finds violations, with their level and clause", () => {
    expect(errorsOf(preview)).toEqual([]);
    expect(preview.policies.violations).toEqual([
      {
        policy: "count",
        enforcement: "mandatory",
        urn: "",
        message: "Stacks have few things.\n5 things, grey, true, default_1_2_3, good",
        clause: "",
      },
      {
        policy: "configured",
        enforcement: "advisory",
        urn: thing("good"),
        message: "Has configuration.\nfallback, a",
        clause: "",
      },
      {
        policy: "secret-seen",
        enforcement: "advisory",
        urn: thing("large"),
        message: "Passwords are secrets.\nthe password is [secret]",
        clause: "Published control",
      },
      {
        policy: "size",
        enforcement: "mandatory",
        urn: thing("large"),
        message: "Things are small.\nlarge is larger than 100.",
        clause: "RB-1",
      },
    ]);
  });

  it("come with the descriptions of the pack's policies, sorted", () => {
    const { descriptions = [] } = preview.policies;
    const names = descriptions.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(descriptions.find(({ name }) => name === "size")).toEqual({
      name: "size",
      title: "Size of things",
      description: "Things are small.",
      remediation: "Make the thing smaller.",
      url: "https://example.com/size",
      severity: "high",
    });
    expect(descriptions.find(({ name }) => name === "color")).toMatchObject({
      title: "",
      remediation: "",
      url: "",
      severity: "",
    });
  });

  it("counts as broken if a policy throws, or cannot run on an unknown", () => {
    const { policies } = preview;
    expect(policies.failures).toEqual([
      {
        policy: "peeks",
        urn: "",
        message:
          "can't run policy 'peeks' from policy pack 'fixture-pack@v0.0.1' during preview: " +
          "string value at .size can't be known during preview",
      },
      {
        policy: "throws",
        urn: thing("throws"),
        message: expect.stringMatching(
          /^Error validating resource with policy 'throws' from policy pack 'fixture-pack@v.*':\nTypeError: no square root\n\s+at .*index\.js:\d+/u,
        ) as string,
      },
      {
        policy: "size",
        urn: thing("unknown"),
        message: expect.stringContaining("can't run policy 'size'") as string,
      },
    ]);
  });

  it("remediates before the program and the analysis see the resource", () => {
    expect(resourceNamed(preview, "pale").inputs).toEqual({ size: 1, color: "grey" });
    expect(preview.outputs).toEqual({ color: "grey" });
  });

  it("is configured: levels and properties", async () => {
    const other = await previewFixture(fixture, {
      policyPackDir: POLICY_PACK,
      policyConfig: {
        all: "disabled",
        size: "advisory",
        configured: { enforcementLevel: "mandatory", word: "given", list: ["b", "c"] },
      },
    });
    expect(
      other.policies.violations.map(({ policy, enforcement }) => [policy, enforcement]),
    ).toEqual([
      ["configured", "mandatory"],
      ["size", "advisory"],
    ]);
    expect(other.policies.violations[0]?.message).toBe("Has configuration.\ngiven, b, c");
  });

  it("gets facts about the whole plan before the stack is checked; given configuration takes precedence", async () => {
    const seen: string[][] = [];
    const options = {
      policyPackDir: POLICY_PACK,
      policyFacts: (resources: Preview["resources"]) => {
        seen.push(resources.map(({ name }) => name).sort());
        return { counted: { heard: `of ${String(resources.length)}` }, strange: { heard: "x" } };
      },
    };
    const told = async (policyConfig?: PolicyPackConfig): Promise<readonly string[]> => {
      const { policies, resources } = await previewFixture(fixture, {
        ...options,
        ...(policyConfig === undefined ? {} : { policyConfig }),
      });
      expect(seen.pop()).toEqual(resources.map(({ name }) => name).sort());
      return policies.violations.flatMap(({ policy, message }) =>
        policy === "counted" ? [message] : [],
      );
    };
    expect(await told()).toEqual(["Hears of the whole.\nof 7"]);
    expect(await told({ counted: { heard: "given" } })).toEqual(["Hears of the whole.\ngiven"]);
    expect(await told({ counted: "disabled" })).toEqual([]);
  });

  it.each<[PolicyPackConfig, string]>([
    [
      { size: "strict" },
      'The enforcement level of "size" is "strict"; it must be one of mandatory, advisory, disabled, remediate.',
    ],
    [{ sized: "advisory" }, 'The pack has no policy "sized". Did you mean "size"?'],
    [
      { configured: { words: "given" } },
      '"configured" has no property "words". Did you mean "word"?',
    ],
    [{ configured: { word: 5 } }, "configured.word is 5; it must be a text."],
    [
      { configured: { list: "a, b" } },
      'configured.list is "a, b"; it must be a list: write ["a", "b"].',
    ],
    [{ color: { least: 5 } }, '"color" has no property "least". It has enforcementLevel.'],
  ])("refuses the configuration %j", async (policyConfig, message) => {
    const run = previewFixture(fixture, { policyPackDir: POLICY_PACK, policyConfig });
    await expect(run).rejects.toThrow(message);
  });

  it("of someone else only advises if it cannot judge an unknown value, and is told apart by name", async () => {
    const both = await previewFixture(fixture, {
      policyPackDir: POLICY_PACK,
      foreignPacks: [
        { dir: POLICY_PACK, config: { all: "disabled", peeks: "mandatory", size: "mandatory" } },
      ],
    });
    expect(both.policies.failures).toEqual(preview.policies.failures);
    const theirs = both.policies.violations.filter(({ policy }) => policy.includes("/"));
    expect(theirs.map(({ policy, enforcement, urn }) => [policy, enforcement, urn])).toEqual([
      ["fixture-pack/peeks", "advisory", ""],
      ["fixture-pack/size", "mandatory", thing("large")],
      ["fixture-pack/size", "advisory", thing("unknown")],
    ]);
    expect(theirs[2]?.message).toContain("can't run policy 'size'");
    const names = both.policies.descriptions?.map(({ name }) => name) ?? [];
    expect(names).toContain("fixture-pack/peeks");
  });

  it("that is not a pack is refused", async () => {
    await expect(previewFixture(fixture, { foreignPacks: [{ dir: "nowhere" }] })).rejects.toThrow(
      /nowhere is not a policy pack: it has no PulumiPolicy\.yaml\.$/u,
    );
  });

  it("that cannot start is an error of the run, with what it printed", async () => {
    const other = await previewFixture({ program: "checked.ts" }, { policyPackDir: POLICY_PACK });
    expect(errorsOf(other)).toEqual([
      "The policy pack ended with exit code 32 instead of serving.",
    ]);
    expect(other.diagnostics.map((item) => item.message).join("\n")).toContain("fixture:limit");
  });

  it("counts how often policies were applied", () => {
    const { policies } = preview;
    // Two of the seven resources are not things: 7 resources × 5 policies, without size on those two, and
    // without everything on the one on which a policy threw; then 3 stack policies.
    expect(policies.evaluated).toBe(7 * 5 - 2 - 5 + 3);
  });
});

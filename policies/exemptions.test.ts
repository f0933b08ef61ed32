import { afterEach, describe, expect, it, vi } from "vitest";
import { policyNamed } from "./catalog";
import { readPolicyContext } from "./policy-context";
import { readExemptions, today } from "./exemptions";
import { exempted, exemptionExpiring, exemptionNeeded, exemptionValid } from "./governance";
import { broken, deployment } from "./testing/fixtures";
import { shop } from "./testing/system";
import { UNKNOWN, evaluate, urnOf, type Fixture, type Setting } from "./testing";

const POLICY = "pod-security-baseline-privileged";
const privileged = broken(
  deployment(),
  ["spec", "template", "spec", "containers", 0, "securityContext", "privileged"],
  true,
);
const good = {
  policy: POLICY,
  resource: urnOf(privileged),
  reason: "The vendor's driver needs it until its next release.",
  owner: "platform team",
  expires: "2026-03-01",
};

async function reported(exemptions: unknown, day = "2026-03-01"): Promise<readonly string[]> {
  const policies = [policyNamed(POLICY), exemptionValid, exempted];
  const found = await evaluate(policies, [privileged], { policyContext: { exemptions }, day });
  return found.map(({ policy, message }) =>
    policy === POLICY ? "the violation" : `${policy}: ${message}`,
  );
}

const counted = `exempted: 1 violation is exempt from ${POLICY}: The vendor's driver needs it until its next release (runstack:policyExemptions[0], owner platform team, until 2026-03-01).`;
const fault = (text: string): string => `exemption-valid: runstack:policyExemptions[0] ${text}`;
const KEYS = "policy, resource, reason, owner, expires";

afterEach(() => {
  vi.useRealTimers();
});

describe("policy exemptions", () => {
  it("exempt one resource from one policy, including on their last day", async () => {
    expect(await reported([])).toEqual(["the violation"]);
    expect(await reported([good])).toEqual([counted]);
  });

  it("accept an unquoted date, as the engine renders it", async () => {
    const expires = "2026-03-01 00:00:00 +0000 UTC";
    expect(await reported([{ ...good, expires }])).toEqual([counted]);
    expect((await reported([{ ...good, expires }], "2026-03-02"))[0]).toBe("the violation");
  });

  it("match URNs by glob", async () => {
    expect(await reported([{ ...good, resource: "*::orders" }])).toEqual([counted]);
    expect(
      await reported([{ ...good, resource: "urn:pulumi:*apps/v?:Deployment::orders" }]),
    ).toEqual([
      "the violation",
      fault(
        `(${POLICY}) has the resource "urn:pulumi:*apps/v?:Deployment::orders", which matches no URN of this stack; correct it or remove the exemption.`,
      ),
    ]);
  });

  it("may name the resource that their reason relies on, which must exist", async () => {
    const relies = "*Deployment::orders";
    expect(await reported([{ ...good, relies }])).toEqual([counted]);
    expect(await reported([{ ...good, relies: "*::orders-replica" }])).toEqual([
      fault(
        `(${POLICY}) relies on "*::orders-replica", which matches no URN of this stack; correct it or remove the exemption.`,
      ),
      counted,
    ]);
  });

  it("cover violations of the whole stack by the URN under which they are shown", async () => {
    const root: Fixture = { type: "pulumi:pulumi:Stack", name: "runstack-prod", props: {} };
    const policies = [policyNamed("runbook-alerts"), exempted];
    const evaluated = async (exemptions: readonly unknown[]): Promise<readonly string[]> => {
      const policyContext = { system: shop, exemptions };
      const found = await evaluate(policies, [root], { policyContext });
      return found.map(({ policy, urn }) => `${policy} ${urn}`);
    };
    expect(await evaluated([])).toEqual(Array(2).fill(`runbook-alerts ${urnOf(root)}`));
    expect(await evaluated([{ ...good, policy: "runbook-alerts", resource: urnOf(root) }])).toEqual(
      [`exempted ${urnOf(root)}`],
    );
  });

  it("exempt nothing once they have expired", async () => {
    expect(await reported([good], "2026-03-02")).toEqual([
      "the violation",
      fault(
        `(${POLICY}, owner platform team) expired on 2026-03-01; fix the resource and remove the exemption, or have it renewed with a new date.`,
      ),
    ]);
  });

  it.each<[string, unknown, string]>([
    ["is no object", "x", `is not an object; use one with the keys ${KEYS}.`],
    ["has no reason", { ...good, reason: " " }, `has no "reason"; every exemption needs ${KEYS}.`],
    [
      "has a number as owner",
      { ...good, owner: 7 },
      `has no "owner"; every exemption needs ${KEYS}.`,
    ],
    [
      "has a key too many",
      { ...good, until: "ever" },
      `has the key "until"; allowed are ${KEYS}, relies.`,
    ],
    [
      "ends on a day that does not exist",
      { ...good, expires: "2026-02-30" },
      'has the expiry "2026-02-30"; use an existing date, as YYYY-MM-DD.',
    ],
    [
      "ends never",
      { ...good, expires: "never" },
      'has the expiry "never"; use an existing date, as YYYY-MM-DD.',
    ],
    [
      "names an unknown policy",
      { ...good, policy: "pod-securty" },
      'names the policy "pod-securty", which this pack does not have; correct the name or remove the exemption.',
    ],
    [
      "names the policy about exemptions",
      { ...good, policy: "exemption-valid", resource: "*" },
      'names the policy "exemption-valid", which allows no exemptions; remove the exemption.',
    ],
    [
      "misspells a policy",
      { ...good, policy: "exemption-vald" },
      'names the policy "exemption-vald", which this pack does not have; correct the name or remove the exemption. Did you mean "exemption-valid"?',
    ],
  ])("one that %s exempts nothing", async (_, exemption, text) => {
    expect(await reported([exemption])).toEqual(["the violation", fault(text)]);
  });

  it.each([
    ["not json", "not JSON"],
    ['{"policy":"x"}', "not a list"],
  ])("a configuration of %s is one error", async (text, what) => {
    const { exemptions } = readPolicyContext(
      {},
      { get: (key) => (key === "policyExemptions" ? text : undefined) },
    );
    expect(await reported(exemptions)).toEqual([
      "the violation",
      `exemption-valid: runstack:policyExemptions is ${what}; use a list of objects with the keys ${KEYS}.`,
    ]);
  });

  it("expire by UTC date", () => {
    vi.useFakeTimers();
    vi.setSystemTime(new Date("2026-03-01T23:30:00-02:00"));
    expect(today()).toBe("2026-03-02");
  });
});

describe("exemption-needed", () => {
  const unneeded = async (
    exemptions: unknown,
    ...fixture: readonly Fixture[]
  ): Promise<readonly string[]> => {
    const policies = [policyNamed(POLICY), exemptionNeeded];
    const found = await evaluate(policies, fixture, { policyContext: { exemptions } });
    return found.map(({ policy, message }) => `${policy}: ${message}`);
  };
  const idle = `exemption-needed: runstack:policyExemptions[0] (${POLICY}, owner platform team) exempts nothing: "${good.resource}" does not violate the policy, or is exempt without this entry; remove the exemption.`;

  it("accepts an exemption that covers a violation", async () => {
    expect(await unneeded([good], privileged)).toEqual([]);
  });

  it("reports unused exemptions, except expired ones", async () => {
    expect(await unneeded([good], deployment())).toEqual([idle]);
    expect(await unneeded([{ ...good, expires: "2026-02-28" }], deployment())).toEqual([]);
  });

  it("leaves invalid exemptions to exemption-valid", async () => {
    expect(await unneeded([{ ...good, policy: "nothing-like-it" }], deployment())).toEqual([]);
    expect(await unneeded([{ ...good, resource: "nobody" }], deployment())).toEqual([]);
  });

  it("waits while the policy has unknown values", async () => {
    const path = ["spec", "template", "spec", "containers", 0, "securityContext", "privileged"];
    expect(await unneeded([good], broken(deployment(), path, UNKNOWN))).toEqual([]);
  });

  it("forgets what the previous analysis needed", () => {
    const exemptions = readExemptions([good], { day: "2026-03-01" });
    const unneeded = (): readonly string[] =>
      exemptions.unneeded(() => false, new Set([POLICY]), [good.resource]);
    expect(exemptions.cover(POLICY, good.resource)).toBe(true);
    expect(unneeded()).toHaveLength(1);
    expect(exemptions.spare(POLICY, good.resource)).toMatch(/^The vendor's driver /);
    expect(unneeded()).toEqual([]);
    expect(unneeded()).toHaveLength(1);
  });
});

describe("exemption-expiring", () => {
  const ending = async (
    exemption: Partial<typeof good>,
    configuration: Setting["configuration"] = {},
  ): Promise<readonly string[]> => {
    const policyContext = { exemptions: [{ ...good, ...exemption }] };
    const policies = [policyNamed(POLICY), exemptionExpiring];
    const found = await evaluate(policies, [privileged], {
      policyContext,
      configuration,
      day: "2026-02-01",
    });
    return found.map(({ policy, level, message }) => `${policy} ${level}: ${message}`);
  };
  const named = (when: string): string =>
    `exemption-expiring advisory: runstack:policyExemptions[0] (${POLICY}, owner platform team) ends ${when}; fix the resource and remove the exemption, or have it renewed with a new date.`;

  it("reports exemptions that expire within thirty days", async () => {
    expect(await ending({ expires: "2026-03-03" })).toEqual([named("in 30 days, on 2026-03-03")]);
    expect(await ending({ expires: "2026-03-04" })).toEqual([]);
    expect(await ending({ expires: "2026-02-02" })).toEqual([named("tomorrow, on 2026-02-02")]);
    expect(await ending({ expires: "2026-02-01" })).toEqual([named("today, on 2026-02-01")]);
  });

  it("reports them as early as configured", async () => {
    const within = (days: number): Setting["configuration"] => ({ "exemption-expiring": { days } });
    expect(await ending({ expires: "2026-03-04" }, within(31))).toHaveLength(1);
    expect(await ending({ expires: "2026-02-02" }, within(0))).toEqual([]);
  });

  it("leaves expired and invalid exemptions to exemption-valid", async () => {
    expect(await ending({ expires: "2026-01-31" })).not.toContainEqual(
      expect.stringContaining("exemption-expiring"),
    );
    expect(await ending({ expires: "2026-02-02", policy: "nothing-like-it" })).not.toContainEqual(
      expect.stringContaining("exemption-expiring"),
    );
  });
});

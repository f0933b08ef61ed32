import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { evaluate, messages, urnOf, type Setting } from "../testing";
import { hours, minutes } from "../../systems/units";
import { inDr, objective, shopWith } from "../testing/runbook";

const NAME = "runbook-recovery-time";
const AS = shopWith({
  recovery: [
    objective({ of: "orders", rto: minutes(17) }),
    objective({ of: "system", rto: hours(2) }),
  ],
});
const stack = { type: "pulumi:pulumi:Stack", name: "runstack-prod", props: {} };
const fixture = (estimates?: unknown, setting: Setting = AS): Setting => ({
  ...setting,
  configuration: { [NAME]: { estimates } },
});
const reported = (estimates?: unknown, setting?: Setting): Promise<readonly string[]> =>
  messages(NAME, [stack], fixture(estimates, setting));
const ORDERS =
  'A rebuild from scratch is estimated to have "orders" back after 17.1 minutes; the runbook "Shop Runbook" allows 17m (Disaster / Targets).';
const SYSTEM =
  'A rebuild from scratch is estimated to have the whole system back after 121 minutes; the runbook "Shop Runbook" allows 2h (Disaster / Targets).';

describe("runbook-recovery-time", () => {
  it("compares the estimate of each objective", async () => {
    expect(await reported(["orders 17", "system 120"])).toEqual([]);
    expect(await reported(["orders 17.1", "system 121"])).toEqual([ORDERS, SYSTEM]);
    expect(await reported(["system 121", "orders 17"])).toEqual([SYSTEM]);
    expect(await reported(["orders 17.1", "system 121"], inDr(AS))).toEqual([ORDERS, SYSTEM]);
  });

  it("reports nothing without an estimate or an objective", async () => {
    expect(await reported(["orders 17.1"])).toEqual([ORDERS]);
    expect(await reported(["cart 500", "order 500", "rders 500"])).toEqual([]);
    expect(await reported(["orders many", "system -500"])).toEqual([]);
    expect(await reported()).toEqual([]);
    expect(await reported(500)).toEqual([]);
  });

  it("blocks a change to production", async () => {
    const [found, ...others] = await evaluate(
      [policyNamed(NAME)],
      [stack],
      fixture(["orders 17.1", "system 120"]),
    );
    expect(found).toEqual({ policy: NAME, level: "mandatory", urn: urnOf(stack), message: ORDERS });
    expect(others).toEqual([]);
  });

  const exempt = (resource: string): Setting => ({
    policyContext: {
      ...AS.policyContext,
      exemptions: [
        {
          policy: NAME,
          resource,
          reason: "another stack stands ready",
          owner: "platform team",
          expires: "2026-09-17",
        },
      ],
    },
  });
  const policies = [NAME, "exemption-needed", "exempted"].map(policyNamed);

  it("can be exempted and is counted, like any other policy", async () => {
    const exemption = exempt("*::runstack-prod");
    const found = await evaluate(
      policies,
      [stack],
      fixture(["orders 18", "system 130"], exemption),
    );
    expect(found.map(({ message }) => message)).toEqual([
      `2 violations are exempt from ${NAME}: another stack stands ready (runstack:policyExemptions[0], owner platform team, until 2026-09-17).`,
    ]);
    const idle = await evaluate(policies, [stack], fixture(["orders 16"], exemption));
    expect(idle.map(({ policy }) => policy)).toEqual(["exemption-needed"]);
  });

  it("keeps an exemption waiting without an estimate", async () => {
    expect(await evaluate(policies, [stack], fixture([], exempt("*::runstack-prod")))).toEqual([]);
    const other = await evaluate(
      [...policies, policyNamed("exemption-valid")],
      [stack],
      fixture([], exempt("*::runstack-dr")),
    );
    expect(other.map(({ policy }) => policy)).toEqual(["exemption-valid"]);
  });
});

/** The policies on real plans, with one property at a time unknown or of a wrong type. */
import { beforeAll, describe, expect, it } from "vitest";
import { listStacks, loadStack } from "../offline/stack-files";
import { POLICIES } from "../policies/catalog";
import { planned, PROJECT } from "./plan";
import { Judged } from "./judged";

/** These policies look at the findings of the others. */
const GOVERNANCE = new Set([
  "exemption-valid",
  "exemption-expiring",
  "exemption-needed",
  "exempted",
  "undecided",
]);
const policies = POLICIES.filter(({ name }) => !GOVERNANCE.has(name));

/** Thousands of evaluations; in milliseconds. */
const MANY = 1_200_000;

const production = listStacks(PROJECT).filter(
  (stack) => loadStack(PROJECT, stack).config.values["runstack:environment"] === "prod",
);

/** Shared by the plans, so that nothing is tried twice. */
const tried = new Set<string>();

describe.each(production)("%s", (stack) => {
  let judged: Judged;

  beforeAll(async () => {
    judged = new Judged(await planned(stack));
  });

  it(
    "gets no further violations with any property unknown",
    () => {
      expect(judged.lapses(policies)).toEqual([]);
    },
    MANY,
  );

  it(
    "makes no policy throw with any property of a wrong type",
    () => {
      expect(judged.faults(policies, tried)).toEqual([]);
    },
    MANY,
  );
});

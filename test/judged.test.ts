/** The policies on real plans, in which one property at a time is not known, or not what it should be. */
import { beforeAll, describe, expect, it } from "vitest";
import { listStacks, loadStack } from "../offline/stack-files";
import { POLICIES } from "../policies/catalog";
import { planOf, PROJECT } from "./plan";
import { Judged } from "./judged";

/** They look at what became of the others' findings. */
const GOVERNANCE = new Set([
  "exemption-valid",
  "exemption-expiring",
  "exemption-needed",
  "exempted",
  "undecided",
]);
const policies = POLICIES.filter(({ name }) => !GOVERNANCE.has(name));

/** Thousands of judgements; in milliseconds. */
const MANY = 600_000;

const production = listStacks(PROJECT).filter(
  (stack) => loadStack(PROJECT, stack).config.values["runstack:environment"] === "prod",
);

/** Shared by the plans: what was tried in one is not tried again in the next. */
const tried = new Set<string>();

describe.each(production)("%s", (stack) => {
  let judged: Judged;

  beforeAll(async () => {
    judged = new Judged(await planOf(stack));
  });

  it(
    "is judged no worse with any property unknown",
    () => {
      expect(judged.lapses(policies)).toEqual([]);
    },
    MANY,
  );

  it(
    "makes no policy fail with any property of a wrong shape",
    () => {
      expect(judged.faults(policies, tried)).toEqual([]);
    },
    MANY,
  );
});

/** Which policies say anything of plain Kubernetes objects. */
import { podsIn, servingPodsIn } from "../kubernetes/declared";
import { inventoryOf } from "../kubernetes/references/inventory";
import { schemasOf } from "../configuration";
import { checkContext, runSafely } from "../context";
import { startCounter } from "../counter";
import { readExemptions } from "../exemptions";
import type { CheckContext, Policy, Stack, StackCheck } from "../policy";
import { startUndecided } from "../undecided";

/** The first word of the policies of each folder that judges no manifest. */
const OF_PROGRAMS = /^(?:aws|digitalocean|gcp|pulumi|runbook)-/;

/** Whether a policy judges objects in manifests, rather than a Pulumi program, a runbook or a cloud. */
export const judgesManifests = ({ name, needs }: Policy): boolean =>
  needs !== "program" && !OF_PROGRAMS.test(name);

/** Whether a policy looks at any object of these types. */
export function judgesSome(policy: Policy, types: ReadonlySet<string>): boolean {
  const { check } = policy;
  const own = check.kind === "stack" ? typesOf(policy, check) : check.types;
  return own === "every" ? types.size > 0 : own.some((type) => types.has(type));
}

/** What a check asks of a stack that has nothing: another with none of these types is the same to it. */
function typesOf(policy: Policy, { run }: StackCheck): readonly string[] | "every" {
  const asked = new Set<string>();
  const seen = { isRunning: false, isEvery: false };
  const all = (): void => {
    seen.isEvery ||= seen.isRunning;
  };
  for (const isOpposite of [false, true]) {
    const empty: Stack = {
      get resources() {
        all();
        return [];
      },
      of: (...types) => {
        if (seen.isRunning) for (const type of types) asked.add(type);
        return [];
      },
    };
    // A check only looks up in these what an object refers to or selects.
    seen.isRunning = false;
    for (const made of [inventoryOf, podsIn, servingPodsIn]) made(empty);
    seen.isRunning = true;
    const context = contextOf(policy, isOpposite, all);
    runSafely(context, () => {
      run(empty, context);
    });
  }
  return seen.isEvery || asked.size === 0 ? "every" : [...asked];
}

/** @param isOpposite whether options are what they are not by default, as they may lead to other types */
function contextOf(policy: Policy, isOpposite: boolean, report: () => void): CheckContext {
  const booleans = Object.entries(schemasOf(policy)).filter(
    ([, schema]) => typeof schema.default === "boolean",
  );
  const opposite = Object.fromEntries(booleans.map(([key, schema]) => [key, !schema.default]));
  const context = checkContext(policy, {
    policyContext: {
      environment: "prod",
      exemptions: [],
      podSecurityMinor: Infinity,
      zoned: true,
      restored: {},
    },
    pack: {
      names: new Set(),
      exemptions: readExemptions([], {}),
      exempted: startCounter(),
      unknown: startCounter(),
      undecided: startUndecided(),
    },
    urn: "",
    properties: () => (isOpposite ? opposite : {}),
    report,
  });
  return {
    ...context,
    // Any object may be of a defined kind.
    get definitions() {
      report();
      return [];
    },
  };
}

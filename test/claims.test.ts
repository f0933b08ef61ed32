/** What is said of a system is so: its findings, its procedures, and what nothing reads. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Registered } from "../components/kit/testing";
import { listStacks } from "../offline/stack-files";
import { POLICIES } from "../policies/catalog";
import { ALL } from "../settings/keys";
import { elsewhere } from "../settings/keys/elsewhere";
import type { Realisation } from "../systems/model";
import { valuePaths } from "../systems/reading";
import { allRuns, idleUses, isHeading, systems, type Run } from "./claims";
import { PROJECT } from "./plan";

const KEYS = new Set([...ALL.map(([name]) => name as string), ...Object.keys(elsewhere)]);

const STACKS = listStacks(PROJECT);

let runs: readonly Run[] = [];
beforeAll(async () => {
  runs = await allRuns();
}, 300_000);

const kindOf = ({ type }: Registered): string => type.split(":").at(-1) ?? "";

/** Whether `*` of the pattern stands for any text in the name. */
const fits = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"))
      .join(".*")}$`,
  ).test(name);

const alertsIn = ({ inputs }: Registered): readonly string[] => {
  const { groups = [] } = (inputs["spec"] ?? {}) as {
    readonly groups?: readonly { readonly rules: readonly { readonly alert?: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
};

/** Whether what a finding names exists in a stack of the system, or in this repository. */
function exists(one: Realisation, id: string): boolean {
  const own = runs.filter(({ system, stack }) => system.id === id && STACKS.includes(stack));
  const resources = own.flatMap((each) => each.resources);
  if ("resource" in one) {
    const name = `${id}-${one.name}`;
    return resources.some((each) => kindOf(each) === one.resource && fits(name, each.name));
  }
  if ("absent" in one) return !resources.some((each) => kindOf(each) === one.absent);
  if ("alert" in one) return resources.some((each) => alertsIn(each).includes(one.alert));
  if ("policy" in one) return POLICIES.some(({ name }) => name === one.policy);
  if ("setting" in one) return KEYS.has(one.setting);
  if ("document" in one) return isHeading(one.document);
  return own.some(({ system }) => valuePaths(system).includes(one.value));
}

describe.each(systems)("%s", (id, { findings, recovery }) => {
  it("names in its findings what exists in one of its stacks", () => {
    const named = findings.flatMap(({ id: finding, realised = [] }) =>
      realised.map((one) => ({ finding, one })),
    );
    expect(named.filter(({ one }) => !exists(one, id))).toEqual([]);
    expect(named.length).toBeGreaterThanOrEqual(findings.filter(({ open }) => !open).length);
  });

  it("names headings that exist as the procedures of its objectives", () => {
    const procedures = recovery.flatMap(({ procedure }) => procedure ?? []);
    expect(procedures.filter((one) => !isHeading(one))).toEqual([]);
    expect(procedures.length).toBeGreaterThan(0);
  });
});

it("has a reason for each value that nothing reads: add what is new to systems/uses", () => {
  const unlisted = runs.flatMap(({ stack, said }) =>
    said.filter((sentence) => sentence.includes("systems/uses")).map((one) => [stack, one]),
  );
  expect(unlisted).toEqual([]);
  expect(runs.flatMap(({ said }) => said).length).toBeGreaterThan(runs.length);
});

it("lists no reason for what is read: remove these from systems/uses", () => {
  expect(idleUses(runs)).toEqual([]);
});

it("reads everything while components are constructed, so that what is said is complete", () => {
  expect(runs.every(({ read, unread }) => unread.every((path) => !read.has(path)))).toBe(true);
});

/**
 * A restore into the stack itself (docs/recovery.md): the stack as it runs, then with the database's next incarnation,
 * and what the policy pack says of that in an `up`. `npm run test:restore` does it with the real engine.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { loadStack, type StackFile } from "../offline/stack-files";
import { compareResources } from "../reports/difference/resources";
import { environmentPlan } from "./environment-plan";
import { PROJECT } from "./plan";
import { create } from "./update/cloud";
import { settingsOf, withSecrets } from "./update/given";
import { run } from "./update/inside";

const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const INSTANCE = "aws:rds/instance:Instance";

type Settings = Readonly<Record<string, unknown>>;

/** By stack: the database, and what holds data and another incarnation replaces. */
const STACKS: Readonly<Record<string, readonly [database: string, replaced: readonly string[]]>> = {
  "phase-5-prod": ["postgres", [CLUSTER]],
  "aeneas-prod": ["postgresql", [INSTANCE, INSTANCE, INSTANCE]],
};
/** Replaced too, by an ARN that a plan does not know. */
const COPY = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

describe.each(Object.entries(STACKS))("a restore of %s", (name, [database, replaced]) => {
  const stack = loadStack(PROJECT, name);
  const next = { incarnations: { [database]: 2 }, restoreFrom: { [database]: { incarnation: 1 } } };
  const confirmed = { ...next, replace: ["postgres"] };

  it("replaces the database in one update, and nothing else that is protected", async () => {
    vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const changesTo = async (settings: Settings) =>
      compareResources(
        (await environmentPlan(settingsOf(stack))).resources,
        (await environmentPlan(settingsOf(changed(stack, settings)))).resources,
      ).changes;
    const restored = await changesTo(confirmed);
    expect(restored.filter(({ refused, kind }) => refused || kind === "delete")).toEqual([]);
    const unprotected = restored
      .filter(({ before, resource }) => before?.protect && !resource.protect)
      .filter(({ resource }) => resource.type !== COPY);
    expect(unprotected.map(({ resource }) => resource.type)).toEqual(replaced);
    expect(new Set(unprotected.map(({ kind }) => kind))).toEqual(new Set(["replace"]));
    // Without runstack:replace, the engine refuses the same.
    const refused = (await changesTo(next)).filter((one) => one.refused);
    expect(refused.map(({ resource }) => resource.type)).toEqual(replaced);
  });

  it("is accepted by the pack, which refuses the same database for any other reason", async () => {
    const { violations, judgedWith } = await run(withSecrets(changed(stack, confirmed)), create);
    expect(mandatory(violations)).toEqual([]);
    for (const key of Object.keys(confirmed)) {
      const others = Object.entries(confirmed).filter(([one]) => one !== key);
      const found = await judgedWith(changed(stack, Object.fromEntries(others)));
      expect(mandatory(found)).toContain("stateful-protected");
    }
  });
});

const mandatory = (violations: Awaited<ReturnType<typeof run>>["violations"]): readonly string[] =>
  violations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);

function changed({ name, config }: StackFile, settings: Settings): StackFile {
  const added = Object.entries(settings).map(
    ([key, value]) => [`runstack:${key}`, JSON.stringify(value)] as const,
  );
  return {
    name,
    config: { ...config, values: { ...config.values, ...Object.fromEntries(added) } },
  };
}

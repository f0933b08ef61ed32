/**
 * A restore into the stack itself (docs/recovery.md), and a replica that starts again from the restored primary: the
 * stack as it runs, then with the database's next incarnation, and what the policy pack says of that in an `up`. `npm run test:restore` does it with the real engine.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { loadStack, type StackFile } from "../offline/stack-files";
import { compareResources } from "../reports/difference/resources";
import { environmentPlan } from "./environment-plan";
import { PROJECT } from "./plan";
import { create } from "../rehearsal/clouds/outputs";
import { settingsOf, withSecrets } from "../rehearsal/secrets";
import { run } from "./update/inside";

const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const INSTANCE = "aws:rds/instance:Instance";

type Settings = Readonly<Record<string, unknown>>;

interface Restore {
  readonly database: string;
  /** Where the next incarnation gets its data. */
  readonly from: Settings;
  /** Types of what holds data and another incarnation replaces. */
  readonly replaced: readonly string[];
}

const STACKS: Readonly<Record<string, Restore>> = {
  "phase-5-prod": {
    database: "postgres",
    from: { restoreFrom: { postgres: { incarnation: 1 } } },
    replaced: [CLUSTER],
  },
  "phase-5-dr": {
    database: "postgres",
    from: { replicaOf: "todo-app-backups/phase-5-prod-2" },
    replaced: [CLUSTER],
  },
  "aeneas-prod": {
    database: "postgresql",
    from: { restoreFrom: { postgresql: { incarnation: 1 } } },
    replaced: [INSTANCE, INSTANCE, INSTANCE],
  },
  "aeneas-dr": {
    database: "postgresql",
    from: { replicaOf: "arn:aws:rds:us-east-1:123456789012:db:aeneas-prod-postgresql-2" },
    replaced: [INSTANCE],
  },
};
/** Replaced too, by an ARN that a plan does not know. */
const COPY = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

describe.each(Object.entries(STACKS))("a restore of %s", (name, { database, from, replaced }) => {
  const stack = loadStack(PROJECT, name);
  const next = { incarnations: { [database]: 2 }, ...from };
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
      const found = await judgedWith(changed(stack, { ...confirmed, [key]: undefined }));
      expect(mandatory(found)).toContain("stateful-protected");
    }
  });
});

const mandatory = (violations: Awaited<ReturnType<typeof run>>["violations"]): readonly string[] =>
  violations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);

/** Undefined takes a key out. */
function changed({ name, config }: StackFile, settings: Settings): StackFile {
  const values = new Map(Object.entries(config.values));
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) values.delete(`runstack:${key}`);
    else values.set(`runstack:${key}`, typeof value === "string" ? value : JSON.stringify(value));
  }
  return { name, config: { ...config, values: Object.fromEntries(values) } };
}

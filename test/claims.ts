/**
 * For tests: what the program reads of its system in each stack of this repository, and what it creates there.
 *
 * It runs in this process, as a first preview would: everything is read while components are constructed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Environment } from "../components/environment";
import { register, type Registered } from "../components/kit/testing";
import { givenSecrets } from "../components/secrets";
import { requiredSecrets } from "../settings/secrets";
import { listStacks, loadStack } from "../offline/stack-files";
import type { Plan } from "../offline/plan";
import { POLICIES } from "../policies/catalog";
import { exceptionsOf } from "../policies/exceptions";
import { assemble } from "../reports/assemble";
import { renderRunbookFindings } from "../reports/runbook-findings";
import { parseSettings, readSettings, type Settings } from "../settings";
import { resizable, withChoices } from "../settings/choices";
import { SYSTEMS, type SystemId } from "../systems";
import type { CloudName, EnvironmentName, System } from "../systems/model";
import { readPaths, unreadPaths, unwatched, watched } from "../systems/reading";
import { USES, usesOf } from "../systems/uses";
import { matches, type Use } from "../systems/uses/use";
import { validateSystem } from "../systems/validate";
import { Judged } from "./judged";
import { PROJECT } from "./plan";
import { settingsOf as settingsOfCell, type Cell } from "./update/cells";

export interface Run {
  readonly stack: string;
  readonly system: System;
  readonly environment: EnvironmentName;
  readonly cloud: CloudName;
  readonly read: ReadonlySet<string>;
  readonly unread: readonly string[];
  readonly resources: readonly Registered[];
  /** The sentences of the plan. */
  readonly said: readonly string[];
}

/** A first preview: every resource can be created, and no output is computed. */
const anything = new Proxy({}, { get: () => ({}) });

type Placement = Pick<Cell, "system" | "cloud" | "postgres" | "redis" | "kafka">;

/** What no stack of this repository has: another cloud, and data services that others run. */
const ELSEWHERE: Readonly<Record<string, Placement>> = {
  outside: {
    system: "todo-chatbot",
    cloud: "existing",
    postgres: "external",
    redis: "external",
    kafka: "external",
  },
  "aeneas on gcp": {
    system: "aeneas",
    cloud: "gcp",
    postgres: "operator",
    redis: "managed",
    kafka: "managed",
  },
  "aeneas with Strimzi": {
    system: "aeneas",
    cloud: "aws",
    postgres: "managed",
    redis: "managed",
    kafka: "operator",
  },
  "ai-wealth on aws": {
    system: "ai-wealth",
    cloud: "aws",
    postgres: "managed",
    redis: "managed",
    kafka: "managed",
  },
  "phase-5 on digitalocean": {
    system: "phase-5",
    cloud: "digitalocean",
    postgres: "managed",
    redis: "managed",
    kafka: "managed",
  },
  "phase-5 on an existing cluster": {
    system: "phase-5",
    cloud: "existing",
    postgres: "operator",
    redis: "external",
    kafka: "operator",
  },
  "aia on digitalocean": {
    system: "aia",
    cloud: "digitalocean",
    postgres: "operator",
    redis: "managed",
    kafka: "managed",
  },
};

function settingsOf(stack: string): Settings {
  pulumi.runtime.setAllConfig({ ...loadStack(PROJECT, stack).config.values });
  return readSettings(new pulumi.Config("runstack"));
}

async function run(stack: string, settings: Settings): Promise<Run> {
  const given = givenSecrets(new pulumi.Config("runstack"), requiredSecrets(settings), true);
  const said: string[] = [];
  const { warn } = pulumi.log;
  // The SDK's own function needs an engine.
  Object.assign(pulumi.log, {
    warn: (message: string) => Promise.resolve(void said.push(message)),
  });
  try {
    const { resources } = await register(
      (options) => new Environment(settings.system.id, { settings, given }, options),
      { preview: true, cloud: anything },
    );
    return {
      stack,
      system: unwatched(settings.system),
      environment: settings.environment,
      cloud: settings.cloud,
      read: new Set(readPaths(settings.system)),
      unread: unreadPaths(settings.system),
      resources,
      said,
    };
  } finally {
    Object.assign(pulumi.log, { warn });
  }
}

let running: Promise<readonly Run[]> | undefined;

async function all(): Promise<readonly Run[]> {
  const runs: Run[] = [];
  // One after another: the mocked engine is a single one.
  for (const stack of listStacks(PROJECT)) runs.push(await run(stack, settingsOf(stack)));
  pulumi.runtime.setAllConfig({});
  for (const [name, placement] of Object.entries(ELSEWHERE)) {
    const settings = parseSettings(settingsOfCell({ environment: "prod", ...placement }));
    runs.push(await run(name, settings));
  }
  return runs;
}

/** Every stack, and other placements; once a process. */
export const allRuns = (): Promise<readonly Run[]> => (running ??= all());

/** What others than the program read, by reader. */
export type Readers = Readonly<
  Record<"rules" | "policies" | "reports" | "findings" | "settings", ReadonlySet<string>>
>;

/** The policies that judge the findings of the others read no system. */
const GOVERNANCE = /^(exempt|undecided)/;

/** @param plans of all stacks of the system */
export function readersOf(system: System, plans: readonly Plan[]): Readers {
  const reading = (read: (view: System) => unknown): ReadonlySet<string> => {
    const view = watched(system);
    read(view);
    return new Set(readPaths(view));
  };
  return {
    rules: reading(validateSystem),
    findings: reading((view) => renderRunbookFindings([view], { colour: false, width: 80 })),
    settings: reading((view) => {
      const names = resizable(view);
      const sizes = Object.fromEntries(names.map((name) => [name, "large"] as const));
      const { services, databases } = withChoices(view, { commands: {}, variables: {}, sizes });
      JSON.stringify([...services, ...databases].map(({ resources }) => resources));
    }),
    reports: reading((view) => plans.map((plan) => assemble(plan, { name: "", config: {} }, view))),
    policies: reading((view) => {
      for (const plan of plans) {
        const judged = new Judged(plan, {
          system: view,
          environment: plan.environment as EnvironmentName,
        });
        for (const policy of POLICIES) if (!GOVERNANCE.test(policy.name)) judged.judge(policy);
        const exceptions = exceptionsOf({ ...judged.context, system: view });
        for (const { urn } of plan.resources) exceptions.forEach(({ covers }) => covers(urn, ""));
      }
    }),
  };
}

/** The unread values of a run that a use is the first to cover. */
const covered = (use: Use, run: Run): readonly string[] =>
  [...usesOf(run.unread, run.system, run)].flatMap(([path, one]) => (one === use ? [path] : []));

/** Uses that cover no unread value of any stack, and single patterns that cover none. */
export function idleUses(runs: readonly Run[]): readonly string[] {
  return USES.flatMap((use) => {
    const paths = runs.flatMap((one) => covered(use, one));
    const patterns = typeof use.paths === "function" ? [] : use.paths;
    return paths.length === 0
      ? [`${use.why} (${use.by})`]
      : patterns.filter((pattern) => !paths.some((path) => matches(pattern, path)));
  });
}

/** `backups[*].every` of `backups[dump].every`. */
const kindOf = (path: string): string => path.replaceAll(/\[[^\]]*\]/g, "[*]");

/**
 * Values that are not read as their use says, with the use.
 *
 * @param own the stacks of one system whose plans the readers have read
 * @param all the stacks of all systems, and other placements
 */
export function untrueUses(
  own: readonly Run[],
  all: readonly Run[],
  readers: Readers,
): readonly string[] {
  const { policies, reports, findings } = readers;
  const ids = own.map(({ system }) => system.id);
  const read = new Set(
    all.filter(({ system }) => ids.includes(system.id)).flatMap((one) => [...one.read]),
  );
  const kinds = new Set(all.flatMap((one) => [...one.read].map(kindOf)));
  const isShown = (path: string) => policies.has(path) || reports.has(path) || findings.has(path);
  const isTrue = (by: Use["by"], path: string, beside: readonly string[]): boolean => {
    switch (by) {
      case "documentation":
      case "nothing":
        return !isShown(path) && !read.has(path);
      case "messages":
        return beside.some(isShown);
      case "another stack":
        return read.has(path);
      case "nothing here":
        return !isShown(path) && kinds.has(kindOf(path));
      default:
        return readers[by].has(path);
    }
  };
  const untrue = USES.flatMap((use) => {
    const paths = own.flatMap((one) => covered(use, one));
    return paths
      .filter((path) => !isTrue(use.by, path, paths))
      .map((path) => `${path}: ${use.by}, ${use.why}`);
  });
  return [...new Set(untrue)];
}

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

/** Whether `docs/recovery.md#the-vector-store` is a heading of that file. */
export function isHeading(document: string): boolean {
  const [file = "", anchor = ""] = document.split("#");
  const headings = readFileSync(join(PROJECT, file), "utf8").matchAll(/^#+ (.+)$/gm);
  return [...headings].some(([, heading = ""]) => anchorOf(heading) === anchor);
}

export const systems: readonly (readonly [string, System])[] = (
  Object.keys(SYSTEMS) as SystemId[]
).map((id) => [id, SYSTEMS[id]]);

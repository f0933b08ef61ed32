/**
 * An environment that is created, lost and rebuilt: a copy of the project, the engine with a state of its own, clouds and
 * clusters. Everything is in one temporary folder and on the loopback interface, and ends with this process.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../offline/plan";
import { loadStack, type StackFile } from "../offline/stack-files";
import { SYSTEMS, type SystemId } from "../systems";
import type { CloudName, System } from "../systems/model";
import { definitions } from "./charts/definitions";
import { packagesFor } from "./charts/packages";
import { serveCharts, type Registry } from "./charts/registry";
import { withoutChart, type ChartName } from "./charts/stand-in";
import { startClouds } from "./clouds/clouds";
import { ControlPlanes } from "./clusters";
import type { Clouds } from "./contract";
import { commandsUnder } from "./documents";
import { copyProject } from "./engine/engine";
import { environmentOf } from "./environment";
import { complaintsIn, operationsIn, type Operation } from "./events";
import { chartsOf, customKindsOf, planOf, poolsOf } from "./plan";
import { secretsOf } from "./secrets";
import { start, type Ran, type Running } from "./shell";
import type { Binaries } from "./tools/binaries";

/** Commands that were run, and what the engine did meanwhile. */
export interface Step extends Ran {
  readonly title: string;
  readonly script: string;
  readonly operations: readonly Operation[];
  /** Errors of the engine and its provider, and what mandatory policies refused. */
  readonly complaints: readonly string[];
}

export interface Options {
  readonly binaries: Binaries;
  /** A folder of real charts, as `helm pull` names them. */
  readonly charts?: string;
  /** Gets a line for everything that begins. */
  readonly say: (line: string) => void;
}

interface Parts {
  readonly stack: string;
  readonly system: System;
  /** What `up` is expected to create. */
  readonly plan: Plan;
  readonly standIns: readonly ChartName[];
  readonly clouds: Clouds;
  readonly clusters: ControlPlanes;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly registry: Registry;
  readonly say: Options["say"];
}

/** A step that has begun. */
export interface Begun extends Omit<Running, "ended"> {
  readonly ended: Promise<Step>;
  /** How many operations on resources the engine has done until now. */
  readonly done: () => number;
}

export class Rehearsal {
  readonly steps: Step[] = [];

  private constructor(private readonly parts: Parts) {}

  get stack(): string {
    return this.parts.stack;
  }

  get plan(): Plan {
    return this.parts.plan;
  }

  get clouds(): Clouds {
    return this.parts.clouds;
  }

  get clusters(): ControlPlanes {
    return this.parts.clusters;
  }

  /** The charts that only stand in for the real ones. */
  get standIns(): readonly ChartName[] {
    return this.parts.standIns;
  }

  /** @throws Error if the stack cannot be planned, or if something does not start */
  static async open(project: string, stack: string, options: Options): Promise<Rehearsal> {
    const system = systemOf(project, stack);
    options.say(`${stack}: planning`);
    const registry = await serveCharts();
    const plan = await planOf(project, withMirror(loadStack(project, stack), registry), system);
    const charts = chartsOf(plan.resources);
    const kinds = customKindsOf(plan.resources);
    const { packages, standIns } = packagesFor(charts, kinds, options.charts);
    for (const one of packages) registry.add(one);
    const root = copyProject(project);
    const kubeconfig = join(root, "kubeconfig");
    const clusters = new ControlPlanes({
      folder: join(root, "clusters"),
      kubeconfig,
      cloud: plan.cloud as CloudName,
      region: plan.region,
      pools: poolsOf(plan.resources),
      objects: definitions(withoutChart(kinds, charts)),
      binaries: options.binaries,
    });
    const clouds = await startClouds({ file: join(root, "clouds.json"), clusters });
    const { prod, staging = prod } = system.namespaces;
    const env = environmentOf({
      ...{ root, kubeconfig, stack, system, clouds },
      namespace: plan.environment === "staging" ? staging : prod,
      binaries: options.binaries,
    });
    const rehearsal = new Rehearsal({
      ...{ stack, system, plan, standIns, clouds, clusters, root, env, registry },
      say: options.say,
    });
    try {
      await rehearsal.prepare(project);
    } catch (error) {
      await rehearsal.close();
      throw error;
    }
    return rehearsal;
  }

  /** What a person does once, before the first `up`: a stack with the values that its file does not hold. */
  private async prepare(project: string): Promise<void> {
    const secrets = [...secretsOf(loadStack(project, this.stack))].map(
      ([key, value]) => `--secret ${quoted(`runstack:secrets.${key}=${value}`)}`,
    );
    const { code, output } = await this.run(
      "prepare",
      [
        `pulumi stack init "$STACK" --secrets-provider passphrase`,
        `pulumi config set --stack "$STACK" runstack:chartMirror ${quoted(this.parts.registry.mirror)}`,
        ...(secrets.length === 0
          ? []
          : [`pulumi config set-all --stack "$STACK" --path ${secrets.join(" ")}`]),
      ].join("\n"),
    );
    if (code !== 0) throw new Error(`${this.stack} could not be prepared: ${output.trim()}`);
  }

  /** Begins a script and returns at once; `run` waits for it. */
  begin(title: string, script: string): Begun {
    this.parts.say(`${this.stack}: ${title}`);
    const events = join(this.parts.root, "events", String(this.steps.length));
    mkdirSync(events, { recursive: true });
    const shell = {
      cwd: join(this.parts.root, "project"),
      env: { ...this.parts.env, RUNSTACK_EVENTS: events },
    };
    const { ended, kill } = start(script, shell);
    const done = ended.then((ran): Step => {
      const operations = operationsIn(events);
      const step = { ...ran, title, script, operations, complaints: complaintsIn(events) };
      this.steps.push(step);
      return step;
    });
    return { ended: done, kill, done: () => operationsIn(events).length };
  }

  run(title: string, script: string): Promise<Step> {
    return this.begin(title, script).ended;
  }

  /** Follows a section of a document, command by command. */
  follow(document: string, heading: string): Promise<Step> {
    return this.beginFollowing(document, heading).ended;
  }

  beginFollowing(document: string, heading: string): Begun {
    const file = join(this.parts.root, "project", document);
    return this.begin(`${document}: ${heading}`, commandsUnder(file, heading).join("\n"));
  }

  /** The resources that the engine's state holds. */
  async state(): Promise<readonly Stored[]> {
    const { output, code } = await this.quietly('pulumi stack export --stack "$STACK"');
    if (code !== 0) throw new Error(`The state cannot be read: ${output}`);
    const { deployment } = JSON.parse(output) as {
      readonly deployment: { readonly resources?: readonly Stored[] };
    };
    return deployment.resources ?? [];
  }

  /** Objects of the cluster that was made last, of all namespaces. */
  async objects(kinds: string): Promise<{ readonly items: readonly object[] }> {
    const { output, code } = await this.quietly(
      `kubectl get ${kinds} --all-namespaces --output json`,
    );
    if (code !== 0) throw new Error(`kubectl get ${kinds}: ${output}`);
    return JSON.parse(output) as { readonly items: readonly object[] };
  }

  /** What the engine knew is gone, with the history of it. */
  loseState(): void {
    const folder = join(this.parts.root, "state");
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  }

  /** The cluster stops, and its cloud has it no longer. */
  async loseCluster(): Promise<void> {
    const ids = await this.clusters.lose();
    for (const one of this.clouds.held().filter(({ id }) => ids.includes(id))) {
      this.clouds.remove(one);
    }
  }

  /** Without a step of its own. */
  private quietly(script: string): Promise<Ran> {
    const { root, env } = this.parts;
    return start(script, { cwd: join(root, "project"), env }).ended;
  }

  async close(): Promise<void> {
    await this.clusters.lose();
    await this.clouds.close();
    await this.parts.registry.close();
    rmSync(this.parts.root, { recursive: true, force: true });
  }
}

export interface Stored {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
}

function systemOf(project: string, stack: string): System {
  const id = loadStack(project, stack).config.values["runstack:system"];
  if (id === undefined || !Object.hasOwn(SYSTEMS, id)) {
    throw new Error(`Pulumi.${stack}.yaml names no known system in runstack:system.`);
  }
  return SYSTEMS[id as SystemId];
}

/** The stack as it is rehearsed: its charts come from the registry. */
const withMirror = (file: StackFile, { mirror }: Registry): StackFile => ({
  ...file,
  config: { ...file.config, values: { ...file.config.values, "runstack:chartMirror": mirror } },
});

/** A word of a shell, whatever is in it. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * The offline host: runs a project's unchanged program and policy pack as the engine's first preview would, and
 * returns the registered resources and the findings. It uses no state, no plugins and no network except for the
 * loopback interface.
 */
import * as grpc from "@grpc/grpc-js";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Analyzer } from "./analyzer";
import { Callbacks } from "./callbacks";
import { DiagnosticLog } from "./diagnostics";
import { addEngineService } from "./engine-service";
import { messageOf, ProjectConfigError } from "./errors";
import { CHANNEL_OPTIONS, listen } from "./grpc";
import { Monitor } from "./monitor";
import { Output } from "./output";
import { Packages } from "./packages";
import type { Diagnostic, PlannedResource, PlanObject, PolicyReport } from "./plan";
import { plannedResources, stackOutputs } from "./planned";
import { gateOf, joined, PackRemediates, PolicyRun } from "./policies";
import type { PolicyFacts, PolicyPackConfig } from "./policy-config";
import { Processes, type Spawned } from "./processes";
import { runProgram } from "./program";
import { loadProject, type Project } from "./project-file";
import { Redaction } from "./redaction";
import { Registry } from "./registry";
import type { Invokes, PolicyGate } from "./run-context";
import { entryPoint, policyRequest, programRequest, type Target } from "./runner";
import type { StackFile } from "./stack-files";
import { UNKNOWN_VALUE } from "./wire";

export { ProjectConfigError } from "./errors";
export type { Invokes } from "./run-context";

export interface PreviewOptions {
  readonly projectDir: string;
  readonly stack: StackFile;
  /** Without one, no policies are checked. */
  readonly policyPackDir?: string;
  /** By policy name; see `policy-config.ts`. @default what the pack declares */
  readonly policyConfig?: PolicyPackConfig;
  /** Packs that the project does not own, judged as the engine judges them. */
  readonly foreignPacks?: readonly ForeignPack[];
  /** What only the whole plan tells the policies: known when everything is registered, and no more than that. */
  readonly policyFacts?: (resources: readonly PlannedResource[]) => PolicyFacts;
  /** @default none: every call of a data source is an error */
  readonly invokes?: Invokes;
  /** Milliseconds after which the program, and then the pack, is stopped. @default ten minutes */
  readonly deadlineMs?: number;
  /** Called with the number of resources registered so far. */
  readonly onProgress?: (registered: number) => void;
}

export interface ForeignPack {
  readonly dir: string;
  readonly config?: PolicyPackConfig;
}

export interface Preview {
  readonly resources: readonly PlannedResource[];
  readonly policies: PolicyReport;
  readonly diagnostics: readonly Diagnostic[];
  /** The stack's own outputs. */
  readonly outputs: PlanObject;
  /** The program or the pack ended early, or an error was reported. */
  readonly failed: boolean;
  /** The output of the failed process; see `Output.lastWords`. */
  readonly lastWords: readonly string[];
  readonly phases: {
    /** Time until both processes were started. */
    readonly loadMs: number;
    /** From then until the program ended. */
    readonly programMs: number;
    /** From then until the last policy responded. */
    readonly policiesMs: number;
  };
}

const TEN_MINUTES = 600_000;
/** The engine's self-managed backends use this name if there is no organisation. */
const ORGANIZATION = "organization";

/** A policy pack that was started. */
interface Pack {
  readonly run: PolicyRun;
  readonly process: Spawned;
  readonly output: Output;
  readonly foreign: boolean;
}

type Packs = readonly (ForeignPack & { readonly foreign: boolean })[];

/** The project's own pack first. @throws ProjectConfigError */
function packsOf({ policyPackDir, policyConfig, foreignPacks = [] }: PreviewOptions): Packs {
  const own =
    policyPackDir === undefined
      ? []
      : [{ dir: policyPackDir, config: policyConfig ?? {}, foreign: false }];
  const packs = [...own, ...foreignPacks.map((pack) => ({ ...pack, foreign: true }))];
  return packs.map((pack) => {
    const dir = resolve(pack.dir);
    if (existsSync(join(dir, "PulumiPolicy.yaml"))) return { ...pack, dir };
    throw new ProjectConfigError(`${dir} is not a policy pack: it has no PulumiPolicy.yaml.`);
  });
}

const NO_REPORT: PolicyReport = { violations: [], failures: [], evaluated: 0 };

/** @throws ProjectConfigError if the project itself cannot be run */
export async function previewStack(options: PreviewOptions): Promise<Preview> {
  try {
    return await runOnce(options, false);
  } catch (error) {
    if (error instanceof PackRemediates) return runOnce(options, true);
    throw error;
  }
}

async function runOnce(options: PreviewOptions, patient: boolean): Promise<Preview> {
  const run = new Run(options, patient);
  try {
    return await run.preview();
  } finally {
    run.close();
  }
}

class Run {
  private readonly started = performance.now();
  private readonly project: Project;
  private readonly target: Target;
  private readonly packs: Packs;
  private readonly diagnostics = new DiagnosticLog();
  private readonly registry = new Registry();
  private readonly callbacks = new Callbacks();
  private readonly processes = new Processes();
  private readonly server = new grpc.Server(CHANNEL_OPTIONS);
  private readonly planRedaction: Redaction;
  private readonly textRedaction: Redaction;
  /** Values that the program marked as secret. */
  private readonly madeSecret = new Set<string>();
  /** Output of failed processes. */
  private readonly failed: Output[] = [];

  /** `patient`: the program waits for the pack before its first resource. */
  constructor(
    private readonly options: PreviewOptions,
    private readonly patient: boolean,
  ) {
    const { stack } = options;
    const projectDir = resolve(options.projectDir);
    for (const text of stack.warnings ?? []) this.diagnostics.add("warning", text);
    this.packs = packsOf(options);
    this.project = loadProject(projectDir);
    this.target = {
      projectDir,
      project: this.project.name,
      stack: stack.name,
      organization: ORGANIZATION,
      config: stack.config,
    };
    const secrets = stack.config.secretKeys
      .flatMap((key) => stack.config.values[key] ?? [])
      .filter((value) => !value.includes(UNKNOWN_VALUE));
    this.planRedaction = new Redaction(secrets);
    this.textRedaction = new Redaction(secrets);
  }

  async preview(): Promise<Preview> {
    const deadlineMs = this.options.deadlineMs ?? TEN_MINUTES;
    addEngineService(this.server, this.diagnostics);
    const address = await listen(this.server);
    const program = this.processes.start(programRequest(this.project, this.target, address));
    const packs = this.packs.map((pack) => this.startPack(pack, address));
    const monitor = this.addMonitor(gateOf(packs.map(({ run }) => run)));
    const loaded = performance.now();
    const output = await runProgram(program, {
      monitor,
      diagnostics: this.diagnostics,
      deadlineMs,
    });
    if (this.diagnostics.hasErrors()) this.failed.push(output);
    const ended = performance.now();
    const resources = plannedResources(this.registry.all(), this.planRedaction.redact);
    const reports = packs.map((pack) => this.finishPolicies(pack, resources, deadlineMs));
    const policies = joined(await Promise.all(reports));
    return this.result(resources, policies, {
      loadMs: loaded - this.started,
      programMs: ended - loaded,
      policiesMs: performance.now() - ended,
    });
  }

  close(): void {
    this.processes.close();
    this.callbacks.close();
    this.server.forceShutdown();
  }

  private addMonitor(policies: PolicyGate): Monitor {
    const { target, options } = this;
    const monitor = new Monitor({
      deployment: target,
      organization: target.organization,
      directory: entryPoint(target.projectDir, this.project.main).pwd,
      config: target.config,
      registry: this.registry,
      packages: new Packages(target.config),
      callbacks: this.callbacks,
      diagnostics: this.diagnostics,
      invokes: options.invokes ?? {},
      policies,
      onSecrets: (values) => {
        for (const value of values) this.madeSecret.add(value);
      },
      onProgress: options.onProgress ?? ((): void => undefined),
    });
    monitor.addTo(this.server);
    return monitor;
  }

  private startPack({ dir: packDir, config = {}, foreign }: Packs[number], address: string): Pack {
    const { target } = this;
    const pack = this.processes.start(policyRequest(packDir, target, address));
    const output = Output.capture(
      pack.process,
      "policy pack",
      this.diagnostics,
      (line) => !/^\s*\d+\s*$/u.test(line),
    );
    const analyzer = Analyzer.connect(pack, {
      packDir,
      address,
      target,
      config,
    });
    const run = new PolicyRun(analyzer, this.registry, {
      frames: framesOf(packDir),
      patient: this.patient,
      foreign,
    });
    return { run, process: pack, output, foreign };
  }

  private async finishPolicies(
    pack: Pack,
    resources: readonly PlannedResource[],
    deadlineMs: number,
  ): Promise<PolicyReport> {
    const timer = setTimeout(() => {
      this.diagnostics.add(
        "error",
        `The policy pack did not answer within ${String(deadlineMs / 1000)} seconds.`,
      );
      pack.process.kill();
    }, deadlineMs);
    try {
      // They are meant for the project's own pack.
      const facts = pack.foreign ? undefined : this.options.policyFacts?.(resources);
      return await pack.run.finish(this.registry.all(), facts);
    } catch (error) {
      if (error instanceof ProjectConfigError || error instanceof PackRemediates) throw error;
      this.diagnostics.add("error", messageOf(error));
      this.failed.push(pack.output);
      return NO_REPORT;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Paths inside the project are shown relative to it, so that plans are the same in every checkout. */
  private relative(text: string): string {
    return text.replaceAll(`${this.target.projectDir}/`, "");
  }

  private result(
    resources: readonly PlannedResource[],
    policies: PolicyReport,
    phases: Preview["phases"],
  ): Preview {
    const states = this.registry.all();
    // A secret value such as the user name "application" must not mask every name that contains this word.
    const names = new Set(states.flatMap(({ name }) => runsOf(name)));
    this.textRedaction.add([...this.madeSecret].filter((value) => !names.has(value)));
    const redact = (text: string): string => this.textRedaction.redact(this.relative(text));
    return {
      resources,
      policies: {
        ...policies,
        violations: policies.violations.map((item) => ({ ...item, message: redact(item.message) })),
        failures: policies.failures.map((item) => ({ ...item, message: redact(item.message) })),
      },
      diagnostics: this.diagnostics.sorted(redact),
      outputs: stackOutputs(states, this.planRedaction.redact),
      failed: this.diagnostics.hasErrors(),
      lastWords: this.failed.flatMap((output) => output.lastWords(redact)),
      phases,
    };
  }
}

/** Keeps only a trace's frames inside the pack, with paths relative to it. */
function framesOf(packDir: string): (stack: string) => string {
  return (stack) =>
    stack
      .split("\n")
      .filter(
        (line) =>
          !/^\s+at /u.test(line) || (line.includes(packDir) && !line.includes("node_modules")),
      )
      .map((line) => line.replaceAll(`${packDir}/`, ""))
      .join("\n");
}

/** All runs of consecutive words of a name: for `a-b-c` also `a-b`, `b-c` and each word. */
function runsOf(name: string): readonly string[] {
  const words = name.split("-");
  return words.flatMap((_, from) =>
    words.slice(from).map((_word, length) => words.slice(from, from + length + 1).join("-")),
  );
}

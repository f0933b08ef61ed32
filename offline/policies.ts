/** Applies a policy pack to the resources of a run, and collects its findings. */
import {
  EnforcementLevel,
  PolicyType,
  type AnalyzeDiagnostic,
  type AnalyzeResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { Analyzer } from "./analyzer";
import { analyzeRequest, stackResource } from "./analyzer-messages";
import { compare } from "./diagnostics";
import { messageOf } from "./errors";
import type { Enforcement, PolicyFailure, PolicyReport, Violation } from "./plan";
import type { PolicyFacts } from "./policy-config";
import { policyDescriptions } from "./policy-descriptions";
import type { Registry, State } from "./registry";
import type { PolicyGate } from "./run-context";
import { fromStruct, type WireObject } from "./wire";

/** Maximum number of concurrent calls to the pack. */
const IN_FLIGHT = 64;

/**
 * `can't run policy 'x' from policy pack 'y@v1' during preview: …`, as in the message of the pack's
 * library.
 */
const CANNOT_RUN = /^can't run (?:policy|remediation) '([^']*)' from policy pack /u;
const THREW =
  /^Error (?:validating|remediating) resource with (?:policy|remediation) '([^']*)'[^:]*:\n?/u;

const remediates = (analyzer: Analyzer): boolean =>
  [...analyzer.config.values()].some(({ level }) => level === EnforcementLevel.REMEDIATE);

/** The packs one after the other: each remediates what the one before it has left. */
export const gateOf = (packs: readonly PolicyGate[]): PolicyGate => ({
  remediate: async (state) => {
    let { inputs } = state;
    for (const pack of packs) inputs = await pack.remediate({ ...state, inputs });
    return inputs;
  },
  analyze: (state) => {
    for (const pack of packs) pack.analyze(state);
  },
});

/** @param reports of the packs, in their order */
export function joined(reports: readonly PolicyReport[]): PolicyReport {
  return {
    violations: reports.flatMap(({ violations }) => violations).sort(byPlace),
    failures: reports.flatMap(({ failures }) => failures).sort(byPlace),
    evaluated: reports.reduce((sum, { evaluated }) => sum + evaluated, 0),
    descriptions: reports.flatMap(({ descriptions = [] }) => descriptions),
  };
}

interface Place {
  readonly urn: string;
  readonly policy: string;
  readonly message: string;
}

const byPlace = (a: Place, b: Place): number =>
  compare(a.urn, b.urn) || compare(a.policy, b.policy) || compare(a.message, b.message);

export interface PolicyRunOptions {
  /** Shortens a stack trace to the frames of the pack's code. */
  readonly frames: (stack: string) => string;
  /** The program waits for the pack before its first resource. */
  readonly patient: boolean;
  /**
   * A pack that this project does not own: its policies are named `<pack>/<policy>`, and one that
   * cannot judge an unknown value only advises, as in the engine.
   */
  readonly foreign: boolean;
}

/**
 * The program was started before the pack reported that it changes inputs. The run must be repeated, and
 * must wait for the pack before its first resource.
 */
export class PackRemediates extends Error {}

export class PolicyRun implements PolicyGate {
  private readonly violations: Violation[] = [];
  private readonly failures: PolicyFailure[] = [];
  private readonly queue: State[] = [];
  private readonly running = new Set<Promise<void>>();
  private evaluated = 0;
  private ready: Analyzer | undefined;
  /** A resource was registered before the pack could change it. */
  private passed = false;

  /** Few packs change inputs, so the program does not wait for the pack's process unless it is `patient`. */
  constructor(
    private readonly analyzer: Promise<Analyzer>,
    private readonly registry: Registry,
    private readonly options: PolicyRunOptions,
  ) {
    // A failure is reported when the results are requested. Until then, it must not count as an unhandled
    // rejection.
    analyzer.then(
      (analyzer) => (this.ready = analyzer),
      () => undefined,
    );
  }

  async remediate(state: State): Promise<WireObject> {
    const analyzer = this.options.patient ? await this.analyzer.catch(() => undefined) : this.ready;
    if (analyzer === undefined) this.passed = true;
    if (analyzer === undefined || !remediates(analyzer)) return state.inputs;
    let { inputs } = state;
    try {
      const response = await analyzer.remediate(analyzeRequest(state, this.registry, false));
      for (const remediation of response.getRemediationsList()) {
        const message = remediation.getDiagnostic();
        if (message !== "") this.stopped(message, state.urn, remediation.getPolicyname(), analyzer);
        else if (remediation.hasProperties()) inputs = fromStruct(remediation.getProperties());
      }
    } catch (error) {
      this.fail(messageOf(error), state.urn);
    }
    return inputs;
  }

  analyze(state: State): void {
    this.queue.push(state);
    this.pump();
  }

  /**
   * Runs the stack policies, once everything is registered.
   *
   * @param facts facts about the whole plan, as configuration of policies
   * @throws PackRemediates if the run must be repeated with `patient`
   */
  async finish(states: readonly State[], facts: PolicyFacts = {}): Promise<PolicyReport> {
    const analyzer = await this.analyzer;
    if (this.passed && remediates(analyzer)) throw new PackRemediates();
    while (this.running.size > 0) await Promise.race(this.running);
    try {
      if (Object.keys(facts).length > 0) await analyzer.inform(facts);
      const resources = states.map((state) => stackResource(state, this.registry));
      const response = await analyzer.analyzeStack(resources);
      this.collect(response, "", analyzer);
      this.evaluated += applied(analyzer, PolicyType.POLICY_TYPE_STACK, response);
    } catch (error) {
      this.fail(messageOf(error), "");
    }
    return this.report(analyzer);
  }

  private pump(): void {
    while (this.running.size < IN_FLIGHT) {
      const state = this.queue.shift();
      if (state === undefined) return;
      const work = this.analyzeOne(state).finally(() => {
        this.running.delete(work);
        this.pump();
      });
      this.running.add(work);
    }
  }

  private async analyzeOne(state: State): Promise<void> {
    const analyzer = await this.analyzer.catch(() => undefined);
    if (analyzer === undefined) return;
    try {
      const response = await analyzer.analyze(analyzeRequest(state, this.registry, true));
      this.collect(response, state.urn, analyzer);
      this.evaluated += applied(analyzer, PolicyType.POLICY_TYPE_RESOURCE, response);
    } catch (error) {
      this.fail(messageOf(error), state.urn);
    }
  }

  private collect(response: AnalyzeResponse, urn: string, analyzer: Analyzer): void {
    for (const diagnostic of response.getDiagnosticsList()) {
      const message = diagnostic.getMessage();
      if (CANNOT_RUN.test(message))
        this.stopped(message, diagnostic.getUrn() || urn, diagnostic.getPolicyname(), analyzer);
      else if (diagnostic.getEnforcementlevel() !== EnforcementLevel.DISABLED) {
        this.violations.push({
          policy: diagnostic.getPolicyname(),
          enforcement: enforcementOf(diagnostic),
          urn: diagnostic.getUrn() || urn,
          message,
          clause: clauseOf(analyzer, diagnostic.getPolicyname()),
        });
      }
    }
  }

  /** A policy that reads an unknown value. In a pack of this project, that is an error of the pack. */
  private stopped(message: string, urn: string, policy: string, analyzer: Analyzer): void {
    if (!this.options.foreign) this.fail(message, urn, policy);
    else {
      const clause = clauseOf(analyzer, policy);
      this.violations.push({ policy, enforcement: "advisory", urn, message, clause });
    }
  }

  private fail(text: string, urn: string, policy = THREW.exec(text)?.[1] ?? ""): void {
    this.failures.push({ policy, urn, message: this.options.frames(text) });
  }

  private report({ info }: Analyzer): PolicyReport {
    const pack = info.getName();
    const named = <Named extends { readonly policy: string }>(one: Named): Named =>
      this.options.foreign ? { ...one, policy: `${pack}/${one.policy}` } : one;
    return {
      violations: this.violations.map(named),
      failures: this.failures.map(named),
      evaluated: this.evaluated,
      descriptions: policyDescriptions(info).map((one) =>
        this.options.foreign ? { ...one, name: `${pack}/${one.name}` } : one,
      ),
    };
  }
}

/** A remediation that leaves a violation counts as mandatory. */
const enforcementOf = (diagnostic: AnalyzeDiagnostic): Enforcement =>
  diagnostic.getEnforcementlevel() === EnforcementLevel.ADVISORY ? "advisory" : "mandatory";

function clauseOf(analyzer: Analyzer, name: string): string {
  const policy = analyzer.info.getPoliciesList().find((candidate) => candidate.getName() === name);
  const framework = policy?.getFramework();
  return framework?.getReference() || framework?.getName() || "";
}

/**
 * How many enabled policies of a kind were applied, without those that reported that they do not apply.
 */
function applied(analyzer: Analyzer, type: PolicyType, response: AnalyzeResponse): number {
  const skipped = new Set(response.getNotApplicableList().map((policy) => policy.getPolicyName()));
  return analyzer.info
    .getPoliciesList()
    .filter(
      (policy) =>
        policy.getPolicyType() === type &&
        analyzer.config.get(policy.getName())?.level !== EnforcementLevel.DISABLED &&
        !skipped.has(policy.getName()),
    ).length;
}

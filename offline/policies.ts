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

export const NO_POLICIES: PolicyGate = {
  remediate: (state) => Promise.resolve(state.inputs),
  analyze: () => undefined,
};

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

  /* * `frames` shortens a stack trace to the frames of the pack's code. Few packs change inputs, so the program does
   * not wait for the pack's process to start unless `patient` is set.
   */
  constructor(
    private readonly analyzer: Promise<Analyzer>,
    private readonly registry: Registry,
    private readonly frames: (stack: string) => string,
    private readonly patient: boolean,
  ) {
    // A failure is reported when the results are requested. Until then, it must not count as an unhandled
    // rejection.
    analyzer.then(
      (analyzer) => (this.ready = analyzer),
      () => undefined,
    );
  }

  async remediate(state: State): Promise<WireObject> {
    const analyzer = this.patient ? await this.analyzer.catch(() => undefined) : this.ready;
    if (analyzer === undefined) this.passed = true;
    if (analyzer === undefined || !remediates(analyzer)) return state.inputs;
    let { inputs } = state;
    try {
      const response = await analyzer.remediate(analyzeRequest(state, this.registry, false));
      for (const remediation of response.getRemediationsList()) {
        const message = remediation.getDiagnostic();
        if (message !== "") this.fail(message, state.urn, remediation.getPolicyname());
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
    return { ...this.report(), descriptions: policyDescriptions(analyzer.info) };
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
        this.fail(message, diagnostic.getUrn() || urn, diagnostic.getPolicyname());
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

  private fail(text: string, urn: string, policy = THREW.exec(text)?.[1] ?? ""): void {
    this.failures.push({ policy, urn, message: this.frames(text) });
  }

  private report(): PolicyReport {
    const byPlace = (a: { urn: string; policy: string; message: string }, b: typeof a): number =>
      compare(a.urn, b.urn) || compare(a.policy, b.policy) || compare(a.message, b.message);
    return {
      violations: this.violations.sort(byPlace),
      failures: this.failures.sort(byPlace),
      evaluated: this.evaluated,
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

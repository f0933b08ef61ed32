/** Shared state of the services of one preview. */
import type { Callbacks } from "./callbacks";
import type { DiagnosticLog } from "./diagnostics";
import type { Packages } from "./packages";
import type { Registry, State } from "./registry";
import type { StackConfig } from "./stack-files";
import type { Create } from "./update";
import type { Deployment } from "./urn";
import type { Wire, WireObject } from "./wire";

/**
 * Answers to data-source calls, by token, for example
 * `{ "digitalocean:index/getKubernetesVersions:getKubernetesVersions": () => ({ latestVersion:
 * "1.34.1-do.0" }) }`.
 */
export type Invokes = Readonly<
  Record<string, (args: WireObject) => Readonly<Record<string, Wire>>>
>;

/** The policies, as seen by the registration of resources. */
export interface PolicyGate {
  /** Resolves to the inputs after remediations. */
  remediate(state: State): Promise<WireObject>;
  /** Starts the analysis of a resource. The results are collected separately. */
  analyze(state: State): void;
}

export interface RunContext {
  readonly deployment: Deployment;
  readonly organization: string;
  /** The program's working directory, where relative paths of assets start. */
  readonly directory: string;
  readonly config: StackConfig;
  readonly registry: Registry;
  readonly packages: Packages;
  readonly callbacks: Callbacks;
  readonly diagnostics: DiagnosticLog;
  readonly invokes: Invokes;
  readonly policies: PolicyGate;
  /** Absent in a preview, which creates nothing. */
  readonly create?: Create | undefined;
  /** Secret values that the program sends, for redaction. */
  readonly onSecrets: (values: readonly string[]) => void;
  readonly onProgress: (registered: number) => void;
}

/** Which of our policies stand for another tool's check, or why none does. */

export interface Covered {
  readonly policies: readonly string[];
  /** Options of policies that the other tool's check presumes, as `--config` takes them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Counts only violations of such fields, if a policy covers more than the check. */
  readonly at?: RegExp;
  /** Counts only violations whose message has these words. */
  readonly says?: RegExp;
  /** A fault counts as reported at any object of the example: of a relation, tools report one end or the other. */
  readonly anywhere?: true;
  /**
   * Judges a Pod as one of a Deployment with two replicas. The pack wants a controller for each pod, and what depends
   * on one it judges there.
   */
  readonly inDeployment?: true;
}

/** Check → our policies, or the reason why it has none. A key may end with `*`. */
export type Table = Readonly<Record<string, Covered | string>>;

export const by = (...policies: readonly string[]): Covered => ({ policies });

export const byWith = (
  options: Readonly<Record<string, unknown>>,
  ...policies: readonly string[]
): Covered => ({ policies, options });

/** Only what is reported of such fields. */
export const at = (path: RegExp, covered: Covered): Covered => ({ ...covered, at: path });

/** Only what is said in such words, where a policy tells cases apart. */
export const saying = (words: RegExp, covered: Covered): Covered => ({ ...covered, says: words });

/** Tools that ask for a policy of each pod do not ask for a default of its namespace. */
export const COVERED = saying(
  /no NetworkPolicy(?:,| covers)/,
  by("pod-network-policy", "namespace-default-deny"),
);

export const anywhere = (covered: Covered): Covered => ({ ...covered, anywhere: true });

export const inDeployment = (covered: Covered): Covered => ({ ...covered, inDeployment: true });

/** The mapping of a check: of its own name, else of that before a slash, else of the longest prefix. */
export function mappingOf(table: Table, check: string): Covered | string | undefined {
  const prefixes = Object.keys(table)
    .filter((key) => key.endsWith("*") && check.startsWith(key.slice(0, -1)))
    .sort((a, b) => b.length - a.length);
  return table[check] ?? table[check.split("/")[0] ?? ""] ?? table[prefixes[0] ?? ""];
}

/** Reasons that several tools share. */
export const RUNNING =
  "looks at a running cluster, its nodes or its control plane, which are not in manifests";
export const CLOUD = "looks at a cloud's API; the cloud policies judge Pulumi resources instead";
export const TASTE = "a rule of one organisation, with its own names or values";
export const NO_FAULT = "what it reports is no fault";
export const GONE = "about an API that Kubernetes no longer has";
export const PRODUCT = "about a product whose own configuration the pack does not judge";

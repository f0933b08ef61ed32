/** What an exporter exports, and how a plan shows that it is scraped. */

/** A chart, and the values without which it does not export, by path: whether they are on if they are not set. */
export interface Chart {
  readonly chart: string;
  readonly values?: Readonly<Record<string, boolean>>;
}

/** Objects of a kind, as `kubernetes:apps:Deployment`, each with pods in its own namespace. */
export interface Owner {
  readonly kind: string;
  /** The property without which they do not export. */
  readonly property?: readonly string[];
}

/** How a plan shows that Prometheus scrapes an exporter. */
export type Scrape =
  /** By the chart's own monitor. */
  | ({ readonly kind: "chart" } & Chart)
  /** By a PodMonitor or ServiceMonitor of pods that no plan shows, because a chart or an operator makes them. */
  | {
      readonly kind: "labels";
      /** Of the pods; values are regular expressions. */
      readonly labels: Readonly<Record<string, string>>;
      /** The name of the pods' port. */
      readonly port: string;
      readonly madeBy: Chart | Owner;
    }
  /** By a monitor, or a target of a ScrapeConfig, that leads to pods of this image in the same plan. */
  | { readonly kind: "image"; readonly image: string };

/** A metric's own labels; those that Prometheus adds to every series of a target come on top. */
export type Metrics = Readonly<Record<string, readonly string[]>>;

export interface Exporter {
  readonly name: string;
  /** The upstream document or source, with its version. */
  readonly source: string;
  /** All names that rules and dashboards may use, without those that it exports besides. */
  readonly metrics: Metrics;
  /** Any of these is enough. */
  readonly scrapes: readonly Scrape[];
  /**
   * Exported by every healthy instance, with or without traffic. With `zeroIsDown` its value is 0 while the
   * exporter runs but does not reach what it measures.
   */
  readonly witness: { readonly metric: string; readonly zeroIsDown?: true };
}

/** Labels that Prometheus, or a monitor of this project, adds to the series of a target. */
export const TARGET_LABELS: readonly string[] = [
  "namespace",
  "pod",
  "container",
  "endpoint",
  "instance",
  "job",
  "node",
  "service",
];

/** The series of a histogram. */
export const histogram = (name: string, ...labels: readonly string[]): Metrics => ({
  [`${name}_bucket`]: [...labels, "le"],
  [`${name}_count`]: labels,
  [`${name}_sum`]: labels,
});

/** Several metrics with the same labels. */
export const all = (names: string, ...labels: readonly string[]): Metrics =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, labels]),
  );

/**
 * Every exporter that a stack can run besides the services themselves: what it exports, and how it is
 * scraped. The one place that knows metric names of others: validation, rules, policies and simulations ask
 * here.
 */
import { CLUSTER_EXPORTERS } from "./cluster";
import { DATA_EXPORTERS } from "./data";
import type { Exporter } from "./exporter";
import { PLATFORM_EXPORTERS } from "./platform";

export { BROKERS } from "./data";
export { TARGET_LABELS, type Chart, type Exporter, type Owner, type Scrape } from "./exporter";

export const EXPORTERS: readonly Exporter[] = [
  ...CLUSTER_EXPORTERS,
  ...DATA_EXPORTERS,
  ...PLATFORM_EXPORTERS,
];

const BY_METRIC: ReadonlyMap<string, Exporter> = new Map(
  EXPORTERS.flatMap((exporter) =>
    Object.keys(exporter.metrics).map((metric) => [metric, exporter] as const),
  ),
);

/** The exporter of a metric; undefined for a service's own, and for one that nobody exports. */
export const exporterOf = (metric: string): Exporter | undefined => BY_METRIC.get(metric);

/** What Prometheus itself makes: whether a target was scraped, and the state of alerts. */
export const OF_PROMETHEUS: readonly string[] = ["up", "ALERTS", "ALERTS_FOR_STATE"];

/** Whatever a rule, a panel or an autoscaler reads is exported, and scraped in the same stack. */
import {
  exporterOf,
  OF_PROMETHEUS,
  TARGET_LABELS,
  type Chart,
  type Scrape,
} from "../../lib/exporters";
import { readPromql, type SelectorInUse } from "../../lib/promql";
import { applicationSeries } from "../../systems/metrics";
import type { System } from "../../systems/model";
import { perResource } from "../per-resource";
import type { Policy, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { pathOf, type Value } from "../values";
import { rulesOf } from "./rules";
import { scrapedIn, type Scraped } from "./scraped";
import { compare, type Compared } from "./system";

interface Use {
  readonly resource: StackResource;
  /** The rule, the panel or the trigger. */
  readonly by: string;
  readonly expression: string;
}

function evaluate(compared: Compared): void {
  const { stack, context, system } = compared;
  const { all, hidden } = rulesOf(stack, context);
  const recorded = new Set(all.flatMap(({ value }) => value.get("record").string ?? []));
  const scraped = scrapedIn(stack, context);
  if (scraped.hidden) return;
  const known: Known = {
    system,
    scraped,
    recorded: (metric) => hidden || recorded.has(metric),
    own: new Set(applicationSeries(system)),
  };
  for (const { resource, by, expression } of uses(compared)) {
    const missing = readPromql(expression).selectors.flatMap((one) => problemOf(one, known) ?? []);
    for (const problem of new Set(missing)) {
      context.report(`${nameOf(resource)}: ${by} reads ${problem}.`, resource.urn);
    }
  }
}

interface Known {
  readonly system: System;
  readonly scraped: Scraped;
  readonly recorded: (metric: string) => boolean;
  /** The application's own series. */
  readonly own: ReadonlySet<string>;
}

/** What is missing; undefined if the series exist. */
function problemOf(selector: SelectorInUse, known: Known): string | undefined {
  const { metric } = selector;
  if (metric === undefined || known.recorded(metric)) return undefined;
  const exporter = exporterOf(metric);
  if (exporter === undefined) return ownProblem(metric, selector, known);
  if (!known.scraped.has(exporter)) {
    return `${metric}, which ${exporter.name} exports, and nothing in this stack scrapes that: it takes ${exporter.scrapes.map(wanted).join(", or ")}; or remove what reads it`;
  }
  const labels = [...(exporter.metrics[metric] ?? []), ...TARGET_LABELS];
  const stranger = selector.matchers.find(({ label }) => !labels.includes(label));
  return stranger === undefined
    ? undefined
    : `${metric} by the label ${stranger.label}, which ${exporter.name} does not give it: use one of ${labels.join(", ")}`;
}

/** What a stack must have for an exporter to be scraped. */
function wanted(scrape: Scrape): string {
  if (scrape.kind === "chart") return `the chart ${scrape.chart}${valuesOf(scrape)}`;
  if (scrape.kind === "image") {
    return `a monitor, or a ScrapeConfig, that leads to a port of pods with the image ${scrape.image}`;
  }
  const { labels, port, madeBy } = scrape;
  const pods = Object.entries(labels).map((pair) => pair.join("="));
  const place =
    "chart" in madeBy
      ? `of the chart ${madeBy.chart}${valuesOf(madeBy)}`
      : `of a ${madeBy.kind.split(":").at(-1) ?? ""}${madeBy.property === undefined ? "" : ` with ${pathOf(madeBy.property)}`}`;
  return `a monitor that Prometheus selects, of the port ${port} of the pods ${pods.join(", ")} in the namespace ${place}`;
}

const valuesOf = ({ values = {} }: Chart): string =>
  Object.keys(values).length === 0 ? "" : ` with ${Object.keys(values).join(" and ")}`;

/** A series of the application, or of Prometheus about it: of the service that is named, or of any. */
function ownProblem(
  metric: string,
  { matchers }: SelectorInUse,
  { own, scraped, system }: Known,
): string | undefined {
  if (!own.has(metric) && !OF_PROMETHEUS.includes(metric)) {
    return `${metric}, which no service and no exporter of this stack exports: correct the name, or declare it in the system's observability.metrics`;
  }
  if (metric.startsWith("ALERTS")) return undefined;
  const named = matchers.find(({ label }) => label === "service");
  const services = system.services
    .map(({ name }) => name)
    .filter((name) => named === undefined || matches(named, name));
  const lacking = services.filter((name) => !scraped.services.has(name));
  const missing = named === undefined ? lacking.length === services.length : lacking.length > 0;
  if (!missing) return undefined;
  const whose = lacking.length === 0 ? "a service" : lacking.join(", ");
  return `${metric} of ${whose}, which no monitor of this stack scrapes: add a PodMonitor that selects its pods, by a port that they have, and sets the label service`;
}

const matches = ({ operator, value }: SelectorInUse["matchers"][number], name: string): boolean =>
  operator === "=" || operator === "!="
    ? (value === name) === (operator === "=")
    : new RegExp(`^(?:${value})$`).test(name) === (operator === "=~");

const DASHBOARD = "kubernetes:core:ConfigMap";
const SCALER = "kubernetes:keda.sh:ScaledObject";

function uses({ stack, context }: Compared): readonly Use[] {
  const rules = rulesOf(stack, context).all.flatMap(({ resource, value }) => {
    const alert = value.get("alert").string;
    const by =
      alert === undefined ? `rule "${value.get("record").string ?? ""}"` : `alert "${alert}"`;
    return written(resource, by, value.get("expr"));
  });
  const panels = stack
    .of(DASHBOARD)
    .flatMap((resource) => panelsOf(resource).map((panel) => ({ resource, ...panel })));
  const triggers = stack.of(SCALER).flatMap((resource) =>
    resource.props
      .get("spec", "triggers")
      .list()
      .filter((trigger) => trigger.get("type").string === "prometheus")
      .flatMap((trigger) => written(resource, "a trigger", trigger.get("metadata", "query"))),
  );
  return [...rules, ...panels, ...triggers];
}

const written = (resource: StackResource, by: string, { string }: Value): readonly Use[] =>
  string === undefined ? [] : [{ resource, by, expression: string }];

/** The queries of a ConfigMap's dashboards. */
const panelsOf = perResource(({ props }): readonly Omit<Use, "resource">[] =>
  props.get("metadata", "labels", "grafana_dashboard").string === "1"
    ? props
        .get("data")
        .entries()
        .flatMap(([, text]) => panelsIn(text))
    : [],
);

/** Those of a dashboard's JSON; what is no dashboard has none. */
function panelsIn({ string = "" }: Value): readonly Omit<Use, "resource">[] {
  interface Model {
    readonly panels?: readonly {
      readonly title?: string;
      readonly targets?: readonly { readonly expr?: string }[];
    }[];
  }
  let model: Model;
  try {
    model = JSON.parse(string) as Model;
  } catch {
    return [];
  }
  return (model.panels ?? []).flatMap(({ title = "", targets = [] }) =>
    targets.flatMap(({ expr }) =>
      expr === undefined ? [] : [{ by: `panel "${title}"`, expression: expr }],
    ),
  );
}

export const series: readonly Policy[] = [
  {
    name: "runbook-series-scraped",
    title: "What alerts read is exported and scraped",
    clause: { reference: "PO-01; ALL-08; ALL-09" },
    severity: "high",
    themes: ["runbook", "logging"],
    prevents:
      "An alert reads a series that nothing exports here: it never fires, or it fires for ever, and nobody believes the others.",
    description:
      "Every series that a PrometheusRule, a dashboard or an autoscaler reads is recorded by a rule, or exported by a service or an exporter that a monitor or a chart of the same stack scrapes, with the labels that it is selected by. A monitor counts if the stack's Prometheus selects it, if it selects the namespace and a port of the pods, and if the values of their chart let them export.",
    remediation:
      "Add the PodMonitor, ServiceMonitor or ScrapeConfig of the exporter that the sentence names; or correct the name of the series or the label; or declare the metric in the system's observability.metrics.",
    enforcement: STRICT_IN_PRODUCTION,
    check: compare(evaluate),
  },
];

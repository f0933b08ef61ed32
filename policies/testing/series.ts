/** For tests of what alerts read: a rule, a monitor, the chart of Prometheus, and what the policy says. */
import { messages, type Fixture } from ".";
import { shopWith } from "./runbook";

export const MONITORING = "kubernetes:monitoring.coreos.com/v1";

export const named = (name: string, namespace = "shop") => ({ metadata: { name, namespace } });

export const rule = (expr: string): Fixture => ({
  type: `${MONITORING}:PrometheusRule`,
  name: "rules",
  props: { ...named("rules"), spec: { groups: [{ name: "g", rules: [{ alert: "Bad", expr }] }] } },
});

export const chart = (values: object): Fixture => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: "metrics",
  props: { chart: "kube-prometheus-stack", values },
});

export const podMonitor = (spec: unknown): Fixture => ({
  type: `${MONITORING}:PodMonitor`,
  name: "monitor",
  props: { ...named("monitor"), spec },
});

export const said = (...fixtures: readonly Fixture[]): Promise<readonly string[]> =>
  messages("runbook-series-scraped", fixtures, shopWith({}));

export const start = 'PrometheusRule "shop/rules": alert "Bad" reads';

export const missing = (metric: string, by: string, takes: string): string =>
  `${start} ${metric}, which ${by} exports, and nothing in this stack scrapes that: it takes ${takes}; or remove what reads it.`;

export const leading = (image: string): string =>
  `a monitor, or a ScrapeConfig, that leads to a port of pods with the image ${image}`;

export const selecting = (port: string, pods: string, where: string): string =>
  `a monitor that Prometheus selects, of the port ${port} of the pods ${pods} in the namespace of ${where}`;

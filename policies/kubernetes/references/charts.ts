/** What a resource that installs a known Helm chart creates. */
import { perResource } from "../../per-resource";
import { typeKey, type Resource, type Stack, type StackResource } from "../../policy";
import type { Value } from "../../values";
import { KNOWN, type Chart } from "./charts-known";
import { SOME, asValue, labelsIn, some, type Labels } from "./labels";

const CHARTS = ["kubernetes:helm.sh:Release", "kubernetes:helm.sh:Chart"];

export const isChart = ({ type }: Resource): boolean => CHARTS.includes(typeKey(type));

/** `oci://registry/gateway-helm` and `repository/chart` by their last part. */
export function titleOf({ props }: Resource): string {
  const name = props.get("chart").string ?? "";
  return name.slice(name.lastIndexOf("/") + 1);
}

/** What installs a chart, in any cluster of the stack. */
export const chartsOf = (stack: Stack, title: string): readonly StackResource[] =>
  stack.of(...CHARTS).filter((resource) => titleOf(resource) === title);

export function chartOf(resource: Resource): Chart | undefined {
  if (!isChart(resource)) return undefined;
  const title = titleOf(resource);
  return Object.hasOwn(KNOWN, title) ? KNOWN[title] : undefined;
}

export const isKnownChart = (resource: Resource): boolean => chartOf(resource) !== undefined;

/** Values with objects of the user's own: `extraObjects`, `extraManifests`. */
const EXTRA = /^extra(Objects|Manifests|Deploy|Resources)$/;

const isEmpty = (value: Value): boolean =>
  value.isKnown && value.list().length === 0 && value.entries().length === 0;

/** Whether all labels of the pods of a chart are known. */
export function knowsPods(resource: Resource): boolean {
  const values = resource.props.get("values");
  const hasExtra = values.entries().some(([key, value]) => EXTRA.test(key) && !isEmpty(value));
  return isKnownChart(resource) && !values.isUnknown && !hasExtra;
}

/** Parts of the recommended labels of which only the name tells charts apart. */
const RECOMMENDED = ["instance", "component", "part-of", "version", "managed-by"];

export const words = (text = ""): readonly string[] =>
  text.split(" ").filter((word) => word !== "");

function labelOf(word: string): readonly [string, Labels[string]] {
  const [key = "", value] = word.split("=");
  return [key, value ?? SOME];
}

/** The ports of a known chart's pods; undefined for any other resource. */
export const chartPorts = (resource: Resource): readonly number[] | undefined =>
  chartOf(resource)?.ports;

/** The labels of the pods that a known chart installs; undefined for any other resource. */
export const chartPods = perResource((resource): readonly Value[] | undefined => {
  const chart = chartOf(resource);
  if (chart === undefined) return undefined;
  const common: Labels = {
    ...labelsIn(resource.props.get("values")),
    ...Object.fromEntries(words(chart.labels).map(labelOf)),
    ...some("helm.sh/chart"),
    ...some(...RECOMMENDED.map((part) => `app.kubernetes.io/${part}`)),
  };
  const short = resource.props.get("values", "nameOverride").string;
  const titles = [...words(chart.pods), ...words(short)];
  const named = titles.map((name) => ({ ...common, "app.kubernetes.io/name": name }));
  const apps = words(chart.apps);
  const all =
    apps.length === 0 ? named : named.flatMap((labels) => apps.map((app) => ({ ...labels, app })));
  return all.map(asValue);
});

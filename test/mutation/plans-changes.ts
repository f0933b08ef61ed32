/** Which values of a plan are broken, as what, and how. */
import type { Plan, PlannedResource } from "../../offline/plan";
import { typeKey } from "../../policies/policy";
import { shapeOf, type Change, type Kind } from "./plans";
import {
  HOSTS,
  isCloud,
  leavesOf,
  namesOf,
  valueAt,
  type Leaf,
  type Names,
  type Node,
  type Selected,
} from "./plans-names";

/** The first kind whose pattern the path has, without list positions; `test` must hold too. */
interface Rule {
  readonly kind: Kind;
  readonly path: RegExp;
  readonly test?: (value: string | number, names: Names) => boolean;
}

const isName = (value: string | number, { objects }: Names): boolean =>
  typeof value === "string" && objects.has(value);

const RULES: readonly Rule[] = [
  { kind: "namespace", path: /^metadata\.namespace$|(^|\.)(namespace|matchNames)$/ },
  { kind: "selector", path: /(matchLabels\.|matchExpressions\.values$)/ },
  { kind: "selector", path: /^spec\.selector\.(?!match)/ },
  { kind: "probe path", path: /httpGet\.path$/ },
  { kind: "image", path: /(^|\.)image$/ },
  {
    kind: "key",
    path: /((secretKeyRef|configMapKeyRef|secretTargetRef|items|remoteRef|Ref|Secret)\.(key|property)|\.(secretKey|passwordKey|userKey))$/,
  },
  { kind: "class", path: /[cC]lassName$/ },
  { kind: "group", path: /consumerGroup$/i },
  { kind: "topic", path: /(^|\.)(topic|topicName)$/ },
  {
    kind: "host",
    path: /(^|\.)(bootstrapServers|serverAddress|hostnames?|hosts?|dnsNames|commonName)$/,
  },
  {
    kind: "port",
    path: /(containerPort|targetPort|^spec\.ports\.(port|name)|\.ports\.(port|name|endPort)|httpGet\.port|tcpSocket\.port|grpc\.port|backendRefs?\.port|(podMetricsEndpoints|endpoints|listeners|parentRefs)\.port|dapr\.io\/app-port)$/,
  },
  {
    kind: "reference",
    path: /(sectionName|dapr\.io\/(app-id|config)|volumeMounts\.name|volumes\.name|scopes|pubsubname|roleRef\.name|serviceAccountName)$/,
  },
  { kind: "topic", path: /./, test: (value, { topics }) => topics.has(String(value)) },
  { kind: "group", path: /./, test: (value, { groups }) => groups.has(String(value)) },
  {
    kind: "reference",
    path: /(Ref|Refs|Name|name|cluster|from|to|target|server|store|subjects|secret|Secret|value)$/,
    test: isName,
  },
];

/** References in the values of charts; what else is there only the chart knows. */
const OF_CHARTS: readonly Rule[] = [
  { kind: "namespace", path: /^namespace$/ },
  {
    kind: "namespace",
    path: /^values\..*(kubernetes\.io\/metadata\.name|watchNamespaces|searchNamespace)$/,
    test: isName,
  },
  { kind: "class", path: /^values\..*[cC]lassName$/ },
  {
    kind: "reference",
    path: /^values\..*(existingSecret|ecretKeyRef\.name|ecretName|serviceAccount\.name)$/,
    test: isName,
  },
];

/** References of cloud resources by name; most of the others are IDs, which are unknown before an update. */
const OF_CLOUDS: readonly Rule[] = [
  {
    kind: "reference",
    path: /(ubnetGroupName|dbProxyName|dbInstanceIdentifier|replicateSourceDb|grants\.bucket|destination|^router|reservedPeeringRanges|[iI]pRange|^instance|acls\.topic)$/,
    test: (value, { clouds }) => clouds.has(String(value)),
  },
];

/** Values that look like a name of an object and are none. */
const NEITHER =
  /(^metadata\.(annotations|ownerReferences|uid)|ontainers\.name$|\.labels\.|description|summary|volumeClaimTemplates\.metadata\.name$|\.(apiVersion|kind|type|operator|effect|protocol|scheme)$)/;

export function changesOf(plan: Plan, names = namesOf(plan)): readonly Change[] {
  return plan.resources.flatMap((resource) =>
    leavesOf(resource.inputs).flatMap((leaf) => changesAt(resource, leaf, names)),
  );
}

function changesAt(resource: PlannedResource, leaf: Leaf, names: Names): readonly Change[] {
  const { urn } = resource;
  const type = typeKey(resource.type);
  if (!type.startsWith("kubernetes:") && !isCloud(resource)) return [];
  const make = (kind: Kind, to: string | number): Change => ({
    ...{ kind, urn, type, path: leaf.path, from: leaf.value, to },
  });
  const kind = kindOf(leaf, resource, names);
  const own = kind === undefined ? [] : [make(kind, brokenValue(kind, leaf.value))];
  const hasHosts = (kind === "host" || kind === undefined) && !isCloud(resource);
  return [...own, ...(hasHosts ? hostsIn(leaf, names, make) : [])];
}

/** How many values of a plan are not broken, by why. */
export function unbroken(plan: Plan, changes: readonly Change[]): Readonly<Record<string, number>> {
  const broken = new Set(changes.map(({ urn, path }) => [urn, ...path].join("\n")));
  const counts: Record<string, number> = {};
  for (const resource of plan.resources) {
    const reason = reasonOf(resource);
    for (const { path } of leavesOf(resource.inputs)) {
      if (broken.has([resource.urn, ...path].join("\n"))) continue;
      const why = reason(shapeOf(path));
      if (why !== undefined) counts[why] = (counts[why] ?? 0) + 1;
    }
  }
  return counts;
}

function reasonOf(resource: PlannedResource): (shape: string) => string | undefined {
  const type = typeKey(resource.type);
  if (isChart(type)) return () => "values of Helm releases that are no such reference";
  if (isCloud(resource)) return () => "values of cloud resources that are no name of another";
  return (shape) =>
    shape === "metadata.name" && NAMELESS.test(type)
      ? "names of kinds to which nothing refers by name"
      : undefined;
}

/** Kinds to whose objects nothing refers by name. */
const NAMELESS =
  /:(NetworkPolicy|PodDisruptionBudget|CronJob|Job|HorizontalPodAutoscaler|ScaledObject|PodMonitor|ServiceMonitor|PrometheusRule|LimitRange|ResourceQuota|AlertmanagerConfig|ScrapeConfig|Certificate|RoleBinding|ClusterRoleBinding|Subscription|ExternalSecret|ScheduledBackup|[A-Za-z]+TrafficPolicy)$/;

/** Whether a selector of the plan selects the object, or the pods of its template, by that label. */
function isSelected({ path, value }: Leaf, resource: PlannedResource, names: Names): boolean {
  const type = typeKey(resource.type);
  const own = String(path.at(-1));
  const parent = path.slice(0, -1);
  const isOfPods = /(^|\.)template\.metadata\.labels$/.test(parent.join(".")) && POD.test(type);
  const isOfObject = parent.join(".") === "metadata.labels";
  if (isOfObject && own === "strimzi.io/cluster") return /KafkaTopic|KafkaUser|NodePool/.test(type);
  if (!isOfPods && !isOfObject) return false;
  const pairs = new Set(
    leavesOf(resource.inputs)
      .filter((leaf) => leaf.path.slice(0, -1).join(".") === parent.join("."))
      .map((leaf) => `${String(leaf.path.at(-1))}=${leaf.value}`),
  );
  return names.selectors[isOfPods ? "pods" : selectedAs(type)].some(
    (selector) =>
      selector.includes(`${own}=${value}`) &&
      selector.every((pair) => pairs.has(pair)) &&
      !names.leavesOut(valueAt(resource.inputs, parent) as Node, selector),
  );
}

const POD = /^kubernetes:(apps|batch):/;

/** By whose selectors an object of that kind can be selected. */
function selectedAs(type: string): Selected {
  if (type.endsWith(":core:Namespace")) return "namespaces";
  return /:core:(Pod|Service)$|monitoring\.coreos\.com/.test(type) ? "others" : "none";
}

const isChart = (type: string): boolean => type.startsWith("kubernetes:helm.sh");

function kindOf({ path, value }: Leaf, resource: PlannedResource, names: Names): Kind | undefined {
  const { urn } = resource;
  const type = typeKey(resource.type);
  const shape = shapeOf(path);
  const first = (rules: readonly Rule[]): Kind | undefined =>
    rules.find((rule) => rule.path.test(shape) && (rule.test?.(value, names) ?? true))?.kind;
  if (value === "" || value === "*") return undefined;
  if (isChart(type)) return first(OF_CHARTS);
  if (isCloud(resource)) return first(OF_CLOUDS);
  if (shape === "metadata.name")
    return !NAMELESS.test(type) && names.uses(String(value), type, urn) ? "name" : undefined;
  const label = /(^|\.)metadata\.labels\.(.+)$/.exec(shape);
  if (label !== null) return isSelected({ path, value }, resource, names) ? "label" : undefined;
  if (NEITHER.test(shape)) return undefined;
  return first(RULES);
}

/** Hosts of the plan's Services inside a text, and their ports: `http://api.shop.svc:8080/x`. */
function hostsIn(
  { path, value }: Leaf,
  { services }: Names,
  make: (kind: Kind, to: string) => Change,
): readonly Change[] {
  if (typeof value !== "string" || /^metadata\.|(description|summary|runbook)/.test(shapeOf(path)))
    return [];
  return [...value.matchAll(HOSTS)].flatMap((match) => {
    const [all, name = "", domain, port] = match;
    if (!services.has(name) || (domain === undefined && port === undefined)) return [];
    const start = value.slice(0, match.index);
    const end = value.slice(match.index + all.length);
    const rest = `${domain ?? ""}${port === undefined ? "" : `:${port}`}`;
    const broken = [make("host", `${start}${name}x${rest}${end}`)];
    if (port === undefined) return broken;
    return [
      ...broken,
      make("port", `${start}${name}${domain ?? ""}:${otherPort(Number(port))}${end}`),
    ];
  });
}

/** One that no service uses. */
const otherPort = (port: number): number => (port + 10_001) % 65_000;

function brokenValue(kind: Kind, value: string | number): string | number {
  if (typeof value === "number") return otherPort(value);
  if (kind === "port" && /^\d+$/.test(value)) return String(otherPort(Number(value)));
  if (kind === "probe path") return `${value}x`;
  if (kind === "image") return brokenImage(value);
  if (kind === "host") return value.replace(/[a-z0-9]+/i, "$&x");
  return value.length < 14 || kind === "namespace"
    ? `${value}x`
    : `${value.slice(0, -1)}${value.endsWith("x") ? "y" : "x"}`;
}

/** Another tag, of an image that has one. */
function brokenImage(image: string): string {
  const [name = "", digest] = image.split("@");
  if (digest !== undefined)
    return `${name}@${digest.slice(0, -1)}${digest.endsWith("0") ? "1" : "0"}`;
  return `${image}x`;
}

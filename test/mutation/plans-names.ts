/** What the resources of a plan are called, so that a value which names one of them can be told from any other text. */
import type { Plan, PlannedResource } from "../../offline/plan";
import { typeKey } from "../../policies/policy";
import type { Key } from "../../policies/values";
import { leftOut, usesOf } from "./plans-uses";

export type Node = Readonly<Record<Key, unknown>>;

export interface Leaf {
  readonly path: readonly Key[];
  readonly value: string | number;
}

/** What a selector selects, as far as a plan tells. */
export type Selected = "pods" | "namespaces" | "others" | "none";

export interface Names {
  /** Names of Kubernetes objects. */
  readonly objects: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly topics: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** Names of cloud resources. */
  readonly clouds: ReadonlySet<string>;
  /** How often each image is used, whatever its version. */
  readonly images: ReadonlyMap<string, number>;
  /** Names of ports that something refers to: those of Services, and those of containers. */
  readonly portNames: Readonly<Record<"services" | "containers", ReadonlySet<string>>>;
  /** Services' ports that something uses, as `name:port`. */
  readonly usedPorts: ReadonlySet<string>;
  /** Secrets and ConfigMaps whose keys the plan shows. */
  readonly keyed: ReadonlySet<string>;
  /** Every selector as its pairs, `key=value`, by what it selects. */
  readonly selectors: Readonly<Record<Selected, readonly (readonly string[])[]>>;
  /** Whether something else refers to an object of that type by its name. */
  readonly uses: (name: string, type: string, besides: string) => boolean;
  /** Whether the expressions of each selector with these pairs leave the labels out. */
  readonly leavesOut: (labels: Node, pairs: readonly string[]) => boolean;
}

export const isObject = (raw: unknown): raw is Node => typeof raw === "object" && raw !== null;

/** Every text and number of a resource's inputs, with its path. */
export function leavesOf(raw: unknown, path: readonly Key[] = []): readonly Leaf[] {
  if (typeof raw === "string" || typeof raw === "number") return [{ path, value: raw }];
  if (!isObject(raw)) return [];
  return Object.entries(raw).flatMap(([key, value]) =>
    leavesOf(value, [...path, Array.isArray(raw) ? Number(key) : key]),
  );
}

export const valueAt = (raw: unknown, path: readonly Key[]): unknown =>
  path.reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), raw);

const texts = (values: readonly unknown[]): readonly string[] =>
  values.filter((value) => typeof value === "string" && value !== "") as string[];

const nameOf = ({ inputs }: PlannedResource): unknown => valueAt(inputs, ["metadata", "name"]);

const TOPIC = /(KafkaTopic|msk\/topic:Topic|DatabaseKafkaTopic|kafka.*:Topic)$/;

/** An image without its version. */
export const repositoryOf = (image: string): string =>
  image.replace(/@sha256:.*$/, "").replace(/:[\w][\w.-]*$/, "");

/** A host of a Service in a text, and its port: `api.shop.svc:8080`. */
export const HOSTS =
  /(?<![\w.-])([a-z][a-z0-9-]*)(\.[a-z0-9-]+\.svc[a-z.]*)?(?::(\d{2,5}))?(?![\w-])/g;

export const isCloud = ({ type }: PlannedResource): boolean =>
  /^(aws|digitalocean|gcp):/.test(type);

/** What identifies a cloud resource to others. */
const IDENTITY = ["name", "identifier", "bucket", "accountId", "topicId"];

export function namesOf({ resources }: Plan): Names {
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  const leaves = resources.map((resource) => ({ resource, all: leavesOf(resource.inputs) }));
  const byType = (pattern: RegExp): readonly PlannedResource[] =>
    resources.filter(({ type }) => pattern.test(typeKey(type)));
  const groups = leaves.flatMap(({ all }) =>
    all.filter(({ path }) => /consumerGroup/i.test(String(path.at(-1)))).map(({ value }) => value),
  );
  return {
    objects: new Set(texts(objects.map(nameOf))),
    services: new Set(texts(byType(/:core:Service$/).map(nameOf))),
    topics: new Set(
      texts(
        byType(TOPIC).flatMap((it) => [
          nameOf(it),
          valueAt(it.inputs, ["name"]),
          valueAt(it.inputs, ["spec", "topicName"]),
        ]),
      ),
    ),
    groups: new Set(texts(groups)),
    clouds: new Set(
      texts(resources.filter(isCloud).flatMap(({ inputs }) => IDENTITY.map((key) => inputs[key]))),
    ),
    ...portsIn(leaves),
    images: counted(
      leaves
        .filter(({ resource: { type } }) => type.startsWith("kubernetes:"))
        .flatMap(({ all }) => all)
        .filter(({ path }) => path.at(-1) === "image")
        .map(({ value }) => repositoryOf(String(value))),
    ),
    keyed: new Set(
      texts(
        byType(/:core:(Secret|ConfigMap)$/)
          .filter(showsKeys)
          .map(nameOf),
      ),
    ),
    selectors: {
      pods: selectorsOf(leaves, "pods"),
      namespaces: selectorsOf(leaves, "namespaces"),
      others: selectorsOf(leaves, "others"),
      none: [],
    },
    uses: usesOf(resources),
    leavesOut: leftOut(resources),
  };
}

/** By the names of a Secret's data a policy can judge a key. */
const showsKeys = ({ inputs }: PlannedResource): boolean =>
  ["data", "stringData", "binaryData"].some((field) => {
    const data = valueAt(inputs, [field]);
    return isObject(data) && data["$unknown"] !== true && data["$secret"] !== true;
  });

function counted(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The ports that something refers to, by name, and by the Service's name and their number. */
function portsIn(leaves: readonly Leaves[]): Pick<Names, "portNames" | "usedPorts"> {
  const portNames = { services: new Set<string>(), containers: new Set<string>() };
  const usedPorts = new Set<string>();
  for (const { resource, all } of leaves) {
    for (const { path, value } of all) {
      const key = path.at(-1);
      const isOfService = /:(ServiceMonitor|Ingress)$/.test(resource.type);
      const isPort = key === "port" || key === "targetPort" || path.at(-2) === "port";
      if (isPort && typeof value === "string")
        portNames[isOfService ? "services" : "containers"].add(value);
      const beside = valueAt(resource.inputs, [...path.slice(0, -1), "name"]);
      if (key === "port") usedPorts.add(`${String(beside)}:${value}`);
      if (typeof value !== "string" || resource.type.endsWith(":Service")) continue;
      for (const [, name = "", , port = ""] of value.matchAll(HOSTS))
        usedPorts.add(`${name}:${port}`);
    }
  }
  return { portNames, usedPorts };
}

interface Leaves {
  readonly resource: PlannedResource;
  readonly all: readonly Leaf[];
}

/** Charts, whose values select monitors and rules, and monitors of Services. */
const OF_OTHERS = /(helm|ServiceMonitor)/;

/** Each selector's pairs, as `key=value`. */
function selectorsOf(leaves: readonly Leaves[], what: Selected): readonly (readonly string[])[] {
  const byPlace = new Map<string, string[]>();
  for (const { resource, all } of leaves) {
    for (const leaf of all) {
      if (selects(resource, leaf.path) !== what) continue;
      const place = [resource.urn, ...leaf.path.slice(0, -1)].join(" ");
      byPlace.set(place, [...(byPlace.get(place) ?? []), ...pairOf(leaf)]);
    }
  }
  return [...byPlace.values()].filter(({ length }) => length > 0);
}

function selects({ type }: PlannedResource, path: readonly Key[]): Selected {
  if (path.includes("namespaceSelector")) return "namespaces";
  return OF_OTHERS.test(type) ? "others" : "pods";
}

/** A pair of a selector, as `key=value`. */
function pairOf({ path, value }: Leaf): readonly string[] {
  const [parent, key] = path.slice(-2);
  return parent === "matchLabels" || parent === "selector"
    ? [`${String(key)}=${String(value)}`]
    : [];
}

/** Which exporters, and which services, a stack's Prometheus scrapes: read from its monitors and charts. */
import { EXPORTERS, type Chart, type Exporter, type Owner, type Scrape } from "../../lib/exporters";
import { type Declared, podsIn } from "../kubernetes/declared";
import { containersOf, namespaceOf, podOf } from "../kubernetes/objects";
import { HOLDERS } from "../kubernetes/pods";
import { portNames, portsOf } from "../kubernetes/services";
import { perResource } from "../per-resource";
import {
  typeKey,
  type CheckContext,
  type Resource,
  type Stack,
  type StackResource,
} from "../policy";
import type { Value } from "../values";
import { isTaken, releasesOf } from "./taken";

const SERVICE = "kubernetes:core:Service";
const SCRAPE_CONFIG = "kubernetes:monitoring.coreos.com:ScrapeConfig";
const POD_MONITOR = "kubernetes:monitoring.coreos.com:PodMonitor";
/** Kind of monitor → where it lists its endpoints. */
const MONITORS = {
  [POD_MONITOR]: "podMetricsEndpoints",
  "kubernetes:monitoring.coreos.com:ServiceMonitor": "endpoints",
} as const;

export interface Scraped {
  readonly has: (exporter: Exporter) => boolean;
  /** The values of the label `service` under which pods are scraped. */
  readonly services: ReadonlySet<string>;
  /** Whether something that decides it is not known yet. */
  readonly hidden: boolean;
}

export function scrapedIn(stack: Stack, context: CheckContext): Scraped {
  const hidden = [...stack.resources]
    .flatMap((resource) =>
      hiddenIn(resource).map((unknown) => context.noteUnknown(unknown, resource.urn)),
    )
    .includes(true);
  const pods = podsIn(stack);
  const monitors = Object.entries(MONITORS).flatMap(([type, endpoints]) =>
    stack
      .of(type)
      .filter((resource) => isTaken(stack, resource))
      .map((resource) => monitorOf(resource, resource.props.get("spec", endpoints), pods)),
  );
  const images = imagesScraped(stack, monitors, pods);
  const has = new Set(
    EXPORTERS.filter(({ scrapes }) =>
      scrapes.some((scrape) => isScraped(scrape, stack, monitors, images)),
    ),
  );
  return {
    has: (exporter) => has.has(exporter),
    services: new Set(monitors.flatMap(servicesOf)),
    hidden,
  };
}

/** What of that is unknown. */
const hiddenIn = perResource((resource) => deciding(resource).flatMap((value) => value.unknowns()));

/** What of a resource decides whether something is scraped. */
function deciding(resource: Resource): readonly Value[] {
  const { props } = resource;
  const type = typeKey(resource.type);
  if (type in MONITORS) return [props.get("metadata", "namespace"), props.get("spec")];
  if (type === SCRAPE_CONFIG) {
    const relabelings = props.get("spec", "relabelings");
    // The other targets are of no account where an address takes their place.
    return isReplaced(props) ? [relabelings] : [relabelings, props.get("spec", "staticConfigs")];
  }
  if (type === SERVICE) {
    return [props.get("metadata"), props.get("spec", "selector"), props.get("spec", "ports")];
  }
  if (!HOLDERS.includes(type)) return [];
  const pod = podOf(resource);
  return [
    props.get("metadata", "namespace"),
    pod.metadata.get("labels"),
    ...portsOf(resource),
    ...pod.spec
      .get("containers")
      .listOrUnknown()
      .map((container) => container.get("image")),
  ];
}

interface Monitor {
  readonly selector: Value;
  /** Undefined for all. */
  readonly namespaces: readonly string[] | undefined;
  readonly endpoints: readonly Value[];
  /** Whether it names ports of pods, and not of Services. */
  readonly ofPods: boolean;
  /** Of the declared pods, those that it selects. */
  readonly pods: readonly StackResource[];
}

function monitorOf(resource: StackResource, endpoints: Value, declared: Declared): Monitor {
  const selector = resource.props.get("spec", "selector");
  const among = resource.props.get("spec", "namespaceSelector");
  const names = among
    .get("matchNames")
    .list()
    .flatMap(({ string }) => string ?? []);
  const own = namespaceOf(resource);
  const one = names.length === 0 && own !== undefined ? [own] : names;
  const namespaces = among.get("any").boolean === true ? undefined : one;
  const pods = (namespaces ?? [undefined]).flatMap((namespace) => {
    const { selected, open } = declared.select(resource, namespace, selector);
    return namespace === undefined ? open : selected;
  });
  const ofPods = typeKey(resource.type) === POD_MONITOR;
  return { selector, namespaces, endpoints: endpoints.list(), ofPods, pods };
}

function isScraped(
  scrape: Scrape,
  stack: Stack,
  monitors: readonly Monitor[],
  images: readonly string[],
): boolean {
  switch (scrape.kind) {
    case "image":
      return images.some((image) => image.includes(scrape.image));
    case "chart":
      return releasesOf(stack, scrape.chart).some(({ props }) => isOn(props, scrape));
    case "labels": {
      const places = placesOf(stack, scrape.madeBy);
      return monitors.some(
        (monitor) =>
          selectsAll(monitor.selector, scrape.labels) &&
          // The names of a chart's Services are not known here.
          (!monitor.ofPods || monitor.endpoints.some((one) => namesPort(one, [scrape.port]))) &&
          places.some((place) => place === undefined || isIn(monitor, place)),
      );
    }
  }
}

const isIn = ({ namespaces }: Monitor, namespace: string): boolean =>
  namespaces === undefined || namespaces.includes(namespace);

const selectsAll = (selector: Value, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(labels).every(([label, pattern]) =>
    valuesOf(selector, label).some((value) => new RegExp(`^(?:${pattern})$`).test(value)),
  );

/** Without a name, or with a number, an endpoint is taken as it is. */
const namesPort = (endpoint: Value, names: readonly string[]): boolean => {
  const { string } = endpoint.get("port");
  return string === undefined || names.includes(string);
};

/**
 * The namespaces of the pods that export; undefined for one that is not known, also where the chart is not in the
 * stack. None where what makes them keeps them from exporting.
 */
function placesOf(stack: Stack, madeBy: Chart | Owner): readonly (string | undefined)[] {
  if ("chart" in madeBy) {
    const releases = releasesOf(stack, madeBy.chart);
    if (releases.length === 0) return [undefined];
    return releases
      .filter(({ props }) => isOn(props, madeBy))
      .map(({ props }) => props.get("namespace").string);
  }
  return stack
    .of(madeBy.kind)
    .filter(({ props }) => !props.get(...(madeBy.property ?? [])).isMissing)
    .map(namespaceOf);
}

const isOn = (props: Value, { values = {} }: Chart): boolean =>
  Object.entries(values).every(([path, byDefault]) => {
    const found = props.get("values", ...path.split("."));
    return found.isUnknown || (found.boolean ?? byDefault);
  });

/** The values of a label that a selector allows. */
const valuesOf = (selector: Value, label: string): readonly string[] =>
  [
    selector.get("matchLabels", label).string ?? [],
    ...selector
      .get("matchExpressions")
      .list()
      .filter((one) => one.get("key").string === label && one.get("operator").string === "In")
      .flatMap((one) =>
        one
          .get("values")
          .list()
          .map((value) => value.string ?? []),
      ),
  ].flat();

/** The declared pods behind an endpoint: those with a port of its name. */
const podsBehind = ({ pods, ofPods }: Monitor, endpoint: Value): readonly StackResource[] =>
  pods.filter((pod) => !ofPods || namesPort(endpoint, namesOf(portsOf(pod))));

const namesOf = (ports: readonly Value[]): readonly string[] =>
  portNames(ports).flatMap(({ string }) => string ?? []);

/** Endpoints that name their service, of pods that exist: a PodMonitor adds no such label by itself. */
const servicesOf = (monitor: Monitor): readonly string[] =>
  monitor.endpoints
    .filter((endpoint) => podsBehind(monitor, endpoint).length > 0)
    .flatMap((endpoint) => endpoint.get("relabelings").list())
    .filter((one) => one.get("targetLabel").string === "service")
    .flatMap((one) => one.get("replacement").string ?? []);

/** The images of the declared pods that a monitor selects, or to which a target of a ScrapeConfig leads. */
function imagesScraped(
  stack: Stack,
  monitors: readonly Monitor[],
  pods: Declared,
): readonly string[] {
  const byMonitor = monitors.flatMap((monitor) =>
    monitor.endpoints.flatMap((endpoint) => podsBehind(monitor, endpoint)),
  );
  const targets = stack
    .of(SCRAPE_CONFIG)
    .filter((resource) => isTaken(stack, resource))
    .flatMap(({ props }) => targetsOf(props));
  const byTarget = stack
    .of(SERVICE)
    .filter((service) => targets.some((target) => leadsTo(target, service)))
    .flatMap((service) => {
      const selector = service.props.get("spec", "selector");
      return pods.selectByLabels(service, namespaceOf(service), selector).selected;
    });
  return [...byMonitor, ...byTarget].flatMap((resource) =>
    containersOf(podOf(resource)).flatMap(({ value }) => value.get("image").string ?? []),
  );
}

/** `name.namespace.svc:port`, with or without the cluster's domain, to a port that the Service has. */
function leadsTo(target: string, { props }: StackResource): boolean {
  const name = props.get("metadata", "name").string ?? "";
  const namespace = props.get("metadata", "namespace").string ?? "";
  const ports = props.get("spec", "ports").list();
  return (
    target.startsWith(`${name}.${namespace}.svc`) &&
    ports.some((port) => target.endsWith(`:${String(port.get("port").number)}`))
  );
}

const replacementsOf = (props: Value): readonly Value[] =>
  props
    .get("spec", "relabelings")
    .list()
    .filter((one) => one.get("targetLabel").string === "__address__");

const isReplaced = (props: Value): boolean =>
  replacementsOf(props).some((one) => one.get("replacement").string !== undefined);

/** Its static targets, and the addresses that they are replaced by. */
const targetsOf = (props: Value): readonly string[] => [
  ...props
    .get("spec", "staticConfigs")
    .list()
    .flatMap((config) =>
      config
        .get("targets")
        .list()
        .flatMap((one) => one.string ?? []),
    ),
  ...replacementsOf(props).flatMap((one) => one.get("replacement").string ?? []),
];

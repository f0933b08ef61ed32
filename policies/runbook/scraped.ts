/** Which exporters, and which services, a stack's Prometheus scrapes: read from its monitors and charts. */
import { EXPORTERS, type Exporter, type Scrape } from "../../lib/exporters";
import { Declared } from "../kubernetes/declared";
import { containersOf, namespaceOf, podOf } from "../kubernetes/objects";
import { HOLDERS } from "../kubernetes/pods";
import { typeKey, type CheckContext, type Stack, type StackResource } from "../policy";
import type { Value } from "../values";

const RELEASE = "kubernetes:helm.sh:Release";
const SERVICE = "kubernetes:core:Service";
const SCRAPE_CONFIG = "kubernetes:monitoring.coreos.com:ScrapeConfig";
/** Kind of monitor → where it lists its endpoints. */
const MONITORS = {
  "kubernetes:monitoring.coreos.com:PodMonitor": "podMetricsEndpoints",
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
  const monitors = Object.entries(MONITORS).flatMap(([type, endpoints]) =>
    stack.of(type).map((resource) => ({ resource, endpoints })),
  );
  const hidden = [...stack.resources]
    .flatMap((resource) =>
      deciding(resource).flatMap((value) =>
        value.unknowns().map((unknown) => context.noteUnknown(unknown, resource.urn)),
      ),
    )
    .includes(true);
  const images = imagesScraped(
    stack,
    monitors.map(({ resource }) => resource),
  );
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

/** What of a resource decides whether something is scraped. */
function deciding(resource: StackResource): readonly Value[] {
  const { props } = resource;
  const type = typeKey(resource.type);
  if (type in MONITORS) return [props.get("metadata", "namespace"), props.get("spec")];
  if (type === SCRAPE_CONFIG) {
    const relabelings = props.get("spec", "relabelings");
    // The other targets are of no account where an address takes their place.
    return isReplaced(props) ? [relabelings] : [relabelings, props.get("spec", "staticConfigs")];
  }
  if (type === SERVICE) return [props.get("metadata"), props.get("spec", "selector")];
  if (!HOLDERS.includes(type)) return [];
  const pod = podOf(resource);
  return [
    props.get("metadata", "namespace"),
    pod.metadata.get("labels"),
    ...pod.spec
      .get("containers")
      .listOrUnknown()
      .map((container) => container.get("image")),
  ];
}

interface Monitor {
  readonly resource: StackResource;
  readonly endpoints: string;
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
      return stack
        .of(RELEASE)
        .some(({ props }) => props.get("chart").string === scrape.chart && isOn(props, scrape));
    case "labels":
      return monitors.some(({ resource }) => {
        const selector = resource.props.get("spec", "selector");
        return Object.entries(scrape.labels).every(([label, pattern]) =>
          valuesOf(selector, label).some((value) => new RegExp(`^(?:${pattern})$`).test(value)),
        );
      });
  }
}

function isOn(props: Value, { value, byDefault }: Extract<Scrape, { kind: "chart" }>): boolean {
  const found = props.get("values", ...value.split("."));
  return found.isUnknown || (found.boolean ?? byDefault);
}

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

/** Endpoints that name their service: a PodMonitor adds no such label by itself. */
const servicesOf = ({ resource, endpoints }: Monitor): readonly string[] =>
  resource.props
    .get("spec", endpoints)
    .list()
    .flatMap((endpoint) => endpoint.get("relabelings").list())
    .filter((one) => one.get("targetLabel").string === "service")
    .flatMap((one) => one.get("replacement").string ?? []);

/** The images of the declared pods that a monitor selects, or to which a target of a ScrapeConfig leads. */
function imagesScraped(stack: Stack, monitors: readonly StackResource[]): readonly string[] {
  const pods = new Declared(stack, HOLDERS);
  const byMonitor = monitors.flatMap((monitor) => {
    const [named] = monitor.props.get("spec", "namespaceSelector", "matchNames").list();
    const namespace = named?.string ?? namespaceOf(monitor);
    return pods.select(monitor, namespace, monitor.props.get("spec", "selector")).selected;
  });
  const targets = stack.of(SCRAPE_CONFIG).flatMap(({ props }) => targetsOf(props));
  const byTarget = stack
    .of(SERVICE)
    .filter(({ props }) => {
      const name = props.get("metadata", "name").string ?? "";
      const namespace = props.get("metadata", "namespace").string ?? "";
      return targets.some((target) => target.startsWith(`${name}.${namespace}.svc`));
    })
    .flatMap((service) => {
      const selector = service.props.get("spec", "selector");
      return pods.selectByLabels(service, namespaceOf(service), selector).selected;
    });
  return [...byMonitor, ...byTarget].flatMap((resource) =>
    containersOf(podOf(resource)).flatMap(({ value }) => value.get("image").string ?? []),
  );
}

const addressesOf = (props: Value): readonly Value[] =>
  props
    .get("spec", "relabelings")
    .list()
    .filter((one) => one.get("targetLabel").string === "__address__");

const isReplaced = (props: Value): boolean =>
  addressesOf(props).some((one) => one.get("replacement").string !== undefined);

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
  ...addressesOf(props).flatMap((one) => one.get("replacement").string ?? []),
];

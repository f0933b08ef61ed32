/** Hosts of Services in texts: environment variables, arguments, and settings of custom objects. */
import { perResource } from "../per-resource";
import type { CheckContext, Policy, Resource, Stack, StackResource } from "../policy";
import { ADVICE, finding } from "../policy";
import type { Value } from "../values";
import { isSlip } from "./alike";
import { containersOf, namespaceOf, podOf } from "./objects";
import { HOLDERS } from "./pods";
import { isChart } from "./references/charts";
import { type Inventory, inventoryOf } from "./references/inventory";
import { SERVICE } from "./references/makers";
import { expectExists } from "./references/reference";

/** A host of the cluster in a text. */
interface Host {
  readonly name: string;
  /** Missing for a name without a dot. */
  readonly namespace: string | undefined;
  readonly port: number | undefined;
}

const LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
/** `name.namespace.svc`, with or without the cluster's domain; and `scheme://name:port`. */
const QUALIFIED = new RegExp(
  `(?<![\\w.-])(${LABEL})\\.(${LABEL})\\.svc(?:\\.cluster\\.local)?\\.?(?::(\\d{1,5}))?(?![\\w.-]*[\\w-])`,
  "g",
);
const OF_URL = new RegExp(
  `([A-Za-z][A-Za-z0-9+.-]*)?://(?:[^@/\\s]*@)?(${LABEL})(?::(\\d{1,5}))?(?=[/?#"'\\s,;]|$)`,
  "g",
);
/** Schemes whose first part is a bucket, a file or a key. */
const NO_HOST =
  /(?:^|[+.])(?:s3[an]?|gs|gcs|abfss?|wasbs?|azure|azblob|oss|cosn?|obs|b2|swift|oci|unix|file|npipe|dir|mem|data|[a-z]*kms|vault|arn|docker|containerd|ko|helm)$/i;
/** A whole text, or an item of a list, or what follows an equals sign: `redis:6379`, `redis.cache:6379`. */
const BARE = new RegExp(`(?:^|[=,])(${LABEL})(?:\\.(${LABEL}))?:(\\d{2,5})(?=,|$)`, "g");
/** Numbers below are versions of images, hours and minutes. */
const LEAST_PORT = 80;
/** Longer texts are programs and documents, whose hosts may be examples. */
const LONGEST = 2000;

/** Names without a dot that are no Service. */
const OWN = /^(localhost|host|kubernetes|metadata)$/;

export function hostsIn(text: string): readonly Host[] {
  if (text.length > LONGEST) return [];
  const port = (digits: string | undefined): number | undefined =>
    digits === undefined ? undefined : Number(digits);
  return [
    ...[...text.matchAll(QUALIFIED)].map(([, name = "", namespace, digits]) => ({
      name,
      namespace,
      port: port(digits),
    })),
    ...[...text.matchAll(OF_URL)]
      .filter(([, scheme = "", name = ""]) => !NO_HOST.test(scheme) && isService(name))
      .map(([, , name = "", digits]) => ({ name, namespace: undefined, port: port(digits) })),
    ...[...text.matchAll(BARE)]
      .filter(([, name = "", , digits]) => isService(name) && Number(digits) >= LEAST_PORT)
      .map(([, name = "", namespace, digits]) => ({ name, namespace, port: port(digits) })),
  ];
}

const isService = (name: string): boolean => !OWN.test(name) && /[a-z]/.test(name);

/** Custom kinds with addresses, and where. */
const ADDRESSES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "kubernetes:dapr.io:Component": [["spec", "metadata"]],
  "kubernetes:dapr.io:Configuration": [["spec", "tracing"]],
  "kubernetes:helm.sh:Release": [["values"]],
  "kubernetes:kafka.strimzi.io:Kafka": [["spec", "kafka", "listeners"]],
  "kubernetes:keda.sh:ScaledObject": [["spec", "triggers"]],
  "kubernetes:keda.sh:ScaledJob": [["spec", "triggers"]],
  "kubernetes:monitoring.coreos.com:ScrapeConfig": [
    ["spec", "staticConfigs"],
    ["spec", "relabelings"],
  ],
  "kubernetes:monitoring.coreos.com:Probe": [["spec", "targets", "staticConfig"]],
};

const texts = (value: Value, depth = 0): readonly Value[] =>
  depth > 6
    ? []
    : value.string !== undefined
      ? [value]
      : [...value.list(), ...value.entries().map(([, each]) => each)].flatMap((each) =>
          texts(each, depth + 1),
        );

function textsOf(resource: Resource): readonly Value[] {
  const paths = ADDRESSES[resource.type.replace(/\/[^:/]+:/, ":")];
  if (paths !== undefined) return paths.flatMap((path) => texts(resource.props.get(...path)));
  return containersOf(podOf(resource)).flatMap(({ value }) => [
    ...value
      .get("env")
      .list()
      .map((variable) => variable.get("value")),
    ...value.get("args").list(),
    ...value.get("command").list(),
  ]);
}

/** The texts of a resource, with the hosts in each. */
const hostsOf = perResource((resource) =>
  textsOf(resource).map((value) => ({ value, hosts: hostsIn(value.string ?? "") })),
);

const CERTIFICATE = "kubernetes:cert-manager.io:Certificate";

/**
 * The names of a certificate for a Service, whose clients use shorter ones too: `api`, `api.shop`, `*.members.shop.svc`.
 * Without a qualified one among them it is for something else.
 */
function certified(certificate: StackResource): readonly (readonly [Value, Host])[] {
  const names = certificate.props.get("spec", "dnsNames").list();
  const plain = (value: Value): string => (value.string ?? "").replace(/^\*\./, "");
  if (!names.some((value) => hostsIn(plain(value)).length > 0)) return [];
  return names.flatMap((value) => {
    const [, name, namespace] = /^([a-z0-9-]+)(?:\.([a-z0-9-]+))?$/.exec(plain(value)) ?? [];
    if (name === undefined) return hostsIn(plain(value)).map((host) => [value, host] as const);
    return OWN.test(name) ? [] : [[value, { name, namespace, port: undefined }] as const];
  });
}

function everyHostExists(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  for (const resource of stack.of(...HOLDERS, ...Object.keys(ADDRESSES))) {
    for (const { value, hosts: named } of hostsOf(resource)) {
      schemeIsKnown(resource, value, context);
      for (const host of named) evaluate(resource, value, host, inventory, context);
    }
  }
  for (const certificate of stack.of(CERTIFICATE)) {
    for (const [value, host] of certified(certificate))
      evaluate(certificate, value, host, inventory, context);
  }
}

const WEB = ["http", "https"];

function schemeIsKnown(from: StackResource, value: Value, context: CheckContext): void {
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]*):\/\//.exec(value.string ?? "") ?? [];
  const meant = WEB.includes(scheme) ? undefined : WEB.find((each) => isSlip(scheme, each));
  if (meant === undefined) return;
  const expected = `its scheme is ${JSON.stringify(scheme)}: did you mean ${JSON.stringify(meant)}`;
  context.report(finding(from, value, expected), from.urn);
}

/** A chart has a property for the namespace that it installs into. */
const ownNamespaceOf = (from: StackResource): string | undefined =>
  isChart(from) ? from.props.get("namespace").string : namespaceOf(from);

function evaluate(
  from: StackResource,
  value: Value,
  { name, namespace = ownNamespaceOf(from), port }: Host,
  inventory: Inventory,
  context: CheckContext,
): void {
  if (namespace === undefined || !inventory.owns(from, namespace)) return;
  const reference = { from, value, to: SERVICE, named: name, inNamespace: namespace };
  const expected = `it leads to ${JSON.stringify(name)}, and namespace ${JSON.stringify(namespace)} has no such Service: correct the host, or create it`;
  const service = expectExists(reference, inventory, context, { expected });
  if (service === undefined || port === undefined) return;
  const ports = service.props.get("spec", "ports");
  const numbers = ports.listOrUnknown().map((each) => each.get("port"));
  if (service.props.get("spec", "type").string === "ExternalName") return;
  if (numbers.some((each) => context.noteUnknown(each, service.urn))) return;
  if (numbers.some((each) => each.number === port)) return;
  const known = numbers.map((each) => each.show()).join(", ");
  const wrong = `Service ${JSON.stringify(`${namespace}/${name}`)} has ${known === "" ? "no port" : `only ${known}`}: use one of its ports`;
  context.report(finding(from, value, wrong), from.urn);
}

export const hosts: Policy = {
  name: "host-exists",
  title: "Hosts in settings are those of Services",
  clause: {
    reference: "PO-01",
    url: "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/",
  },
  severity: "medium",
  themes: ["network"],
  prevents: "A program starts and fails at its first call, because of a typo in a host or a port.",
  description:
    "Hosts inside the cluster, in environment variables and arguments of containers, in the settings of charts, Dapr, KEDA, Kafka and Prometheus, and in certificates for Services, are those of Services in namespaces that the stack creates, with one of their ports; and http and https are spelled right.",
  remediation:
    "Correct the host and the port: use the name of the Service and its own port, not that of the container.",
  enforcement: ADVICE,
  check: { kind: "stack", run: everyHostExists },
};

/** Services: external exposure, and target ports. */
import { isPrivate, parseCidr } from "../../lib/cidr";
import { isMissingOr, isNot, rules } from "../rules";
import { noteOpen, type Selection, podsIn } from "./declared";
import { namespaceOf, podOf } from "./objects";
import { each, elements, expectThat, type Check } from "../expect";
import { MEANT } from "../in-manifests";
import type { CheckContext, Policy, Resource, Stack } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

const SERVICE = "kubernetes:core:Service";
const DOCS = "https://kubernetes.io/docs/concepts/services-networking/service/";

/** Annotations, with values, that make a cloud's load balancer internal. */
const INTERNAL: readonly (readonly [string, RegExp])[] = [
  ["service.beta.kubernetes.io/aws-load-balancer-scheme", /^internal$/],
  ["service.beta.kubernetes.io/aws-load-balancer-internal", /^(true|0\.0\.0\.0\/0)$/],
  ["networking.gke.io/load-balancer-type", /^Internal$/i],
  ["cloud.google.com/load-balancer-type", /^Internal$/i],
  ["service.beta.kubernetes.io/azure-load-balancer-internal", /^true$/],
  ["service.beta.kubernetes.io/do-loadbalancer-network", /^INTERNAL$/i],
];
/** Annotations with the addresses that the cluster's own load balancer gives out: Cilium, MetalLB, kube-vip. */
const ADDRESSES = [
  "lbipam.cilium.io/ips",
  "io.cilium/lb-ipam-ips",
  "metallb.io/loadBalancerIPs",
  "metallb.universe.tf/loadBalancerIPs",
  "kube-vip.io/loadbalancerIPs",
];

/** Whether they are all private, so that nobody outside of the network reaches them. */
const areLocal = (addresses: string): boolean =>
  addresses.split(",").every((address) => {
    const range = parseCidr(`${address.trim()}/32`);
    return range === undefined ? /^\s*f[cd][0-9a-f]{2}:/i.test(address) : isPrivate(range);
  });

const EVERYWHERE: readonly string[] = ["0.0.0.0/0", "::/0"];

function loadBalancerIsNarrow(check: Check): void {
  const { resource, context } = check;
  const type = resource.props.get("spec", "type");
  if (context.noteUnknown(type) || type.string !== "LoadBalancer") return;
  if (context.setting("public", false)) return;
  const annotations = resource.props.get("metadata", "annotations");
  const isInternal = ([key, expected]: (typeof INTERNAL)[number]): boolean => {
    const annotation = annotations.get(key);
    return context.noteUnknown(annotation) || expected.test(annotation.string ?? "");
  };
  if (INTERNAL.some(isInternal)) return;
  const given = ADDRESSES.map((key) => annotations.get(key));
  const isLocal = (value: Value): boolean =>
    context.noteUnknown(value) || (value.string !== undefined && areLocal(value.string));
  if (given.some(isLocal)) return;
  const ranges = resource.props.get("spec", "loadBalancerSourceRanges");
  // Without ranges every address is allowed.
  const isNarrow = (value: Value): boolean =>
    value.list().length > 0 &&
    value.list().every(({ string }) => !EVERYWHERE.includes(string ?? ""));
  for (const range of ranges.list()) context.noteUnknown(range);
  expectThat(
    check,
    ranges,
    isNarrow,
    "the load balancer is open to every address: list the allowed ranges, or add the cloud's annotation for an internal one",
  );
}

/** Names and addresses of whoever asks, and of the metadata service of its node. */
const OWN_HOST =
  /^(?:(?:.+\.)?localhost|localhost\.localdomain|127\.\d+\.\d+\.\d+|0\.0\.0\.0|169\.254\.\d+\.\d+|metadata|metadata\.google\.internal)\.?$/i;

function externalNameIsOther(check: Check): void {
  const spec = check.resource.props.get("spec");
  const type = spec.get("type");
  if (check.context.noteUnknown(type) || type.string !== "ExternalName") return;
  const expected =
    "whoever follows it calls itself, or its node: name a host outside of the cluster, or use a Service with a selector";
  expectThat(
    check,
    spec.get("externalName"),
    ({ string = "" }) => !OWN_HOST.test(string),
    expected,
  );
}

/** A valid port name: an IANA service name. */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

function isPort(value: Value): boolean {
  const { number, string } = value;
  if (number !== undefined) return Number.isInteger(number) && number >= 1 && number <= 65_535;
  // In a manifest a number may be a string.
  return string !== undefined && (PORT_NAME.test(string) || /^[1-9]\d{0,4}$/.test(string));
}

function targetPorts(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const service of stack.of(SERVICE)) {
    const check = { resource: service, context };
    const spec = service.props.get("spec");
    const ports = elements(check, spec.get("ports")).map((port) => port.get("targetPort"));
    for (const port of ports) {
      const expected = "use the name of a container's port, or a number from 1 to 65535";
      expectThat(check, port, (value) => value.isMissing || isPort(value), expected);
    }
    const selector = spec.get("selector");
    // An alias sends nothing to pods.
    if (spec.get("type").string === "ExternalName") continue;
    context.noteUnknown(selector, service.urn);
    const selection = pods.selectByLabels(service, namespaceOf(service), selector);
    for (const port of ports) {
      if (PORT_NAME.test(port.string ?? "")) portIsThere(check, port, selection);
    }
  }
}

function portIsThere(
  { resource: service, context }: Check,
  port: Value,
  { selected, open }: Selection,
): void {
  const names = portNames(selected.flatMap(portsOf));
  if (names.some((name) => name.string === port.string)) return;
  if (names.filter((name) => context.noteUnknown(name, service.urn)).length > 0) return;
  if (open.length > 0) {
    const labels = open.map((pod) => [pod, podOf(pod).metadata.get("labels")] as const);
    noteOpen(context, [service, service.props.get("spec", "selector")], ...labels);
    return;
  }
  // Pods of other programs are not visible here.
  if (selected.length === 0) return;
  const known = names.map(({ string }) => JSON.stringify(string)).join(", ");
  const expected = `the pods it selects name ${known === "" ? "no port" : `only ${known}`}: use one of its names, or the number`;
  context.report(finding(service, port, expected), service.urn);
}

/** The port lists of a pod's containers, and unknowns that hide them. */
export function portsOf(holder: Resource): readonly Value[] {
  const { spec } = podOf(holder);
  return ["initContainers", "containers"]
    .flatMap((kind) => spec.get(kind).listOrUnknown())
    .map((container) => container.get("ports"));
}

/** The names in port lists, and unknowns that hide them. */
export const portNames = (lists: readonly Value[]): readonly Value[] =>
  lists
    .flatMap((list) => list.listOrUnknown())
    .map((port) => port.get("name"))
    .filter(({ isMissing }) => !isMissing);

export const services: readonly Policy[] = [
  {
    name: "service-no-node-port",
    title: "Services do not use NodePort",
    clause: {
      reference: "PO-03; kube-score service-type; kube-linter exposed-services",
      url: `${DOCS}#type-nodeport`,
    },
    severity: "high",
    themes: ["network"],
    prevents:
      "A service is reachable on every node, bypassing the TLS and rate limits of the edge.",
    description: "No Service has the type NodePort.",
    remediation:
      "Remove spec.type, which defaults to ClusterIP, and route traffic to it with an HTTPRoute or Ingress.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: MEANT,
    check: rules([SERVICE], {
      "spec.type": isNot("NodePort", 'it must be "ClusterIP", behind an HTTPRoute or Ingress'),
    }),
  },
  {
    name: "service-load-balancer-narrow",
    title: "LoadBalancer Services are not open to everyone",
    clause: {
      reference: "PO-03; kube-linter exposed-services; kubernetes-service-disallow-load-balancer",
      url: "https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/",
    },
    severity: "high",
    themes: ["network"],
    prevents:
      "A service is exposed to the internet directly, bypassing the TLS and rate limits of the edge.",
    description:
      "A Service of the type LoadBalancer is internal by its cloud's annotation, or lists the addresses that may use it.",
    remediation:
      "Set spec.loadBalancerSourceRanges without 0.0.0.0/0, or the annotation for an internal load balancer, or use ClusterIP behind an HTTPRoute.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: MEANT,
    configuration: {
      properties: {
        public: {
          type: "boolean",
          default: false,
          description: "Whether Services may have load balancers that are open to every address",
        },
      },
    },
    check: each([SERVICE], loadBalancerIsNarrow),
  },
  {
    name: "service-no-external-ips",
    title: "Services do not use externalIPs",
    clause: {
      reference: "PO-03; CVE-2020-8554",
      url: "https://github.com/kubernetes/kubernetes/issues/97076",
    },
    severity: "high",
    themes: ["network"],
    prevents: "Anyone who may create a Service can intercept the cluster's traffic to any address.",
    description: "No Service sets externalIPs.",
    remediation: "Remove spec.externalIPs; use a load balancer or a Gateway for an address.",
    enforcement: STRICT_IN_PRODUCTION,
    check: rules([SERVICE], {
      "spec.externalIPs": isMissingOr((it) => it.isEmptyList, "remove it"),
    }),
  },
  {
    name: "service-external-name",
    title: "ExternalName Services name another host",
    clause: {
      reference: "PO-03; CVE-2021-32783; Kyverno no-localhost-service",
      url: "https://github.com/projectcontour/contour/security/advisories/GHSA-5ph6-qq5x-7jwc",
    },
    severity: "high",
    themes: ["network"],
    prevents:
      "A route through an ingress controller reaches the controller's own admin interface, or the credentials of its node.",
    description:
      "No Service of the type ExternalName names localhost, an address of the loopback or the link, or a metadata service.",
    remediation:
      "Set spec.externalName to a host outside of the cluster, or select the pods that are meant.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each([SERVICE], externalNameIsOther),
  },
  {
    name: "service-target-port",
    title: "Service target ports exist",
    clause: {
      reference: "PO-01; kube-linter invalid-target-ports; kube-score container-ports-check",
      url: `${DOCS}#field-spec-ports`,
    },
    severity: "medium",
    themes: ["network"],
    prevents: "A Service has no endpoints, and requests to it fail.",
    description:
      "A Service's targetPort is a number or a valid port name, and a name is that of a port of the pods that it selects.",
    remediation: "Set spec.ports[].targetPort to the name of a container's port, or its number.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: targetPorts },
  },
];

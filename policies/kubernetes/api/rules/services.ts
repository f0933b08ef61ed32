/** Services and what traffic reaches: Ingresses, NetworkPolicies, endpoints. */
import type { Value } from "../../../values";
import type { Faults } from "../fault";
import * as form from "./forms";
import {
  between,
  exactlyOne,
  fields,
  isSet,
  needs,
  needsSome,
  notEmpty,
  oneOf,
  text,
  unique,
} from "./kit";
import type { Form, Rule, Rules } from "./kit";
import { labels } from "./selectors";

const isHeadless = (spec: Value): boolean => spec.get("clusterIP").string === "None";

/** Only a headless Service and one that is a name elsewhere have no ports; several need names. */
function ports(spec: Value, faults: Faults): void {
  const [list, type] = [spec.get("ports"), spec.get("type")];
  const needed = !isHeadless(spec) && type.string !== "ExternalName";
  if (
    needed &&
    !type.isUnknown &&
    !spec.get("clusterIP").isUnknown &&
    (list.isMissing || list.isEmptyList)
  ) {
    faults.add("field-required", list, "the Service needs at least one port");
  }
  const all = list.list();
  for (const port of all.length > 1 ? all : []) {
    const name = port.get("name");
    if (!isSet(name)) {
      faults.add("field-required", name, "a Service with several ports needs a name for each");
    }
  }
}

/** What only some types of a Service have. */
const ONLY: readonly (readonly [field: string, types: readonly string[]])[] = [
  ["loadBalancerSourceRanges", ["LoadBalancer"]],
  ["allocateLoadBalancerNodePorts", ["LoadBalancer"]],
  ["loadBalancerClass", ["LoadBalancer"]],
  ["ipFamilies", ["ClusterIP", "NodePort", "LoadBalancer"]],
  ["ipFamilyPolicy", ["ClusterIP", "NodePort", "LoadBalancer"]],
];

function byType(spec: Value, faults: Faults): void {
  const kind = spec.get("type");
  if (kind.isUnknown) return;
  const type = isSet(kind) ? (kind.string ?? "ClusterIP") : "ClusterIP";
  for (const [field, types] of ONLY) {
    const value = spec.get(field);
    if (value.isKnown && !value.isEmptyList && isSet(value) && !types.includes(type)) {
      faults.rule(value, `a Service of type ${type} has no ${field}: remove it`);
    }
  }
  for (const port of type === "ClusterIP" ? spec.get("ports").list() : []) {
    const nodePort = port.get("nodePort");
    if (nodePort.number !== undefined && nodePort.number !== 0) {
      faults.rule(nodePort, "a Service of type ClusterIP has no nodePort: remove it");
    }
  }
  if (isHeadless(spec) && ["LoadBalancer", "NodePort"].includes(type)) {
    faults.rule(spec.get("clusterIP"), `a Service of type ${type} must not be headless`);
  }
  if (type === "ExternalName") externalName(spec, faults);
}

function externalName(spec: Value, faults: Faults): void {
  const name = spec.get("externalName");
  if (!isSet(name)) faults.add("field-required", name, "the type ExternalName needs it");
  else if (name.string !== undefined) {
    const isRight = form.isSubdomain(name.string.replace(/\.$/, ""));
    if (!isRight) faults.add("value-allowed", name, "it must be a domain name");
  }
  const address = spec.get("clusterIP");
  if (address.isKnown && isSet(address) && address.string !== "None") {
    faults.rule(address, "a Service of type ExternalName has no clusterIP: remove it");
  }
}

function affinity(spec: Value, faults: Faults): void {
  const [kind, config] = [spec.get("sessionAffinity"), spec.get("sessionAffinityConfig")];
  // Left out, it is None, and the API server drops the settings.
  if (config.isKnown && kind.isKnown && isSet(kind) && kind.string !== "ClientIP") {
    faults.rule(config, 'only the sessionAffinity "ClientIP" has it: remove it');
  }
}

function trafficPolicy(spec: Value, faults: Faults): void {
  const [type, policy, health] = ["type", "externalTrafficPolicy", "healthCheckNodePort"].map(
    (key) => spec.get(key),
  ) as [Value, Value, Value];
  const isExternal = ["NodePort", "LoadBalancer"].includes(type.string ?? "");
  const byAddress = spec.get("externalIPs").list().length > 0 || spec.get("externalIPs").isUnknown;
  if (policy.isKnown && isSet(policy) && !type.isUnknown && !isExternal && !byAddress) {
    faults.rule(policy, "only a Service of type NodePort or LoadBalancer has it: remove it");
  }
  const needsLocal = type.string !== "LoadBalancer" || policy.string !== "Local";
  if ((health.number ?? 0) > 0 && !type.isUnknown && !policy.isUnknown && needsLocal) {
    faults.rule(
      health,
      'only the type LoadBalancer with externalTrafficPolicy "Local" has it: remove it',
    );
  }
}

const headlessPorts: Rule = (spec, faults) => {
  ports(spec, faults);
  byType(spec, faults);
  affinity(spec, faults);
  trafficPolicy(spec, faults);
};

/** An address that every node understands in the same way, as of endpoints and externalIPs. */
const routable: Form = (value) =>
  form.address(value) ??
  (/^(127\.|169\.254\.|0\.0\.0\.0$|::1?$|fe80:|ff02:|224\.0\.0\.)/i.test(value.string ?? "")
    ? "it must not be an address of the node itself or of its link"
    : undefined);

const clusterIp = text(
  (ip) => ip === "None" || form.isAddress(ip),
  'it must be an IP address, or "None"',
);

/** A rule's path is absolute, unless the controller has its own form of it. */
const ingressPath: Rule = (value, faults) => {
  const [path, type] = [value.get("path"), value.get("pathType")];
  const exact = ["Exact", "Prefix"].includes(type.string ?? "");
  if (exact && !isSet(path))
    faults.add("field-required", path, `the pathType ${type.string ?? ""} needs it`);
  if (path.string === undefined || path.string === "") return;
  if ((exact || type.string === "ImplementationSpecific") && !path.string.startsWith("/")) {
    faults.add("value-allowed", path, "it must begin with /");
  } else if (exact && /\/\/|\/\.\.?(\/|$)|%2f/i.test(path.string)) {
    faults.add("value-allowed", path, "it must not have //, /./, /../ or %2f");
  }
};

const ingressSpec: Rule = (value, faults) => {
  const rules = value.get("rules");
  if (value.get("defaultBackend").isMissing && (rules.isMissing || rules.isEmptyList)) {
    faults.rule(rules, "an Ingress needs rules or a defaultBackend");
  }
};

const controller = text((name) => {
  const [domain = "", ...path] = name.split("/");
  return path.join("") !== "" && form.isSubdomain(domain);
}, "it must be a domain, a slash and a name");

const host = text(
  (name) =>
    (name.startsWith("*.") ? form.isSubdomain(name.slice(2)) : form.isSubdomain(name)) &&
    !form.isAddress(name),
  "it must be a domain name, or *. and a domain name",
);

/** An end needs a beginning, which is a number. */
const portRange: Rule = (value, faults) => {
  const [start, end] = [value.get("port"), value.get("endPort")];
  if (end.number === undefined) return;
  if (start.isMissing) faults.add("field-required", start, "endPort needs it");
  else if (start.string !== undefined) faults.rule(start, "with endPort it must be a number");
  else if (start.number !== undefined && end.number < start.number) {
    faults.rule(end, `it must be ${start.show()} or more`);
  }
};

const peer: Rule = (value, faults) => {
  const block = value.get("ipBlock");
  const others = ["podSelector", "namespaceSelector"].filter((key) => value.get(key).isKnown);
  if (block.isKnown && others.length > 0) {
    faults.rule(block, "a peer has an ipBlock, or selectors, not both");
  } else if (
    ["ipBlock", "podSelector", "namespaceSelector"].every((key) => value.get(key).isMissing)
  ) {
    faults.rule(
      value,
      "it selects nothing: give it a podSelector, a namespaceSelector or an ipBlock",
    );
  }
};

function inside(block: string, cidr: string): boolean {
  const [[ip = "", own = ""], [outer = "", its = ""]] = [block.split("/"), cidr.split("/")] as [
    string[],
    string[],
  ];
  if (form.isAddress(ip) && ip.includes(":") !== outer.includes(":")) return false;
  if (ip.includes(":")) return Number(own) > Number(its);
  const bits = (address: string): number =>
    address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(its));
  return (
    Number(own) > Number(its) && Math.floor(bits(ip) / size) === Math.floor(bits(outer) / size)
  );
}

const twoTypes: Rule = (value, faults) => {
  const types = value.get("policyTypes");
  if (types.list().length > 2) faults.rule(types, "there are two types, Ingress and Egress");
};

const exceptions: Rule = (value, faults) => {
  const { string: cidr } = value.get("cidr");
  if (cidr === undefined || !form.isCidr(cidr)) return;
  for (const one of value.get("except").list()) {
    if (one.string === undefined || !form.isCidr(one.string) || inside(one.string, cidr)) continue;
    faults.rule(one, `it must be a part of ${cidr}`);
  }
};

const endpoints: Rule = (value, faults) => {
  const [ready, others] = [value.get("addresses"), value.get("notReadyAddresses")];
  if (![ready, others].some((list) => list.isUnknown || list.list().length > 0)) {
    faults.add("field-required", ready, "it needs addresses or notReadyAddresses");
  }
  const all = value.get("ports").list();
  for (const port of all.length > 1 ? all : []) {
    const name = port.get("name");
    if (!isSet(name)) faults.add("field-required", name, "several ports need a name each");
  }
};

const IP = ["IPv4", "IPv6"];
const ipAddresses = fields({ "endpoints[].addresses[]": routable });

/** Those of the type FQDN are names. */
const slice: Rule = (value, faults, way) => {
  if (IP.includes(value.get("addressType").string ?? "")) ipAddresses(value, faults, way);
};

export const SERVICES: Rules = {
  "core.v1.Service": [needs("spec")],
  "core.v1.ServiceSpec": [
    fields({
      clusterIP: clusterIp,
      "externalIPs[]": routable,
      "loadBalancerSourceRanges[]": form.cidr,
      loadBalancerClass: form.labelKey,
      "sessionAffinityConfig.clientIP.timeoutSeconds": between(1, 86_400),
      "ipFamilies[]": oneOf("IPv4", "IPv6"),
      trafficDistribution: oneOf("PreferClose", "PreferSameZone", "PreferSameNode"),
    }),
    labels("selector"),
    headlessPorts,
    unique("ports", ["name"]),
    unique("ports", ["port", "protocol"], { protocol: "TCP" }),
    unique("ipFamilies", []),
    notEmpty("ipFamilyPolicy"),
    unique("ports", ["nodePort", "protocol"], { protocol: "TCP" }),
  ],
  "core.v1.ServicePort": [
    notEmpty("appProtocol"),
    fields({
      name: form.dnsLabel,
      port: form.port,
      targetPort: form.portNameOrNone,
      appProtocol: form.labelKey,
    }),
  ],
  "networking.v1.Ingress": [needs("spec")],
  "networking.v1.IngressSpec": [
    ingressSpec,
    notEmpty("ingressClassName"),
    fields({ ingressClassName: form.subdomain }),
  ],
  "networking.v1.IngressRule": [fields({ host })],
  "networking.v1.IngressTLS": [
    fields({ "hosts[]": form.wildcardOrSubdomain, secretName: form.subdomain }),
  ],
  "networking.v1.HTTPIngressRuleValue": [needsSome("paths")],
  "networking.v1.HTTPIngressPath": [
    fields({ pathType: oneOf("Exact", "Prefix", "ImplementationSpecific") }),
    ingressPath,
  ],
  "networking.v1.IngressBackend": [exactlyOne("backend", ["service", "resource"])],
  "networking.v1.IngressServiceBackend": [needs("port"), fields({ name: form.dns1035 })],
  "networking.v1.ServiceBackendPort": [
    exactlyOne("port", ["name", "number"]),
    fields({ number: form.port, name: form.portName }),
  ],
  "networking.v1.IngressClass": [needs("spec")],
  "networking.v1.IngressClassSpec": [needs("controller"), fields({ controller })],
  "networking.v1.NetworkPolicySpec": [
    twoTypes,
    fields({ "policyTypes[]": oneOf("Ingress", "Egress") }),
  ],
  "networking.v1.NetworkPolicyPort": [
    notEmpty("protocol", "port"),
    fields({ port: form.portOrName, endPort: form.port }),
    portRange,
  ],
  "networking.v1.NetworkPolicyPeer": [peer],
  "networking.v1.IPBlock": [fields({ cidr: form.cidr, "except[]": form.cidr }), exceptions],
  "core.v1.EndpointSubset": [endpoints],
  "core.v1.EndpointAddress": [fields({ ip: routable, hostname: form.dnsLabel })],
  "core.v1.EndpointPort": [
    fields({ port: form.port, name: form.dnsLabel, appProtocol: form.labelKey }),
    notEmpty("appProtocol"),
  ],
  "discovery.v1.EndpointSlice": [slice],
  "discovery.v1.EndpointPort": [fields({ port: form.port })],
};

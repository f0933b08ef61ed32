/** Ingresses: TLS for every host, and no configuration snippets. */
import { isThat, rules } from "../rules";
import { each, elements, expectAbsent, expectThat, type Check } from "../expect";
import { MEANT } from "../in-manifests";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, typeKey } from "../policy";
import type { Value } from "../values";

const INGRESSES = [
  "kubernetes:networking.k8s.io:Ingress",
  "kubernetes:extensions:Ingress",
] as const;
/** That of ingress-nginx has any name. */
const CONFIG_MAP = "kubernetes:core:ConfigMap";
const DOCS = "https://kubernetes.io/docs/concepts/services-networking/ingress/";

/** Annotations that give a cloud's load balancer its certificates, instead of spec.tls. */
const CERTIFICATES = [
  "alb.ingress.kubernetes.io/certificate-arn",
  "networking.gke.io/managed-certificates",
  "ingress.gcp.kubernetes.io/pre-shared-cert",
] as const;

/** Whether a certificate's name covers a host: a wildcard covers one label. */
export function covers(name: string, host: string): boolean {
  if (name === host) return true;
  return name.startsWith("*.") && host.slice(host.indexOf(".")) === name.slice(1);
}

function everyHostHasTls({ resource, context }: Check): void {
  const spec = resource.props.get("spec");
  const tls = spec.get("tls");
  const annotations = resource.props.get("metadata", "annotations");
  if (context.noteUnknown(annotations) || context.noteUnknown(tls)) return;
  if (CERTIFICATES.some((key) => !annotations.get(key).isMissing)) return;
  if (tls.list().length === 0) {
    const expected = "list the hosts and the Secret with their certificate";
    context.report(finding(resource, tls, expected));
    return;
  }
  // An entry without hosts applies to every host of the controller.
  const entries = tls.list().map((entry) => entry.get("hosts"));
  if (entries.some((hosts) => hosts.isMissing || hosts.isEmptyList)) return;
  const names = entries.flatMap((hosts) => hosts.listOrUnknown());
  for (const rule of elements({ resource, context }, spec.get("rules"))) {
    const host = rule.get("host");
    if (context.noteUnknown(host) || host.isMissing) continue;
    hostIsCovered(host, names, { resource, context });
  }
}

function hostIsCovered(host: Value, names: readonly Value[], { resource, context }: Check): void {
  if (names.some(({ string }) => string !== undefined && covers(string, host.string ?? ""))) return;
  if (names.some((name) => context.noteUnknown(name))) return;
  context.report(
    finding(resource, host, "no entry of spec.tls lists it: add it to the hosts of one"),
  );
}

/** Of ingress-nginx, and of NGINX Ingress Controller, which is another program. */
const SNIPPET = /^nginx\.ingress\.kubernetes\.io\/.*-snippet$|^nginx\.(org|com)\/.*-snippets$/;

function noSnippets(check: Check): void {
  const annotations = check.resource.props.get("metadata", "annotations");
  check.context.noteUnknown(annotations);
  for (const [key, value] of annotations.entries()) {
    if (!SNIPPET.test(key)) continue;
    expectAbsent(
      check,
      value,
      "remove it: a snippet can read every Secret that the controller can",
    );
  }
}

/** Snippets are off by default since ingress-nginx 1.9. */
function notAllowed(check: Check): void {
  const allows = check.resource.props.get("data", "allow-snippet-annotations");
  const isOff = ({ isMissing, string }: Value): boolean => isMissing || string !== "true";
  expectThat(check, allows, isOff, "remove it: an annotation could then read every Secret");
}

/** Matches any host. */
const isNamed = ({ string }: Value): boolean =>
  string !== undefined && string !== "" && string !== "*";

export const ingress: readonly Policy[] = [
  {
    name: "ingress-tls",
    title: "Ingresses have TLS for every host",
    clause: { reference: "PO-03; ALL-06; Polaris tlsSettingsMissing", url: `${DOCS}#tls` },
    severity: "high",
    themes: ["tls"],
    prevents: "Passwords and sessions cross the internet in plain text.",
    description: "Every host of an Ingress is listed in its spec.tls, exactly or by a wildcard.",
    remediation:
      "Set spec.tls with the hosts and the secretName of their certificate, or the certificate annotation of the cloud's load balancer.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: MEANT,
    check: each(INGRESSES, everyHostHasTls),
  },
  {
    name: "ingress-no-snippets",
    title: "Ingresses do not use configuration snippets",
    clause: {
      reference: "PO-03; CVE-2021-25742; CKV_K8S_152; CKV_K8S_153; CKV_K8S_154",
      url: "https://github.com/kubernetes/kubernetes/issues/126811",
    },
    severity: "critical",
    themes: ["network"],
    prevents: "Anyone who may create an Ingress can read the Secrets of all namespaces.",
    description:
      "No Ingress has a snippet annotation of ingress-nginx or NGINX Ingress Controller, and no ConfigMap allows them.",
    remediation:
      "Remove the annotation, or allow-snippet-annotations; use another annotation, or an HTTPRoute filter, for the same effect.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each([...INGRESSES, CONFIG_MAP], (check) => {
      if (typeKey(check.resource.type) === CONFIG_MAP) notAllowed(check);
      else noSnippets(check);
    }),
  },
  {
    name: "ingress-host",
    title: "Ingress rules set a host",
    clause: { reference: "PO-03", url: `${DOCS}#ingress-rules` },
    severity: "low",
    themes: ["network"],
    prevents:
      "A service answers for hostnames that are not its own, bypassing whatever protects them.",
    description: "Every rule of an Ingress sets a host.",
    remediation: "Set spec.rules[].host.",
    enforcement: ADVICE,
    check: rules(INGRESSES, {
      "spec.rules[].host": isThat(isNamed, "it answers for every hostname: set the host"),
    }),
  },
];

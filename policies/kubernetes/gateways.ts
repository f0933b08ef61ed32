/** Gateways: the routes that they allow, and TLS. */
import { isThat, rules } from "../rules";
import { each, elements, expectNot, expectPresent, type Check } from "../expect";
import { GATEWAY } from "./gateway-listeners";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";
import type { Value } from "../values";

const CLIENT_POLICY = "kubernetes:gateway.envoyproxy.io:ClientTrafficPolicy";
const DOCS = "https://gateway-api.sigs.k8s.io/guides/";

function eachListener(run: (check: Check, listener: Value) => void): Policy["check"] {
  return each([GATEWAY], ({ resource, context }) => {
    for (const listener of elements(
      { resource, context },
      resource.props.get("spec", "listeners"),
    )) {
      const part = `listener "${listener.get("name").string ?? "unnamed"}"`;
      run({ resource, context, part }, listener);
    }
  });
}

function listenerHasCertificate(check: Check, listener: Value): void {
  const protocol = listener.get("protocol");
  const mode = listener.get("tls", "mode");
  if (check.context.noteUnknown(protocol) || !["HTTPS", "TLS"].includes(protocol.string ?? ""))
    return;
  // The default is Terminate; with Passthrough the backend has the certificate.
  if (check.context.noteUnknown(mode) || mode.string === "Passthrough") return;
  // Some clouds take the certificate from an option, such as GKE's pre-shared ones.
  const options = listener.get("tls", "options");
  if (check.context.noteUnknown(options) || options.entries().length > 0) return;
  const certificates = listener.get("tls", "certificateRefs");
  expectPresent(check, certificates, "reference the Secret with the certificate");
}

/** Plain HTTP may answer for every hostname, because it only redirects (gateway-http-redirects). */
function listenerHasName(check: Check, listener: Value): void {
  const protocol = listener.get("protocol");
  if (check.context.noteUnknown(protocol) || !["HTTPS", "TLS"].includes(protocol.string ?? ""))
    return;
  expectPresent(check, listener.get("hostname"), "it answers for every hostname: set one");
}

/** Envoy Gateway's default is 1.2, and so is Envoy's for Auto. */
const isModern = ({ isMissing, string = "" }: Value): boolean =>
  isMissing || ["Auto", "1.2", "1.3"].includes(string);

export const gateways: readonly Policy[] = [
  {
    name: "gateway-allowed-routes",
    title: "Gateways accept routes from selected namespaces only",
    clause: { reference: "PO-03", url: "https://gateway-api.sigs.k8s.io/concepts/security-model/" },
    severity: "medium",
    themes: ["network"],
    prevents: "A route in any namespace takes over a hostname, and its users.",
    description: "No listener of a Gateway accepts routes from all namespaces.",
    remediation:
      "Set allowedRoutes.namespaces.from to Same, or to Selector with the labels of the namespaces.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachListener((check, listener) => {
      const from = listener.get("allowedRoutes", "namespaces", "from");
      expectNot(check, from, "All", 'it must be "Same" or "Selector"');
    }),
  },
  {
    name: "gateway-certificate",
    title: "TLS listeners have a certificate",
    clause: { reference: "PO-03; ALL-06", url: `${DOCS}tls/` },
    severity: "high",
    themes: ["tls"],
    prevents: "The listener is rejected, and serves no traffic.",
    description: "Every Gateway listener that terminates TLS names its certificate.",
    remediation: "Set tls.certificateRefs to the Secret that cert-manager creates.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachListener(listenerHasCertificate),
  },
  {
    name: "gateway-hostname",
    title: "TLS listeners set a hostname",
    clause: { reference: "PO-03", url: "https://gateway-api.sigs.k8s.io/concepts/api-overview/" },
    severity: "low",
    themes: ["network"],
    prevents:
      "A service answers for hostnames that are not its own, bypassing whatever protects them.",
    description: "Every listener with TLS sets its hostname.",
    remediation: "Set spec.listeners[].hostname.",
    enforcement: ADVICE,
    check: eachListener(listenerHasName),
  },
  {
    name: "gateway-tls-minimum",
    title: "Envoy Gateway requires TLS 1.2 or later",
    clause: {
      reference: "PO-03; ALL-06; RFC 8996",
      url: "https://gateway.envoyproxy.io/docs/api/extension_types/#clienttlssettings",
    },
    severity: "high",
    themes: ["tls"],
    prevents: "A connection is downgraded to a protocol that can be broken.",
    description: "No ClientTrafficPolicy of Envoy Gateway allows clients to use TLS 1.0 or 1.1.",
    remediation: 'Set spec.tls.minVersion to "1.2" or "1.3", or leave it out.',
    enforcement: STRICT_IN_PRODUCTION,
    check: rules([CLIENT_POLICY], {
      "spec.tls.minVersion": isThat(isModern, 'it must be "1.2" or "1.3"'),
    }),
  },
];

import { testPolicy } from "../testing/cases";
import { gateway } from "../testing/gateway";
import type { Key } from "../values";

const LISTENER: readonly Key[] = ["spec", "listeners", 0];
const AT = 'Gateway "shop/edge", listener "https": spec.listeners[0]';

const FROM = [...LISTENER, "allowedRoutes", "namespaces", "from"];
testPolicy("gateway-allowed-routes", {
  happy: gateway,
  broken: [
    {
      at: FROM,
      to: "All",
      says: `${AT}.allowedRoutes.namespaces.from is "All"; it must be "Same" or "Selector".`,
    },
    { at: FROM, to: "Selector", says: [] },
    { at: [...LISTENER, "allowedRoutes"], says: [] },
    {
      at: LISTENER,
      to: { allowedRoutes: { namespaces: { from: "All" } } },
      says: `${AT.replace("https", "unnamed")}.allowedRoutes.namespaces.from is "All"; it must be "Same" or "Selector".`,
    },
  ],
  unknown: [FROM, ["spec", "listeners"], LISTENER],
});

const REFS = [...LISTENER, "tls", "certificateRefs"];
const certificate = (found: string): string =>
  `${AT}.tls.certificateRefs is ${found}; reference the Secret with the certificate.`;
testPolicy("gateway-certificate", {
  happy: gateway,
  broken: [
    { at: REFS, says: certificate("missing") },
    { at: REFS, to: [], says: certificate("[]") },
    { at: [...LISTENER, "tls"], says: certificate("missing") },
    { at: [...LISTENER, "tls"], to: { mode: "Passthrough" }, says: [] },
    {
      at: [...LISTENER, "tls"],
      to: { options: { "networking.gke.io/pre-shared-certs": "c" } },
      says: [],
    },
    { at: LISTENER, to: { name: "https", protocol: "TLS" }, says: certificate("missing") },
    { at: LISTENER, to: { name: "https", protocol: "HTTP" }, says: [] },
    { at: LISTENER, to: { name: "https" }, says: [] },
  ],
  unknown: [
    [...LISTENER, "protocol"],
    [...LISTENER, "tls", "mode"],
    [...LISTENER, "tls", "options"],
  ],
});

const HOST = [...LISTENER, "hostname"];
const everyName = `${AT}.hostname is missing; it answers for every hostname: set one.`;
testPolicy("gateway-hostname", {
  happy: gateway,
  broken: [
    { at: HOST, says: everyName },
    { at: LISTENER, to: { name: "https", protocol: "TLS" }, says: everyName },
    { at: LISTENER, to: { name: "https", protocol: "UDP" }, says: [] },
  ],
  unknown: [[...LISTENER, "protocol"]],
});

const MINIMUM: readonly Key[] = ["spec", "tls", "minVersion"];
const minimum = (found: string): string =>
  `ClientTrafficPolicy "shop/edge": spec.tls.minVersion is ${found}; it must be "1.2" or "1.3".`;
testPolicy("gateway-tls-minimum", {
  happy: () => ({
    type: "kubernetes:gateway.envoyproxy.io/v1alpha1:ClientTrafficPolicy",
    name: "edge",
    props: { metadata: { name: "edge", namespace: "shop" }, spec: { tls: { minVersion: "1.2" } } },
  }),
  broken: [
    { at: MINIMUM, to: "1.0", says: minimum('"1.0"') },
    { at: MINIMUM, to: "Auto", says: [] },
    { at: MINIMUM, to: 1.3, says: minimum("1.3") },
    { at: MINIMUM, to: "1.3", says: [] },
    { at: MINIMUM, says: [] },
  ],
  unknown: [MINIMUM],
});

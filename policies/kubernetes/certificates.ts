/** cert-manager certificates: issuer, lifetime and key. */
import { isNot, rules, where } from "../rules";
import { secondsOf } from "../../lib/durations";
import { each, expectNot, expectThat, knows, type Check } from "../expect";
import { isProduction } from "../policy-context";
import { inCluster, keyOf, namespaceOf } from "./objects";
import { WEIGHED } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

const CERTIFICATE = "kubernetes:cert-manager.io:Certificate";
const ISSUERS = [
  "kubernetes:cert-manager.io:Issuer",
  "kubernetes:cert-manager.io:ClusterIssuer",
] as const;
/** Kinds for which cert-manager creates a Certificate if they are annotated. */
const ANNOTATED = [
  "kubernetes:networking.k8s.io:Ingress",
  "kubernetes:gateway.networking.k8s.io:Gateway",
  "kubernetes:gateway.networking.k8s.io:ListenerSet",
] as const;
/** Annotations that name an issuer, and its kind unless `KIND` sets another. */
const ANNOTATIONS = [
  ["cert-manager.io/issuer", "Issuer"],
  ["cert-manager.io/cluster-issuer", "ClusterIssuer"],
] as const;
const KIND = "cert-manager.io/issuer-kind";
const GROUP = "cert-manager.io/issuer-group";
const DOCS = "https://cert-manager.io/docs/";
const DAY = 86_400;
/** cert-manager's default. */
const DEFAULT_DURATION = 90 * DAY;
const LONGEST_DAYS = 398;

/**
 * A reference to an issuer: in a Certificate, or in annotations from which cert-manager creates
 * one.
 */
interface Reference {
  readonly from: StackResource;
  readonly name: Value;
  readonly kind: Value;
  readonly group: Value;
  /** The default kind. */
  readonly byDefault: string;
}

function referencesOf(stack: Stack): readonly Reference[] {
  const certificates = stack.of(CERTIFICATE).map((from): Reference => {
    const issuer = from.props.get("spec", "issuerRef");
    const [name, kind, group] = [issuer.get("name"), issuer.get("kind"), issuer.get("group")];
    return { from, name, kind, group, byDefault: "Issuer" };
  });
  const annotated = stack.of(...ANNOTATED).flatMap((from) => {
    const annotations = from.props.get("metadata", "annotations");
    const [kind, group] = [annotations.get(KIND), annotations.get(GROUP)];
    return ANNOTATIONS.map(([key, byDefault]) => ({ name: annotations.get(key), byDefault }))
      .filter(({ name }) => !name.isMissing)
      .map(({ name, byDefault }): Reference => ({ from, name, kind, group, byDefault }));
  });
  return [...certificates, ...annotated];
}

/** Identifies an issuer; undefined while its name or namespace is unknown. */
function issuerKey(
  from: StackResource,
  kind: string,
  name: Value,
  context: CheckContext,
): string | undefined {
  if (kind !== "ClusterIssuer") return keyOf(from, name, context);
  return context.noteUnknown(name, from.urn) ? undefined : inCluster(from, kind, name.string ?? "");
}

function issuerExists(stack: Stack, context: CheckContext): void {
  const issuers = new Set<string>();
  /** Clusters whose ClusterIssuers this stack creates. */
  const own = new Set<string>();
  for (const issuer of stack.of(...ISSUERS)) {
    const kind = issuer.type.endsWith(":ClusterIssuer") ? "ClusterIssuer" : "Issuer";
    const name = issuer.props.get("metadata", "name");
    // An unknown one may be any of its kind.
    issuers.add(issuerKey(issuer, kind, name, context) ?? inCluster(issuer, kind));
    if (kind === "ClusterIssuer") own.add(inCluster(issuer));
  }
  for (const { from, name, kind: kindOf, group, byDefault } of referencesOf(stack)) {
    const isOpen =
      [kindOf, group].filter((value) => context.noteUnknown(value, from.urn)).length > 0;
    if (isOpen || (group.string ?? "cert-manager.io") !== "cert-manager.io") continue;
    const kind = kindOf.string ?? byDefault;
    if (kind === "ClusterIssuer" && !own.has(inCluster(from))) continue;
    const key = issuerKey(from, kind, name, context);
    if (key === undefined) continue;
    if ([key, inCluster(from, kind)].some((each) => issuers.has(each))) continue;
    const missing =
      kind === "ClusterIssuer"
        ? "the stack has no such ClusterIssuer"
        : `the namespace "${namespaceOf(from) ?? ""}" has no such Issuer`;
    context.report(
      finding(from, name, `${missing}: use the name of an existing one, or create it`),
      from.urn,
    );
  }
}

/** A CA keeps its key: clients that trust it would reject a new one. */
function isNoAuthority(check: Check): boolean {
  const isCa = check.resource.props.get("spec", "isCA");
  return knows(check, isCa) && isCa.boolean !== true;
}

function lifetime(check: Check): void {
  const { resource, context } = check;
  const spec = resource.props.get("spec");
  const duration = spec.get("duration");
  const before = spec.get("renewBefore");
  if (
    context.noteUnknown(duration) ||
    context.noteUnknown(spec.get("isCA")) ||
    context.noteUnknown(before)
  )
    return;
  const seconds = duration.isMissing ? DEFAULT_DURATION : (secondsOf(duration.string ?? "") ?? NaN);
  const longest = context.setting("longestDays", LONGEST_DAYS);
  // A private CA lives longer than the certificates that it signs.
  const isRight = (): boolean => spec.get("isCA").boolean === true || seconds <= longest * DAY;
  expectThat(check, duration, isRight, `it must be ${longest} days (${longest * 24}h) or less`);
  if (before.isMissing) return;
  const early = secondsOf(before.string ?? "") ?? NaN;
  if (!(early >= seconds) && early > 0) return;
  const expected = "it must be shorter than the certificate's duration";
  // cert-manager's webhook refuses it.
  context.report({ ...finding(resource, before, expected), isCertain: early >= seconds });
}

function issuerIsReal(check: Check): void {
  const acme = check.resource.props.get("spec", "acme");
  const server = acme.get("server");
  const isReal = ({ string }: Value): boolean =>
    !/staging/.test(string ?? "") || !isProduction(check.context);
  expectThat(
    check,
    server,
    isReal,
    "browsers do not trust its certificates: use the production URL",
  );
  const isEncrypted = ({ string }: Value): boolean => !(string ?? "").startsWith("http:");
  expectThat(check, server, isEncrypted, "it must begin with https://");
  expectNot(
    check,
    acme.get("skipTLSVerify"),
    true,
    "anyone on the network path can impersonate the server: remove it",
  );
}

export const certificates: readonly Policy[] = [
  {
    name: "certificate-issuer",
    title: "Certificates name an existing issuer",
    clause: { reference: "PO-03; ALL-06", url: `${DOCS}usage/certificate/` },
    severity: "high",
    themes: ["tls"],
    prevents: "A certificate is never issued, and its listener never serves traffic.",
    description:
      "The Issuer that a Certificate, or an annotation of an Ingress or Gateway, names exists in the same namespace; a ClusterIssuer exists in the stack.",
    remediation:
      "Set spec.issuerRef to the name and kind of an issuer, or the annotation cert-manager.io/issuer or cert-manager.io/cluster-issuer to its name, or add that issuer.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: issuerExists },
  },
  {
    name: "certificate-lifetime",
    title: "Certificates are renewed in time",
    clause: {
      reference: "PO-03; ALL-06; CA/B Baseline Requirements 6.3.2",
      url: `${DOCS}usage/certificate/#configuring-renewal`,
    },
    severity: "medium",
    themes: ["tls"],
    prevents: "A leaked key stays valid for years, or a certificate expires before it is renewed.",
    description:
      "A Certificate that is not a CA is valid for at most 398 days, and is renewed before it expires.",
    remediation: "Set spec.duration to 2160h and spec.renewBefore to 720h, or leave both out.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: { ...WEIGHED, except: "that it would be renewed before it is issued" },
    configuration: {
      properties: {
        longestDays: {
          type: "integer",
          minimum: 1,
          default: LONGEST_DAYS,
          description: "Maximum number of days for which a certificate may be valid",
        },
      },
    },
    check: each([CERTIFICATE], lifetime),
  },
  {
    name: "certificate-new-key",
    title: "Renewed certificates get a new key",
    clause: {
      reference: "PO-03; ALL-07",
      url: `${DOCS}usage/certificate/#configuring-private-key-rotation`,
    },
    severity: "medium",
    themes: ["tls"],
    prevents: "A leaked key stays valid through every renewal.",
    description: "A Certificate that is not a CA gets a new private key with each renewal.",
    remediation:
      "Set spec.privateKey.rotationPolicy to Always, which is the default since cert-manager 1.18.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: WEIGHED,
    check: rules(where([CERTIFICATE], isNoAuthority), {
      "spec.privateKey.rotationPolicy": isNot("Never", 'it must be "Always"'),
    }),
    remediate: (resource, context) => {
      const path = ["spec", "privateKey", "rotationPolicy"];
      const isWrong = resource.props.get(...path).string === "Never";
      return isWrong && isNoAuthority({ resource, context }) ? [{ path, value: "Always" }] : [];
    },
  },
  {
    name: "issuer-trusted",
    title: "Issuers are trusted",
    clause: {
      reference: "PO-03; ALL-06",
      url: "https://letsencrypt.org/docs/staging-environment/",
    },
    severity: "high",
    themes: ["tls"],
    prevents: "Users get a browser warning, and learn to click it away.",
    description:
      "ACME issuers are reached over verified HTTPS, and in production they are not a staging server.",
    remediation: "Set spec.acme.server to https://acme-v02.api.letsencrypt.org/directory.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each(ISSUERS, issuerIsReal),
  },
];

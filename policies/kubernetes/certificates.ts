/** cert-manager's certificates: who issues them, for how long, and with which key. */
import { secondsOf } from "../durations";
import { each, must, mustNotBe, type Asked } from "../demands";
import { isProduction } from "../environment";
import { inCluster, namespaceOf } from "./objects";
import type { Context, Policy, Stack } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

const CERTIFICATE = "kubernetes:cert-manager.io:Certificate";
const ISSUERS = [
  "kubernetes:cert-manager.io:Issuer",
  "kubernetes:cert-manager.io:ClusterIssuer",
] as const;
const DOCS = "https://cert-manager.io/docs/";
const DAY = 86_400;
/** What cert-manager takes where nothing is written. */
const DEFAULT_DURATION = 90 * DAY;
const LONGEST_DAYS = 398;

function issuerExists(stack: Stack, context: Context): void {
  const names = new Set<string>();
  const clusters = new Set<string>();
  const vague = new Set<string>();
  for (const issuer of stack.of(...ISSUERS)) {
    const isClusterIssuer = issuer.type.endsWith(":ClusterIssuer");
    const namespace = isClusterIssuer ? "" : namespaceOf(issuer);
    const name = issuer.props.get("metadata", "name").text;
    // One whose name is not known may be any of them.
    if (name === undefined || namespace === undefined) vague.add(inCluster(issuer));
    else names.add(inCluster(issuer, namespace, name));
    if (isClusterIssuer) clusters.add(inCluster(issuer));
  }
  for (const certificate of stack.of(CERTIFICATE)) {
    const issuer = certificate.props.get("spec", "issuerRef");
    const group = issuer.get("group").text ?? "cert-manager.io";
    const isClusterIssuer = issuer.get("kind").text === "ClusterIssuer";
    // A ClusterIssuer may be another program's, as long as none is made here.
    const isOthers = isClusterIssuer && !clusters.has(inCluster(certificate));
    if (group !== "cert-manager.io" || isOthers) continue;
    const namespace = isClusterIssuer ? "" : namespaceOf(certificate);
    const name = issuer.get("name");
    if (context.unsure(name, certificate.urn) || namespace === undefined) continue;
    if (vague.has(inCluster(certificate))) continue;
    if (names.has(inCluster(certificate, namespace, name.text ?? ""))) continue;
    const where = isClusterIssuer
      ? "the stack has no such ClusterIssuer"
      : `the namespace "${namespace}" has no such Issuer`;
    context.report(
      finding(certificate, name, `${where}: write the name of one, or make it`),
      certificate.urn,
    );
  }
}

function lifetime(asked: Asked): void {
  const { resource, context } = asked;
  const spec = resource.props.get("spec");
  const duration = spec.get("duration");
  const before = spec.get("renewBefore");
  if (context.unsure(duration) || context.unsure(spec.get("isCA")) || context.unsure(before))
    return;
  const seconds = duration.isMissing ? DEFAULT_DURATION : (secondsOf(duration.text ?? "") ?? NaN);
  const longest = context.setting("longestDays", LONGEST_DAYS);
  // An authority of one's own lives longer than what it signs.
  const isRight = (): boolean => spec.get("isCA").flag === true || seconds <= longest * DAY;
  must(asked, duration, isRight, `it must be ${longest} days (${longest * 24}h) or less`);
  if (before.isMissing) return;
  const early = secondsOf(before.text ?? "") ?? NaN;
  must(
    asked,
    before,
    () => !(early >= seconds) && early > 0,
    "it must be a duration shorter than that of the certificate",
  );
}

function issuerIsReal(asked: Asked): void {
  const acme = asked.resource.props.get("spec", "acme");
  const server = acme.get("server");
  const isReal = ({ text }: Value): boolean =>
    !/staging/.test(text ?? "") || !isProduction(asked.context.surroundings);
  must(asked, server, isReal, "no browser trusts what it issues: write the address for production");
  const isEncrypted = ({ text }: Value): boolean => !(text ?? "").startsWith("http:");
  must(asked, server, isEncrypted, "it must begin with https://");
  mustNotBe(
    asked,
    acme.get("skipTLSVerify"),
    true,
    "anyone in between may pose as the server: remove it",
  );
}

export const certificates: readonly Policy[] = [
  {
    name: "certificate-issuer",
    title: "Certificates have an issuer",
    clause: { reference: "PO-03; ALL-06", url: `${DOCS}usage/certificate/` },
    severity: "high",
    themes: ["tls"],
    prevents: "A certificate is never issued, and its listener never serves.",
    description:
      "The Issuer that a Certificate names is in its namespace, and a ClusterIssuer beside the others.",
    remediation: "Write spec.issuerRef with the name and kind of an issuer, or add that issuer.",
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
    prevents: "A key that leaked serves for years, or a certificate expires before its renewal.",
    description:
      "A Certificate that is no authority lives for 398 days at most, and is renewed while it is valid.",
    remediation: "Write spec.duration 2160h and spec.renewBefore 720h, or leave both out.",
    enforcement: STRICT_IN_PRODUCTION,
    configuration: {
      properties: {
        longestDays: {
          type: "integer",
          minimum: 1,
          default: LONGEST_DAYS,
          description: "Days for which a certificate may live at most",
        },
      },
    },
    check: each([CERTIFICATE], lifetime),
  },
  {
    name: "certificate-new-key",
    title: "Renewed certificates have a new key",
    clause: {
      reference: "PO-03; ALL-07",
      url: `${DOCS}usage/certificate/#configuring-private-key-rotation`,
    },
    severity: "medium",
    themes: ["tls"],
    prevents: "A key that leaked stays good through every renewal.",
    description: "A Certificate that is no authority gets a new private key with each renewal.",
    remediation:
      "Write spec.privateKey.rotationPolicy Always, which is the default since cert-manager 1.18.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each([CERTIFICATE], (asked) => {
      const spec = asked.resource.props.get("spec");
      const isCa = spec.get("isCA");
      // What trusts an authority keeps its key; a new one would cut it off.
      if (asked.context.unsure(isCa) || isCa.flag === true) return;
      mustNotBe(asked, spec.get("privateKey", "rotationPolicy"), "Never", 'it must be "Always"');
    }),
  },
  {
    name: "issuer-trusted",
    title: "Issuers are real",
    clause: {
      reference: "PO-03; ALL-06",
      url: "https://letsencrypt.org/docs/staging-environment/",
    },
    severity: "high",
    themes: ["tls"],
    prevents: "Users get a warning instead of the service, and learn to click it away.",
    description:
      "ACME issuers are reached over verified https, and in production they are not a staging server.",
    remediation: "Write spec.acme.server https://acme-v02.api.letsencrypt.org/directory.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each(ISSUERS, issuerIsReal),
  },
];

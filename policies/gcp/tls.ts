/** TLS of load balancers, and DNSSEC. */
import { is, isNot, isOneOf, isThat, isWritten, rules, where } from "../rules";
import { knows, type Check } from "../expect";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";

const SSL_POLICIES = [gcp("compute", "SSLPolicy"), gcp("compute", "RegionSslPolicy")];
const PROXIES = [
  gcp("compute", "TargetHttpsProxy"),
  gcp("compute", "TargetSSLProxy"),
  gcp("compute", "RegionTargetHttpsProxy"),
];
/** Ciphers without forward secrecy, or older than AEAD. */
const WEAK = /^TLS_RSA_|_CBC_|_3DES_/;

/** Private zones are not signed. */
function isPublic(check: Check): boolean {
  const visibility = check.resource.props.get("visibility");
  return knows(check, visibility) && visibility.string !== "private";
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const tls: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-tls-modern",
    title: "Load balancers use TLS 1.2 and strong ciphers",
    clause: {
      reference: "PO-03; CKV_GCP_4; CIS GCP 3.9",
      url: `${DOCS}/load-balancing/docs/ssl-policies-concepts`,
    },
    severity: "high",
    themes: ["tls", "gcp"],
    prevents: "Traffic recorded today can be decrypted if the key is stolen tomorrow.",
    description: "SSL policies require at least TLS 1.2 and have no weak ciphers.",
    remediation: 'Set minTlsVersion to "TLS_1_2" and profile to "MODERN".',
    check: rules(SSL_POLICIES, {
      // The defaults are TLS_1_0 and COMPATIBLE.
      minTlsVersion: isOneOf("TLS_1_2", "TLS_1_3"),
      profile: isOneOf("MODERN", "RESTRICTED", "FIPS_202205", "CUSTOM"),
      "customFeatures[]": isThat(
        ({ string = "" }) => !WEAK.test(string),
        "it is weak: leave it out",
      ),
    }),
  },
  {
    ...strict,
    name: "gcp-tls-policy-attached",
    title: "Load balancers have an SSL policy",
    clause: {
      reference: "PO-03; CIS GCP 3.9",
      url: `${DOCS}/load-balancing/docs/use-ssl-policies`,
    },
    severity: "high",
    themes: ["tls", "gcp"],
    prevents: "Google's default accepts TLS 1.0 from any client.",
    description: "Proxies that terminate TLS name an SSL policy.",
    remediation: "Set sslPolicy to the ID of an SSLPolicy.",
    check: rules(PROXIES, {
      sslPolicy: isWritten("without it TLS 1.0 is accepted: set it to the ID of an SSLPolicy"),
    }),
  },
  {
    ...strict,
    name: "gcp-dnssec",
    title: "Public DNS zones are signed",
    clause: {
      reference: "PO-03; CKV_GCP_16; CKV_GCP_17; CIS GCP 3.3; CIS GCP 3.4; CIS GCP 3.5",
      url: `${DOCS}/dns/docs/dnssec`,
    },
    severity: "medium",
    themes: ["tls", "network", "gcp"],
    prevents: "Someone on the network path forges DNS answers for your names.",
    description: "Public zones are signed with DNSSEC, and do not use RSASHA1.",
    remediation: 'Set dnssecConfig.state to "on", and give the registrar the DS record.',
    check: rules(where([gcp("dns", "ManagedZone")], isPublic), {
      "dnssecConfig.state": is("on"),
      "dnssecConfig.defaultKeySpecs[].algorithm": isNot(
        "rsasha1",
        'it is insecure: use "ecdsap256sha256"',
      ),
    }),
  },
];

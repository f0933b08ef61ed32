/** TLS of load balancers, and signed names. */
import { each, elements, expectThat, expectOneOf, expectPresent, type Check } from "../expect";
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

function strong(check: Check): void {
  const { props } = check.resource;
  // TLS_1_0 and COMPATIBLE, if nothing is written.
  expectOneOf(check, props.get("minTlsVersion"), ["TLS_1_2", "TLS_1_3"]);
  const profile = props.get("profile");
  expectOneOf(check, profile, ["MODERN", "RESTRICTED", "FIPS_202205", "CUSTOM"]);
  for (const cipher of elements(check, props.get("customFeatures"))) {
    expectThat(check, cipher, ({ string = "" }) => !WEAK.test(string), "it is weak: leave it out");
  }
}

function signed(check: Check): void {
  const { props } = check.resource;
  // Private names are not signed.
  const visibility = props.get("visibility");
  if (check.context.noteUnknown(visibility) || visibility.string === "private") return;
  const dnssec = props.get("dnssecConfig");
  expectThat(check, dnssec.get("state"), ({ string }) => string === "on", 'it must be "on"');
  for (const key of elements(check, dnssec.get("defaultKeySpecs"))) {
    const algorithm = key.get("algorithm");
    expectThat(
      check,
      algorithm,
      ({ string }) => string !== "rsasha1",
      'it is broken: write "ecdsap256sha256"',
    );
  }
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const tls: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-tls-modern",
    title: "Load balancers speak TLS 1.2 and strong ciphers",
    clause: {
      reference: "PO-03; CKV_GCP_4; CIS GCP 3.9",
      url: `${DOCS}/load-balancing/docs/ssl-policies-concepts`,
    },
    severity: "high",
    themes: ["tls", "gcp"],
    prevents: "What is sent today is read when the key is stolen tomorrow.",
    description: "SSL policies begin at TLS 1.2 and have no weak ciphers.",
    remediation: 'Set minTlsVersion to "TLS_1_2" and profile to "MODERN".',
    check: each(SSL_POLICIES, strong),
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
    prevents: "Google's default accepts TLS 1.0 from everybody.",
    description: "Proxies that end TLS name an SSL policy.",
    remediation: "Set sslPolicy to the id of an SSLPolicy.",
    check: each(PROXIES, (check) => {
      const policy = check.resource.props.get("sslPolicy");
      expectPresent(check, policy, "TLS 1.0 is accepted without it: write an SSLPolicy's id");
    }),
  },
  {
    ...strict,
    name: "gcp-dnssec",
    title: "Public names are signed",
    clause: {
      reference: "PO-03; CKV_GCP_16; CKV_GCP_17; CIS GCP 3.3; CIS GCP 3.4; CIS GCP 3.5",
      url: `${DOCS}/dns/docs/dnssec`,
    },
    severity: "medium",
    themes: ["tls", "network", "gcp"],
    prevents: "Somebody on the way answers for our names.",
    description: "Public zones are signed with DNSSEC, and not with RSASHA1.",
    remediation: 'Set dnssecConfig.state to "on", and give the registrar the DS record.',
    check: each([gcp("dns", "ManagedZone")], signed),
  },
];

/** DigitalOcean domains, certificates, registries, checks and alerts. */
import { is, isNot, isWritten, rules } from "../rules";
import { each, expectNot, expectThat, type Check } from "../expect";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { Relations } from "../relations";
import { DOCS } from "./shared";
import { digitalocean } from "../tokens";
import type { Value } from "../values";

const DOMAIN = digitalocean("Domain");
const RECORD = digitalocean("DnsRecord");
const CHECK = digitalocean("UptimeCheck");
const UPTIME_ALERT = digitalocean("UptimeAlert");
const DAY = 86_400;

/** Domains need a CAA record. */
function authorities(stack: Stack, context: CheckContext): void {
  const typed = (state: (type: Value) => boolean): readonly StackResource[] =>
    stack.of(RECORD).filter(({ props }) => state(props.get("type")));
  const records = typed(({ string }) => string === "CAA");
  const untyped = typed(({ isUnknown }) => isUnknown);
  const to = stack.of(DOMAIN);
  const byDomain = new Relations({ from: records, by: "domain", to, name: "name" });
  for (const domain of to) {
    if (byDomain.of(domain).length > 0) continue;
    // One of these may be it.
    if (untyped.some(({ props, urn }) => context.noteUnknown(props.get("type"), urn))) continue;
    if (byDomain.mayBeMore(domain, context)) continue;
    const expected = 'add a DnsRecord of type "CAA" with tag "issue" and the certificate authority';
    context.report(
      `${nameOf(domain)} lets every certificate authority issue certificates for its names; ${expected}.`,
      domain.urn,
    );
  }
}

function ttl(check: Check): void {
  const value = check.resource.props.get("ttl");
  const least = check.context.setting("least", 30);
  const most = check.context.setting("most", DAY);
  // The default is half an hour.
  const isRight = ({ isMissing, number = -1 }: Value): boolean =>
    isMissing || (number >= least && number <= most);
  expectThat(check, value, isRight, `it must be from ${String(least)} to ${String(most)} seconds`);
}

function credentials(check: Check): void {
  const { props } = check.resource;
  expectNot(
    check,
    props.get("write"),
    true,
    "anyone who can pull with it can also push: it must be false",
  );
  const most = check.context.setting("days", 90);
  const isRight = ({ number = Infinity }: Value): boolean => number <= most * DAY;
  const expected = `it is valid for fifty years by default: set it to ${String(most * DAY)} or less`;
  expectThat(check, props.get("expirySeconds"), isRight, expected);
}

/** Alerts need a recipient: an e-mail address or a channel. */
function told(check: Check): void {
  const { props, type } = check.resource;
  expectNot(check, props.get("enabled"), false, "the check is off: it must be true");
  const channels =
    type === UPTIME_ALERT ? props.get("notifications").list() : [props.get("alerts")];
  const isSomebody = (it: Value): boolean =>
    ["emails", "slacks"].some((key) => !it.get(key).isMissing && !it.get(key).isEmptyList);
  if (channels.some((it) => !it.isUnknown && isSomebody(it))) return;
  if (channels.some((channel) => check.context.noteUnknown(channel))) return;
  const value = type === UPTIME_ALERT ? props.get("notifications") : props.get("alerts");
  expectThat(check, value, () => false, "nobody is notified: set emails or slacks");
}

function checksAlert(stack: Stack, context: CheckContext): void {
  const to = stack.of(CHECK);
  const alerts = new Relations({ from: stack.of(UPTIME_ALERT), by: "checkId", to });
  for (const check of to) {
    if (alerts.of(check).length > 0 || alerts.mayBeMore(check, context)) continue;
    const expected = "add an UptimeAlert whose checkId is its ID";
    context.report(`${nameOf(check)} notifies nobody; ${expected}.`, check.urn);
  }
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const services: readonly Policy[] = [
  {
    name: "digitalocean-domain-authorities",
    themes: ["tls", "digitalocean"],
    title: "Domains have a CAA record",
    clause: { reference: "PO-03", url: `${DOCS}/networking/dns/how-to/caa/` },
    severity: "low",
    prevents:
      "A certificate authority that was deceived issues a certificate for your domain to someone else.",
    description: "Every domain has a CAA record.",
    remediation:
      'Add a DnsRecord of type "CAA" with flags 0, tag "issue" and value "letsencrypt.org.".',
    enforcement: ADVICE,
    check: { kind: "stack", run: authorities },
  },
  {
    name: "digitalocean-record-ttl",
    themes: ["network", "digitalocean"],
    title: "DNS records have a sensible TTL",
    clause: { reference: "PO-02", url: `${DOCS}/networking/dns/how-to/manage-records/` },
    severity: "low",
    prevents: "After a move, half of the users still go to the old address for days.",
    description: "DNS records have a TTL between 30 seconds and one day.",
    remediation: "Remove ttl, which defaults to half an hour, or set a smaller one.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        least: { type: "integer", minimum: 0, default: 30, description: "Minimum TTL in seconds" },
        most: { type: "integer", minimum: 1, default: DAY, description: "Maximum TTL in seconds" },
      },
    },
    check: each([RECORD], ttl),
  },
  {
    name: "digitalocean-certificate-renewed",
    themes: ["tls", "digitalocean"],
    title: "DigitalOcean certificates renew automatically",
    clause: {
      reference: "PO-03",
      url: `${DOCS}/networking/load-balancers/how-to/ssl-termination/`,
    },
    severity: "medium",
    prevents: "A certificate expires on a Sunday, and every client is turned away.",
    description: "Certificates come from Let's Encrypt and are renewed by DigitalOcean.",
    remediation: 'Set type to "lets_encrypt" and domains to names whose zone is at DigitalOcean.',
    enforcement: ADVICE,
    check: rules([digitalocean("Certificate")], {
      type: is("lets_encrypt", 'a custom certificate is not renewed: use "lets_encrypt"'),
    }),
  },
  {
    ...strict,
    name: "digitalocean-registry-credentials",
    themes: ["images", "secrets", "digitalocean"],
    title: "Registry credentials are read-only and expire",
    clause: {
      reference: "PO-03",
      url: `${DOCS}/container-registry/how-to/use-registry-docker-kubernetes/`,
    },
    severity: "high",
    prevents:
      "A credential that stays in a cluster for fifty years can replace the images that run there.",
    description: "Registry credentials cannot push, and expire within ninety days.",
    remediation: "Remove write: true, and set expirySeconds to 7776000 or less.",
    configuration: {
      properties: {
        days: { type: "integer", minimum: 1, default: 90, description: "Maximum number of days" },
      },
    },
    check: each([digitalocean("ContainerRegistryDockerCredentials")], credentials),
  },
  {
    name: "digitalocean-registry-tier",
    themes: ["images", "digitalocean"],
    title: "The registry tier has room for the system's images",
    clause: { reference: "PO-02", url: `${DOCS}/container-registry/details/limits/` },
    severity: "low",
    prevents: "A push is refused on the day of a repair.",
    description: "Registries do not use the starter tier, which holds one repository.",
    remediation: 'Set subscriptionTierSlug to "basic" or "professional".',
    enforcement: ADVICE,
    check: rules([digitalocean("ContainerRegistry")], {
      subscriptionTierSlug: isNot("starter", "it holds one repository: use basic or professional"),
    }),
  },
  {
    ...strict,
    name: "digitalocean-alert-told",
    themes: ["logging", "digitalocean"],
    title: "DigitalOcean alerts have a recipient",
    clause: { reference: "PO-01", url: `${DOCS}/monitoring/how-to/set-up-alerts/` },
    severity: "high",
    prevents: "The alert fires, and nobody is notified.",
    description:
      "DigitalOcean alerts and checks are enabled, and alerts name an e-mail address or a channel.",
    remediation: "List emails or slacks in alerts (notifications of an UptimeAlert).",
    check: each([digitalocean("MonitorAlert"), UPTIME_ALERT], told),
  },
  {
    ...strict,
    name: "digitalocean-uptime-alert",
    themes: ["logging", "digitalocean"],
    title: "Uptime checks have an alert",
    clause: { reference: "PO-01", url: `${DOCS}/uptime/how-to/manage-alerts/` },
    severity: "medium",
    prevents: "The site is down, and only a dashboard that nobody watches shows it.",
    description: "Every uptime check has an alert.",
    remediation: "Add an UptimeAlert with checkId, type and notifications.",
    check: { kind: "stack", run: checksAlert },
  },
  {
    name: "digitalocean-tagged",
    themes: ["metadata", "digitalocean"],
    title: "Billable resources carry tags",
    clause: { reference: "PO-04", url: "https://docs.digitalocean.com/reference/api/" },
    severity: "low",
    prevents: "Nobody knows to which system or budget a resource belongs.",
    description: "Clusters, pools, databases and volumes have tags.",
    remediation: "Set tags, such as system:shop and environment:prod.",
    enforcement: ADVICE,
    check: rules(
      ["KubernetesCluster", "KubernetesNodePool", "DatabaseCluster", "Volume"].map(digitalocean),
      { tags: isWritten("add the system and the environment") },
    ),
  },
];

/** Who is notified of an alert, and when alerts are muted. */
import type { Incidents, MaintenanceWindow, Severity, System } from "../../systems/model";
import { MINUTES_A_DAY, WEEK } from "../kit/clock";
import { LABEL, OURS } from "../kit/conventions";

/** The Secret key with a channel's credential, in the routing's namespace. */
export interface ChannelSecret {
  readonly name: string;
  readonly key: string;
}

export interface RoutingArguments {
  readonly system: System;
  /** Whether the maintenance window mutes alerts. */
  readonly maintenance: boolean;
  /** Further times in which they are muted. @default none */
  readonly muted?: readonly MutedTime[];
  /** The namespace of Prometheus and Alertmanager, whose own alerts are never muted. */
  readonly monitoringNamespace: string;
  readonly pagerduty: ChannelSecret | undefined;
  readonly slack: { readonly secret: ChannelSecret; readonly channel: string } | undefined;
  readonly email: EmailRouting | undefined;
}

/** A time in which alerts are muted, for an emergency or work on another day: whole minutes, UTC. */
export interface MutedTime {
  /** `2026-12-24T22:00Z` */
  readonly from: string;
  /** Later than `from`. */
  readonly until: string;
}

export interface EmailRouting {
  readonly secret: ChannelSecret;
  readonly to: string;
  readonly from: string;
  /** `host:port` of the mail server. */
  readonly smarthost: string;
  readonly username: string;
}

const WINDOW = "maintenance";
/** What an environment is told from others by. */
const IDENTITY: readonly string[] = [LABEL.system, LABEL.environment, LABEL.cluster, LABEL.region];
const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

type Json = Readonly<Record<string, unknown>>;

/** `spec` of an AlertmanagerConfig. */
export function routing(args: RoutingArguments): Json {
  const muted = mutedTimes(args);
  return {
    route: {
      receiver: "nobody",
      matchers: [{ name: LABEL.severity, matchType: "=~", value: SEVERITIES.join("|") }],
      // One notification for alerts that fire together; the level decides who gets it. The group is also
      // what PagerDuty deduplicates by: an environment never resolves another's incident.
      groupBy: ["alertname", ...IDENTITY, LABEL.service, LABEL.severity],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "12h",
      routes: SEVERITIES.flatMap((severity) => [
        ...(muted.length === 0 ? [] : [maintenanceRoute(args, severity)]),
        severityRoute(severity),
      ]),
    },
    receivers: [{ name: "nobody" }, ...SEVERITIES.map((severity) => receiver(args, severity))],
    inhibitRules: inhibitions(),
    ...(muted.length === 0 ? {} : { muteTimeIntervals: [{ name: WINDOW, timeIntervals: muted }] }),
  };
}

const matcher = (name: string, value: string) => ({ name, matchType: "=", value });

/** Less urgent alerts are repeated less often. */
const REPEAT: Readonly<Record<Severity, string>> = { critical: "1h", warning: "12h", info: "24h" };

const severityRoute = (severity: Severity): Json => ({
  receiver: severity,
  matchers: [matcher(LABEL.severity, severity)],
  repeatInterval: REPEAT[severity],
});

/**
 * Mutes every alert of this environment, those of the charts too, by the external label: only what is wrong
 * with the monitoring itself is still told.
 */
const maintenanceRoute = (
  { system, monitoringNamespace }: RoutingArguments,
  severity: Severity,
): Json => ({
  ...severityRoute(severity),
  matchers: [
    matcher(LABEL.severity, severity),
    matcher(LABEL.system, system.id),
    { name: "namespace", matchType: "!=", value: monitoringNamespace },
    { name: "alertname", matchType: "!=", value: OURS.metricsMissing },
  ],
  muteTimeIntervals: [WINDOW],
});

/** A critical alert inhibits its warning. */
function inhibitions(): readonly Json[] {
  return [
    {
      sourceMatch: [matcher(LABEL.severity, "critical")],
      targetMatch: [matcher(LABEL.severity, "warning")],
      equal: ["alertname", ...IDENTITY, LABEL.service, LABEL.slo, "pod", "consumergroup", "topic"],
    },
  ];
}

const mutedTimes = ({ system, maintenance, muted = [] }: RoutingArguments): readonly Json[] => [
  ...(maintenance ? windows(system.maintenance) : []),
  ...muted.flatMap(daysOf),
];

/** Alertmanager's intervals are of one day, so a time over midnight is one for each of its days. */
export function daysOf({ from, until }: MutedTime): readonly Json[] {
  const [start, end] = [new Date(from), new Date(until)];
  const midnight = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
  const minuteOf = (time: Date, day: number): number =>
    Math.min(MINUTES_A_DAY, Math.max(0, (time.getTime() - day) / 60_000));
  const count = Math.ceil((end.getTime() - midnight) / DAY);
  return Array.from({ length: count }, (_, index) => {
    const day = midnight + index * DAY;
    const date = new Date(day);
    return {
      times: [{ startTime: clock(minuteOf(start, day)), endTime: clock(minuteOf(end, day)) }],
      daysOfMonth: [{ start: date.getUTCDate(), end: date.getUTCDate() }],
      months: [MONTHS[date.getUTCMonth()] ?? ""],
      years: [String(date.getUTCFullYear())],
    };
  });
}

const DAY = 24 * 60 * 60 * 1000;
const MONTHS: readonly string[] = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

/** The window in UTC; one over midnight becomes two intervals, because each belongs to one day. */
export function windows(maintenance: MaintenanceWindow): readonly Json[] {
  const [hour = "0", minute = "0"] = maintenance.start.split(":");
  const start = Number(hour) * 60 + Number(minute);
  const end = start + maintenance.duration.seconds / 60;
  const day = WEEK.indexOf(maintenance.day);
  const interval = (offset: number, from: number, to: number): Json => ({
    times: [{ startTime: clock(from), endTime: clock(to) }],
    weekdays: [WEEK[(day + offset) % 7] ?? maintenance.day],
  });
  return end <= MINUTES_A_DAY
    ? [interval(0, start, end)]
    : [interval(0, start, MINUTES_A_DAY), interval(1, 0, end - MINUTES_A_DAY)];
}

/** Alertmanager writes the end of a day as 24:00. */
const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");

const told = (incidents: Incidents, kind: string, severity: Severity): boolean =>
  incidents.channels.some((each) => each.kind === kind && each.severities.includes(severity));

/** One receiver for each severity, with the runbook's channels that have a credential. */
function receiver(args: RoutingArguments, severity: Severity): Json {
  const { incidents } = args.system;
  const use = (kind: string) => told(incidents, kind, severity);
  return {
    name: severity,
    ...(args.pagerduty !== undefined && use("pagerduty")
      ? { pagerdutyConfigs: [pagerduty(args.pagerduty, severity)] }
      : {}),
    ...(args.slack !== undefined && use("slack") ? { slackConfigs: [slack(args.slack)] } : {}),
    ...(args.email !== undefined && use("email") ? { emailConfigs: [email(args.email)] } : {}),
  };
}

/** Which environment it is about comes first: at night, the first words are read. */
const WHERE = "{{ .CommonLabels.system }} {{ .CommonLabels.environment }}";
const SUMMARY = "{{ .CommonAnnotations.summary }}";
const RUNBOOK = "{{ .CommonAnnotations.runbook_url }}";

const pagerduty = (secret: ChannelSecret, severity: Severity): Json => ({
  sendResolved: true,
  routingKey: secret,
  severity,
  description: `${WHERE}: ${SUMMARY}`,
  details: [
    { key: "environment", value: "{{ .CommonLabels.environment }}" },
    { key: "cluster", value: "{{ .CommonLabels.cluster }}" },
    { key: "region", value: "{{ .CommonLabels.region }}" },
    { key: "level", value: "{{ .CommonLabels.level }}" },
    { key: "service", value: "{{ .CommonLabels.service }}" },
    { key: "action", value: "{{ .CommonAnnotations.description }}" },
    { key: "runbook", value: RUNBOOK },
  ],
});

const slack = (channel: { readonly secret: ChannelSecret; readonly channel: string }): Json => ({
  sendResolved: true,
  apiURL: channel.secret,
  channel: channel.channel,
  title: `[{{ .Status | toUpper }}] ${WHERE}: {{ .CommonLabels.alertname }}: ${SUMMARY}`,
  titleLink: RUNBOOK,
  text: "{{ range .Alerts }}{{ .Annotations.summary }}: {{ .Annotations.description }}\n{{ end }}",
});

const email = (args: EmailRouting): Json => ({
  sendResolved: true,
  to: args.to,
  from: args.from,
  smarthost: args.smarthost,
  authUsername: args.username,
  authPassword: args.secret,
  requireTLS: true,
  headers: [
    {
      key: "Subject",
      value: `[{{ .Status | toUpper }}] ${WHERE}: {{ .CommonLabels.alertname }}: ${SUMMARY}`,
    },
  ],
});

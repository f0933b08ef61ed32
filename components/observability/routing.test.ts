import { describe, expect, it } from "vitest";
import type { MaintenanceWindow } from "../../systems/model";
import { todoChatbot } from "../../systems/todo-chatbot";
import { hours } from "../../systems/units";
import { routing, windows, type RoutingArguments } from "./routing";

const args: RoutingArguments = {
  system: todoChatbot,
  maintenance: false,
  monitoringNamespace: "watch",
  pagerduty: { name: "channels", key: "pd" },
  slack: { secret: { name: "channels", key: "hook" }, channel: "#ops" },
  email: {
    secret: { name: "channels", key: "mail" },
    to: "a@example.com",
    from: "b@example.com",
    smarthost: "mail.example.com:587",
    username: "c",
  },
};
const WHERE = "{{ .CommonLabels.system }} {{ .CommonLabels.environment }}";
const TITLE = `[{{ .Status | toUpper }}] ${WHERE}: {{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}`;
const severity = (value: string) => ({ name: "severity", matchType: "=", value });
const kinds = (spec: ReturnType<typeof routing>) =>
  (spec["receivers"] as Record<string, unknown>[]).map(Object.keys);

describe("routing", () => {
  it("routes by severity, and repeats urgent alerts more often", () => {
    const spec = routing(args);
    expect(spec["route"]).toEqual({
      receiver: "nobody",
      matchers: [{ name: "severity", matchType: "=~", value: "critical|warning|info" }],
      groupBy: ["alertname", "system", "environment", "cluster", "region", "service", "severity"],
      groupWait: "30s",
      groupInterval: "5m",
      repeatInterval: "12h",
      routes: [
        { receiver: "critical", matchers: [severity("critical")], repeatInterval: "1h" },
        { receiver: "warning", matchers: [severity("warning")], repeatInterval: "12h" },
        { receiver: "info", matchers: [severity("info")], repeatInterval: "24h" },
      ],
    });
    expect(spec).not.toHaveProperty("muteTimeIntervals");
  });

  it("notifies each severity only through the runbook's channels for it", () => {
    expect(kinds(routing(args))).toEqual([
      ["name"],
      ["name", "pagerdutyConfigs", "slackConfigs"],
      ["name", "slackConfigs"],
      ["name", "slackConfigs"],
    ]);
  });

  it("includes what fired, what to do and a link to the runbook", () => {
    const [, critical] = routing(args)["receivers"] as Record<string, unknown>[];
    expect(critical).toMatchObject({
      pagerdutyConfigs: [
        {
          sendResolved: true,
          severity: "critical",
          description: `${WHERE}: {{ .CommonAnnotations.summary }}`,
          details: [
            { key: "environment", value: "{{ .CommonLabels.environment }}" },
            { key: "cluster", value: "{{ .CommonLabels.cluster }}" },
            { key: "region", value: "{{ .CommonLabels.region }}" },
            { key: "level", value: "{{ .CommonLabels.level }}" },
            { key: "service", value: "{{ .CommonLabels.service }}" },
            { key: "action", value: "{{ .CommonAnnotations.description }}" },
            { key: "runbook", value: "{{ .CommonAnnotations.runbook_url }}" },
          ],
        },
      ],
      slackConfigs: [
        {
          sendResolved: true,
          title: TITLE,
          titleLink: "{{ .CommonAnnotations.runbook_url }}",
          text: "{{ range .Alerts }}{{ .Annotations.summary }}: {{ .Annotations.description }}\n{{ end }}",
        },
      ],
    });
  });

  it("sends e-mail if the runbook does", () => {
    const { incidents } = todoChatbot;
    const system = {
      ...todoChatbot,
      incidents: {
        ...incidents,
        channels: [{ ...incidents, kind: "email" as const, severities: ["info" as const] }],
      },
    };
    const receivers = routing({ ...args, system })["receivers"];
    expect(receivers).toEqual([
      { name: "nobody" },
      { name: "critical" },
      { name: "warning" },
      {
        name: "info",
        emailConfigs: [
          {
            sendResolved: true,
            to: "a@example.com",
            from: "b@example.com",
            smarthost: "mail.example.com:587",
            authUsername: "c",
            authPassword: { name: "channels", key: "mail" },
            requireTLS: true,
            headers: [{ key: "Subject", value: TITLE }],
          },
        ],
      },
    ]);
  });

  it("leaves out a channel without a credential", () => {
    expect(kinds(routing({ ...args, pagerduty: undefined, slack: undefined }))).toEqual([
      ["name"],
      ["name"],
      ["name"],
      ["name"],
    ]);
  });

  it("silences a warning while its critical twin fires, of the same service and pod", () => {
    expect(routing(args)["inhibitRules"]).toEqual([
      {
        sourceMatch: [severity("critical")],
        targetMatch: [severity("warning")],
        equal: [
          "alertname",
          ...["system", "environment", "cluster", "region"],
          ...["service", "slo", "pod", "consumergroup", "topic"],
        ],
      },
    ]);
  });

  it("mutes all alerts of the environment in the window, except those about the monitoring", () => {
    const spec = routing({ ...args, maintenance: true });
    const { routes } = spec["route"] as { routes: unknown[] };
    expect(routes.slice(0, 2)).toEqual([
      {
        receiver: "critical",
        matchers: [
          severity("critical"),
          { name: "system", matchType: "=", value: "todo-chatbot" },
          { name: "namespace", matchType: "!=", value: "watch" },
          { name: "alertname", matchType: "!=", value: "MetricsMissing" },
        ],
        repeatInterval: "1h",
        muteTimeIntervals: ["maintenance"],
      },
      { receiver: "critical", matchers: [severity("critical")], repeatInterval: "1h" },
    ]);
    expect(routes).toHaveLength(6);
    expect(spec["muteTimeIntervals"]).toEqual([
      {
        name: "maintenance",
        timeIntervals: [
          { times: [{ startTime: "02:00", endTime: "06:00" }], weekdays: ["sunday"] },
        ],
      },
    ]);
  });
});

it("mutes at further times too, one interval for each day that they touch", () => {
  const muted = [{ from: "2027-02-27T22:15Z", until: "2027-03-01T01:30Z" }];
  const spec = routing({ ...args, muted });
  const day = (number: number, month: string, startTime: string, endTime: string) => ({
    times: [{ startTime, endTime }],
    daysOfMonth: [{ start: number, end: number }],
    months: [month],
    years: ["2027"],
  });
  expect(spec["muteTimeIntervals"]).toEqual([
    {
      name: "maintenance",
      timeIntervals: [
        day(27, "february", "22:15", "24:00"),
        day(28, "february", "00:00", "24:00"),
        day(1, "march", "00:00", "01:30"),
      ],
    },
  ]);
});

describe("windows", () => {
  const of = (day: MaintenanceWindow["day"], start: string, long: number) =>
    windows({ ...todoChatbot.maintenance, day, start, duration: hours(long) });

  it("ends a day at 24:00", () => {
    expect(of("monday", "22:30", 1.5)).toEqual([
      { times: [{ startTime: "22:30", endTime: "24:00" }], weekdays: ["monday"] },
    ]);
  });

  it("continues on the next day, also from the last day of the week to the first", () => {
    expect(of("saturday", "23:00", 4)).toEqual([
      { times: [{ startTime: "23:00", endTime: "24:00" }], weekdays: ["saturday"] },
      { times: [{ startTime: "00:00", endTime: "03:00" }], weekdays: ["sunday"] },
    ]);
  });
});

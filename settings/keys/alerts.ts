import { z } from "zod";
import type { System } from "../../systems/model";
import { unless, type Check } from "../problem";
import type { Site } from "../site";
import { email, hostAndPort, listOf, matching, oneOf, truth } from "./formats";
import { optional, required, withDefault } from "./key";

const has = (system: System, kind: "email" | "slack"): boolean =>
  system.incidents.channels.some((channel) => channel.kind === kind);

const mailed = ({ system }: Pick<Site, "system">) => has(system, "email");

/** E-mail alerts need a mail server. */
const mailForAlerts: Check = ({ mail: given }, site) =>
  unless(
    given !== undefined || !mailed(site),
    "mail",
    undefined,
    "a map with `smarthost`, `from` and `username`: the runbook alerts by e-mail",
  );

const minute = matching(
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\dZ$/,
  "a minute in UTC such as 2026-12-24T22:00Z",
);

/** Longest time in which alerts are muted: whoever forgets one is without alerts no longer than a week. */
const LONGEST_MUTE_DAYS = 7;

const mutedShortly: Check = ({ mutedTimes }) =>
  mutedTimes.flatMap(({ from, until }, index) => {
    const days = (Date.parse(until) - Date.parse(from)) / 86_400_000;
    return unless(
      days > 0 && days <= LONGEST_MUTE_DAYS,
      `mutedTimes[${String(index)}].until`,
      until,
      `later than ${from}, by at most ${String(LONGEST_MUTE_DAYS)} days`,
    );
  });

const channelOf = (given: string | undefined, { system }: Site): string =>
  given ??
  system.incidents.channels.find(({ kind }) => kind === "slack")?.to ??
  `#${system.id}-ops`;

export const alerts = {
  mail: optional({
    schema: z.strictObject(
      {
        smarthost: hostAndPort("HOST:PORT of a mail server"),
        from: email,
        username: matching(/^\S{1,254}$/, "the username for the mail server"),
      },
      { error: "a map with `smarthost`, `from` and `username`" },
    ),
    doc: "The mail server for alerts (HOST:PORT), the sender address, and the username",
    note: "Required there. The password is the secret SMTP_PASSWORD.",
    example: { smarthost: "smtp.example.com:587", from: "alerts@example.com", username: "alerts" },
    only: { where: "where the runbook alerts by e-mail", applies: mailed },
    rules: [mailForAlerts],
  }),
  slackChannel: optional({
    schema: matching(/^#[\w-]{1,80}$/, "a channel such as #todo-ops"),
    doc: "The Slack channel for alerts",
    otherwise: "the runbook's channel, or #SYSTEM-ops",
    example: "#todo-ops",
    only: {
      where: "where the runbook alerts by Slack",
      applies: ({ system }) => has(system, "slack"),
    },
    settle: channelOf,
  }),
  runbookUrl: required({
    schema: matching(/^https:\/\/\S+$/, "an https address"),
    doc: "Base URL of the generated runbooks, which alerts link to",
    example: "https://runbooks.example.com",
  }),
  paging: withDefault({
    schema: oneOf(["production", "always", "never"]),
    fallback: "production",
    doc: "Whether critical alerts page somebody (PagerDuty): in production only, in any environment, or never",
    note: "The other channels get them in any case. Recovery environments count as production.",
    example: "always",
    settle: (given, { production }) => given === "always" || (given === "production" && production),
  }),
  mutedTimes: withDefault({
    schema: listOf(
      z.strictObject({ from: minute, until: minute }, { error: "a map with `from` and `until`" }),
      "a list of maps with `from` and `until`",
    ),
    fallback: [],
    doc: "Times in which all alerts of this environment are muted, besides its maintenance window",
    note: "For an emergency or work on another day; alerts about Prometheus and Alertmanager themselves, and that metrics are missing, are still sent. Remove them afterwards.",
    example: [{ from: "2026-12-24T22:00Z", until: "2026-12-25T02:30Z" }],
    rules: [mutedShortly],
  }),
  maintenance: withDefault({
    schema: truth,
    fallback: false,
    doc: "Mute alerts during the system's maintenance window",
    example: true,
  }),
};

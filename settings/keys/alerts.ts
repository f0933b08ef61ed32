import { z } from "zod";
import type { System } from "../../systems/model";
import { unless, type Check } from "../problem";
import type { Site } from "../site";
import { email, hostAndPort, matching, truth } from "./formats";
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
  maintenance: withDefault({
    schema: truth,
    fallback: false,
    doc: "Mute the system's alerts during its maintenance window",
    example: true,
  }),
};

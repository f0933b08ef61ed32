import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../../systems";
import { todoChatbot } from "../../systems/todo-chatbot";
import { days, hours, percent } from "../../systems/units";
import { validateObservability, type Checked } from "./validate";

const valid: Checked = {
  system: todoChatbot,
  environment: "prod",
  production: true,
  runbookUrl: "https://runbooks.example.com/todo",
  given: { pagerduty: true, slack: true, email: false },
};
const check = (more: Partial<Checked>) => () => {
  validateObservability({ ...valid, ...more });
};

describe("validateObservability", () => {
  it.each(Object.values(SYSTEMS).map((system) => [system.id, system] as const))(
    "accepts %s",
    (_, system) => {
      expect(check({ system, given: { pagerduty: true, slack: true, email: true } })).not.toThrow();
    },
  );

  it.each(["http://runbooks.example.com", "https://runbooks.example.com/a#b", "runbooks"])(
    "refuses %s as the runbook's address",
    (runbookUrl) => {
      expect(check({ runbookUrl })).toThrow(
        `Observability: runbookUrl is "${runbookUrl}", but must be an https address without an anchor. ` +
          "Every alert links to its heading at that address.",
      );
    },
  );

  it("refuses a production without a channel that the runbook alerts through", () => {
    const given = { pagerduty: true, slack: false, email: false };
    expect(check({ given })).toThrow(
      "Observability: channels.slack is absent, but must be set in production, because Todo Chatbot's " +
        "runbook alerts through it. Set its credential, or remove the channel from the system's incidents.",
    );
    expect(check({ given, production: false })).not.toThrow();
  });

  it("refuses an objective so low that its alert could never fire", () => {
    const slos = todoChatbot.slos.map((slo) => ({ ...slo, objective: percent(93) }));
    expect(check({ system: { ...todoChatbot, slos } })).toThrow(
      "Observability: slos.availability.objective is 0.93, but must be above 0.9306 for a window of 30d. " +
        "A burn rate alert could not fire below that: raise the objective or widen its threshold.",
    );
    const short = slos.map((slo) => ({ ...slo, window: days(7) }));
    expect(check({ system: { ...todoChatbot, slos: short } })).not.toThrow();
  });

  it("refuses an alert on the age of a backup that no job makes", () => {
    const alerts = todoChatbot.alerts.map((alert) => ({
      ...alert,
      condition: { kind: "backupAge" as const, of: "state", above: hours(3) },
    }));
    expect(check({ system: { ...todoChatbot, alerts } })).toThrow(
      'Observability: alerts.PodRestartsHigh.of is "state", but must be the name of something with a scheduled backup. ' +
        "Schedule a backup of it, or remove the alert.",
    );
  });

  it.each([
    ["a-dashboard-whose-uid-is-longer-than-forty", "a-dashboard-whose-uid-is-longer-than-forty"],
    ["todo-chatbot-backend", "todo-chatbot-backend"],
  ])("refuses the uid %s", (uid, named) => {
    const dashboards = todoChatbot.dashboards.map((dashboard) => ({ ...dashboard, uid }));
    expect(check({ system: { ...todoChatbot, dashboards } })).toThrow(
      `Observability: dashboards.uid is "${named}", but must be unique and at most 40 characters long. ` +
        "Rename the dashboard, or the system or service that it is named after.",
    );
  });
});

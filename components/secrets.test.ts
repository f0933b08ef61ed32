import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { parseSettings } from "../settings";
import { commands, good, images, onAws, onExisting } from "../settings/testing";
import { SYSTEMS } from "../systems";
import { todoChatbot } from "../systems/todo-chatbot";
import { requiredSecrets } from "../settings/secrets";
import { givenSecrets } from "./secrets";
import { isSecret, UNKNOWN, valueOf } from "./kit/testing";

const required = requiredSecrets(parseSettings(good));
const KEY = "runstack:secrets";
const values = {
  DATABASE_URL: "postgresql://u:p4ssw0rd@h/d",
  PAGERDUTY_ROUTING_KEY: "r0uting",
  SLACK_WEBHOOK_URL: "https://hooks.example.org/s3cret",
  DNS_TOKEN: "t0ken",
};

function given(text: string | undefined, { dryRun = false, encrypted = true } = {}) {
  pulumi.runtime.setAllConfig(text === undefined ? {} : { [KEY]: text }, encrypted ? [KEY] : []);
  return givenSecrets(new pulumi.Config("runstack"), required, dryRun);
}

/** The complete message. */
function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
  return "";
}

const missing = (key: string, what: string) =>
  `runstack:secrets.${key} is not set, but is required (${what}). ` +
  `Set it with: pulumi config set --secret --path 'runstack:secrets.${key}'`;

afterEach(() => {
  pulumi.runtime.setAllConfig({}, []);
});

describe("the secrets that a stack needs", () => {
  it("are the system's own, its alert channels' and the DNS token", () => {
    expect(required.map(({ key }) => key)).toEqual([
      "DATABASE_URL",
      "PAGERDUTY_ROUTING_KEY",
      "SLACK_WEBHOOK_URL",
      "DNS_TOKEN",
    ]);
  });

  it("are fewer with manual DNS and without alert channels", () => {
    const quiet = { ...todoChatbot, incidents: { ...todoChatbot.incidents, channels: [] } };
    const settings = { ...parseSettings({ ...good, dns: "manual" }), system: quiet };
    expect(requiredSecrets(settings).map(({ key }) => key)).toEqual(["DATABASE_URL"]);
  });

  it.each([
    ["a managed database", { ...onAws, postgres: "managed" }, []],
    ["secrets that are in the manager", { ...onAws, secretStore: "adopt" }, ["DATABASE_URL"]],
    [
      "images behind a password",
      { ...onAws, registryCredentials: true },
      ["DATABASE_URL", "REGISTRY_CREDENTIALS"],
    ],
    [
      "data that somebody else runs",
      { ...onAws, redis: "external", kafka: "external", kafkaBrokers: ["k.example.org:9092"] },
      [
        "DATABASE_URL",
        "REDIS_URL",
        "KAFKA_USERNAME",
        "KAFKA_PASSWORD",
        "KAFKA_MONITOR_USERNAME",
        "KAFKA_MONITOR_PASSWORD",
        "KAFKA_CA",
      ],
    ],
    [
      "an existing cluster",
      onExisting,
      ["DATABASE_URL", "REDIS_URL", "KUBECONFIG", "BACKUP_ACCESS_KEY", "BACKUP_SECRET_KEY"],
    ],
    [
      "a replica of the other region's database",
      {
        ...onAws,
        system: "aeneas",
        environment: "dr",
        region: "us-west-2",
        images: images(SYSTEMS.aeneas),
        commands: commands(SYSTEMS.aeneas),
        replicaOf: "arn:aws:rds:us-east-1:210987654321:db:aeneas",
      },
      ["PRIMARY_DATABASE_PASSWORD"],
    ],
  ])("depend on how data services are provided: %s", (_what, raw, keys) => {
    const channels = ["PAGERDUTY_ROUTING_KEY", "SLACK_WEBHOOK_URL"];
    expect(
      requiredSecrets(parseSettings(raw))
        .map(({ key }) => key)
        .filter((key) => !channels.includes(key)),
    ).toEqual(keys);
  });
});

describe("configured secrets", () => {
  it("are secret outputs with their values", async () => {
    const secrets = given(JSON.stringify(values));
    for (const [key, value] of Object.entries(values)) {
      const output = secrets[key] ?? pulumi.output("");
      expect([await valueOf(output), await isSecret(output)]).toEqual([value, true]);
    }
  });

  it("stop an up while some are missing or empty, with each name", () => {
    const text = JSON.stringify({ ...values, DATABASE_URL: undefined, DNS_TOKEN: "" });
    expect(message(() => given(text))).toBe(
      [
        missing("DATABASE_URL", "Connection URL of the Neon database, with sslmode=require"),
        missing("DNS_TOKEN", "DigitalOcean token that may only read and write domains"),
      ].join("\n"),
    );
  });

  it("stop an up while a single one is missing", () => {
    const text = JSON.stringify({ ...values, SLACK_WEBHOOK_URL: undefined });
    expect(message(() => given(text))).toBe(
      missing("SLACK_WEBHOOK_URL", "URL of a Slack incoming webhook"),
    );
  });

  it("are unknown secrets in a preview if they are missing", async () => {
    const secrets = given(undefined, { dryRun: true });
    expect(Object.keys(secrets)).toEqual(Object.keys(values));
    for (const output of Object.values(secrets)) {
      expect([await valueOf(output), await isSecret(output)]).toEqual([UNKNOWN, true]);
    }
  });

  it("are refused as plain text, without repeating the value", () => {
    const refused = message(() => given(JSON.stringify(values), { encrypted: false }));
    expect(refused).toBe(
      "runstack:secrets is plain text, but must be encrypted. Change the values of DATABASE_URL, " +
        "PAGERDUTY_ROUTING_KEY, SLACK_WEBHOOK_URL, DNS_TOKEN, which have been readable, and set " +
        "each with: pulumi config set --secret --path 'runstack:secrets.KEY'",
    );
  });

  it.each(['["s3cret"]', '"s3cret"', "s3cret", "{s3cret"])("are refused as %s", (text) => {
    expect(message(() => given(text))).toBe(
      "runstack:secrets is not a map from key to secret. Set each secret by itself: " +
        "pulumi config set --secret --path 'runstack:secrets.KEY'",
    );
  });

  it("may be an empty map in plain text", () => {
    expect(Object.keys(given("{}", { dryRun: true, encrypted: false }))).toHaveLength(4);
  });
});

describe("a key that is not a secret of the stack", () => {
  it("is refused with a suggestion of the right key", () => {
    pulumi.runtime.setAllConfig({ "runstack:secrets": JSON.stringify({ DATABSE_URL: "x" }) }, [
      "runstack:secrets",
    ]);
    const config = new pulumi.Config("runstack");
    expect(() => givenSecrets(config, [{ key: "DATABASE_URL", what: "a URL" }], true)).toThrow(
      "runstack:secrets.DATABSE_URL is not a secret of this stack, which are DATABASE_URL " +
        "(did you mean DATABASE_URL?). Remove it with: pulumi config rm --path 'runstack:secrets.DATABSE_URL'",
    );
  });
});

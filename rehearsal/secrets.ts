/** What a stack file does not hold, but an `up` needs. */
import type { StackFile } from "../offline/stack-files";
import { readSettings, type Settings } from "../settings";
import { requiredSecrets } from "../settings/secrets";

/** Values in the form that the program asks for; any other secret is a text. */
const SECRETS: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgresql://someone:a-password@db.example.net:5432/app?sslmode=require",
  REDIS_URL: "rediss://someone:a-password@redis.example.net:6379",
  KAFKA_CA: "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n",
  SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T0/B0/abc",
  REGISTRY_CREDENTIALS: '{"auths":{"registry.example.com":{"auth":"YTpi"}}}',
};

/** A value for every secret that the stack's `up` asks for, by key. */
export function secretsOf(stack: StackFile): ReadonlyMap<string, string> {
  const required = requiredSecrets(settingsOf(stack)).filter(({ optional }) => optional !== true);
  return new Map(required.map(({ key }) => [key, SECRETS[key] ?? `a value of ${key}`]));
}

/** The stack, with a value for every secret that its `up` asks for. */
export function withSecrets(stack: StackFile): StackFile {
  const { values, secretKeys } = stack.config;
  const given = JSON.stringify(Object.fromEntries(secretsOf(stack)));
  return {
    ...stack,
    config: {
      values: { ...values, "runstack:secrets": given },
      secretKeys: [...secretKeys, "runstack:secrets"],
    },
  };
}

export function settingsOf({ config }: StackFile): Settings {
  const get = (key: string): string | undefined => config.values[`runstack:${key}`];
  return readSettings({ name: "runstack", get });
}

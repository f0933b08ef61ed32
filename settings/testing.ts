/** For tests: a valid stack file, and the error messages for invalid ones. */
import * as pulumi from "@pulumi/pulumi";
import { parseSettings, type RawSettings } from "./parse";
import type { System } from "../systems/model";
import { todoChatbot } from "../systems/todo-chatbot";

export const SERVICES = ["backend", "frontend", "websocket", "recurring-task", "notification"];

/** An image for each service. */
export const images = ({ services }: Pick<System, "services">): Record<string, string> =>
  Object.fromEntries(
    services.map(({ name }) => [name, `registry.example.org/${name}:3.1.4`] as const),
  );

/** A command for each container whose runbook does not say it. */
export const commands = ({ services }: Pick<System, "services">): Record<string, string[]> =>
  Object.fromEntries(
    services
      .flatMap((service) => [service, ...(service.sidecars ?? [])])
      .filter(({ command }) => command === "configured")
      .map(({ name }) => [name, ["python", "-m", name]]),
  );

const own = images(todoChatbot);

export const good: RawSettings = {
  system: "todo-chatbot",
  environment: "prod",
  domain: "todo.example.org",
  dnsZone: "example.org",
  email: "people@example.org",
  runbookUrl: "https://runbooks.example.org",
  kafkaVersion: "4.7",
  images: own,
};

/** The same system on the other clouds. */
export const onAws: RawSettings = {
  ...good,
  cloud: "aws",
  region: "eu-west-1",
  kafkaVersion: undefined,
  administrators: ["arn:aws:iam::210987654321:role/operators"],
};

export const onGoogle: RawSettings = {
  ...good,
  cloud: "gcp",
  region: "europe-west4",
  kafkaVersion: undefined,
  project: "bikes-and-more",
};

export const onExisting: RawSettings = {
  ...good,
  cloud: "existing",
  region: "basement",
  kafkaVersion: undefined,
  dns: "manual",
  kubeContext: "basement-admin",
  storageClass: "local-replicated",
  network: { pods: "10.16.0.0/14", services: "10.20.0.0/16" },
  backupEndpoint: "s3.example.org",
  backupRegion: "attic",
  backupBucket: "todo-dumps",
  redis: "external",
  kafka: "operator",
};

export const withImage = (name: string, image: string): RawSettings => ({
  images: { ...own, [name]: image },
});

export const NETWORK = { vpc: "10.50.0.0/20", pods: "10.52.0.0/16", services: "10.51.0.0/19" };

/** The complete error for a stack file with these changes; empty if it is valid. */
export function mistakes(changes: RawSettings, base: RawSettings = good): string {
  try {
    parseSettings({ ...base, ...changes });
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
  return "";
}

/** The error about one key. */
export function sentence(key: string, is: string, allowed: string): string {
  const path = /[.[]/.test(key) ? `--path 'runstack:${key}'` : `runstack:${key}`;
  const next = allowed.startsWith("not set")
    ? `Remove it with: pulumi config rm ${path}`
    : `Set it with: pulumi config set ${path} VALUE`;
  const must = allowed.startsWith("not set")
    ? allowed.replace("not set", "not be set")
    : `be ${allowed}`;
  return `runstack:${key} ${is}, but must ${must}. ${next}`;
}

/** Title, invalid settings, and the expected error. */
export type Mistakes = readonly (readonly [string, RawSettings, string])[];

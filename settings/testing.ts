/** For tests: a stack file without a mistake, and what is said about one with a mistake. */
import * as pulumi from "@pulumi/pulumi";
import { parseSettings, type RawSettings } from "../settings";

export const SERVICES = ["backend", "frontend", "websocket", "recurring-task", "notification"];

const images = Object.fromEntries(
  SERVICES.map((name) => [name, `registry.example.org/${name}:3.1.4`]),
);

export const good: RawSettings = {
  system: "todo-chatbot",
  environment: "prod",
  domain: "todo.example.org",
  dnsZone: "example.org",
  email: "people@example.org",
  runbookUrl: "https://runbooks.example.org",
  kafkaVersion: "4.7",
  images,
};

export const withImage = (name: string, image: string): RawSettings => ({
  images: { ...images, [name]: image },
});

export const NETWORK = { vpc: "10.50.0.0/20", pods: "10.52.0.0/16", services: "10.51.0.0/19" };

/** The whole message about a stack file with these changes; empty where there is nothing to say. */
export function mistakes(changes: RawSettings): string {
  try {
    parseSettings({ ...good, ...changes });
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
  return "";
}

/** What is said about one key. */
export function sentence(key: string, is: string, allowed: string): string {
  const path = /[.[]/.test(key) ? `--path 'runstack:${key}'` : `runstack:${key}`;
  return `runstack:${key} ${is}, but must be ${allowed}. Set it with: pulumi config set ${path} VALUE`;
}

/** Who has made which mistake, and the sentence about it. */
export type Mistakes = readonly (readonly [string, RawSettings, string])[];

/** The command line of `new-system`. */
import type { Command, Given } from "../options";

type Flag =
  "name" | "title" | "cloud" | "service" | "postgres" | "redis" | "kafka" | "domain" | "dir";

const WHO =
  "who runs it: managed (the cloud), operator (in the cluster), external (somebody else), or none; " +
  "default: none";

export const COMMAND: Command<Flag> = {
  name: "new-system",
  summary:
    "Writes a new system and two stack files that plan without a mandatory violation. On a terminal, " +
    "what is not given is asked for. Nothing that exists is overwritten.",
  options: {
    name: {
      value: "NAME",
      help: "the system's id: its file, its namespace, its stacks NAME-prod and NAME-staging",
    },
    title: { value: "TITLE", help: "its name for people; default: the name, capitalized" },
    cloud: {
      value: "CLOUD",
      help: "digitalocean, aws, gcp, or existing for a cluster that you have",
    },
    service: {
      value: "NAME:PORT",
      many: true,
      help: "a service and its HTTP port, once for each; the domain leads to the first",
    },
    postgres: { value: "WHO", help: WHO },
    redis: { value: "WHO", help: "likewise" },
    kafka: { value: "WHO", help: "likewise" },
    domain: { value: "DOMAIN", help: "the production host; default: NAME.example.com" },
    dir: { value: "DIR", help: "the project's folder; default: the current one" },
  },
  exitCodes: "0 written, 2 something cannot be taken, and nothing is written.",
};

/** What was given on the command line. */
export type Flags = Readonly<Record<Exclude<Flag, "service">, string | undefined>> & {
  readonly service: readonly string[] | undefined;
};

export function flagsOf({ has, value, values }: Given<Flag>): Flags {
  return {
    name: value("name"),
    title: value("title"),
    cloud: value("cloud"),
    service: has("service") ? values("service") : undefined,
    postgres: value("postgres"),
    redis: value("redis"),
    kafka: value("kafka"),
    domain: value("domain"),
    dir: value("dir"),
  };
}

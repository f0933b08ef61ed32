/** The answers for a new system, from flags or questions, and their validation. Pure. */
import { list, nearest } from "../../lib/words";
import { PROFILES } from "../../settings/clouds";
import { defineSystem, type SystemDefinition } from "../../systems/define";
import { validateSystem } from "../../systems/validate";
import { isReserved } from "../../systems/validate/namespaces";

export const CLOUDS = Object.keys(PROFILES) as (keyof typeof PROFILES)[];
export const DATA_SERVICES = ["postgres", "redis", "kafka"] as const;
export const RUNS = ["managed", "operator", "external", "none"] as const;

export interface Answers {
  readonly name: string;
  readonly title: string;
  readonly cloud: (typeof CLOUDS)[number];
  readonly services: SystemDefinition["services"];
  readonly postgres: (typeof RUNS)[number];
  readonly redis: (typeof RUNS)[number];
  readonly kafka: (typeof RUNS)[number];
  readonly domain: string;
}

/** An invalid answer; the message is one sentence. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
}

/** With "-staging" appended, it is the name of an EKS cluster, which has at most 27 characters. */
const NAME = /^[a-z][a-z0-9-]{0,17}[a-z0-9]$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

function refuse(what: string, value: string, allowed: string): never {
  throw new AnswerError(`${what} is ${JSON.stringify(value)}, but must be ${allowed}.`);
}

function oneOf<T extends string>(what: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  const near = nearest(value, allowed);
  const hint = near === undefined ? "" : ` (did you mean ${JSON.stringify(near)}?)`;
  return refuse(what, value, `${list(allowed)}${hint}`);
}

function matching(what: string, value: string, pattern: RegExp, allowed: string): string {
  return pattern.test(value) ? value : refuse(what, value, allowed);
}

/** Each reads one answer. A question is asked again if this throws. */
export const READ = {
  name: (text: string): string => {
    const allowed =
      "2 to 19 characters of a-z, 0-9 and -, starting with a letter and not ending with -";
    const name = matching("The name", text, NAME, allowed);
    // It is also the system's namespace.
    if (!isReserved(name)) return name;
    throw new AnswerError(
      `The name is ${JSON.stringify(name)}, which is reserved for a namespace of the platform: choose another name.`,
    );
  },
  title: (text: string): string =>
    matching("The title", text, /^\S(.{0,58}\S)?$/, "1 to 60 characters"),
  cloud: (text: string): Answers["cloud"] => oneOf("The cloud", text, CLOUDS),
  service: (text: string): Answers["services"][number] => {
    const [, name = "", port = ""] = /^([^:]*):(\d{1,5})$/.exec(text) ?? [];
    matching("A service", text, /^[^:]*:\d{1,5}$/, "NAME:PORT, such as api:8080");
    return {
      name: matching("A service's name", name, NAME, "like api or web-front"),
      port: Number(port),
    };
  },
  runs: (kind: string, text: string): Answers["postgres"] => oneOf(`--${kind}`, text, RUNS),
  domain: (text: string): string =>
    matching("The domain", text, DOMAIN, "a host name in lower case, such as shop.example.com"),
};

export const defaultTitle = (name: string): string =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");

export const defaultDomain = (name: string): string => `${name}.example.com`;

/** The system as `defineSystem` takes it. */
export function definition(answers: Answers): SystemDefinition {
  const { name, title, cloud, services } = answers;
  const data = DATA_SERVICES.flatMap((kind) => {
    const runs = answers[kind];
    return runs === "none" ? [] : [[kind, runs] as const];
  });
  return { name, title, cloud, services, ...Object.fromEntries(data) };
}

/** @throws AnswerError if the answers contradict each other */
export function checkTogether(answers: Answers): void {
  const { managed, title } = PROFILES[answers.cloud];
  for (const kind of DATA_SERVICES) {
    if (answers[kind] === "managed" && !managed.includes(kind)) {
      throw new AnswerError(
        `--${kind} is "managed", but ${title} has no managed ${kind}: choose "operator" or "external".`,
      );
    }
  }
  const [problem] = validateSystem(defineSystem(definition(answers)));
  if (problem !== undefined) throw new AnswerError(problem.message);
}

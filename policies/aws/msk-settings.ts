/** Kafka settings on MSK that are strings: the properties of brokers and of topics. */
import { expectAtLeast, type Check } from "../expect";
import { nameOf } from "../policy";
import type { Value } from "../values";

/** `key=value` lines, as Kafka reads them. */
function propertiesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const [, key, value] = /^\s*([\w.]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}

/**
 * MSK in three zones defaults to three replicas, two of them in sync, and allows unclean leader
 * elections.
 */
const LEAST: readonly (readonly [key: string, least: number])[] = [
  ["default.replication.factor", 3],
  ["min.insync.replicas", 2],
  ["offsets.topic.replication.factor", 3],
  ["transaction.state.log.replication.factor", 3],
  ["transaction.state.log.min.isr", 2],
];

export function configured({ resource, context }: Check): void {
  const text = resource.props.get("serverProperties");
  if (context.noteUnknown(text)) return;
  const properties = propertiesOf(text.string ?? "");
  const say = (key: string, expected: string): void => {
    const found = properties.get(key) ?? "missing";
    context.report(`${nameOf(resource)}: ${key} in serverProperties is ${found}; ${expected}.`);
  };
  for (const [key, least] of LEAST) {
    const value = properties.get(key);
    if (value !== undefined && !(Number(value) >= least)) say(key, `it must be ${least} or more`);
  }
  if (properties.get("unclean.leader.election.enable") !== "false") {
    say(
      "unclean.leader.election.enable",
      "it must be false: an out-of-sync leader would lose events",
    );
  }
}

/** The topic's own settings, as JSON. */
function ownMinimum(configs: Value): number | undefined {
  try {
    const settings: unknown = JSON.parse(configs.string ?? "{}");
    const own: unknown =
      typeof settings === "object" && settings !== null
        ? Reflect.get(settings, "min.insync.replicas")
        : undefined;
    return own === undefined ? undefined : Number(own);
  } catch {
    return undefined;
  }
}

export function topicDurable(check: Check): void {
  const { resource, context } = check;
  const copies = resource.props.get("replicationFactor");
  expectAtLeast(check, copies, 3);
  const configs = resource.props.get("configs");
  if (context.noteUnknown(configs)) return;
  const minimum = ownMinimum(configs);
  if (minimum === undefined) return;
  const say = (expected: string): void => {
    context.report(
      `${nameOf(resource)}: min.insync.replicas in configs is ${String(minimum)}; ${expected}.`,
    );
  };
  if (!(minimum >= 2)) say("it must be 2 or more");
  else if (copies.number !== undefined && minimum >= copies.number) {
    say("it must be below replicationFactor, so that one broker may fail: set it to one less");
  }
}

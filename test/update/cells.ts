/** For tests: the placements, as stack files: system × cloud × who runs the data services × environment. */
import type { StackFile } from "../../offline/stack-files";
import { commands, good, images, onAws, onExisting, onGoogle } from "../../settings/testing";
import type { RawSettings } from "../../settings";
import { SYSTEMS, type SystemId } from "../../systems";
import type { CloudName } from "../../systems/model";

const CLOUDS = {
  digitalocean: good,
  aws: onAws,
  gcp: onGoogle,
  existing: onExisting,
} as const;
export const WAYS = ["managed", "operator", "external"] as const;

type Way = (typeof WAYS)[number];
type Environment = "prod" | "staging" | "dr";

export interface Cell {
  readonly system: SystemId;
  readonly environment: Environment;
  readonly cloud: CloudName;
  readonly postgres: Way;
  readonly redis: Way;
  readonly kafka: Way;
}

/** Each system on each cloud, with all data services run in one way, or as its runbook says. */
export const cellsOf = (environment: Environment, variant: Way | "runbook"): readonly Cell[] =>
  keysOf(SYSTEMS).flatMap((system) => {
    const { databases, caches, eventBuses } = SYSTEMS[system];
    const way = (services: readonly { readonly runs: Way }[]): Way =>
      variant === "runbook" ? (services[0]?.runs ?? "operator") : variant;
    const ways = { postgres: way(databases), redis: way(caches), kafka: way(eventBuses) };
    return keysOf(CLOUDS).map((cloud) => ({ system, environment, cloud, ...ways }));
  });

const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

/** `operator`, or `operator, external and managed` for Postgres, Redis and Kafka. */
export function waysOf({ postgres, redis, kafka }: Cell): string {
  return postgres === redis && redis === kafka ? postgres : `${postgres}, ${redis} and ${kafka}`;
}

const ADVICE = /^runstack:(cloud|postgres|redis|kafka) is "\w+", but must be (.+?) for /u;

/** The cells of whoever takes one of the values that each line of a refusal offers; first with the first of each. */
export function advised(cell: Cell, refusal: string): readonly [Cell, ...Cell[]] {
  const lines = refusal.split("\n").map((line) => {
    const [, key, values = ""] = ADVICE.exec(line) ?? [];
    if (key === undefined) throw new Error(`No placement of data services mends this: ${line}`);
    return [...values.matchAll(/"(\w+)"/gu)].map(([, value]) => ({ [key]: value }));
  });
  const first: Cell = Object.assign({ ...cell }, ...lines.map(([change]) => change)) as Cell;
  return [
    first,
    ...lines.flatMap((changes) => changes.slice(1).map((one) => ({ ...first, ...one }))),
  ];
}

const MAIL = { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" };

/** Valid but for what a cell cannot have. */
export function settingsOf(cell: Cell): RawSettings {
  const { system, cloud, kafka } = cell;
  const { eventBuses, incidents } = SYSTEMS[system];
  const hasKafka = eventBuses.length > 0;
  return {
    region: "nyc3",
    ...CLOUDS[cloud],
    ...cell,
    images: images(SYSTEMS[system]),
    commands: commands(SYSTEMS[system]),
    mail: incidents.channels.some(({ kind }) => kind === "email") ? MAIL : undefined,
    kafkaVersion: cloud === "digitalocean" && kafka === "managed" && hasKafka ? "4.7" : undefined,
    kafkaBrokers: kafka === "external" && hasKafka ? ["broker.example.org:9096"] : [],
  };
}

/** As `loadStack` reads a file with these settings. */
export function stackFile(name: string, settings: RawSettings): StackFile {
  const values = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [[`runstack:${key}`, typeof value === "string" ? value : JSON.stringify(value)] as const],
  );
  return { name, config: { values: Object.fromEntries(values), secretKeys: [] } };
}

/** For tests: the placements, as stack files: system × cloud × who runs the data services × environment. */
import type { StackFile } from "../../offline/stack-files";
import { commands, good, images, onAws, onExisting, onGoogle } from "../../settings/testing";
import { parseSettings, type RawSettings } from "../../settings";
import { SYSTEMS, type SystemId } from "../../systems";

export const CLOUDS = {
  digitalocean: good,
  aws: onAws,
  gcp: onGoogle,
  existing: onExisting,
} as const;
const WAYS = ["managed", "operator", "external"] as const;
/** All data services of one kind, or each of the first kind that the configuration accepts. */
export const VARIANTS = [...WAYS, "mixed"] as const;

type Way = (typeof WAYS)[number];
type Ways = readonly [postgres: Way, redis: Way, kafka: Way];

export interface Cell {
  readonly system: SystemId;
  readonly cloud: keyof typeof CLOUDS;
  readonly environment: "prod" | "staging" | "dr";
  readonly variant: (typeof VARIANTS)[number];
}

const MAIL = { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" };

const COMBINATIONS: readonly Ways[] = WAYS.flatMap((postgres) =>
  WAYS.flatMap((redis) => WAYS.map((kafka) => [postgres, redis, kafka] as const)),
);

/** Valid but for what a cell cannot have. */
export function settingsOf(cell: Cell): RawSettings {
  const { variant } = cell;
  if (variant !== "mixed") return settingsWith(cell, [variant, variant, variant]);
  const all = COMBINATIONS.map((ways) => settingsWith(cell, ways));
  return all.find(isAccepted) ?? settingsWith(cell, ["operator", "operator", "operator"]);
}

function isAccepted(settings: RawSettings): boolean {
  try {
    return parseSettings(settings).system.id !== "";
  } catch {
    return false;
  }
}

function settingsWith(
  { system, cloud, environment }: Cell,
  [postgres, redis, kafka]: Ways,
): RawSettings {
  const { eventBuses, incidents } = SYSTEMS[system];
  const hasKafka = eventBuses.length > 0;
  return {
    region: "nyc3",
    ...CLOUDS[cloud],
    cloud,
    system,
    environment,
    images: images(SYSTEMS[system]),
    commands: commands(SYSTEMS[system]),
    mail: incidents.channels.some(({ kind }) => kind === "email") ? MAIL : undefined,
    postgres,
    redis,
    kafka,
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

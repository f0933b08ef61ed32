/** For tests: the placements, as stack files: system × cloud × who runs the data services × environment. */
import type { StackFile } from "../../offline/stack-files";
import { good, images, onAws, onExisting, onGoogle } from "../../settings/testing";
import type { RawSettings } from "../../settings";
import { SYSTEMS, type SystemId } from "../../systems";

export const CLOUDS = {
  digitalocean: good,
  aws: onAws,
  gcp: onGoogle,
  existing: onExisting,
} as const;
export const VARIANTS = ["managed", "operator", "external"] as const;

export interface Cell {
  readonly system: SystemId;
  readonly cloud: keyof typeof CLOUDS;
  readonly environment: "prod" | "staging" | "dr";
  readonly variant: (typeof VARIANTS)[number];
}

const MAIL = { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" };

/** Valid but for what a cell cannot have. */
export function settingsOf({ system, cloud, environment, variant }: Cell): RawSettings {
  const { eventBuses, incidents } = SYSTEMS[system];
  const hasKafka = eventBuses.length > 0;
  return {
    region: "nyc3",
    ...CLOUDS[cloud],
    cloud,
    system,
    environment,
    images: images(SYSTEMS[system]),
    mail: incidents.channels.some(({ kind }) => kind === "email") ? MAIL : undefined,
    postgres: variant,
    redis: variant,
    kafka: variant,
    kafkaVersion: cloud === "digitalocean" && variant === "managed" && hasKafka ? "4.7" : undefined,
    kafkaBrokers: variant === "external" && hasKafka ? ["broker.example.org:9096"] : [],
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

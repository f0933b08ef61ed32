import type { CloudName, System } from "../systems/model";
import { list } from "../lib/words";
import {
  CLOUD_NATIVE_PG_IMAGES,
  COMPATIBLE_KUBERNETES,
  EKS,
  ELASTICACHE_FAMILIES,
  MANAGED_POSTGRES,
  MEMORYSTORE_VERSIONS,
  MSK_KAFKA,
  MSK_KAFKA_ENDED,
  STRIMZI_KAFKA,
  VALKEY_IMAGES,
  VALKEY_ON_DIGITALOCEAN,
} from "../versions";
import { problem, type Check, type SettingsProblem } from "./problem";
import type { Values } from "./schema";

/** Versions that a stack asks for, against those that whoever runs the service has. */

type Runs = System["databases"][number]["runs"];

/** Nothing is known of what somebody else runs. */
const unknown: readonly string[] = [];

function postgresVersions(runs: Runs, cloud: CloudName): readonly string[] {
  if (runs === "operator") return Object.keys(CLOUD_NATIVE_PG_IMAGES);
  return runs === "managed" && cloud !== "existing" ? MANAGED_POSTGRES[cloud] : unknown;
}

function redisVersions(
  { runs, engine }: System["caches"][number],
  cloud: CloudName,
): readonly string[] {
  if (runs === "operator") return Object.keys(VALKEY_IMAGES);
  if (runs === "external") return unknown;
  const managed: Readonly<Record<CloudName, readonly string[]>> = {
    digitalocean: VALKEY_ON_DIGITALOCEAN,
    aws: Object.keys(ELASTICACHE_FAMILIES[engine]),
    gcp: Object.keys(MEMORYSTORE_VERSIONS),
    existing: unknown,
  };
  return managed[cloud];
}

const kafkaVersions = (runs: Runs, cloud: CloudName): readonly string[] =>
  runs === "operator"
    ? Object.keys(STRIMZI_KAFKA)
    : runs === "managed" && cloud === "aws"
      ? Object.keys(MSK_KAFKA)
      : unknown;

/** A minor version of PostgreSQL is Amazon's to offer; everybody else follows the major one. */
function postgres(
  { postgresVersion: version }: Values,
  system: System,
  cloud: CloudName,
): SettingsProblem[] {
  return system.databases.flatMap(({ runs, name }) => {
    const offered = postgresVersions(runs, cloud);
    const [major = ""] = (version ?? "").split(".");
    const exact = version !== major && !(runs === "managed" && cloud === "aws");
    return version === undefined || offered.length === 0 || (offered.includes(major) && !exact)
      ? []
      : [problem("postgresVersion", version, `one of ${list(offered)} for ${name}`)];
  });
}

const redis = ({ redisVersion: version }: Values, system: System, cloud: CloudName) =>
  system.caches.flatMap((cache) => {
    const offered = redisVersions(cache, cloud);
    return version === undefined || offered.length === 0 || offered.includes(version)
      ? []
      : [problem("redisVersion", version, `one of ${list(offered)} for ${cache.name}`)];
  });

const kafka = ({ kafkaVersion: version }: Values, system: System, cloud: CloudName) =>
  system.eventBuses.flatMap(({ runs, name }) => {
    const offered = kafkaVersions(runs, cloud);
    if (version === undefined || offered.length === 0 || offered.includes(version)) return [];
    const ended = runs === "managed" ? MSK_KAFKA_ENDED[version] : undefined;
    const why = ended === undefined ? "" : `; Amazon's support of ${version} ended on ${ended}`;
    return [problem("kafkaVersion", version, `one of ${list(offered)} for ${name}${why}`)];
  });

export const engineVersions: Check = (values, system) => {
  const cloud = values.cloud ?? system.home.cloud;
  return [
    ...postgres(values, system, cloud),
    ...redis(values, system, cloud),
    ...kafka(values, system, cloud),
  ];
};

/** Of those that all charts support, the ones that the cloud still runs without extra pay. */
const kubernetesVersions = (cloud: CloudName): readonly string[] =>
  COMPATIBLE_KUBERNETES.filter((version) => cloud !== "aws" || version in EKS);

export const kubernetesVersion: Check = ({ kubernetesVersion: version, cloud }, system) => {
  const minor = version.split(".").slice(0, 2).join(".");
  const at = cloud ?? system.home.cloud;
  const offered = kubernetesVersions(at);
  return [
    ...(offered.includes(minor)
      ? []
      : [
          problem(
            "kubernetesVersion",
            version,
            `of a minor version that all charts support: ${list(offered)}`,
          ),
        ]),
    ...(minor === version || at === "digitalocean"
      ? []
      : [
          problem(
            "kubernetesVersion",
            version,
            "a minor version such as 1.35: patches are the cloud's",
          ),
        ]),
  ];
};

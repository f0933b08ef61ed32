/** Checks the stack's versions against those that the cloud or operator offers. */
import { list } from "../lib/words";
import {
  CLOUD_NATIVE_PG_IMAGES,
  COMPATIBLE_KUBERNETES,
  STRIMZI_KAFKA,
  VALKEY_IMAGES,
} from "../versions";
import type { CloudProfile } from "./clouds/profile";
import { problem, unless, type Check } from "./problem";
import type { Variant } from "./system";

/** The versions that the cloud or operator offers. Empty if unknown, so that every version passes. */
const offered = (
  way: Variant,
  operator: () => readonly string[],
  cloud: () => readonly string[],
): readonly string[] => (way === "operator" ? operator() : way === "managed" ? cloud() : []);

/** Only AWS accepts a minor version of PostgreSQL; all others take a major version. */
export const postgresVersion: Check = ({ postgresVersion: version }, { system, profile }) =>
  system.databases.flatMap(({ runs, name }) => {
    const known = offered(
      runs,
      () => Object.keys(CLOUD_NATIVE_PG_IMAGES),
      () => profile.versions.postgres,
    );
    const [major = ""] = (version ?? "").split(".");
    const exact = version !== major && !(runs === "managed" && profile.versions.postgresMinor);
    return unless(
      version === undefined || known.length === 0 || (known.includes(major) && !exact),
      "postgresVersion",
      version,
      `one of ${list(known)} for ${name}`,
    );
  });

export const redisVersion: Check = ({ redisVersion: version }, { system, profile }) =>
  system.caches.flatMap(({ runs, engine, name }) => {
    const known = offered(
      runs,
      () => Object.keys(VALKEY_IMAGES),
      () => profile.versions.redis(engine),
    );
    return unless(
      version === undefined || known.length === 0 || known.includes(version),
      "redisVersion",
      version,
      `one of ${list(known)} for ${name}`,
    );
  });

export const kafkaVersion: Check = ({ kafkaVersion: version }, { system, profile }) =>
  system.eventBuses.flatMap(({ runs, name }) => {
    const known = offered(
      runs,
      () => Object.keys(STRIMZI_KAFKA),
      () => profile.versions.kafka,
    );
    if (version === undefined || known.length === 0 || known.includes(version)) return [];
    const ended = runs === "managed" ? profile.versions.kafkaEnded?.[version] : undefined;
    const why =
      ended === undefined ? "" : `; ${profile.title}'s support of ${version} ended on ${ended}`;
    return [problem("kafkaVersion", version, `one of ${list(known)} for ${name}${why}`)];
  });

/** The versions that all charts support and the cloud runs without extended-support charges. */
const kubernetesVersions = ({ runsKubernetes }: CloudProfile): readonly string[] =>
  COMPATIBLE_KUBERNETES.filter(runsKubernetes);

export const kubernetesVersion: Check = ({ kubernetesVersion: version }, { profile }) => {
  const minor = version.split(".").slice(0, 2).join(".");
  const known = kubernetesVersions(profile);
  return [
    ...unless(
      known.includes(minor),
      "kubernetesVersion",
      version,
      `of a minor version that all charts support: ${list(known)}`,
    ),
    ...unless(
      minor === version || profile.exactKubernetes,
      "kubernetesVersion",
      version,
      "a minor version such as 1.35: the cloud applies patches",
    ),
  ];
};

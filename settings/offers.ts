/** What this release can build, and what DigitalOcean offers: said before anything is created. */
import { validateSystem } from "../systems/validate";
import { list } from "../text/words";
import { problem, type Check } from "./problem";
import { CLOUDS } from "./schema";
import {
  databaseSize,
  dropletSize,
  fits,
  LEAST_BROKER,
  LEAST_NODE,
  LEAST_WITH_STANDBY,
} from "./sizes";

export const cloud: Check = ({ cloud: chosen }, system) => {
  const at = chosen ?? system.home.cloud;
  return (CLOUDS as readonly string[]).includes(at)
    ? []
    : [problem("cloud", at, `${list(CLOUDS)}, the only cloud that this release can build on`)];
};

/** What a system needs that no component builds yet. */
export const buildable: Check = (_, system) => {
  const needed = [
    ...system.eventBuses.map(({ name, runs }) => ({ name, runs, can: "managed" })),
    ...system.caches.map(({ name, runs }) => ({ name, runs, can: "managed" })),
    ...system.databases.map(({ name, runs }) => ({ name, runs, can: "external" })),
    ...system.appliances.map(({ name, engine }) => ({ name, runs: engine, can: "" })),
  ];
  return needed
    .filter(({ runs, can }) => runs !== can)
    .map(({ name, runs, can }) => {
      const instead = can === "" ? "which is not built yet" : `and only "${can}" is built yet`;
      return problem(
        "system",
        system.id,
        `one that can be built: its ${name} is "${runs}", ${instead}`,
      );
    });
};

/** A system that contradicts itself would be built as it stands, and fail later. */
export const consistent: Check = (_, system) =>
  validateSystem(system).map(({ message }) =>
    problem("system", system.id, `one without contradictions (${message.replace(/\.$/, "")})`),
  );

const NODE = "a droplet size of at least 2 processors and 4 GB, such as s-4vcpu-8gb";

export const sizes: Check = (values, system) => {
  const { systemNodeSize, nodeSize, redisSize, kafkaSize, environment } = values;
  const standby =
    environment !== "staging" && system.caches.some(({ topology }) => topology !== "single");
  const cache = standby ? LEAST_WITH_STANDBY : { processors: 1, gib: 1 };
  const least = standby
    ? "db-s-1vcpu-2gb or larger, the least with a standby"
    : "db-s-1vcpu-1gb or larger";
  const broker = "db-s-2vcpu-2gb or larger, the least for a broker";
  return [
    ...(fits(dropletSize(systemNodeSize), LEAST_NODE)
      ? []
      : [problem("systemNodeSize", systemNodeSize, NODE)]),
    ...(fits(dropletSize(nodeSize), LEAST_NODE) ? [] : [problem("nodeSize", nodeSize, NODE)]),
    ...(fits(databaseSize(kafkaSize), LEAST_BROKER)
      ? []
      : [problem("kafkaSize", kafkaSize, broker)]),
    ...(fits(databaseSize(redisSize), cache) ? [] : [problem("redisSize", redisSize, least)]),
  ];
};

/** The newest version whose creation DigitalOcean has ended (its API specification, June 2025). */
const RETIRED = { major: 3, minor: 8 };

export const kafkaVersion: Check = ({ kafkaVersion: version }, system) => {
  if (!system.eventBuses.some(({ runs }) => runs === "managed")) return [];
  const offered = "one that is on offer (doctl databases options versions --engine kafka)";
  if (version === undefined) return [problem("kafkaVersion", version, offered)];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const retired = major < RETIRED.major || (major === RETIRED.major && minor <= RETIRED.minor);
  return retired
    ? [problem("kafkaVersion", version, `newer than 3.8, which is retired, and ${offered}`)]
    : [];
};

/** What of a runbook a stack must keep, and what its cloud can run: said before anything is created. */
import { validateSystem } from "../systems/validate";
import { list } from "../lib/words";
import { OFFERS } from "./clouds";
import { DATA_KINDS, type DataKind } from "./clouds/offer";
import { problem, type Check } from "./problem";
import { VARIANTS } from "./schema";
import type { System } from "../systems/model";

/** A system that contradicts itself would be built as it stands, and fail later. */
export const consistent: Check = (_, system) =>
  validateSystem(system).map(({ message }) =>
    problem("system", system.id, `one without contradictions (${message.replace(/\.$/, "")})`),
  );

const elements = (system: System, kind: DataKind) =>
  ({ postgres: system.databases, redis: system.caches, kafka: system.eventBuses })[kind];

/**
 * A managed service is the cloud's own: where it has none, somebody else must run it. In a cluster
 * Redis is one pod, and nothing takes over while that pod is away.
 */
export const variants: Check = ({ cloud: given, environment }, system) => {
  const cloud = OFFERS[given ?? system.home.cloud];
  return DATA_KINDS.flatMap((kind) =>
    elements(system, kind).flatMap((element) => {
      const standby =
        "topology" in element && element.topology !== "single" && environment !== "staging";
      const can = VARIANTS.filter(
        (variant) =>
          variant === "external" ||
          (variant === "managed" ? cloud.managed.includes(kind) : !standby),
      );
      const why =
        element.runs === "managed"
          ? `${cloud.title} runs no ${kind} itself`
          : `Redis in the cluster is a single pod, and ${system.title} asks for a standby ` +
            `(unless its topology in systems/${system.id} is "single")`;
      return can.includes(element.runs)
        ? []
        : [problem(kind, element.runs, `${list(can)} for ${element.name}: ${why}`)];
    }),
  );
};

/** A cloud's own Postgres reaches back only so far, whatever the runbook asks for. */
export const recovery: Check = ({ cloud, pointInTimeRecovery: given, environment }, system) => {
  const { managed, recoveryDays, title } = OFFERS[cloud ?? system.home.cloud];
  return system.databases.flatMap(({ runs, pointInTimeRecovery, name }) => {
    const runbook = environment === "staging" ? 0 : (pointInTimeRecovery?.seconds ?? 0) / 86_400;
    const days = given ?? runbook;
    if (runs !== "managed" || !managed.includes("postgres") || days <= recoveryDays) return [];
    return runbook <= recoveryDays
      ? [
          problem(
            "pointInTimeRecovery",
            given,
            `at most ${recoveryDays}, the days that ${title} keeps for its own Postgres`,
          ),
        ]
      : [
          problem(
            "postgres",
            "managed",
            `"operator" or "external" for ${name}: ${title} restores its own to ${recoveryDays} days at most, and ${days} are asked for`,
          ),
        ];
  });
};

/** Network policies must name the ports, so the brokers are configuration and not a secret. */
export const brokers: Check = ({ kafkaBrokers }, system) =>
  kafkaBrokers.length === 0 && system.eventBuses.some(({ runs }) => runs === "external")
    ? [problem("kafkaBrokers", undefined, "a list of HOST:PORT, where somebody else runs Kafka")]
    : [];

/** An alert that is to be mailed needs somebody who sends it. */
export const mail: Check = ({ mail: given }, system) =>
  given === undefined && system.incidents.channels.some(({ kind }) => kind === "email")
    ? [
        problem(
          "mail",
          undefined,
          "a map with `smarthost`, `from` and `username`: the runbook alerts by e-mail",
        ),
      ]
    : [];

/** A replica needs a primary, only a recovery environment follows one, and only here can it. */
export const follows: Check = ({ replicaOf, environment, cloud: given }, system) => {
  if (replicaOf === undefined) return [];
  const cloud = given ?? system.home.cloud;
  const followers = system.databases.filter(({ runs }) => runs !== "external");
  return [
    ...(environment === "dr"
      ? []
      : [
          problem(
            "replicaOf",
            replicaOf,
            'not set, or environment "dr": a replica takes no writes',
          ),
        ]),
    ...(cloud === "aws" && followers.length > 0
      ? []
      : [
          problem(
            "replicaOf",
            replicaOf,
            "not set, except for a managed or an operator's Postgres on Amazon: elsewhere the recovery region restores a dump",
          ),
        ]),
  ];
};

export const replicas: Check = ({ postgresReplicas: given, environment }, system) =>
  system.databases.flatMap(({ readReplicas = 0, clause }) =>
    given === undefined || environment === "staging" || given >= readReplicas
      ? []
      : [
          problem(
            "postgresReplicas",
            given,
            `at least ${readReplicas}, the runbook's number (${clause.heading})`,
          ),
        ],
  );

export const retention: Check = ({ pointInTimeRecovery: given, environment }, system) =>
  system.databases.flatMap(({ pointInTimeRecovery: least, clause }) => {
    const days = (least?.seconds ?? 0) / 86_400;
    return given === undefined || environment === "staging" || given >= days
      ? []
      : [
          problem(
            "pointInTimeRecovery",
            given,
            `at least ${days}, the days that the runbook asks for (${clause.heading})`,
          ),
        ];
  });

/** Rules on backups and objectives of recovery. */
import { isCron } from "../../lib/cron";
import type { Backup, RecoveryObjective, System } from "../model";
import { durationText } from "../units";
import { serviceNames, storeNames } from "./names";
import { oneOf, quoted, report, type Report, type Rule } from "./problem";

const backupKnown: Rule = {
  id: "backup-known",
  check(system) {
    const known = [...storeNames(system), "configuration"];
    return system.backups
      .filter((backup) => !known.includes(backup.of))
      .map((backup) =>
        report(
          `backups[${backup.name}].of`,
          `What backup "${backup.name}" covers`,
          quoted(backup.of),
          oneOf(known),
          "correct the name or declare the store",
        ),
      );
  },
};

const recoveryKnown: Rule = {
  id: "recovery-known",
  check(system) {
    const known = [
      ...serviceNames(system),
      ...storeNames(system),
      ...["configuration", "namespace", "system"],
    ];
    return system.recovery
      .filter((objective) => !known.includes(objective.of))
      .map((objective) =>
        report(
          "recovery",
          "The subject of a recovery objective",
          quoted(objective.of),
          oneOf(known),
          "correct the name or declare it",
        ),
      );
  },
};

/** The stores that hold the data of an objective's element: itself, or a service's databases. */
function stored(system: System, { of }: RecoveryObjective): readonly string[] {
  const service = system.services.find(({ name }) => name === of);
  if (service === undefined) return [of];
  return system.databases.map(({ name }) => name).filter((name) => service.uses.includes(name));
}

function missedBy(
  backups: readonly Backup[],
  objective: RecoveryObjective,
  name: string,
): Report[] {
  const { rpo, of } = objective;
  if (rpo === undefined) return [];
  const [closest] = backups
    .filter((backup) => backup.of === name)
    .sort((left, right) => left.every.seconds - right.every.seconds);
  if (closest !== undefined && closest.every.seconds <= rpo.seconds) return [];
  return [
    report(
      `recovery[${of}].rpo`,
      `The recovery point of "${of}"`,
      durationText(rpo),
      closest === undefined
        ? `kept by a backup of "${name}", but there is none`
        : `kept by a backup of "${name}", whose closest is "${closest.name}" every ${durationText(closest.every)}`,
      `add one at least every ${durationText(rpo)}, such as an archive of the write-ahead log`,
    ),
  ];
}

const rpoMet: Rule = {
  id: "rpo-met",
  check: (system) =>
    system.recovery.flatMap((objective) =>
      stored(system, objective).flatMap((name) => missedBy(system.backups, objective, name)),
    ),
};

const retentionLonger: Rule = {
  id: "retention-longer-than-interval",
  check: ({ backups }) =>
    backups
      .filter((backup) => backup.retention.seconds < backup.every.seconds)
      .map((backup) =>
        report(
          `backups[${backup.name}].retention`,
          `The retention of backup "${backup.name}"`,
          durationText(backup.retention),
          `at least its interval of ${durationText(backup.every)}, or there are times without a backup`,
          "keep it longer or take it more often",
        ),
      ),
};

const cronFormed: Rule = {
  id: "cron-formed",
  check: ({ backups }) =>
    backups
      .filter(({ schedule }) => schedule !== undefined && !isCron(schedule))
      .map(({ name, schedule }) =>
        report(
          `backups[${name}].schedule`,
          `The schedule of backup "${name}"`,
          quoted(schedule ?? ""),
          'a schedule of a CronJob, as in "0 2 * * *"',
          "correct the expression",
        ),
      ),
};

const backupAge: Rule = {
  id: "backup-age",
  check: ({ alerts, backups }) =>
    alerts.flatMap(({ name, severity, condition }) => {
      if (condition.kind !== "backupAge") return [];
      const covering = backups.filter(
        ({ of, schedule }) => of === condition.of && schedule !== undefined,
      );
      const path = `alerts[${name}/${severity}].condition`;
      if (covering.length === 0)
        return [
          report(
            `${path}.of`,
            `The store whose backup alert "${name}" watches`,
            quoted(condition.of),
            "covered by a backup with a schedule",
            "give one of its backups a schedule or remove the alert",
          ),
        ];
      return covering
        .filter((backup) => condition.above.seconds <= backup.every.seconds)
        .map((backup) =>
          report(
            `${path}.above`,
            `The age above which alert "${name}" fires`,
            durationText(condition.above),
            `longer than the ${durationText(backup.every)} between two runs of "${backup.name}"`,
            "allow the interval and the time of a run",
          ),
        );
    }),
};

const destinationKnown: Rule = {
  id: "destination-known",
  check({ backups, buckets = [], home }) {
    const known = [
      ...buckets.map(({ name }) => name),
      ...(home.recoveryRegion === undefined ? [] : ["recoveryRegion"]),
    ];
    return backups
      .flatMap(({ name, destination, copied }) => [
        ...(destination === undefined ? [] : [{ name, where: destination }]),
        ...(copied === true ? [{ name, where: "recoveryRegion" }] : []),
      ])
      .filter(({ where }) => !known.includes(where))
      .map(({ name, where }) =>
        report(
          `backups[${name}].destination`,
          `The destination of backup "${name}"`,
          quoted(where),
          oneOf(known),
          "declare the bucket or the recovery region",
        ),
      );
  },
};

const failoverServed: Rule = {
  id: "failover-served",
  check({ failover, edge, home }) {
    if (failover === undefined) return [];
    const hosts = edge.hosts.map(({ host }) => host);
    return [
      ...[failover.host, failover.recoveryHost, failover.primaryHost]
        .filter((host) => !hosts.includes(host))
        .map((host) =>
          report(
            "failover",
            "A host of the failover",
            quoted(host),
            oneOf(hosts),
            "add the host to the edge",
          ),
        ),
      ...(home.recoveryRegion === undefined
        ? [
            report(
              "home.recoveryRegion",
              "The recovery region",
              "absent",
              "set if there is a failover",
              "name the region or remove the failover",
            ),
          ]
        : []),
    ];
  },
};

const failoverChecked: Rule = {
  id: "failover-checked",
  check({ failover, edge }) {
    return edge.hosts
      .filter(({ host, environment }) => host === failover?.primaryHost && environment !== "prod")
      .map(({ host }) =>
        report(
          "failover.primaryHost",
          "The host that the health check of the failover asks",
          quoted(host),
          'one of environment "prod" only',
          "the check would follow a host that moves to the other region",
        ),
      );
  },
};

export const RECOVERY_RULES: readonly Rule[] = [
  backupKnown,
  recoveryKnown,
  rpoMet,
  retentionLonger,
  cronFormed,
  backupAge,
  destinationKnown,
  failoverServed,
  failoverChecked,
];

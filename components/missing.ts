import type { Service, System } from "../systems/model";

/**
 * What a system asks for and no component builds yet, in words: said at every preview, so that
 * nobody finds out at three in the morning. Empty is the aim. Pure.
 */
export function missing(system: System): readonly string[] {
  const { edge, observability, failover, access = [] } = system;
  return [
    ...system.services.flatMap(ofService),
    ...(edge.authentication === undefined ? [] : ["authentication at the edge"]),
    ...edge.hosts
      .filter(({ preview }) => preview === true)
      .map(({ host }) => `the host ${host} of the version that waits`),
    ...(edge.tools ?? []).map(({ tool, host }) => `${tool} at ${host}`),
    ...(observability.logs === "none" ? [] : [`logs in ${observability.logs}`]),
    ...(observability.traces === "jaeger" ? ["traces in jaeger (they are in tempo)"] : []),
    ...(failover === undefined
      ? []
      : [`the records that lead from ${failover.host} to ${failover.recoveryHost}`]),
    ...(access.length === 0 ? [] : [`the roles ${access.map(({ name }) => name).join(", ")}`]),
    ...backupsNobodyMakes(system),
  ];
}

/** Of the configuration, and copies of an event bus in another region. */
const backupsNobodyMakes = ({ backups, eventBuses }: System): readonly string[] =>
  backups
    .filter(
      ({ of, method }) =>
        method === "manifests" ||
        (method === "replication" && eventBuses.some(({ name }) => name === of)),
    )
    .map(({ name, of, method }) => `the backup ${name} (${method} of ${of})`);

const ofService = ({ name, rollout, migration, scaling, environment }: Service): string[] => [
  ...(rollout.kind === "blueGreen" ? [`the blue-green rollout of ${name} (it is rolling)`] : []),
  ...(migration === undefined ? [] : [`the migration before ${name}`]),
  ...(scaling.vertical === undefined ? [] : [`vertical scaling of ${name}`]),
  ...new Set(
    environment.flatMap(({ from }) =>
      from.kind === "setting" && from.configMap !== undefined
        ? [`the ConfigMap ${from.configMap} of ${name} (its values are the pod's own)`]
        : [],
    ),
  ),
];

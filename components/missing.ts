import { unmeasuredPanels } from "./observability/dashboards";
import type { Resources, Service, System } from "../systems/model";

/**
 * What a system asks for and no component implements yet. Every preview prints it, so that it does
 * not come as a surprise in an incident. The list should be empty. Pure.
 */
export function missing(system: System): readonly string[] {
  const { edge, observability, failover, access = [] } = system;
  return [
    ...system.services.flatMap(ofService),
    ...system.databases.flatMap(({ name, resources }) => larger(name, resources)),
    ...(edge.authentication === undefined ? [] : ["authentication at the edge"]),
    ...edge.hosts
      .filter(({ preview }) => preview === true)
      .map(({ host }) => `the host ${host} of the standby version`),
    ...(edge.tools ?? []).map(({ tool, host }) => `${tool} at ${host}`),
    ...(observability.logs === "none" ? [] : [`log storage in ${observability.logs}`]),
    ...(observability.traces === "jaeger" ? ["Jaeger (traces go to Tempo)"] : []),
    ...(failover === undefined
      ? []
      : [`DNS failover from ${failover.host} to ${failover.recoveryHost}`]),
    ...(access.length === 0
      ? []
      : [`the access roles ${access.map(({ name }) => name).join(", ")}`]),
    ...backupsNobodyMakes(system),
    ...unmeasuredPanels(system).map((panel) => `${panel} (brokers elsewhere export nothing to it)`),
  ];
}

/** Backups of the configuration, and copies of an event bus in another region. */
const backupsNobodyMakes = ({ backups, eventBuses }: System): readonly string[] =>
  backups
    .filter(
      ({ of, method }) =>
        method === "manifests" ||
        (method === "replication" && eventBuses.some(({ name }) => name === of)),
    )
    .map(({ name, of, method }) => `the backup ${name} (${method} of ${of})`);

/** The larger size that the runbook allows under load, for which there is no key. */
const larger = (name: string, resources: Resources | undefined): readonly string[] =>
  resources?.stepUp === undefined ? [] : [`switching ${name} to its larger size`];

const ofService = (service: Service): readonly string[] => {
  const { name, rollout, migration, scaling, resources } = service;
  return [
    ...(rollout.kind === "blueGreen"
      ? [`the blue-green rollout of ${name} (it uses a rolling update)`]
      : []),
    ...(migration === undefined ? [] : [`the migration before ${name}`]),
    ...(scaling.vertical === undefined ? [] : [`vertical scaling of ${name}`]),
    ...larger(name, resources),
    ...ofSettings(service),
  ];
};

/** Variables that the runbook changes in operation, and the ConfigMap that holds them there. */
function ofSettings({ name, environment }: Service): readonly string[] {
  const settings = environment.flatMap(({ name: variable, from }) =>
    from.kind === "setting" ? [{ variable, configMap: from.configMap }] : [],
  );
  const maps = new Set(settings.flatMap(({ configMap }) => configMap ?? []));
  return [
    ...(settings.length === 0
      ? []
      : [
          `configuration for ${settings.map(({ variable }) => variable).join(", ")} of ${name} (fixed to the runbook's values)`,
        ]),
    ...[...maps].map(
      (map) => `the ConfigMap ${map} of ${name} (its values are set in the pod itself)`,
    ),
  ];
}

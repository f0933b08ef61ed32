/** Which services have a Dapr sidecar and what it connects to, according to the system. Pure. */
import type { Cache, EventBus, Service, System } from "../../systems/model";

/** Services with a sidecar. */
export const daprServices = (system: System): readonly DaprService[] =>
  system.services.filter((service): service is DaprService => service.dapr !== undefined);

export type DaprService = Service & { readonly dapr: NonNullable<Service["dapr"]> };

/** App ids of the named services. */
export const appIds = (system: System, names: readonly string[]): readonly string[] =>
  daprServices(system)
    .filter((service) => names.includes(service.name))
    .map((service) => service.dapr.appId);

/** Event buses that the sidecars use. */
export const daprBuses = ({ eventBuses }: System): readonly EventBus[] =>
  eventBuses.filter(({ through }) => through === "dapr");

/** Caches that hold Dapr state; a plain cache is only used by the services themselves. */
export const stateStores = ({ caches }: System): readonly Cache[] =>
  caches.filter(({ use }) => use.includes("state"));

/** App ids that store state. */
export const storeScopes = (system: System, { throughDapr }: Cache): readonly string[] =>
  appIds(
    system,
    daprServices(system)
      .map(({ name }) => name)
      .filter((name) => throughDapr?.includes(name) ?? true),
  );

/** Whether a service's sidecar connects to any data service. */
export function connectsThroughDapr(service: Service, system: System): boolean {
  const appId = service.dapr?.appId;
  return (
    appId !== undefined &&
    [
      ...daprBuses(system).flatMap((bus) => busScopes(system, bus)),
      ...stateStores(system).flatMap((cache) => storeScopes(system, cache)),
    ].includes(appId)
  );
}

/** App ids that publish to or consume from a bus: only they load the component. */
export function busScopes(system: System, bus: EventBus): readonly string[] {
  const names = bus.topics.flatMap((topic) => [
    ...topic.publishers,
    ...topic.consumers.map(({ service }) => service),
  ]);
  return appIds(system, [...new Set(names)]);
}

/**
 * The consumer group that a bus' component must name: the one of its topics, if that is not the app id, which
 * Dapr uses by itself. The validation `dapr-consumer-group` allows no other case.
 */
export function namedGroup(system: System, { topics }: EventBus): string | undefined {
  const consumers = topics.flatMap((topic) => topic.consumers);
  return consumers.find(({ service, group }) => !appIds(system, [service]).includes(group))?.group;
}

/** The name of the Configuration that a service's pods use. */
export const configurationName = (service: { readonly name: string }): string =>
  `${service.name}-dapr`;

/** Who has a sidecar of Dapr, and what it connects to, as the system says. Pure. */
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

/** Event buses that are reached through the sidecars. */
export const daprBuses = ({ eventBuses }: System): readonly EventBus[] =>
  eventBuses.filter(({ through }) => through === "dapr");

/** Caches that keep state for the sidecars; a mere cache is the services' own affair. */
export const stateStores = ({ caches }: System): readonly Cache[] =>
  caches.filter(({ use }) => use.includes("state"));

/** App ids that keep state in a store. */
export const storeScopes = (system: System, { throughDapr }: Cache): readonly string[] =>
  appIds(
    system,
    daprServices(system)
      .map(({ name }) => name)
      .filter((name) => throughDapr?.includes(name) ?? true),
  );

/** Whether a service's sidecar connects to a data service of the cloud at all. */
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

/** App ids that publish to or consume from a bus: nobody else loads the component at all. */
export function busScopes(system: System, bus: EventBus): readonly string[] {
  const names = bus.topics.flatMap((topic) => [
    ...topic.publishers,
    ...topic.consumers.map(({ service }) => service),
  ]);
  return appIds(system, [...new Set(names)]);
}

/** The name of the Configuration that a service's pods refer to. */
export const configurationName = (service: { readonly name: string }): string =>
  `${service.name}-dapr`;

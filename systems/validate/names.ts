/** The names that a system declares, and every reference to them. */
import type { System } from "../model";

export const serviceNames = (system: System): readonly string[] =>
  system.services.map((service) => service.name);

/** Everything that a service can use and a backup can cover. */
export const storeNames = (system: System): readonly string[] => [
  ...system.databases.map((database) => database.name),
  ...system.caches.map((cache) => cache.name),
  ...system.eventBuses.map((bus) => bus.name),
  ...system.appliances.map((appliance) => appliance.name),
  ...(system.buckets ?? []).map((bucket) => bucket.name),
];

export const topics = (system: System) =>
  system.eventBuses.flatMap((bus) => bus.topics.map((topic) => ({ bus, topic })));

/** A reference to something declared elsewhere. */
export interface Reference {
  readonly path: string;
  /** A description of the reference: the start of a sentence. */
  readonly element: string;
  readonly name: string;
}

function serviceReferencesOfServices(system: System): readonly Reference[] {
  return system.services.flatMap((service) => {
    const at = `services[${service.name}]`;
    const of = `service "${service.name}"`;
    return [
      ...service.calls.map((name) => ({
        path: `${at}.calls`,
        element: `The service that ${of} calls`,
        name,
      })),
      ...(service.dapr?.invokedBy ?? []).map((name) => ({
        path: `${at}.dapr.invokedBy`,
        element: `The service that may invoke ${of}`,
        name,
      })),
      ...service.environment.flatMap((variable) =>
        variable.from.kind === "service"
          ? [
              {
                path: `${at}.environment[${variable.name}]`,
                element: `The service behind variable "${variable.name}" of ${of}`,
                name: variable.from.service,
              },
            ]
          : [],
      ),
    ];
  });
}

function serviceReferencesOfData(system: System): readonly Reference[] {
  return [
    ...topics(system).flatMap(({ topic }) => [
      ...topic.publishers.map((name) => ({
        path: `topics[${topic.name}].publishers`,
        element: `The publisher of topic "${topic.name}"`,
        name,
      })),
      ...topic.consumers.map(({ service: name }) => ({
        path: `topics[${topic.name}].consumers`,
        element: `The consumer of topic "${topic.name}"`,
        name,
      })),
    ]),
    ...system.caches.flatMap((cache) =>
      (cache.throughDapr ?? []).map((name) => ({
        path: `caches[${cache.name}].throughDapr`,
        element: `The service that reaches cache "${cache.name}"`,
        name,
      })),
    ),
  ];
}

function serviceReferencesOfOperations(system: System): readonly Reference[] {
  return [
    ...system.slos.flatMap((slo) =>
      slo.services.map((name) => ({
        path: `slos[${slo.name}].services`,
        element: `The service of objective "${slo.name}"`,
        name,
      })),
    ),
    ...system.alerts.flatMap((alert) =>
      alert.service === undefined
        ? []
        : [
            {
              path: `alerts[${alert.name}/${alert.severity}].service`,
              element: `The service of alert "${alert.name}"`,
              name: alert.service,
            },
          ],
    ),
    ...system.edge.hosts.flatMap((host) =>
      host.routes.map((route) => ({
        path: `edge.hosts[${host.host}].routes[${route.path}]`,
        element: `The service behind ${host.host}${route.path}`,
        name: route.service,
      })),
    ),
    ...system.validations.flatMap((validation) =>
      validation.requests.map((request) => ({
        path: `validations[${validation.name}].requests`,
        element: `The service that validation "${validation.name}" asks`,
        name: request.service,
      })),
    ),
  ];
}

/** All references to the system's services. */
export const serviceReferences = (system: System): readonly Reference[] => [
  ...serviceReferencesOfServices(system),
  ...serviceReferencesOfData(system),
  ...serviceReferencesOfOperations(system),
];

/** All references to a secret's key; `name` is `<secret>/<key>`. */
export function secretReferences(system: System): readonly Reference[] {
  return [
    ...system.services.flatMap((service) =>
      service.environment.flatMap((variable) =>
        variable.from.kind === "secret"
          ? [
              {
                path: `services[${service.name}].environment[${variable.name}]`,
                element: `The secret key of variable "${variable.name}" of service "${service.name}"`,
                name: `${variable.from.secret}/${variable.from.key}`,
              },
            ]
          : [],
      ),
    ),
    ...system.databases.map((database) => ({
      path: `databases[${database.name}].url`,
      element: `The secret key of the URL of database "${database.name}"`,
      name: `${database.url.secret}/${database.url.key}`,
    })),
    ...system.appliances.flatMap((appliance) =>
      appliance.apiKey === undefined
        ? []
        : [
            {
              path: `appliances[${appliance.name}].apiKey`,
              element: `The secret key of appliance "${appliance.name}"`,
              name: `${appliance.apiKey.secret}/${appliance.apiKey.key}`,
            },
          ],
    ),
  ];
}

export const secretKeys = (system: System): readonly string[] =>
  system.secrets.flatMap((secret) => secret.keys.map(({ key }) => `${secret.name}/${key}`));

/** Rules: every referenced name exists, and is unique. */
import type { System } from "../model";
import {
  secretKeys,
  secretReferences,
  serviceNames,
  serviceReferences,
  storeNames,
  topics,
  type Reference,
} from "./names";
import { oneOf, quoted, repeated, report, type Report, type Rule } from "./problem";

const unknown = (
  references: readonly Reference[],
  known: readonly string[],
  next: string,
): readonly Report[] =>
  references
    .filter(({ name }) => !known.includes(name))
    .map(({ path, element, name }) => report(path, element, quoted(name), oneOf(known), next));

const serviceKnown: Rule = {
  id: "service-known",
  check: (system) =>
    unknown(
      serviceReferences(system),
      serviceNames(system),
      "correct the name or describe the service",
    ),
};

const storeKnown: Rule = {
  id: "store-known",
  check: (system) =>
    unknown(
      [
        ...system.services.flatMap((service) =>
          service.uses.map((name) => ({
            path: `services[${service.name}].uses`,
            element: `The store that service "${service.name}" uses`,
            name,
          })),
        ),
        ...system.secrets.flatMap((secret) =>
          secret.keys.flatMap(({ key, source }) =>
            source.kind === "derived"
              ? [
                  {
                    path: `secrets[${secret.name}].keys[${key}].source`,
                    element: `The store that key "${key}" of secret "${secret.name}" comes from`,
                    name: source.from,
                  },
                ]
              : [],
          ),
        ),
      ],
      storeNames(system),
      "correct the name or declare the store",
    ),
};

const secretDeclared: Rule = {
  id: "secret-declared",
  check: (system) =>
    unknown(
      secretReferences(system),
      secretKeys(system),
      "correct the key or declare it in the secret",
    ),
};

const secretUsed: Rule = {
  id: "secret-used",
  check(system) {
    const used = new Set(secretReferences(system).map(({ name }) => name));
    return system.secrets.flatMap((secret) =>
      secret.keys
        .filter(({ key }) => !used.has(`${secret.name}/${key}`))
        .map(({ key }) =>
          report(
            `secrets[${secret.name}].keys[${key}]`,
            `The key "${key}" of secret "${secret.name}"`,
            "unused",
            "read by a variable, a database or an appliance",
            "give it to the service that needs it or remove it",
          ),
        ),
    );
  },
};

const topicKnown: Rule = {
  id: "topic-known",
  check: (system) =>
    unknown(
      system.validations.flatMap((validation) =>
        (validation.events ?? []).map((name) => ({
          path: `validations[${validation.name}].events`,
          element: `The topic that validation "${validation.name}" tries`,
          name,
        })),
      ),
      topics(system).map(({ topic }) => topic.name),
      "correct the name or declare the topic",
    ),
};

/** Elements whose names must be unique: kind, path, and names. */
function namings(
  system: System,
): readonly [among: string, path: string, names: readonly string[]][] {
  return [
    ["services", "services", serviceNames(system)],
    ["workloads", "services.workload", system.services.map((service) => service.workload)],
    [
      "Dapr app ids",
      "services.dapr.appId",
      system.services.flatMap((service) => (service.dapr ? [service.dapr.appId] : [])),
    ],
    ["stores", "stores", storeNames(system)],
    ["topics", "topics", topics(system).map(({ topic }) => topic.name)],
    ["secret keys", "secrets", secretKeys(system)],
    ["secrets", "secrets", system.secrets.map((secret) => secret.name)],
    ["objectives", "slos", system.slos.map((slo) => slo.name)],
    [
      "alerts of one severity",
      "alerts",
      system.alerts.map((alert) => `${alert.name}/${alert.severity}`),
    ],
    ["dashboard uids", "dashboards", system.dashboards.map((dashboard) => dashboard.uid)],
    ["backups", "backups", system.backups.map((backup) => backup.name)],
    ["recovery objectives", "recovery", system.recovery.map((objective) => objective.of)],
    ["incident levels", "incidents.levels", system.incidents.levels.map((level) => level.level)],
    ["validations", "validations", system.validations.map((validation) => validation.name)],
    ["findings", "findings", system.findings.map((finding) => finding.id)],
    ["node pools", "cluster.pools", system.cluster.pools.map((pool) => pool.name)],
    [
      "hosts of one environment",
      "edge.hosts",
      system.edge.hosts.map((host) => `${host.host}/${host.environment ?? "every environment"}`),
    ],
    ...system.services.map((service): [string, string, readonly string[]] => [
      `the variables of service "${service.name}"`,
      `services[${service.name}].environment`,
      service.environment.map((variable) => variable.name),
    ]),
  ];
}

const unique: Rule = {
  id: "unique",
  check: (system) =>
    namings(system).flatMap(([what, path, names]) =>
      repeated(names).map((name) =>
        report(
          path,
          `The name "${name}" among ${what}`,
          "declared twice",
          "unique",
          "rename or remove one",
        ),
      ),
    ),
};

export const REFERENCE_RULES: readonly Rule[] = [
  serviceKnown,
  storeKnown,
  secretDeclared,
  secretUsed,
  topicKnown,
  unique,
];

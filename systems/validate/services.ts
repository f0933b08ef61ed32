/** Rules for services: ports, ranges, resources, rollout. */
import type { Resources, Service, System } from "../model";
import { quantity } from "../units";
import { oneOf, quoted, report, type Report, type Rule } from "./problem";

/** The sidecar's HTTP, gRPC, internal gRPC and metrics ports share the pod's network. */
const DAPR_PORTS = [3500, 50001, 50002, 9090];

const perService =
  (check: (service: Service, at: string, system: System) => readonly Report[]) =>
  (system: System): readonly Report[] =>
    system.services.flatMap((service) => check(service, `services[${service.name}]`, system));

const portValid: Rule = {
  id: "port-valid",
  check: perService((service, at) =>
    [...new Set([service.port, service.health.port])]
      .filter((port) => port !== undefined)
      .filter((port) => !Number.isInteger(port) || port < 1024 || port > 65535)
      .map((port) =>
        report(
          `${at}.port`,
          `A port of service "${service.name}"`,
          String(port),
          "a whole number from 1024 to 65535, since pods run without root",
          "choose another port",
        ),
      ),
  ),
};

const portClash: Rule = {
  id: "port-clash",
  check: perService((service, at) =>
    service.dapr !== undefined && service.port !== undefined && DAPR_PORTS.includes(service.port)
      ? [
          report(
            `${at}.port`,
            `The port of service "${service.name}"`,
            String(service.port),
            `none of ${DAPR_PORTS.join(", ")}, which Dapr's sidecar listens on in the same pod`,
            "choose another port",
          ),
        ]
      : [],
  ),
};

const healthPort: Rule = {
  id: "health-port",
  check: perService((service, at) =>
    service.port !== undefined && service.health.port !== service.port
      ? [
          report(
            `${at}.health.port`,
            `The health port of service "${service.name}"`,
            String(service.health.port),
            `${service.port}, the only port it serves`,
            "probe the port that the service listens on",
          ),
        ]
      : [],
  ),
};

const whole = (range: { min: number; max: number }, least: number): boolean =>
  Number.isInteger(range.min) &&
  Number.isInteger(range.max) &&
  range.min >= least &&
  range.min <= range.max;

const rangeOrdered: Rule = {
  id: "range-ordered",
  check: (system) => [
    ...perService(({ name, scaling: { replicas } }, at) =>
      whole(replicas, 1)
        ? []
        : [
            report(
              `${at}.scaling.replicas`,
              `The range of service "${name}"`,
              `${replicas.min} to ${replicas.max}`,
              "whole numbers from 1, the smaller first",
              "correct the range",
            ),
          ],
    )(system),
    ...system.cluster.pools
      .filter((pool) => !whole(pool.nodes, 0) || pool.nodes.max === 0)
      .map(({ name, nodes }) =>
        report(
          `cluster.pools[${name}].nodes`,
          `The range of node pool "${name}"`,
          `${nodes.min} to ${nodes.max}`,
          "whole numbers, the smaller first and the larger above 0",
          "correct the range",
        ),
      ),
  ],
};

/** Everything with requests and limits. */
const sized = (
  system: System,
): readonly [string, string, Pick<Resources, "requests" | "limits">][] => [
  ...system.services.flatMap(
    (service): [string, string, Pick<Resources, "requests" | "limits">][] => [
      [`services[${service.name}].resources`, `service "${service.name}"`, service.resources],
      ...(service.resources.stepUp === undefined
        ? []
        : [
            [
              `services[${service.name}].resources.stepUp`,
              `the larger size of service "${service.name}"`,
              service.resources.stepUp,
            ] satisfies [string, string, unknown],
          ]),
      ...(service.sidecars ?? []).map((sidecar): [string, string, Resources] => [
        `services[${service.name}].sidecars[${sidecar.name}].resources`,
        `sidecar "${sidecar.name}"`,
        sidecar.resources,
      ]),
    ],
  ),
  ...system.databases.flatMap((database): [string, string, Resources][] =>
    database.resources === undefined
      ? []
      : [
          [
            `databases[${database.name}].resources`,
            `database "${database.name}"`,
            database.resources,
          ],
        ],
  ),
];

const requestsWithinLimits: Rule = {
  id: "requests-within-limits",
  check: (system) =>
    sized(system).flatMap(([path, element, { requests, limits }]) => {
      const next = "lower the request or raise the limit";
      const problems: Report[] = [];
      if (requests.memory.bytes > limits.memory.bytes)
        problems.push(
          report(
            `${path}.requests.memory`,
            `The memory request of ${element}`,
            quantity(requests.memory),
            `at most its limit of ${quantity(limits.memory)}`,
            next,
          ),
        );
      if (limits.cpu !== undefined && requests.cpu.millicores > limits.cpu.millicores)
        problems.push(
          report(
            `${path}.requests.cpu`,
            `The processor request of ${element}`,
            quantity(requests.cpu),
            `at most its limit of ${quantity(limits.cpu)}`,
            next,
          ),
        );
      return problems;
    }),
};

const blueGreen: Rule = {
  id: "blue-green",
  check: perService(({ name, rollout }, at) => {
    if (rollout.kind !== "blueGreen") return [];
    const { watch, deployments } = rollout;
    const element = `of service "${name}"`;
    return [
      ...(watch.seconds > 0
        ? []
        : [
            report(
              `${at}.rollout.watch`,
              `The watch after a switch ${element}`,
              `${watch.seconds} seconds`,
              "longer than 0 seconds",
              "set how long the old version stays for a rollback",
            ),
          ]),
      ...(deployments !== undefined && deployments.blue === deployments.green
        ? [
            report(
              `${at}.rollout.deployments`,
              `The green Deployment ${element}`,
              quoted(deployments.green),
              "different from blue's",
              "give the two versions different names",
            ),
          ]
        : []),
    ];
  }),
};

const previewSwitched: Rule = {
  id: "preview-switched",
  check: (system) =>
    system.edge.hosts
      .filter((host) => host.preview === true)
      .flatMap((host) => {
        const switched = system.services
          .filter(({ rollout }) => rollout.kind === "blueGreen" && rollout.by === "selector")
          .map(({ name }) => name);
        return host.routes
          .filter((route) => !switched.includes(route.service))
          .map((route) =>
            report(
              `edge.hosts[${host.host}].routes[${route.path}]`,
              `The service behind the preview ${host.host}${route.path}`,
              quoted(route.service),
              `one that is switched by its selector, ${oneOf(switched)}`,
              "preview another service or change its rollout",
            ),
          );
      }),
};

const autoscalers: Rule = {
  id: "autoscalers-apart",
  check: perService(({ name, scaling }, at) =>
    scaling.vertical !== undefined && scaling.triggers.some(({ kind }) => kind === scaling.vertical)
      ? [
          report(
            `${at}.scaling.vertical`,
            `What the vertical autoscaler of service "${name}" changes`,
            quoted(scaling.vertical),
            "a different metric from the horizontal autoscaler's",
            "remove the trigger or keep the size fixed",
          ),
        ]
      : [],
  ),
};

const migrationDatabase: Rule = {
  id: "migration-database",
  check: perService((service, at, { databases }) =>
    service.migration !== undefined && !databases.some(({ name }) => service.uses.includes(name))
      ? [
          report(
            `${at}.migration`,
            `The migration of service "${service.name}"`,
            "without a database",
            `on a database that the service uses, ${oneOf(databases.map(({ name }) => name))}`,
            "add the database to uses or remove the migration",
          ),
        ]
      : [],
  ),
};

export const SERVICE_RULES: readonly Rule[] = [
  portValid,
  portClash,
  healthPort,
  rangeOrdered,
  requestsWithinLimits,
  blueGreen,
  previewSwitched,
  autoscalers,
  migrationDatabase,
];

/** Conditions of databases and event buses: each by whoever runs it in this environment. */
import type { System } from "../../systems/model";
import { EXPORTED } from "../kit/conventions";
import { exceptWithoutKubernetes } from "./platform-conditions";
import { numbered, selector } from "./promql";
import type { RuleTarget } from "./rule";

const orNone = (expr: string): string => `(${expr} or on () vector(0))`;

/** CloudNativePG exports other names than the exporter beside a database that runs elsewhere. */
function byRunner({ databases }: System, operated: string, elsewhere: string): string {
  const runners = new Set(databases.map(({ runs }) => runs === "operator"));
  return [
    ...(runners.has(true) ? [operated] : []),
    ...(runners.has(false) ? [elsewhere] : []),
  ].join("\nor\n");
}

/** Of the most that the server takes, by instance. */
export function connections(system: System, above: number, namespace: string): string {
  const share = (by: string, used: string, most: string): string =>
    `sum by (${by}) (${used})\n/\nmax by (${by}) (${most})\n> ${String(above)}`;
  return byRunner(
    system,
    share(
      "pod",
      `${EXPORTED.operatedConnections}${selector({ namespace })}`,
      `${EXPORTED.operatedSetting}${selector({ namespace, name: "max_connections" })}`,
    ),
    share(
      "instance",
      `${EXPORTED.databaseConnections}${selector({ namespace })}`,
      `${EXPORTED.databaseMaxConnections}${selector({ namespace })}`,
    ),
  );
}

/** Sessions that wait for another's lock. */
export function lockWait(system: System, above: number, namespace: string): string {
  const sessions = selector({ namespace, wait_event_type: "Lock" });
  return byRunner(
    system,
    `sum(${EXPORTED.operatedWaiting}${selector({ namespace })}) > ${String(above)}`,
    `sum(${EXPORTED.databaseActivity}${sessions}) > ${String(above)}`,
  );
}

export function notReady(
  system: System,
  of: "kafka" | "database",
  target: Pick<RuleTarget, "namespace" | "follows">,
): string {
  return of === "database" ? databaseNotReady(system, target) : kafkaNotReady(system, target);
}

/**
 * In the cluster: no instance is the primary. A cluster that follows another has none, so there it is that no
 * instance answers. Elsewhere: the exporter cannot connect; if it is gone itself, `MetricsMissing` says so.
 */
function databaseNotReady(
  system: System,
  { namespace, follows = false }: Pick<RuleTarget, "namespace" | "follows">,
): string {
  const operated = system.databases
    .filter(({ runs }) => runs === "operator")
    .map(({ name }) => {
      const instances = selector({ namespace, pod: numbered(name) });
      const primaries = follows
        ? `max(${EXPORTED.databaseUp}${instances})`
        : `count(${EXPORTED.databaseInRecovery}${instances} == 0)`;
      return `${orNone(primaries)} < 1`;
    });
  const reached = `${EXPORTED.databaseReached}${selector({ namespace })}`;
  return byRunner(system, operated.join("\nor\n"), `max by (instance) (${reached}) < 1`);
}

/**
 * In the cluster: the Kafka resource is not Ready. Elsewhere: fewer brokers answer than a topic needs in sync to
 * take an event. The exporter does not start while none answers, so no data counts as none.
 */
function kafkaNotReady(
  { eventBuses }: System,
  { namespace }: Pick<RuleTarget, "namespace">,
): string {
  const scope = { namespace };
  if (eventBuses.some(({ runs }) => runs === "operator")) {
    const ready = `${EXPORTED.kafkaResource}${selector({ ...scope, ready: "True" })}`;
    return `absent(${ready})\n${exceptWithoutKubernetes(namespace)}`;
  }
  const needed = Math.max(
    ...eventBuses.flatMap(({ topics }) => topics.map(({ minInSync }) => minInSync)),
  );
  return `${orNone(`min(${EXPORTED.brokers}${selector(scope)})`)} < ${String(needed)}`;
}

/** docs/application-contract.md: what an application's image must do, from the same data as its rules. */
import { applicationMetrics, eventPath } from "../systems/metrics";
import type { Probe, Service, System } from "../systems/model";
import { noticed, timingOf } from "../systems/timing";

const INTRODUCTION = `# What an application's image must do

Written by \`npm run -s docs\` from the files in \`systems/\`: what a deployment, its alerts and its objectives expect of
the images that they run.

## Every image

- It runs as user and group 65532, without any capability, and its root file system is read-only. It may write to
  \`/tmp\` and to the folders in the tables below; they are empty at every start.
- It listens on the ports in the tables, all above 1024, on every address of its pod.
- The health path answers with a status below 400 while the service can work. The tables say in seconds how soon after its
  start (Start), how fast (Ready), and when a container that does not is out of service at the latest (Out of service). One
  whose answers take even longer (Alive) is restarted (Restart). The same path serves the startup, readiness and liveness
  probes, so it must not fail because another service does.
- When its pod is to stop, it serves on until no load balancer sends it requests (Serves on). Then it gets SIGTERM, takes
  no new connections and finishes what it has begun, until it is killed (After SIGTERM).
- The metrics path answers in Prometheus' text format, within 10 seconds. Requests to the health and metrics paths are
  not counted: they would make a service that fails look healthy. A service without such a path declares
  \`metrics: "none"\`; its requests are then measured at the gateway, if the gateway routes to it.
- An event is answered with a status below 300 once it is handled. Dapr delivers it again after any other answer, except
  for 404, which drops it.

The Job of a runbook's validation, which runs after every deployment, requests the health path and the metrics path of the
services that the runbook names, and fails the \`up\` with the address that does not answer. Check the metrics' names by
hand:

\`\`\`sh
kubectl -n NAMESPACE port-forward deploy/WORKLOAD 8000:PORT
curl -s localhost:8000/metrics | grep '^# TYPE'
\`\`\`
`;

export const contractPage = (systems: readonly System[]): string =>
  [INTRODUCTION, ...systems.map(section)].join("\n");

const section = (system: System): string => `## ${system.title}

${table(
  ["Service", "Health", "Metrics", "Events, by POST", "Writable"],
  system.services.map((service) => [
    `\`${service.name}\``,
    address(service.health),
    service.metrics === "none" ? "none" : address(service.metrics),
    code(eventsOf(system, service)),
    code(service.writable ?? []),
  ]),
)}
Its times in seconds:

${table(
  ["Service", "Start", "Ready", "Out of service", "Alive", "Restart", "Serves on", "After SIGTERM"],
  system.services.map((service) => timesOf(service, system)),
)}
Its metrics:

${table(
  ["Metric", "Type", "What it counts", "Labels"],
  applicationMetrics(system).map(({ name, kind, purpose, labels = "" }) => [
    `\`${name}\``,
    kind,
    purpose,
    labels.replaceAll("|", "\\|"),
  ]),
)}`;

/** What the probes and the end of a container allow. */
function timesOf(service: Service, system: System): readonly string[] {
  const { probes, termination } = timingOf(service, system);
  const { startup, readiness, liveness } = probes;
  const { drain, grace } = termination;
  const times = [
    startup.every.seconds * startup.failures,
    readiness.timeout.seconds,
    noticed(readiness),
    liveness.timeout.seconds,
    noticed(liveness),
    drain.seconds,
    grace.seconds - drain.seconds,
  ];
  return [`\`${service.name}\``, ...times.map(String)];
}

const address = ({ port, path }: Probe): string => `\`:${String(port)}${path}\``;

const code = (texts: readonly string[]): string =>
  texts.length === 0 ? "none" : texts.map((text) => `\`${text}\``).join(", ");

/** Through its sidecar; a service that consumes by its own client has no such path. */
const eventsOf = ({ eventBuses }: System, { name }: Service): readonly string[] =>
  eventBuses
    .filter(({ through }) => through === "dapr")
    .flatMap(({ topics }) => topics)
    .filter(({ consumers }) => consumers.some(({ service }) => service === name))
    .map((topic) => eventPath(topic.name));

/** With columns as wide as Prettier makes them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("");
}

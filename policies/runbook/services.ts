/** The runbook's services: Deployments, probes, resources and Dapr. */
import type { Resources, Service } from "../../systems/model";
import { quantity } from "../../systems/units";
import { podOf } from "../kubernetes/objects";
import type { Policy, StackResource } from "../policy";
import { ONLY_IN_PRODUCTION, finding, nameOf } from "../policy";
import { expectThat, type Check } from "../expect";
import type { Value } from "../values";
import { amountOf } from "../kubernetes/quantities";
import { common, compare, demandedBy, running, type Compared, type Running } from "./system";
import { areOpen } from "./unknowns";

const SERVICE = "kubernetes:core:Service";
const DEPLOYMENT = "kubernetes:apps:Deployment";
const NAME = ["metadata", "name"] as const;

function deployed(compared: Compared): void {
  const { system, stack, context } = compared;
  const found = running(compared);
  for (const service of system.services) {
    const own = found.filter((one) => one.service === service);
    // An unknown name may be the missing one.
    if (own.length === 0 && !areOpen(stack.of(DEPLOYMENT), [NAME], context)) {
      context.report(
        `The service "${service.name}" has no Deployment "${service.workload}"; ${demandedBy(system, service)}.`,
      );
    }
    for (const one of own) evaluatePod(one, compared);
  }
  evaluateAddresses(compared, found);
}

function evaluatePod({ service, resource }: Running, { context }: Compared): void {
  const pod = podOf(resource);
  if (context.noteUnknown(pod.spec, resource.urn)) return;
  const check: Check = { resource, context };
  for (const [key, text] of Object.entries(service.labels)) {
    const value = pod.metadata.get("labels", key);
    expectThat(
      check,
      value,
      (it) => it.string === text,
      `the runbook selects pods by ${key}=${text}`,
    );
  }
  const containers = pod.spec.get("containers");
  if (context.noteUnknown(containers, resource.urn) || containerOf(service, resource) !== undefined)
    return;
  if (containers.list().some((one) => context.noteUnknown(one.get("name"), resource.urn))) return;
  const expected = `the runbook's commands name the container "${service.container}"`;
  context.report(finding(resource, containers.get(0, "name"), expected), resource.urn);
}

/** The service's main container, without sidecars. */
function containerOf(service: Service, resource: StackResource): Value | undefined {
  const containers = podOf(resource).spec.get("containers").list();
  return containers.find((one) => one.get("name").string === service.container);
}

/** A service needs a Service with its name and port; a worker has none. */
function evaluateAddresses({ system, stack, context }: Compared, found: readonly Running[]): void {
  const written = new Map(
    stack.of(SERVICE).map((one) => [one.props.get("metadata", "name").string ?? "", one] as const),
  );
  for (const service of system.services) {
    if (service.port === undefined || !found.some((one) => one.service === service)) continue;
    const resource = written.get(service.workload);
    if (resource === undefined) {
      if (areOpen(stack.of(SERVICE), [NAME], context)) continue;
      context.report(
        `The service "${service.name}" has no Service "${service.workload}" with port ${service.port}; ${demandedBy(system, service)}.`,
      );
      continue;
    }
    const ports = resource.props.get("spec", "ports");
    const right = (it: Value): boolean =>
      it
        .list()
        .some((port) => port.get("port").isUnknown || port.get("port").number === service.port);
    expectThat({ resource, context }, ports, right, `the runbook uses port ${service.port}`);
  }
}

/** Calls `ask` with each service's main container, if visible. */
function eachContainer(
  compared: Compared,
  run: (service: Service, container: Value, check: Check) => void,
): void {
  const { context } = compared;
  for (const { service, resource } of running(compared)) {
    const containers = podOf(resource).spec.get("containers");
    if (context.noteUnknown(containers, resource.urn)) continue;
    const container = containerOf(service, resource);
    const part = `container "${service.container}"`;
    if (container !== undefined) run(service, container, { resource, context, part });
  }
}

function probes(compared: Compared): void {
  eachContainer(compared, (service, container, check) => {
    const { path, port } = service.health;
    for (const name of ["readinessProbe", "livenessProbe"]) {
      const request = container.get(name, "httpGet");
      const expected = `the runbook checks ${service.name} on port ${port}, ${path}`;
      if (request.isMissing) {
        expectThat(check, request, () => false, expected);
        continue;
      }
      expectThat(check, request.get("path"), ({ string }) => string === path, expected);
      expectThat(check, request.get("port"), (it) => portOf(it, container) === port, expected);
    }
  });
}

/** A port by number, or by its name in the container. */
function portOf(value: Value, container: Value): number | undefined {
  if (value.string === undefined) return value.number;
  const named = container
    .get("ports")
    .list()
    .find((port) => port.get("name").string === value.string);
  return named?.get("containerPort").number;
}

function sizes(compared: Compared): void {
  eachContainer(compared, (service, container, check) => {
    for (const [part, name, expected] of amounts(service.resources)) {
      const value = container.get("resources", part, name);
      const least = amountOf(expected) ?? 0;
      expectThat(
        check,
        value,
        (it) => (amountOf(it.string ?? it.number) ?? 0) >= least,
        `the runbook requires ${expected} or more for ${service.name}`,
      );
    }
  });
}

function amounts({ requests, limits }: Resources): readonly (readonly [string, string, string])[] {
  return [
    ["requests", "cpu", quantity(requests.cpu)],
    ["requests", "memory", quantity(requests.memory)],
    ...(limits.cpu === undefined ? [] : [["limits", "cpu", quantity(limits.cpu)] as const]),
    ["limits", "memory", quantity(limits.memory)],
  ];
}

function dapr(compared: Compared): void {
  const { context } = compared;
  for (const { service, resource } of running(compared)) {
    if (service.dapr === undefined) continue;
    const annotations = podOf(resource).metadata.get("annotations");
    if (context.noteUnknown(annotations, resource.urn)) continue;
    const expected: readonly (readonly [string, string])[] = [
      ["dapr.io/enabled", "true"],
      ["dapr.io/app-id", service.dapr.appId],
      ...(service.port === undefined ? [] : [["dapr.io/app-port", String(service.port)] as const]),
    ];
    for (const [key, text] of expected) {
      const sentence = `the runbook sets ${key} to ${JSON.stringify(text)} for ${nameOf(resource)}`;
      expectThat({ resource, context }, annotations.get(key), (it) => it.string === text, sentence);
    }
  }
}

export const services: readonly Policy[] = [
  {
    ...common,
    name: "runbook-services",
    title: "The runbook's services are deployed",
    clause: { reference: "PO-01; ALL-04" },
    severity: "high",
    prevents: "During an incident, a runbook command names something that does not exist.",
    description:
      "Every service in the runbook has a Deployment, a container, pod labels and a Service with the names and the port that the runbook's commands use.",
    remediation:
      "Use workload, container, labels and port from the service's file in systems/; change them there when the runbook changes.",
    check: compare(deployed),
  },
  {
    ...common,
    name: "runbook-probes",
    title: "Probes use the runbook's health paths",
    clause: {
      reference: "PO-01; ALL-04",
      url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
    },
    severity: "medium",
    prevents:
      "A pod gets traffic, or is restarted, based on something other than what the runbook checks.",
    description:
      "Readiness and liveness probes of every service request the runbook's health path on its port.",
    remediation:
      "Set httpGet.path and httpGet.port of readinessProbe and livenessProbe to the service's health in systems/.",
    check: compare(probes),
  },
  {
    ...common,
    name: "runbook-resources",
    title: "Container resources match the runbook",
    clause: { reference: "PO-01; ALL-04" },
    severity: "medium",
    prevents: "A service is slower, or is killed sooner, than the numbers in the runbook assume.",
    description:
      "In production, the requests and limits of every service's container are at least the runbook's.",
    remediation:
      "Set resources.requests and resources.limits of the container from the service's resources in systems/.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(sizes),
  },
  {
    ...common,
    name: "runbook-dapr",
    title: "Dapr settings match the runbook",
    clause: {
      reference: "PO-01; ALL-04",
      url: "https://docs.dapr.io/reference/arguments-annotations-overview/",
    },
    severity: "high",
    prevents: "A service starts without its sidecar, or under an ID that nobody may call.",
    description:
      "Every service that uses Dapr in the runbook has its sidecar, with the runbook's app ID and port.",
    remediation:
      "Annotate the pod template with dapr.io/enabled, dapr.io/app-id and dapr.io/app-port from the service's dapr and port in systems/.",
    check: compare(dapr),
  },
];

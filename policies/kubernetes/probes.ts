/** Liveness, readiness and startup probes. */
import { each, expectThat, knowsAllOf, type Check } from "../expect";
import { noteOpen, servingPodsIn } from "./declared";
import { SERVING_KINDS, containersOf, namespaceOf, podIsVisible, podOf } from "./objects";
import { WEIGHED } from "../in-manifests";
import type { CheckContext, Policy, ResourceCheck, Stack } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Value } from "../values";

const DOCS = "https://kubernetes.io/docs/concepts/workloads/pods/probes/";
const PROBES = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

/**
 * Only long-running containers, which includes sidecars: init containers that restart for ever. Other init
 * containers and Jobs end instead of failing probes.
 */
function eachServing(run: (check: Check, container: Value) => void): ResourceCheck {
  return each(SERVING_KINDS, ({ resource, context }) => {
    const pod = podOf(resource);
    if (!podIsVisible(pod, context)) return;
    for (const { kind, title, value } of containersOf(pod, ["initContainers", "containers"])) {
      const restarts = value.get("restartPolicy");
      const isServing =
        kind === "containers" || (!context.noteUnknown(restarts) && restarts.string === "Always");
      if (!value.isUnknown && isServing) run({ resource, context, part: title }, value);
    }
  });
}

/** Whether another container of the pod has probes, so that one without ports is a helper. */
function helps({ resource, part }: Check): boolean {
  return containersOf(podOf(resource), ["containers"]).some(
    ({ title, value }) =>
      title !== part &&
      ["readinessProbe", "livenessProbe"].some((probe) => value.get(probe).isKnown),
  );
}

function probed(check: Check, container: Value): void {
  const ports = container.get("ports");
  // A worker takes its work from a queue: it gets no traffic that a readiness probe could stop.
  const serves = !check.context.noteUnknown(ports) && ports.list().length > 0;
  if (!serves && helps(check)) return;
  const expected = "add a probe with httpGet, tcpSocket, grpc or exec";
  const names = [
    ...(serves ? ["readinessProbe"] : []),
    "livenessProbe",
    ...(check.context.setting("startup", false) ? ["startupProbe"] : []),
  ];
  for (const name of names) {
    expectThat(check, container.get(name), ({ isKnown }) => isKnown, expected);
  }
}

/** Pods behind a Service whose containers declare no ports: container-probes takes those for workers. */
function readyForTraffic(stack: Stack, context: CheckContext): void {
  const pods = servingPodsIn(stack);
  const said = new Set<string>();
  for (const service of stack.of("kubernetes:core:Service")) {
    const selector = service.props.get("spec", "selector");
    if (context.noteUnknown(selector, service.urn)) continue;
    const { selected, open } = pods.selectByLabels(service, namespaceOf(service), selector);
    const hidden = open.map((pod) => [pod, podOf(pod).metadata.get("labels")] as const);
    if (hidden.length > 0) noteOpen(context, [service, selector], ...hidden);
    for (const holder of selected) {
      const containers = podOf(holder).spec.get("containers");
      const fields = containers
        .listOrUnknown()
        .flatMap((one) => [one, one.get("ports"), one.get("readinessProbe")]);
      if (fields.some((value) => context.noteUnknown(value, holder.urn))) continue;
      const isOther = (one: Value): boolean =>
        one.get("readinessProbe").isKnown || one.get("ports").list().length > 0;
      if (said.has(holder.urn) || containers.list().some(isOther)) continue;
      said.add(holder.urn);
      const first = containers.get(0).get("readinessProbe");
      const expected = `${nameOf(service)} sends it requests as soon as it starts: add a probe of what answers them`;
      context.report(finding(holder, first, expected), holder.urn);
    }
  }
}

const HANDLERS = ["httpGet", "tcpSocket", "grpc", "exec"] as const;

/** What a probe checks, as text; undefined while part of it is unknown. */
export function question(probe: Value): string | undefined {
  const handlers = HANDLERS.map((handler) => probe.get(handler));
  const isKnown = handlers.every((handler) => handler.unknowns().length === 0);
  return isKnown ? handlers.map(textOf).join() : undefined;
}

/** The value as text, independent of key order. */
function textOf(value: Value): string {
  const entries = [...value.entries()].sort(([one], [other]) => (one < other ? -1 : 1));
  const inner = [...value.list().map((item) => ["", item] as const), ...entries];
  if (inner.length === 0) return JSON.stringify(value.scalar ?? null);
  return `{${inner.map(([key, item]) => `${key}:${textOf(item)}`).join()}}`;
}

/** Seconds for which a probe may fail before it takes effect; undefined while unknown. */
export function patience(probe: Value): number | undefined {
  const period = probe.get("periodSeconds");
  const failures = probe.get("failureThreshold");
  if (period.isUnknown || failures.isUnknown) return undefined;
  return (period.number ?? 10) * (failures.number ?? 3);
}

function distinct(check: Check, container: Value): void {
  const [readiness, liveness] = [container.get("readinessProbe"), container.get("livenessProbe")];
  if (!readiness.isKnown || !liveness.isKnown) return;
  const [asksReady, asksAlive] = [question(readiness), question(liveness)];
  const [ready, alive] = [patience(readiness), patience(liveness)];
  knowsAllOf(check, readiness, liveness);
  if (asksReady === undefined || asksAlive === undefined || asksReady !== asksAlive) return;
  if (ready === undefined || alive === undefined || alive > ready) return;
  const { resource, context, part } = check;
  const expected = `it checks the same as ${readiness.path} and fails after ${alive} s, which must be later than the ${ready} s of the readiness probe: raise failureThreshold or periodSeconds, or check something else`;
  context.report(finding(resource, liveness, expected, part));
}

function portDeclared(check: Check, container: Value): void {
  const ports = container.get("ports");
  for (const name of PROBES) {
    for (const handler of ["httpGet", "tcpSocket", "grpc"]) {
      const port = container.get(name, handler, "port");
      if (port.isMissing || check.context.noteUnknown(port)) continue;
      const declared = ports
        .list()
        .map((it) => it.get(port.string === undefined ? "containerPort" : "name"));
      const open = [ports, ...ports.list(), ...declared].find(({ isUnknown }) => isUnknown);
      const isDeclared = declared.some(
        (it) => (it.string ?? it.number) === (port.string ?? port.number),
      );
      // The ports list is informational; without one, numbers cannot be checked.
      if (isDeclared || (ports.isMissing && port.number !== undefined)) continue;
      if (open !== undefined && check.context.noteUnknown(open)) continue;
      const expected = `it must be one of the container's ports: add it to ${ports.path}`;
      check.context.report(finding(check.resource, port, expected, check.part));
    }
  }
}

const common = { themes: ["availability"], enforcement: STRICT_IN_PRODUCTION } as const;

export const probes: readonly Policy[] = [
  {
    ...common,
    name: "container-probes",
    title: "Containers have probes",
    clause: { reference: "PO-01; ALL-04; CKV_K8S_8; CKV_K8S_9", url: DOCS },
    severity: "medium",
    prevents: "Traffic reaches a pod that cannot answer, and a hung process is never restarted.",
    description:
      "Long-running containers have a liveness probe, and a readiness probe if they declare ports; a container without ports next to one with probes needs none. Init containers that restart always run as long.",
    remediation:
      "Add livenessProbe to the containers of the Deployment, StatefulSet or DaemonSet, and readinessProbe to those with ports.",
    inManifests: WEIGHED,
    configuration: {
      properties: {
        startup: {
          type: "boolean",
          default: false,
          description: "Whether containers need a startup probe too",
        },
      },
    },
    check: eachServing(probed),
  },
  {
    ...common,
    name: "pod-readiness",
    title: "Pods behind a Service have a readiness probe",
    clause: {
      reference: "PO-01; ALL-04; kube-score pod-probes",
      url: `${DOCS}#readiness-probe`,
    },
    severity: "medium",
    prevents: "Requests reach a pod that cannot answer yet.",
    description:
      "A pod that a Service selects, and whose containers declare no ports, has a readiness probe; container-probes asks for those of containers with ports.",
    remediation:
      "Add readinessProbe to the container that answers the Service's requests, and declare its port.",
    inManifests: WEIGHED,
    check: { kind: "stack", run: readyForTraffic },
  },
  {
    ...common,
    name: "container-probes-distinct",
    title: "Liveness probes fail later than readiness probes",
    clause: {
      reference: "PO-01; kube-score pod-probes-identical",
      url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
    },
    severity: "medium",
    prevents:
      "A replica that is merely slow under load is restarted, so the others get its load and fail too.",
    description:
      "A liveness probe that checks the same thing as the readiness probe fails later, so that a pod is first taken out of service and then restarted.",
    remediation:
      "Raise livenessProbe.failureThreshold or periodSeconds above the readinessProbe's, or have it check something that only a restart can fix.",
    inManifests: WEIGHED,
    check: eachServing(distinct),
  },
  {
    ...common,
    name: "container-probe-port",
    title: "Probes use a port of their container",
    clause: {
      reference: "PO-01; kube-linter liveness-port, readiness-port, startup-port",
      url: `${DOCS}#probe-check-methods`,
    },
    severity: "medium",
    prevents: "A probe uses a port that nothing listens on, so no pod ever becomes ready.",
    description:
      "A port name in a probe is declared by the same container, and so is a port number if the container declares ports.",
    remediation: "Use the port's name or number as declared in the container's ports.",
    check: eachServing(portDeclared),
  },
];

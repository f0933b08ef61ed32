/** Updates without downtime. */
import type { Check } from "../expect";
import { each, expectThat } from "../expect";
import { servingPodsIn } from "./declared";
import { SERVING_KINDS, containersOf, namespaceOf, podIsVisible, podOf } from "./objects";
import { WEIGHED } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, ANYWHERE, finding, nameOf } from "../policy";
import { patience } from "./probes";
import { selects, selectsByLabels } from "./selectors";
import type { Value } from "../values";
import { DEPLOYMENTS, scaledWorkloads, type ScaledWorkload } from "./workloads";

const API = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/";
const LIFECYCLE = "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/";
const SERVICE = "kubernetes:core:Service";

/** The Service in front of each workload's pods, by the workload's URN. */
function served(stack: Stack): ReadonlyMap<string, StackResource> {
  const pods = servingPodsIn(stack);
  const behind = new Map<string, StackResource>();
  for (const service of stack.of(SERVICE)) {
    const selector = service.props.get("spec", "selector");
    for (const { urn } of pods.selectByLabels(service, namespaceOf(service), selector).selected) {
      if (!behind.has(urn)) behind.set(urn, service);
    }
  }
  return behind;
}

/** Deployments with several replicas behind a Service, which must not have downtime. */
function unpausing(
  stack: Stack,
  context: CheckContext,
): readonly (ScaledWorkload & { readonly service: StackResource })[] {
  const behind = served(stack);
  return scaledWorkloads(stack).flatMap((workload) => {
    const { resource, least } = workload;
    const service = behind.get(resource.urn);
    if (service === undefined || !resource.type.endsWith(":Deployment")) return [];
    if (context.noteUnknown(least.value, resource.urn) || (least.count ?? 0) < 2) return [];
    return [{ ...workload, service }];
  });
}

/** A percentage of the replicas, rounded as the Deployment controller does. */
function pods(value: Value, replicas: number, round: (pods: number) => number): number | undefined {
  const percent = /^(\d+)%$/.exec(value.string ?? "")?.[1];
  return percent === undefined ? value.number : round((Number(percent) * replicas) / 100);
}

function rollsOver(stack: Stack, context: CheckContext): void {
  for (const { resource, service, least } of unpausing(stack, context)) {
    const strategy = resource.props.get("spec", "strategy");
    const type = strategy.get("type");
    const [down, up] = ["maxUnavailable", "maxSurge"].map((key) =>
      strategy.get("rollingUpdate", key),
    );
    if (down === undefined || up === undefined) continue;
    if ([type, down, up].map((value) => context.noteUnknown(value, resource.urn)).includes(true))
      continue;
    const replicas = least.count ?? 0;
    const reported = (value: Value, expected: string): void => {
      context.report(finding(resource, value, expected), resource.urn);
    };
    // The API server's default is RollingUpdate with 25% for both.
    if (type.string === "Recreate") {
      reported(type, `${nameOf(service)} has no pods during each update: use "RollingUpdate"`);
    } else if (down.isKnown && (pods(down, replicas, Math.floor) ?? replicas) >= replicas) {
      reported(down, `an update may stop all ${replicas} replicas at once: set it to 0`);
    } else if (isNone(down, replicas, Math.floor) && isNone(up, replicas, Math.ceil)) {
      reported(up, "with maxUnavailable 0 it must be 1 or more, or no update can start");
    }
  }
}

const isNone = (value: Value, replicas: number, round: (pods: number) => number): boolean =>
  value.isKnown && pods(value, replicas, round) === 0;

/** A hook that begins to wait at once; a later or conditional sleep may never come. */
const AT_ONCE = /^(?:(?:\S*\/)?(?:ba|da|a)?sh -c )?\s*(?:\S*\/)?sleep \d+\s*(?:$|;|&&)/;

const commandOf = (preStop: Value): string =>
  preStop
    .get("exec", "command")
    .list()
    .map(({ string }) => string ?? "")
    .join(" ");

/** The seconds that a preStop hook waits, if known. */
function wait(preStop: Value): number | undefined {
  const seconds = preStop.get("sleep", "seconds").number;
  if (seconds !== undefined) return seconds;
  const written = /(?:^|[\s;&/])sleep (\d+)\b/.exec(commandOf(preStop))?.[1];
  return written === undefined ? undefined : Number(written);
}

function grace(check: Check): void {
  const pod = podOf(check.resource);
  if (!podIsVisible(pod, check.context)) return;
  const own = pod.spec.get("terminationGracePeriodSeconds");
  if (check.context.noteUnknown(own)) return;
  // The API server's default.
  const seconds = own.number ?? 30;
  if (seconds <= 0) {
    check.context.report(
      finding(check.resource, own, "pods are killed without warning: set it to 30"),
    );
    return;
  }
  for (const { title, value } of containersOf(pod, ["containers", "initContainers"])) {
    const preStop = value.get("lifecycle", "preStop");
    if (
      check.context.noteUnknown(preStop) ||
      check.context.noteUnknown(preStop.get("sleep", "seconds"))
    )
      continue;
    const waits = wait(preStop);
    if (waits === undefined || waits < seconds) continue;
    const expected = `the preStop hook of ${title} uses ${waits} s of it: set it to more than that plus the time that the process needs to shut down`;
    // What is wrong with preStop.sleep, the API server says too (api-rules).
    const isCertain = waits > seconds && AT_ONCE.test(commandOf(preStop));
    check.context.report({ ...finding(check.resource, own, expected), isCertain });
  }
}

function drained(stack: Stack, context: CheckContext): void {
  for (const { resource, service } of unpausing(stack, context)) {
    const pod = podOf(resource);
    if (context.noteUnknown(pod.spec, resource.urn)) continue;
    for (const { title, value } of containersOf(pod, ["containers"])) {
      if (value.get("ports").isMissing) continue;
      const expected = `${nameOf(service)} still sends it requests for some seconds after it was told to stop: set { sleep: { seconds: 5 } }, or have the process keep serving`;
      const check = { resource, context, part: title };
      expectThat(check, value.get("lifecycle", "preStop"), ({ isKnown }) => isKnown, expected);
    }
  }
}

function patient(check: Check): void {
  const pod = podOf(check.resource);
  if (!podIsVisible(pod, check.context)) return;
  const deadline = check.resource.props.get("spec", "progressDeadlineSeconds");
  const ready = check.resource.props.get("spec", "minReadySeconds");
  if (check.context.noteUnknown(deadline) || check.context.noteUnknown(ready)) return;
  // The API server's defaults.
  const limit = deadline.number ?? 600;
  for (const { title, value } of containersOf(pod, ["containers"])) {
    const startup = value.get("startupProbe");
    const seconds = startup.isMissing ? 0 : patience(startup);
    if (seconds === undefined) {
      check.context.noteUnknown(startup.get("periodSeconds"));
      check.context.noteUnknown(startup.get("failureThreshold"));
    } else if (seconds + (ready.number ?? 0) >= limit) {
      const expected = `${title} may take ${seconds} s to start and is available ${ready.number ?? 0} s later: set it to more than ${seconds + (ready.number ?? 0)}`;
      check.context.report(finding(check.resource, deadline, expected));
    }
  }
}

/** The kinds whose selector the API server compares with the template. */
const SELECTING: readonly string[] = [
  ...SERVING_KINDS,
  "kubernetes:apps:ReplicaSet",
  "kubernetes:core:ReplicationController",
  "kubernetes:batch:Job",
];

/** Their selector is a map of labels, as that of a Service. */
const isPlain = (type: string): boolean =>
  type.endsWith(":ReplicationController") || type.endsWith(":DeploymentConfig");

/** The API server writes such a selector from the template, and that of most Jobs. */
function writesOwnSelector({ resource: { type, props } }: Check): boolean {
  if (isPlain(type)) return isNothing(props.get("spec", "selector"));
  return type.endsWith(":Job") && props.get("spec", "manualSelector").boolean !== true;
}

const isNothing = (value: Value): boolean =>
  value.isMissing || value.isEmptyList || (value.isMap && value.entries().length === 0);

function ownPods(check: Check): void {
  if (writesOwnSelector(check)) return;
  const selector = check.resource.props.get("spec", "selector");
  const labels = podOf(check.resource).metadata.get("labels");
  if (check.context.noteUnknown(labels)) return;
  const isRight = (value: Value): boolean => {
    if (isPlain(check.resource.type)) return selectsByLabels(value, labels) !== "no";
    const written = ["matchLabels", "matchExpressions"].map((key) => value.get(key));
    const isEmpty = written.every(isNothing);
    return !isEmpty && selects(value, labels) !== "no";
  };
  const expected = labels.isMissing
    ? `the pod template has no labels that it could select: set the same ones in ${labels.path}`
    : `it must select the template's own labels, ${labels.show()}`;
  expectThat(check, selector, isRight, expected);
}

const common = { themes: ["availability"], enforcement: STRICT_IN_PRODUCTION } as const;

export const rollout: readonly Policy[] = [
  {
    ...common,
    name: "deployment-rolling-update",
    title: "Rolling updates keep replicas running",
    clause: {
      reference: "PO-01; kube-score deployment-strategy; kube-linter no-rolling-update-strategy",
      url: `${API}#strategy`,
    },
    severity: "high",
    prevents: "Every update is an outage for as long as the new version takes to start.",
    description:
      "A Deployment with several replicas behind a Service uses RollingUpdate, which keeps some replicas running and can make progress.",
    remediation:
      "Set spec.strategy.type to RollingUpdate, with rollingUpdate.maxUnavailable 0 and maxSurge 1 or a percentage.",
    check: { kind: "stack", run: rollsOver },
  },
  {
    ...common,
    name: "workload-selector",
    title: "Workloads select their own pods",
    clause: {
      reference: "PO-01; kube-linter mismatching-selector",
      url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
    },
    severity: "high",
    prevents: "The API server rejects the workload in the middle of an update.",
    description: "A workload's selector matches the labels of its own pod template.",
    remediation:
      "Set the same labels in spec.selector.matchLabels and in spec.template.metadata.labels.",
    themes: ["availability", "api"],
    enforcement: ANYWHERE,
    check: each(SELECTING, ownPods),
  },
  {
    ...common,
    name: "pod-grace-period",
    title: "Pods have time to shut down",
    clause: { reference: "PO-01", url: `${LIFECYCLE}#pod-termination` },
    severity: "medium",
    prevents:
      "A process is killed in the middle of a request, because the preStop hook used up the grace period.",
    description:
      "A pod's grace period is not zero, and is longer than its preStop hooks, which count against it.",
    remediation:
      "Set terminationGracePeriodSeconds to the seconds of the preStop hook plus those that the process needs to shut down.",
    inManifests: { ...WEIGHED, except: "that a preStop hook waits longer than the grace period" },
    check: each(SERVING_KINDS, grace),
  },
  {
    ...common,
    name: "deployment-drains",
    title: "Deployments drain before they stop",
    clause: { reference: "PO-01", url: `${LIFECYCLE}#pod-termination` },
    severity: "low",
    prevents: "Each update fails some requests with a refused connection.",
    description:
      "Containers of a replicated Deployment behind a Service wait in a preStop hook until the Service has removed them from its endpoints.",
    remediation:
      "Set lifecycle.preStop.sleep.seconds in the container, and terminationGracePeriodSeconds to more than that; exempt a process that keeps serving after SIGTERM by itself.",
    enforcement: ADVICE,
    check: { kind: "stack", run: drained },
  },
  {
    ...common,
    name: "deployment-deadline",
    title: "Progress deadlines allow for slow starts",
    clause: { reference: "PO-01", url: `${API}#progress-deadline-seconds` },
    severity: "low",
    prevents: "An update is reported as failed while its containers are still allowed to start.",
    description:
      "A Deployment's progress deadline is longer than the time that its startup probes allow plus minReadySeconds.",
    remediation:
      "Raise spec.progressDeadlineSeconds, or lower the startupProbe's failureThreshold or periodSeconds.",
    inManifests: WEIGHED,
    check: each(DEPLOYMENTS, patient),
  },
];

/** Rules over the whole of a pod, and over where it may run. */
import type { Value } from "../../../values";
import type { Faults } from "../fault";
import * as form from "./forms";
import { quantities } from "./containers";
import { atLeast, between, fields, isSet, needs, needsSome, oneOf, unique } from "./kit";
import type { Rule, Rules } from "./kit";
import { keyFault, labels } from "./selectors";

const ALL = ["initContainers", "containers", "ephemeralContainers"] as const;

const containersOf = (pod: Value): readonly Value[] => ALL.flatMap((key) => pod.get(key).list());

function uniqueNames(pod: Value, faults: Faults): void {
  const seen = new Map<string, Value>();
  for (const container of containersOf(pod)) {
    const name = container.get("name");
    if (name.string === undefined || name.string === "") continue;
    const first = seen.get(name.string);
    if (first === undefined) seen.set(name.string, container);
    else faults.rule(name, `${first.path} has the same: it must be unique in the pod`);
  }
}

/** Every mount is of a volume of the pod. */
const mounts: Rule = (pod, faults, way) => {
  const volumes = pod.get("volumes");
  // A StatefulSet adds a volume for each of its claims.
  const claims = way.at(-3)?.value.get("volumeClaimTemplates");
  const names = [
    ...volumes.list().map((volume) => volume.get("name")),
    ...(claims?.list() ?? []).map((claim) => claim.get("metadata", "name")),
  ];
  if (volumes.isUnknown || claims?.isUnknown === true || names.some(({ isUnknown }) => isUnknown))
    return;
  const declared = new Set(names.map(({ string }) => string));
  for (const container of containersOf(pod)) {
    for (const mount of [
      ...container.get("volumeMounts").list(),
      ...container.get("volumeDevices").list(),
    ]) {
      const name = mount.get("name");
      if (name.string === undefined || name.string === "" || declared.has(name.string)) continue;
      faults.rule(name, declaredText([...declared]));
    }
  }
};

const declaredText = (names: readonly (string | undefined)[]): string =>
  names.length === 0
    ? "the pod has no such volume: declare it under volumes"
    : `the pod has no such volume, only ${names.map((name) => JSON.stringify(name ?? "")).join(", ")}`;

/** Two containers cannot have the same port of the node. */
function hostPorts(pod: Value, faults: Faults): void {
  const seen = new Map<string, Value>();
  for (const container of pod.get("containers").list()) {
    for (const port of container.get("ports").list()) {
      const its = port.get("hostPort");
      if (its.number === undefined || its.number === 0) continue;
      const id = [
        its.number,
        port.get("hostIP").string ?? "",
        port.get("protocol").string ?? "TCP",
      ].join(" ");
      const first = seen.get(id);
      if (first === undefined) seen.set(id, container);
      else if (first !== container) faults.rule(its, `${first.path} has the same port of the node`);
    }
  }
}

/** With the node's network the port in the container is the node's. */
function hostNetwork(pod: Value, faults: Faults): void {
  if (pod.get("hostNetwork").boolean !== true) return;
  for (const container of containersOf(pod)) {
    for (const port of container.get("ports").list()) {
      const [own, its] = [port.get("hostPort"), port.get("containerPort")];
      if (own.number === undefined || own.number === 0 || its.number === undefined) continue;
      if (own.number !== its.number) {
        faults.rule(
          own,
          `with hostNetwork it must be equal to containerPort, which is ${its.show()}`,
        );
      }
    }
  }
}

/** Init containers run to their end, so they have no probes; sidecars, which restart, do. */
function initContainers(pod: Value, faults: Faults): void {
  for (const container of pod.get("initContainers").list()) {
    const restart = container.get("restartPolicy");
    if (restart.isUnknown || restart.string === "Always") continue;
    for (const key of ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"]) {
      const value = container.get(key);
      if (value.isKnown) {
        faults.rule(value, "only an init container with restartPolicy Always has it: remove it");
      }
    }
  }
}

function hostNamespaces(pod: Value, faults: Faults): void {
  const shared = pod.get("shareProcessNamespace");
  if (pod.get("hostPID").boolean === true && shared.boolean === true) {
    faults.rule(shared, "hostPID and shareProcessNamespace exclude each other");
  }
}

/** The process file system without masks needs a user namespace. */
function unmasked(pod: Value, faults: Faults): void {
  const users = pod.get("hostUsers");
  if (users.isUnknown || users.boolean === false) return;
  for (const container of containersOf(pod)) {
    const mount = container.get("securityContext", "procMount");
    if (mount.string === "Unmasked") faults.rule(mount, "it needs hostUsers: false in the pod");
  }
}

/** Containers of Windows with the node's rights come alone, and on the node's network. */
function hostProcess(pod: Value, faults: Faults): void {
  const path = ["securityContext", "windowsOptions", "hostProcess"] as const;
  const flags = containersOf(pod).map((container) => container.get(...path));
  const ofPod = pod.get(...path);
  const isOn = flags.map((flag) => (flag.isMissing ? ofPod : flag).boolean === true);
  if (!isOn.includes(true) || pod.get("hostNetwork").isUnknown) return;
  if (pod.get("hostNetwork").boolean !== true) {
    faults.rule(pod.get("hostNetwork"), "hostProcess containers need hostNetwork: true");
  }
  const other = flags[isOn.indexOf(false)];
  if (other !== undefined) faults.rule(other, "either all containers are hostProcess, or none");
}

/** Only a running pod gets ephemeral containers. */
const noEphemeral: Rule = (value, faults) => {
  const list = value.get("spec", "ephemeralContainers");
  if (list.list().length > 0) {
    faults.rule(list, "they are added to a running pod, with `kubectl debug`: remove them");
  }
};

/** A pause before the end is shorter than the time that the pod has. */
function sleeps(pod: Value, faults: Faults): void {
  const grace = pod.get("terminationGracePeriodSeconds");
  if (grace.isUnknown) return;
  const most = grace.isMissing ? GRACE : (grace.number ?? Infinity);
  for (const container of containersOf(pod)) {
    for (const hook of ["preStop", "postStart"]) {
      const seconds = container.get("lifecycle", hook, "sleep", "seconds");
      if ((seconds.number ?? -1) >= 0 && (seconds.number ?? 0) > most) {
        faults.rule(
          seconds,
          `it must not be above terminationGracePeriodSeconds, which is ${String(most)}`,
        );
      }
    }
  }
}

/** Seconds; the default. */
const GRACE = 30;

function dns(pod: Value, faults: Faults): void {
  const servers = pod.get("dnsConfig", "nameservers");
  if (pod.get("dnsPolicy").string !== "None" || servers.isUnknown || pod.get("dnsConfig").isUnknown)
    return;
  if (servers.list().length === 0) {
    faults.add("field-required", servers, "the dnsPolicy None needs at least one");
  }
}

/** What the operator and the effect of a toleration ask of its other fields. */
const toleration: Rule = (value, faults) => {
  const [key, operator, its, effect, seconds] = [
    "key",
    "operator",
    "value",
    "effect",
    "tolerationSeconds",
  ].map((name) => value.get(name)) as [Value, Value, Value, Value, Value];
  if (!isSet(key) && !operator.isUnknown && operator.string !== "Exists") {
    faults.rule(operator, 'without a key it must be "Exists", which tolerates every taint');
  }
  if (operator.string === "Exists" && isSet(its) && its.isKnown) {
    faults.rule(its, "the operator Exists takes no value: remove it");
  }
  const noExecute = effect.isUnknown || effect.string === "NoExecute";
  if (seconds.isKnown && !noExecute) faults.rule(effect, 'tolerationSeconds needs "NoExecute"');
};

const affinityTerm: Rule = (value, faults) => {
  const key = value.get("topologyKey");
  if (key.isKnown && key.string !== "" && key.string !== undefined) {
    const wrong = keyFault(key.string);
    if (wrong !== undefined) faults.add("value-allowed", key, wrong);
  }
};

const spread: Rule = (value, faults) => {
  const [least, action] = [value.get("minDomains"), value.get("whenUnsatisfiable")];
  if (least.isKnown && action.string === "ScheduleAnyway") {
    faults.rule(least, 'only "DoNotSchedule" has minDomains: remove it');
  }
};

const overhead: Rule = (value, faults) => {
  quantities(value.get("overhead"), faults);
};

export const PODS: Rules = {
  "core.v1.Pod": [needs("spec"), noEphemeral],
  "core.v1.PodTemplateSpec": [needs("spec")],
  "core.v1.PodSpec": [
    needsSome("containers"),
    fields({
      activeDeadlineSeconds: between(1, 2 ** 31 - 1),
      nodeName: form.subdomain,
      serviceAccountName: form.subdomain,
      serviceAccount: form.subdomain,
      priorityClassName: form.subdomain,
      runtimeClassName: form.subdomain,
      schedulerName: form.labelKey,
      hostname: form.dnsLabel,
      subdomain: form.dnsLabel,
      "readinessGates[].conditionType": form.labelKey,
      "schedulingGates[].name": form.labelKey,
    }),
    labels("nodeSelector"),
    overhead,
    uniqueNames,
    mounts,
    hostPorts,
    hostNetwork,
    initContainers,
    hostNamespaces,
    unmasked,
    sleeps,
    hostProcess,
    dns,
    unique("volumes", ["name"]),
    unique("topologySpreadConstraints", ["topologyKey", "whenUnsatisfiable"]),
    unique("schedulingGates", ["name"]),
  ],
  "core.v1.PodOS": [fields({ name: oneOf("linux", "windows") })],
  "core.v1.PodDNSConfigOption": [needs("name")],
  "core.v1.PodDNSConfig": [
    fields({
      "nameservers[]": form.address,
      "options[].name": (value) => (value.string === "" ? "it is required" : undefined),
    }),
  ],
  "core.v1.HostAlias": [fields({ ip: form.address, "hostnames[]": form.subdomain })],
  "core.v1.Toleration": [
    fields({
      key: form.labelKey,
      value: form.labelValue,
      operator: oneOf("Exists", "Equal", "Lt", "Gt"),
    }),
    toleration,
  ],
  "core.v1.Taint": [fields({ key: form.labelKey, value: form.labelValue })],
  "core.v1.PodAffinityTerm": [affinityTerm],
  "core.v1.WeightedPodAffinityTerm": [fields({ weight: between(1, 100) })],
  "core.v1.PreferredSchedulingTerm": [fields({ weight: between(1, 100) })],
  "core.v1.TopologySpreadConstraint": [
    fields({ maxSkew: atLeast(1), minDomains: atLeast(1) }),
    spread,
  ],
};

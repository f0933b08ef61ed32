/** Containers: their environment, ports, probes, resources and security context. */
import type { Value } from "../../../values";
import type { Faults } from "../fault";
import * as form from "./forms";
import { keyFault } from "./selectors";
import {
  atLeast,
  atMostOne,
  between,
  exactlyOne,
  fields,
  isSet,
  needs,
  notEmpty,
  oneOf,
  text,
  unique,
} from "./kit";
import type { Rule, Rules } from "./kit";

const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc"];

/** Liveness and startup probes restart the container after one success. */
const oneSuccess: Rule = (value, faults) => {
  for (const probe of ["livenessProbe", "startupProbe"]) {
    const threshold = value.get(probe, "successThreshold");
    if (threshold.number !== undefined && ![0, 1].includes(threshold.number)) {
      faults.add("value-allowed", threshold, "it must be 1 for this probe");
    }
  }
  const grace = value.get("readinessProbe", "terminationGracePeriodSeconds");
  if (grace.isKnown) faults.rule(grace, "a readiness probe ends no container: remove it");
};

const isHugePages = (name: string): boolean => name.startsWith("hugepages-");

/** What a container may ask for: three standard resources, huge pages, and those with a domain. */
function resourceName(name: string): string | undefined {
  const wrong = keyFault(name);
  if (wrong !== undefined) return wrong;
  if (name.includes("/") || ["cpu", "memory", "ephemeral-storage"].includes(name)) return undefined;
  if (isHugePages(name)) return undefined;
  return "it must be cpu, memory, ephemeral-storage, hugepages-… or a name with a domain, such as example.com/gpu";
}

export function quantities(list: Value, faults: Faults, nameRule = resourceName): void {
  for (const [name, amount] of list.entries()) {
    const wrong = nameRule(name) ?? (amount.isKnown ? form.notNegative(amount) : undefined);
    if (wrong !== undefined) faults.add("value-allowed", amount, wrong);
    else if (name.includes("/")) whole(amount, faults);
  }
}

function whole(value: Value, faults: Faults): void {
  const count = form.amount(value);
  if (count !== undefined && !Number.isInteger(count)) {
    faults.add("value-allowed", value, "it must be a whole number");
  }
}

/** A request must fit into its limit; what cannot be overcommitted must be equal to it. */
const requestsWithinLimits: Rule = (value, faults) => {
  const [requests, limits] = [value.get("requests"), value.get("limits")];
  for (const [name, request] of requests.entries()) {
    const [asked, most] = [form.amount(request), form.amount(limits.get(name))];
    const isExtended = name.includes("/") || isHugePages(name);
    if (asked === undefined || limits.isUnknown || limits.get(name).isUnknown) continue;
    if (most !== undefined && isExtended && asked !== most) {
      faults.rule(request, `it must be equal to its limit, which is ${limits.get(name).show()}`);
    } else if (most !== undefined && asked > most) {
      faults.rule(request, `it must not be above its limit, which is ${limits.get(name).show()}`);
    } else if (most === undefined && isExtended) {
      faults.rule(request, "it needs a limit of the same amount");
    }
  }
};

const containerResources: Rule = (value, faults) => {
  for (const key of ["requests", "limits"]) quantities(value.get(key), faults);
};

/** A variable has `value` or `valueFrom`, not both. */
const environment: Rule = (value, faults) => {
  const [written, from] = [value.get("value"), value.get("valueFrom")];
  if (written.isKnown && written.string !== "" && from.isKnown) {
    faults.rule(from, "an environment variable has value or valueFrom, not both");
  }
};

const fieldPath: Rule = (value, faults) => {
  const path = value.get("fieldPath");
  if (!path.isKnown || !isSet(path)) return;
  const match = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path.string ?? "");
  if (match !== null || FIELD_PATHS.has(path.string ?? "")) return;
  faults.add(
    "value-allowed",
    path,
    `it must be a field such as metadata.name, metadata.labels['app'], spec.nodeName or status.podIP`,
  );
};

const FIELD_PATHS: ReadonlySet<string> = new Set([
  ...[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.labels",
    "metadata.annotations",
  ],
  ...["spec.nodeName", "spec.serviceAccountName"],
  ...["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"],
]);

const resourceField = oneOf(
  ...["limits.cpu", "limits.memory", "limits.ephemeral-storage"],
  ...["requests.cpu", "requests.memory", "requests.ephemeral-storage"],
);

const privilege: Rule = (value, faults) => {
  const escalation = value.get("allowPrivilegeEscalation");
  if (escalation.boolean !== false) return;
  if (value.get("privileged").boolean === true) {
    faults.rule(escalation, "a privileged container cannot forbid privilege escalation");
  } else if (
    value
      .get("capabilities", "add")
      .list()
      .some(({ string }) => string === "CAP_SYS_ADMIN")
  ) {
    faults.rule(escalation, "a container with CAP_SYS_ADMIN cannot forbid privilege escalation");
  }
};

/** A file of the node is named with `Localhost`, and only with it. */
const localhostProfile: Rule = (value, faults) => {
  const profile = value.get("localhostProfile");
  const { string: kind } = value.get("type");
  if (kind === "Localhost" && !isSet(profile)) {
    faults.add("field-required", profile, "the type Localhost needs it");
  } else if (kind !== undefined && kind !== "Localhost" && profile.isKnown && isSet(profile)) {
    faults.rule(profile, `only the type Localhost has a profile, not ${kind}`);
  }
};

const user = between(0, 2 ** 31 - 1);
const users = { runAsUser: user, runAsGroup: user };

/** What all containers share; `image` is required in pods and templates. */
const container: readonly Rule[] = [
  needs("image"),
  fields({
    image: text((name) => name === name.trim(), "it must not begin or end with a space"),
    name: form.dnsLabel,
    "resizePolicy[].resourceName": oneOf("cpu", "memory"),
    "resizePolicy[].restartPolicy": oneOf("NotRequired", "RestartContainer"),
  }),
  unique("ports", ["name"]),
  unique("ports", ["hostPort", "hostIP", "protocol"], { protocol: "TCP", hostIP: "" }),
  unique("volumeMounts", ["mountPath"]),
  unique("volumeDevices", ["devicePath"]),
  unique("volumeDevices", ["name"]),
  unique("resizePolicy", ["resourceName"]),
  oneSuccess,
];

/** Amounts are given in units of these. */
const divisor: Rule = (value, faults) => {
  const [unit, resource] = [value.get("divisor"), value.get("resource").string ?? ""];
  if (!unit.isKnown || ["", "0"].includes(String(unit.scalar))) return;
  const allowed = resource.endsWith(".cpu") ? ["1m", "1"] : UNITS;
  if (!allowed.includes(String(unit.scalar))) {
    faults.add("value-allowed", unit, `it must be ${allowed.join(", ")}`);
  }
};
const UNITS = "1 1k 1M 1G 1T 1P 1E 1Ki 1Mi 1Gi 1Ti 1Pi 1Ei".split(" ");

export const CONTAINERS: Rules = {
  "core.v1.Container": container,
  "core.v1.ContainerPort": [
    fields({
      containerPort: form.port,
      hostPort: form.portOrNone,
      name: form.portName,
      hostIP: form.address,
    }),
  ],
  "core.v1.EnvVar": [fields({ name: form.envName }), environment],
  "core.v1.EnvVarSource": [
    exactlyOne("source", [
      "fieldRef",
      "resourceFieldRef",
      "configMapKeyRef",
      "secretKeyRef",
      "fileKeyRef",
    ]),
    fields({
      "resourceFieldRef.resource": (value) =>
        HUGE.test(value.string ?? "") ? undefined : resourceField(value),
    }),
  ],
  "core.v1.EnvFromSource": [
    exactlyOne("source", ["configMapRef", "secretRef"]),
    fields({ prefix: form.envName }),
  ],
  "core.v1.ConfigMapEnvSource": [needs("name"), fields({ name: form.subdomain })],
  "core.v1.SecretEnvSource": [needs("name"), fields({ name: form.subdomain })],
  "core.v1.ConfigMapKeySelector": [
    needs("name"),
    fields({ name: form.subdomain, key: form.dataKey }),
  ],
  "core.v1.SecretKeySelector": [needs("name"), fields({ name: form.subdomain, key: form.dataKey })],
  "core.v1.ObjectFieldSelector": [fieldPath, fields({ apiVersion: oneOf("v1") })],
  "core.v1.ResourceFieldSelector": [divisor],
  "core.v1.Probe": [
    exactlyOne("handler", HANDLERS),
    fields({
      initialDelaySeconds: atLeast(0),
      timeoutSeconds: atLeast(0),
      periodSeconds: atLeast(0),
      successThreshold: atLeast(0),
      failureThreshold: atLeast(0),
      terminationGracePeriodSeconds: atLeast(1),
    }),
  ],
  "core.v1.SleepAction": [fields({ seconds: atLeast(0) })],
  "core.v1.LifecycleHandler": [exactlyOne("handler", ["exec", "httpGet", "tcpSocket", "sleep"])],
  "core.v1.HTTPGetAction": [fields({ port: form.portOrName, scheme: oneOf("HTTP", "HTTPS") })],
  "core.v1.HTTPHeader": [
    fields({
      name: (value) =>
        /^[-A-Za-z0-9]+$/.test(value.string ?? "")
          ? undefined
          : "a header's name has letters, digits and hyphens",
    }),
  ],
  "core.v1.TCPSocketAction": [fields({ port: form.portOrName })],
  "core.v1.GRPCAction": [fields({ port: form.port })],
  "core.v1.ExecAction": [
    (value, faults) => {
      const command = value.get("command");
      if (command.isMissing || command.isEmptyList) {
        faults.add("field-required", command, "it is required");
      }
    },
  ],
  "core.v1.ResourceRequirements": [containerResources, requestsWithinLimits],
  "core.v1.SecurityContext": [
    fields({ ...users, procMount: oneOf("Default", "Unmasked") }),
    privilege,
  ],
  "core.v1.PodSecurityContext": [
    fields({
      ...users,
      fsGroup: user,
      "supplementalGroups[]": user,
      fsGroupChangePolicy: oneOf("Always", "OnRootMismatch"),
      "sysctls[].name": (value) =>
        /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/.test(
          value.string ?? "",
        )
          ? undefined
          : "a kernel parameter has lower-case letters, digits, -, _ and dots",
    }),
    unique("sysctls", ["name"]),
    notEmpty("fsGroupChangePolicy"),
  ],
  "core.v1.SeccompProfile": [localhostProfile],
  "core.v1.AppArmorProfile": [localhostProfile],
  "core.v1.VolumeMount": [
    notEmpty("mountPropagation"),
    fields({
      subPath: form.relativePath,
      subPathExpr: form.relativePath,
      mountPropagation: oneOf("None", "HostToContainer", "Bidirectional"),
    }),
    atMostOne("path below the volume", ["subPath", "subPathExpr"]),
  ],
};

const HUGE = /^(limits|requests)\.hugepages-/;

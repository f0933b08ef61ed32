import type * as k8s from "@pulumi/kubernetes";
import type { Service, Validation } from "../../systems/model";
import { mib, millicores } from "../../systems/units";
import { IMAGES } from "../../versions";
import { enforce, quoted } from "../kit/validation";
import { containerResources } from "../kit/labels";
import { fromPeers, pods, toDns, toPeers } from "../kit/network-rules";
import { restrictedContainer } from "../kit/security";

/** One request of the pod. */
export interface Target {
  readonly service: string;
  /** The Service's name and port: `todo-chatbot-backend:8000`. */
  readonly authority: string;
  readonly port: number;
  readonly path: string;
}

export type Addressed = Pick<Service, "name" | "workload" | "port" | "metrics">;

/** The plain part of a validation's arguments. */
export interface ValidationInput {
  readonly system: { readonly services: readonly Addressed[] };
  readonly validation: Pick<Validation, "name" | "when" | "requests">;
}

/**
 * Repeats every `name=URL` argument until it answers with a status below 400, all within DEADLINE
 * seconds, with PAUSE seconds between two attempts. At the end it reports those that never did.
 */
export const VALIDATION_SCRIPT = `set -u
until=$(($(date +%s) + DEADLINE))
failed=0
for request in "$@"; do
  name=\${request%%=*}
  url=\${request#*=}
  while :; do
    if reason=$(curl --silent --show-error --fail --max-time 5 --output /dev/null "$url" 2>&1); then
      echo "$name: $url answers"
      break
    fi
    if [ "$(date +%s)" -ge "$until" ]; then
      echo "$name: $url does not answer: $reason" >&2
      failed=1
      break
    fi
    sleep "$PAUSE"
  done
done
exit "$failed"
`;

/**
 * The requests of the runbook, and the metrics of the same services: without them every alert about a service is
 * silent. Pure. `checkRequests` has already checked that every service exists and has a port.
 */
export function targetsOf(
  services: readonly Addressed[],
  requests: Validation["requests"],
): Target[] {
  const metrics = services
    .filter(({ name }) => requests.some(({ service }) => service === name))
    .flatMap((service) =>
      service.metrics === "none" || service.metrics.port !== service.port
        ? []
        : [{ service: service.name, path: service.metrics.path }],
    );
  return [...requests, ...metrics].flatMap(({ service, path }) => {
    const found = services.find(({ name }) => name === service);
    return found?.port === undefined
      ? []
      : [
          {
            service,
            authority: `${found.workload}:${String(found.port)}`,
            port: found.port,
            path,
          },
        ];
  });
}

/** Seconds for all requests together, each repeated until it succeeds once. */
export const DEADLINE = 300;

/**
 * Plain values only: the Job's name is derived from them. The pod runs in the services' namespace.
 */
export function validationContainer(targets: readonly Target[]): k8s.types.input.core.v1.Container {
  return {
    name: "validation",
    image: IMAGES.curl,
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/sh", "-c", VALIDATION_SCRIPT, "validation"],
    args: targets.map(({ service, authority, path }) => `${service}=http://${authority}${path}`),
    env: [
      { name: "DEADLINE", value: String(DEADLINE) },
      { name: "PAUSE", value: "3" },
    ],
    resources: containerResources({
      requests: { cpu: millicores(10), memory: mib(16) },
      limits: { memory: mib(64) },
    }),
    securityContext: restrictedContainer(),
  };
}

/** Allows traffic from the validation pod to the pods that it requests, and nothing else. */
export function validationFlows(
  system: string,
  labels: Readonly<Record<string, string>>,
  targets: readonly Target[],
): Record<"asks" | "answers", k8s.types.input.networking.v1.NetworkPolicySpec> {
  const services = [...new Set(targets.map(({ service }) => service))];
  const ports = [...new Set(targets.map(({ port }) => port))];
  const answering = {
    matchLabels: { "app.kubernetes.io/part-of": system },
    matchExpressions: [{ key: "app.kubernetes.io/component", operator: "In", values: services }],
  };
  return {
    asks: {
      podSelector: { matchLabels: { ...labels } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [toDns(), toPeers([{ podSelector: answering }], ...ports)],
    },
    answers: {
      podSelector: answering,
      policyTypes: ["Ingress"],
      ingress: [fromPeers([pods(labels)], ...ports)],
    },
  };
}

/** Pure. */
export function checkRequests(name: string, { system, validation }: ValidationInput): void {
  const served = system.services.flatMap((service) =>
    service.port === undefined ? [] : [service.name],
  );
  const next = `Correct the requests of ${validation.name} in the system's file.`;
  enforce(`Validation ${name}`, [
    ...validation.requests.flatMap(({ service, path }) => [
      {
        holds: served.includes(service),
        key: "service",
        value: quoted(service),
        allowed: `a service with a port: ${served.join(", ")}`,
        next,
      },
      {
        holds: /^\/[^\s]*$/.test(path),
        key: `path of ${service}`,
        value: quoted(path),
        allowed: "a path that begins with /",
        next,
      },
    ]),
    {
      holds: validation.requests.length > 0,
      key: "requests",
      value: "empty",
      allowed: "at least one request",
      next: `Without one, ${validation.name} would succeed whatever was deployed.`,
    },
  ]);
}

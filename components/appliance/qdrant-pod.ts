import type * as k8s from "@pulumi/kubernetes";
import { cores, gib, millicores } from "../../systems/units";
import { QDRANT } from "../../versions";
import { containerResources } from "../kit/labels";
import { restrictedContainer, restrictedPod } from "../kit/security";
import { atLeast, filled, names, PORTS, selector, type QdrantArguments } from "./qdrant-arguments";
import { spreadPods } from "../kit/spread";

/** Keys of the Secret with Qdrant's API keys. */
export const KEY = { full: "api-key", readOnly: "read-only-api-key" } as const;

/** Names of the volumes; a claim's name is the volume's name, a hyphen and the pod's name. */
export const VOLUMES = { data: "storage", snapshots: "snapshots" } as const;

const DIRECTORY = "/qdrant";

const RESOURCES = {
  requests: { cpu: millicores(500), memory: gib(2) },
  limits: { cpu: cores(2), memory: gib(4) },
};

export function qdrantPod(args: QdrantArguments): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: names(args).object,
    automountServiceAccountToken: false,
    // Service environment variables would clash with Qdrant's own QDRANT_* settings.
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    // Segments are flushed before the process exits.
    terminationGracePeriodSeconds: 60,
    ...(Object.keys(args.nodes).length === 0 ? {} : { nodeSelector: { ...args.nodes } }),
    topologySpreadConstraints: spreadPods(selector(args), args.zones),
    containers: [container(args)],
    volumes: [
      { name: "init", emptyDir: { sizeLimit: "1Mi" } },
      ...(args.tls === undefined
        ? []
        : [
            {
              name: "tls",
              secret: { secretName: names(args).certificate, defaultMode: 0o440 },
            },
          ]),
    ],
  };
}

function container(args: QdrantArguments): k8s.types.input.core.v1.Container {
  const { version } = filled(args);
  return {
    name: "qdrant",
    image: `${QDRANT.image}:v${version}`,
    imagePullPolicy: "IfNotPresent",
    command: ["/bin/bash", "-c", startScript(args)],
    workingDir: DIRECTORY,
    env: environment(args),
    ports: [
      { name: "http", containerPort: PORTS.http, protocol: "TCP" },
      { name: "grpc", containerPort: PORTS.grpc, protocol: "TCP" },
      ...(clustered(args) ? [{ name: "peers", containerPort: PORTS.peers, protocol: "TCP" }] : []),
    ],
    ...probes(args),
    // Requests in flight are still answered after the Service drops the pod.
    lifecycle: { preStop: { exec: { command: ["sleep", "3"] } } },
    resources: containerResources(RESOURCES),
    securityContext: restrictedContainer(),
    volumeMounts: [
      { name: VOLUMES.data, mountPath: `${DIRECTORY}/storage` },
      { name: VOLUMES.snapshots, mountPath: `${DIRECTORY}/snapshots` },
      { name: "init", mountPath: `${DIRECTORY}/init` },
      ...(args.tls === undefined
        ? []
        : [{ name: "tls", mountPath: `${DIRECTORY}/tls`, readOnly: true }]),
    ],
  };
}

/**
 * Qdrant listens only after it has loaded every collection, which takes longer the more data there
 * is. The root path needs no key and is not logged. `/readyz` checks the shards, but is reliable
 * only from 1.7.3 (qdrant-helm, pull request 124).
 */
function probes(args: QdrantArguments) {
  const at = (path: string) => ({
    httpGet: { path, port: "http", scheme: args.tls === undefined ? "HTTP" : "HTTPS" },
    timeoutSeconds: 5,
  });
  const readiness = atLeast(filled(args).version, [1, 7, 3]) ? "/readyz" : "/";
  return {
    startupProbe: { ...at("/"), periodSeconds: 10, failureThreshold: 180 },
    readinessProbe: { ...at(readiness), periodSeconds: 5, failureThreshold: 6 },
    livenessProbe: { ...at("/"), periodSeconds: 10, failureThreshold: 6 },
  };
}

export const clustered = (args: QdrantArguments): boolean => filled(args).replicas > 1;

/**
 * Every collection keeps many files open; the first pod creates the cluster, the others join it.
 */
function startScript(args: QdrantArguments): string {
  const start = 'ulimit -n "$(ulimit -Hn)"\n';
  if (!clustered(args)) return `${start}exec ./entrypoint.sh`;
  const { object, peerDomain } = names(args);
  const scheme = args.tls === undefined ? "http" : "https";
  const uri = (pod: string) => `${scheme}://${pod}.${peerDomain}:${String(PORTS.peers)}`;
  return `${start}if [ "\${HOSTNAME##*-}" = 0 ]; then
  exec ./entrypoint.sh --uri "${uri("$HOSTNAME")}"
fi
exec ./entrypoint.sh --bootstrap "${uri(`${object}-0`)}" --uri "${uri("$HOSTNAME")}"`;
}

/** Settings as environment variables, which override config/config.yaml (1.7.0). */
function environment(args: QdrantArguments): k8s.types.input.core.v1.EnvVar[] {
  const plain: Record<string, string> = {
    QDRANT__TELEMETRY_DISABLED: "true",
    QDRANT__STORAGE__STORAGE_PATH: `${DIRECTORY}/storage`,
    QDRANT__STORAGE__SNAPSHOTS_PATH: `${DIRECTORY}/snapshots`,
    QDRANT__SERVICE__GRPC_PORT: String(PORTS.grpc),
    // No client is a browser: CORS and the dashboard are off.
    QDRANT__SERVICE__ENABLE_CORS: "false",
    QDRANT__SERVICE__ENABLE_STATIC_CONTENT: "false",
    // The root is read-only; without this file, Qdrant misses that it ran out of memory.
    QDRANT_INIT_FILE_PATH: `${DIRECTORY}/init/.qdrant-initialized`,
    ...(args.tls === undefined ? {} : tlsEnvironment(args)),
    ...(clustered(args)
      ? {
          QDRANT__CLUSTER__ENABLED: "true",
          QDRANT__CLUSTER__P2P__PORT: String(PORTS.peers),
        }
      : {}),
  };
  const key = (name: string, from: string) => ({
    name: `QDRANT__SERVICE__${name}`,
    valueFrom: { secretKeyRef: { name: names(args).keys, key: from } },
  });
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    key("API_KEY", KEY.full),
    key("READ_ONLY_API_KEY", KEY.readOnly),
  ];
}

const tlsEnvironment = (args: QdrantArguments): Record<string, string> => ({
  QDRANT__SERVICE__ENABLE_TLS: "true",
  QDRANT__TLS__CERT: `${DIRECTORY}/tls/tls.crt`,
  QDRANT__TLS__KEY: `${DIRECTORY}/tls/tls.key`,
  QDRANT__TLS__CA_CERT: `${DIRECTORY}/tls/ca.crt`,
  // Seconds after which HTTPS reloads a renewed certificate; gRPC keeps the one it started with.
  QDRANT__TLS__CERT_TTL: "3600",
  ...(clustered(args) ? { QDRANT__CLUSTER__P2P__ENABLE_TLS: "true" } : {}),
});

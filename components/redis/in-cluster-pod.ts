import type * as k8s from "@pulumi/kubernetes";
import { millicores, mib } from "../../systems/units";
import { IMAGES, VALKEY_IMAGES } from "../../versions";
import { containerResources } from "../kit/labels";
import { restrictedContainer, restrictedPod } from "../kit/security";
import { PATHS, STORE_PORT } from "./in-cluster-config";
import {
  memberLabels,
  namesOf,
  type InClusterRedisArguments,
  type Names,
} from "./in-cluster-names";
import { spreadPods } from "../kit/spread";

type Container = k8s.types.input.core.v1.Container;
type EnvVar = k8s.types.input.core.v1.EnvVar;
type Probe = k8s.types.input.core.v1.Probe;

/** The store's pod: the server and the exporter. Pure. */

export const EXPORTER_PORT = 9121;

const MOUNTS = [
  { name: "config", mountPath: PATHS.config, readOnly: true },
  { name: "credentials", mountPath: PATHS.credentials, readOnly: true },
  { name: "tls", mountPath: PATHS.tls, readOnly: true },
  { name: "data", mountPath: PATHS.data },
  { name: "run", mountPath: PATHS.run },
];

export function memberPod(args: InClusterRedisArguments): k8s.types.input.core.v1.PodSpec {
  const names = namesOf(args);
  return {
    serviceAccountName: names.service,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    nodeSelector: { ...args.nodes },
    topologySpreadConstraints: spreadPods(memberLabels(args), args.zones),
    // It writes its log to the volume.
    terminationGracePeriodSeconds: 60,
    containers: [server(args), exporter(names)],
    volumes: [
      { name: "config", configMap: { name: names.config, defaultMode: 0o444 } },
      {
        name: "credentials",
        secret: {
          secretName: names.credentials,
          items: ["users.acl", "internal"].map((key) => ({ key, path: key })),
          defaultMode: 0o440,
        },
      },
      { name: "tls", secret: { secretName: names.tls, defaultMode: 0o440 } },
      { name: "run", emptyDir: { sizeLimit: "16Mi" } },
    ],
  };
}

const script = (name: string): string[] => ["sh", `${PATHS.config}/${name}.sh`];

/** Every query has its own timeout of three seconds. */
const asks = (name: string): Probe => ({
  exec: { command: script(name) },
  periodSeconds: 10,
  timeoutSeconds: 5,
});

function server(args: InClusterRedisArguments): Container {
  return {
    name: "valkey",
    image: VALKEY_IMAGES[args.version] ?? "",
    imagePullPolicy: "IfNotPresent",
    command: script("start"),
    env: ENVIRONMENT,
    ports: [{ name: "redis", containerPort: STORE_PORT, protocol: "TCP" }],
    resources: containerResources({
      requests: { cpu: millicores(100), memory: args.memory },
      limits: { memory: args.memory },
    }),
    securityContext: restrictedContainer(),
    // Ten minutes to load a long log; meanwhile it answers that it is loading.
    startupProbe: { ...asks("is-alive"), failureThreshold: 60 },
    readinessProbe: { ...asks("is-ready"), failureThreshold: 2 },
    livenessProbe: { ...asks("is-alive"), periodSeconds: 20, failureThreshold: 4 },
    volumeMounts: MOUNTS,
  };
}

const ENVIRONMENT: EnvVar[] = [
  { name: "CONFIG", value: PATHS.config },
  { name: "CREDENTIALS", value: PATHS.credentials },
  { name: "TLS", value: PATHS.tls },
  { name: "DATA", value: PATHS.data },
  { name: "RUN", value: PATHS.run },
];

function exporter(names: Names): Container {
  const probe = { httpGet: { path: "/health", port: "metrics" } };
  return {
    name: "exporter",
    image: IMAGES.redisExporter,
    imagePullPolicy: "IfNotPresent",
    args: [
      `--redis.addr=rediss://localhost:${STORE_PORT}`,
      "--redis.user=metrics",
      `--tls-ca-cert-file=${PATHS.tls}/ca.crt`,
      // Its user may not read the configuration, and does not need to.
      "--config-command=-",
      `--web.listen-address=:${EXPORTER_PORT}`,
    ],
    env: [
      {
        name: "REDIS_PASSWORD",
        valueFrom: { secretKeyRef: { name: names.credentials, key: "metrics" } },
      },
    ],
    ports: [{ name: "metrics", containerPort: EXPORTER_PORT, protocol: "TCP" }],
    resources: containerResources({
      requests: { cpu: millicores(10), memory: mib(32) },
      limits: { memory: mib(64) },
    }),
    securityContext: restrictedContainer(),
    readinessProbe: { ...probe, periodSeconds: 10 },
    livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 4 },
    volumeMounts: [{ name: "tls", mountPath: PATHS.tls, readOnly: true }],
  };
}

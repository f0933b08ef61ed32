/** For tests: a pod that sets every field of the standards, to allowed values. */
import type * as k8s from "@pulumi/kubernetes";
import type { Fixture, Setting } from "./index";
import type { Broken } from "./cases";
import type { Key } from "../values";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Created by each call, so that no test sees another's changes. */
const container = (name: string, port: number) =>
  ({
    name,
    image: `registry.example.com/orders/${name}:2.4.1`,
    ports: [{ containerPort: port, hostPort: 0 }],
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      procMount: "Default",
      runAsNonRoot: true,
      runAsUser: 10_017,
      capabilities: { drop: ["NET_RAW", "ALL"], add: ["NET_BIND_SERVICE"] },
      seccompProfile: { type: "Localhost", localhostProfile: "orders.json" },
      appArmorProfile: { type: "Localhost", localhostProfile: "orders" },
      seLinuxOptions: { type: "container_init_t", user: "", role: "", level: "s0:c17,c23" },
      windowsOptions: { hostProcess: false },
    },
    livenessProbe: { httpGet: { path: "/live", port, host: "" } },
    readinessProbe: { tcpSocket: { port, host: "" } },
    startupProbe: { httpGet: { path: "/start", port, host: "" } },
    lifecycle: {
      postStart: { tcpSocket: { port, host: "" } },
      preStop: { httpGet: { path: "/stop", port, host: "" } },
    },
  }) satisfies k8s.types.input.core.v1.Container;

const template = () => ({
  metadata: {
    annotations: {
      "container.apparmor.security.beta.kubernetes.io/api": "localhost/orders",
      "seccomp.security.alpha.kubernetes.io/pod": "docker/default",
      "container.seccomp.security.alpha.kubernetes.io/api": "localhost/orders",
      "example.com/owner": "unconfined",
    },
  },
  spec: {
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    hostUsers: true,
    os: { name: "linux" },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10_019,
      seccompProfile: { type: "RuntimeDefault" },
      appArmorProfile: { type: "RuntimeDefault" },
      seLinuxOptions: { type: "container_t", user: "", role: "", level: "s0:c29" },
      windowsOptions: { hostProcess: false },
      sysctls: [{ name: "kernel.shm_rmid_forced", value: "1" }],
    },
    initContainers: [container("migrate", 8113)],
    containers: [container("api", 8117)],
    ephemeralContainers: [container("debug", 8119)],
    volumes: [
      { name: "settings", configMap: { name: "orders" } },
      { name: "keys", csi: { driver: "secrets-store.csi.k8s.io" } },
      { name: "labels", downwardAPI: {} },
      { name: "scratch", emptyDir: {} },
      { name: "sorting", ephemeral: {} },
      { name: "model", image: { reference: "registry.example.com/orders/model:3" } },
      { name: "data", persistentVolumeClaim: { claimName: "orders" } },
      { name: "identity", projected: { sources: [] } },
      { name: "password", secret: { secretName: "orders" } },
      { name: "nothing" },
    ],
  } satisfies PodSpec,
});

const METADATA = { name: "orders", namespace: "shop" };

export const deployment = (): Fixture => ({
  type: "kubernetes:apps/v1:Deployment",
  name: "orders",
  props: {
    metadata: METADATA,
    spec: { template: template() },
  },
});

export const pod = (): Fixture => {
  const { metadata, spec } = template();
  return {
    type: "kubernetes:core/v1:Pod",
    name: "orders",
    props: { metadata: { ...metadata, ...METADATA }, spec },
  };
};

/** Where a pod's spec is in `deployment`. */
const SPEC: readonly Key[] = ["spec", "template", "spec"];
export const WHO = 'Deployment "shop/orders"';

/** The containers of the fixture: their titles in messages, and their paths. */
const CONTAINERS = [
  ["init container", "migrate", "initContainers"],
  ["container", "api", "containers"],
  ["ephemeral container", "debug", "ephemeralContainers"],
] as const;

/** `ports[0].hostPort` → `["ports", 0, "hostPort"]`. */
export const keysOf = (path: string): readonly Key[] =>
  path
    .split(/[.[\]]+/)
    .filter((key) => key !== "")
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key));

/** The standards of one minor version. */
export const version = (podSecurityMinor: number): Setting => ({
  policyContext: { podSecurityMinor },
});

/** A value at a path of the pod's spec, and the end of its message. */
export function inPod(path: string, to: unknown, expected: string, setting: Setting = {}): Broken {
  const found = `spec.template.spec.${path} is ${to === undefined ? "missing" : JSON.stringify(to)}`;
  return { at: [...SPEC, ...keysOf(path)], to, says: `${WHO}: ${found}; ${expected}.`, setting };
}

/** The same in a container of each kind. */
export function inContainers(path: string, to: unknown, expected: string): readonly Broken[] {
  return CONTAINERS.map(([title, name, kind]) => {
    const { says, ...rest } = inPod(`${kind}[0].${path}`, to, expected);
    return { ...rest, says: String(says).replace(WHO, `${WHO}, ${title} "${name}"`) };
  });
}

export const inContexts = (path: string, to: unknown, expected: string): readonly Broken[] => [
  inPod(`securityContext.${path}`, to, expected),
  ...inContainers(`securityContext.${path}`, to, expected),
];

/** Accepted values at a path of the pod's spec; `undefined` means missing. */
export const accepted = (
  path: string,
  values: readonly unknown[],
  setting: Setting = {},
): readonly Broken[] =>
  values.map((to) => ({ at: [...SPEC, ...keysOf(path)], to, says: [], setting }));

/** Paths below the pod's spec. */
export const below = (...paths: readonly string[]): readonly (readonly Key[])[] =>
  paths.map((path) => [...SPEC, ...keysOf(path)]);

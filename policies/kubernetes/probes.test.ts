import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, container, deployment } from "../testing/fixtures";
import { UNKNOWN, evaluate, messages, type Fixture } from "../testing";
import { unknownValues } from "../unknown-values";
import { Value, type Key } from "../values";
import { question } from "./probes";

type Container = k8s.types.input.core.v1.Container;

const CONTAINERS: readonly Key[] = ["spec", "template", "spec", "containers"];
const CONTAINER: readonly Key[] = [...CONTAINERS, 0];
const INIT: readonly Key[] = ["spec", "template", "spec", "initContainers", 0];
const API = 'Deployment "shop/orders", container "api": spec.template.spec.containers[0]';

const silent = { ...container("helper"), readinessProbe: undefined, livenessProbe: undefined };
const alive = { exec: { command: ["true"] } };
const setTo = (value: unknown): Fixture => broken(deployment(), CONTAINERS, value);
const probe = "add a probe with httpGet, tcpSocket, grpc or exec.";

testPolicy("container-probes", {
  happy: () => setTo([{ ...container("api"), ports: [{ containerPort: 8110 }] }]),
  broken: [
    ...["readinessProbe", "livenessProbe"].flatMap((name) => [
      { at: [...CONTAINER, name], says: `${API}.${name} is missing; ${probe}` },
      { at: [...INIT, name], says: [] },
    ]),
    {
      at: [...CONTAINER, "startupProbe"],
      setting: { configuration: { "container-probes": { startup: true } } },
      says: `${API}.startupProbe is missing; ${probe}`,
    },
    { at: CONTAINERS, to: [container("api"), silent], says: [] },
    {
      at: CONTAINERS,
      to: [container("api"), { ...silent, ports: [{ containerPort: 8127 }] }],
      says: ["readinessProbe", "livenessProbe"].map(
        (name) =>
          `Deployment "shop/orders", container "helper": spec.template.spec.containers[1].${name} is missing; ${probe}`,
      ),
    },
    {
      // A worker needs no readiness probe.
      at: CONTAINERS,
      to: [{ ...silent, name: "api" }],
      says: `${API}.livenessProbe is missing; ${probe}`,
    },
    {
      at: CONTAINERS,
      to: [{ ...silent, name: "api", ports: [] }],
      says: `${API}.livenessProbe is missing; ${probe}`,
    },
    { at: CONTAINERS, to: [{ ...silent, livenessProbe: alive }], says: [] },
    {
      // A sidecar runs as long as the pod.
      at: INIT,
      to: { ...silent, name: "proxy", restartPolicy: "Always", ports: [{ containerPort: 8127 }] },
      says: ["readinessProbe", "livenessProbe"].map(
        (name) =>
          `Deployment "shop/orders", init container "proxy": spec.template.spec.initContainers[0].${name} is missing; ${probe}`,
      ),
    },
    { at: INIT, to: { ...silent, name: "proxy", restartPolicy: "Always" }, says: [] },
    { at: INIT, to: { ...silent, name: "migrate", ports: [{ containerPort: 8127 }] }, says: [] },
    {
      at: CONTAINERS,
      to: [
        { ...silent, livenessProbe: alive },
        { ...silent, name: "log" },
      ],
      says: [],
    },
    {
      at: CONTAINERS,
      to: [{ ...silent, name: "api" }],
      setting: { configuration: { "container-probes": { startup: true } } },
      says: ["livenessProbe", "startupProbe"].map((name) => `${API}.${name} is missing; ${probe}`),
    },
    {
      // A container does not count for itself.
      at: CONTAINERS,
      to: [{ ...silent, name: "api", readinessProbe: alive }],
      says: `${API}.livenessProbe is missing; ${probe}`,
    },
  ],
  unknown: [
    [...CONTAINER, "livenessProbe"],
    [...CONTAINER, "readinessProbe"],
    [...CONTAINER, "ports"],
    [...INIT, "restartPolicy"],
    CONTAINER,
    CONTAINERS,
  ],
});

describe("container-probes", () => {
  it("counts a container with unknown ports", async () => {
    const worker = { ...silent, name: "api", ports: UNKNOWN };
    const fixture = setTo([{ ...worker, livenessProbe: alive }]);
    expect(await messages("container-probes", [fixture])).toEqual([]);
    expect(await messages("container-probes", [setTo([worker])])).toEqual([
      `${API}.livenessProbe is missing; ${probe}`,
    ]);
  });
});

testPolicy("container-probes", {
  happy: () => ({
    ...broken(deployment(), [...CONTAINER, "livenessProbe"]),
    type: "kubernetes:batch/v1:Job",
  }),
  broken: [{ at: [...CONTAINER, "readinessProbe"], says: [] }],
  unknown: [],
});

// Keys in wire order, as messages show them.
const same = { httpGet: { path: "/up", port: 8219 } };
const PATIENCE =
  "it checks the same as spec.template.spec.containers[0].readinessProbe and fails after";
const probes = {
  ...silent,
  name: "api",
  readinessProbe: same,
  livenessProbe: { failureThreshold: 4, ...same },
} as Container;
const LIVENESS: readonly Key[] = [...CONTAINER, "livenessProbe"];
const READINESS: readonly Key[] = [...CONTAINER, "readinessProbe"];
const hasty = (shown: object, seconds: number, other = 30): string =>
  `${API}.livenessProbe is ${JSON.stringify(shown)}; ${PATIENCE} ${seconds} s, which must be later than the ${other} s of the readiness probe: raise failureThreshold or periodSeconds, or check something else.`;
const short = { failureThreshold: 4, ...same, periodSeconds: 7 };

testPolicy("container-probes-distinct", {
  happy: () => setTo([probes]),
  broken: [
    { at: LIVENESS, to: same, says: hasty(same, 30) },
    { at: LIVENESS, to: short, says: hasty(short, 28) },
    { at: [...LIVENESS, "failureThreshold"], says: hasty(same, 30) },
    {
      at: [...READINESS, "periodSeconds"],
      to: 14,
      says: hasty({ failureThreshold: 4, ...same }, 40, 42),
    },
    { at: [...READINESS, "periodSeconds"], to: 13, says: [] },
    { at: LIVENESS, to: { httpGet: { ...same.httpGet, path: "/live" } }, says: [] },
    { at: LIVENESS, to: { httpGet: { ...same.httpGet, httpHeaders: [] } }, says: [] },
    { at: LIVENESS, to: { tcpSocket: { port: 8219 } }, says: [] },
    { at: LIVENESS, says: [] },
    { at: READINESS, says: [] },
  ],
  unknown: [
    [...LIVENESS, "httpGet", "path"],
    [...READINESS, "httpGet"],
    [...LIVENESS, "failureThreshold"],
    [...READINESS, "periodSeconds"],
  ],
});

it("container-probes-distinct counts an unknown header", async () => {
  const headers = { httpGet: { ...same.httpGet, httpHeaders: [{ name: "a", value: UNKNOWN }] } };
  const policies = [policyNamed("container-probes-distinct"), unknownValues];
  const found = await evaluate(policies, [broken(setTo([probes]), LIVENESS, headers)]);
  expect(found.map(({ policy }) => policy)).toEqual(["undecided"]);
});

describe("question", () => {
  const headers = (...httpHeaders: readonly object[]): Value =>
    Value.plain({ httpGet: { path: "/", httpHeaders } });

  it("does not depend on key order, but depends on element order", () => {
    const one = question(headers({ name: "a", value: "1" }, { name: "b", value: "2" }));
    expect(question(headers({ value: "1", name: "a" }, { value: "2", name: "b" }))).toBe(one);
    expect(question(headers({ name: "b", value: "2" }, { name: "a", value: "1" }))).not.toBe(one);
    expect(question(headers({ name: "a", value: "1" }))).not.toBe(one);
  });

  it("distinguishes numbers from strings, and the check from its thresholds", () => {
    const port = (value: unknown): string | undefined =>
      question(Value.plain({ tcpSocket: { port: value }, periodSeconds: 3 }));
    expect(port(80)).not.toBe(port("80"));
    expect(port(80)).toBe(question(Value.plain({ tcpSocket: { port: 80 } })));
    expect(port(true)).not.toBe(port(false));
  });
});

const PORTS: readonly Key[] = [...CONTAINER, "ports"];
const declared = {
  ...silent,
  name: "api",
  ports: [{ containerPort: 8331, name: "http" }, { containerPort: 9331 }],
  startupProbe: { httpGet: { path: "/", port: "http" } },
  readinessProbe: { httpGet: { path: "/", port: 8331 } },
  livenessProbe: { tcpSocket: { port: 9331 } },
} as Container;
const port = (at: string, shown: string): string =>
  `${API}.${at} is ${shown}; it must be one of the container's ports: add it to spec.template.spec.containers[0].ports.`;

testPolicy("container-probe-port", {
  happy: () => setTo([declared]),
  broken: [
    {
      at: [...CONTAINER, "startupProbe", "httpGet", "port"],
      to: "web",
      says: port("startupProbe.httpGet.port", '"web"'),
    },
    {
      at: [...READINESS, "httpGet", "port"],
      to: 8332,
      says: port("readinessProbe.httpGet.port", "8332"),
    },
    {
      at: [...LIVENESS, "tcpSocket", "port"],
      to: 9332,
      says: port("livenessProbe.tcpSocket.port", "9332"),
    },
    { at: LIVENESS, to: { grpc: { port: 50 } }, says: port("livenessProbe.grpc.port", "50") },
    {
      at: [...LIVENESS, "tcpSocket", "port"],
      to: "8331",
      says: port("livenessProbe.tcpSocket.port", '"8331"'),
    },
    { at: LIVENESS, to: { exec: { command: ["true"] } }, says: [] },
    { at: PORTS, says: port("startupProbe.httpGet.port", '"http"') },
  ],
  unknown: [
    [...LIVENESS, "tcpSocket", "port"],
    PORTS,
    [...PORTS, 0],
    [...PORTS, 0, "name"],
    [...PORTS, 1, "containerPort"],
  ],
});

const front = (): Fixture => ({
  type: "kubernetes:core/v1:Service",
  name: "front",
  props: {
    metadata: { name: "front", namespace: "shop" },
    spec: { selector: LABELS, ports: [{ port: 80, targetPort: 8080 }] },
  },
});
testPolicy("pod-readiness", {
  happy: () => [setTo([{ ...silent, name: "api", readinessProbe: alive }]), front()],
  broken: [
    {
      at: [...CONTAINER, "readinessProbe"],
      says: `Deployment "shop/orders": spec.template.spec.containers[0].readinessProbe is missing; Service "shop/front" sends it requests as soon as it starts: add a probe of what answers them.`,
    },
    // Containers with ports are for container-probes.
    { at: CONTAINER, to: { ...silent, ports: [{ containerPort: 8110 }] }, says: [] },
    { of: 1, at: ["spec", "selector"], to: { app: "other" }, says: [] },
    { of: 1, at: ["spec", "selector"], says: [] },
  ],
  unknown: [
    CONTAINERS,
    CONTAINER,
    [...CONTAINER, "readinessProbe"],
    [...CONTAINER, "ports"],
    ["spec", "template", "metadata", "labels"],
    [1, "spec", "selector"],
  ],
});

it("pod-readiness says once what two Services have", async () => {
  const bare = setTo([{ ...silent, name: "api" }]);
  expect(await messages("pod-readiness", [bare, front(), { ...front(), name: "b" }])).toHaveLength(
    1,
  );
});

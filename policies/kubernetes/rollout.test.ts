import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, deployment } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";
import type { Key } from "../values";

const WHO = 'Deployment "shop/orders"';
const POD: readonly Key[] = ["spec", "template", "spec"];
const CONTAINER: readonly Key[] = [...POD, "containers", 0];

const service = (selector: object = LABELS): Fixture => ({
  type: "kubernetes:core/v1:Service",
  name: "service",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: {
      selector: { ...selector },
      ports: [{ port: 81, targetPort: 8110 }],
    } satisfies k8s.types.input.core.v1.ServiceSpec,
  },
});
const STRATEGY: readonly Key[] = ["spec", "strategy"];
const rolling = (strategy: unknown): Fixture => broken(deployment(), STRATEGY, strategy);
const DOWN: readonly Key[] = [...STRATEGY, "rollingUpdate", "maxUnavailable"];
const UP: readonly Key[] = [...STRATEGY, "rollingUpdate", "maxSurge"];
const stops = (shown: string): string =>
  `${WHO}: spec.strategy.rollingUpdate.maxUnavailable is ${shown}; an update may stop all 3 replicas at once: set it to 0.`;
const stands = (shown: string): string =>
  `${WHO}: spec.strategy.rollingUpdate.maxSurge is ${shown}; with maxUnavailable 0 it must be 1 or more, or no update can start.`;

testPolicy("deployment-rolling-update", {
  happy: () => [
    rolling({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } }),
    service(),
  ],
  broken: [
    { at: STRATEGY, says: [] },
    {
      at: [...STRATEGY, "type"],
      to: "Recreate",
      says: `${WHO}: spec.strategy.type is "Recreate"; Service "shop/orders" has no pods during each update: use "RollingUpdate".`,
    },
    { at: DOWN, to: 2, says: [] },
    { at: DOWN, to: "99%", says: [] },
    { at: DOWN, to: 3, says: stops("3") },
    { at: DOWN, to: "100%", says: stops('"100%"') },
    { at: DOWN, to: "all", says: stops('"all"') },
    { at: UP, to: 0, says: stands("0") },
    { at: UP, to: "0%", says: stands('"0%"') },
    { at: UP, to: "1%", says: [] },
    { at: UP, says: [] },
    { at: [...STRATEGY, "rollingUpdate"], to: { maxUnavailable: 1, maxSurge: 0 }, says: [] },
    // A percentage of three that is less than one pod is zero.
    {
      at: [...STRATEGY, "rollingUpdate"],
      to: { maxUnavailable: "33%", maxSurge: 0 },
      says: stands("0"),
    },
  ],
  unknown: [[...STRATEGY, "type"], DOWN, UP, ["spec", "replicas"]],
});

describe("deployment-rolling-update", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("deployment-rolling-update", fixture);
  const recreated = rolling({ type: "Recreate" });

  it("does not apply without a Service, or to one replica", async () => {
    expect(await reported(recreated)).toEqual([]);
    expect(await reported(recreated, service({ app: "cart" }))).toEqual([]);
    expect(await reported(recreated, service({}))).toEqual([]);
    expect(await reported(broken(recreated, ["spec", "replicas"], 1), service())).toEqual([]);
    expect(await reported(broken(recreated, ["spec", "replicas"], 2), service())).toHaveLength(1);
  });

  it("does not apply to a StatefulSet, and reports once with two Services", async () => {
    expect(
      await reported({ ...recreated, type: "kubernetes:apps/v1:StatefulSet" }, service()),
    ).toEqual([]);
    const second = { ...broken(service(), ["metadata", "name"], "again"), name: "again" };
    expect(await reported(recreated, service(), second)).toEqual([
      `${WHO}: spec.strategy.type is "Recreate"; Service "shop/orders" has no pods during each update: use "RollingUpdate".`,
    ]);
  });
});

const SELECTOR: readonly Key[] = ["spec", "selector"];
const selector = (shown: string): string =>
  `${WHO}: spec.selector is ${shown}; it must select the template's own labels, {"app.kubernetes.io/name":"orders"}.`;

testPolicy("workload-selector", {
  happy: () => deployment(),
  broken: [
    { at: SELECTOR, says: selector("missing") },
    { at: SELECTOR, to: {}, says: selector("{}") },
    { at: SELECTOR, to: { matchExpressions: [] }, says: selector('{"matchExpressions":[]}') },
    {
      at: [...SELECTOR, "matchLabels"],
      to: { app: "orders" },
      says: selector('{"matchLabels":{"app":"orders"}}'),
    },
    {
      at: SELECTOR,
      to: { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "Exists" }] },
      says: [],
    },
    {
      at: ["spec", "template", "metadata", "labels"],
      says: `${WHO}: spec.selector is {"matchLabels":{"app.kubernetes.io/name":"orders"}}; the pod template has no labels that it could select: set the same ones in spec.template.metadata.labels.`,
    },
  ],
  unknown: [SELECTOR, ["spec", "template", "metadata", "labels"]],
});

it("workload-selector reads the plain selector of a DeploymentConfig", async () => {
  const config = (to: unknown): Fixture => ({
    ...broken(deployment(), SELECTOR, to),
    type: "kubernetes:apps.openshift.io/v1:DeploymentConfig",
  });
  const said = (to: unknown): Promise<readonly string[]> =>
    messages("workload-selector", [config(to)]);
  expect(await said(LABELS)).toEqual([]);
  expect(await said(undefined)).toEqual([]);
  expect(await said({ app: "other" })).toHaveLength(1);
});

const GRACE: readonly Key[] = [...POD, "terminationGracePeriodSeconds"];
const HOOK: readonly Key[] = [...CONTAINER, "lifecycle"];
const waiting = (preStop: unknown): Fixture =>
  broken(broken(deployment(), HOOK, { preStop }), GRACE, 47);
const grace = (shown: string, waits: number): string =>
  `${WHO}: spec.template.spec.terminationGracePeriodSeconds is ${shown}; the preStop hook of container "api" uses ${waits} s of it: set it to more than that plus the time that the process needs to shut down.`;

testPolicy("pod-grace-period", {
  happy: () => waiting({ sleep: { seconds: 29 } }),
  broken: [
    { at: GRACE, says: [] },
    { at: GRACE, to: 29, says: grace("29", 29) },
    { at: GRACE, to: 30, says: [] },
    {
      at: GRACE,
      to: 0,
      says: `${WHO}: spec.template.spec.terminationGracePeriodSeconds is 0; pods are killed without warning: set it to 30.`,
    },
    { at: [...HOOK, "preStop"], to: { sleep: { seconds: 47 } }, says: grace("47", 47) },
    { at: [...HOOK, "preStop"], to: { exec: { command: ["sleep", "48"] } }, says: grace("47", 48) },
    {
      at: [...HOOK, "preStop"],
      to: { exec: { command: ["sh", "-c", "drain; /bin/sleep 61 && true"] } },
      says: grace("47", 61),
    },
    { at: [...HOOK, "preStop"], to: { exec: { command: ["sh", "-c", "nosleep 61"] } }, says: [] },
    { at: [...HOOK, "preStop"], to: { exec: { command: ["sleep", "46"] } }, says: [] },
    { at: HOOK, says: [] },
  ],
  unknown: [GRACE, [...HOOK, "preStop"], [...HOOK, "preStop", "sleep", "seconds"], POD],
});

testPolicy("pod-grace-period", {
  happy: () => broken(waiting({ sleep: { seconds: 29 } }), GRACE),
  broken: [{ at: [...HOOK, "preStop", "sleep", "seconds"], to: 30, says: grace("missing", 30) }],
  unknown: [],
});

const drains = (): Fixture =>
  broken(
    broken(deployment(), HOOK, { preStop: { sleep: { seconds: 6 } } }),
    [...CONTAINER, "ports"],
    [{ containerPort: 8110 }],
  );

testPolicy("deployment-drains", {
  happy: () => [drains(), service()],
  broken: [
    {
      at: HOOK,
      says: `${WHO}, container "api": spec.template.spec.containers[0].lifecycle.preStop is missing; Service "shop/orders" still sends it requests for some seconds after it was told to stop: set { sleep: { seconds: 5 } }, or have the process keep serving.`,
    },
    { at: [...HOOK, "preStop"], to: { exec: { command: ["drain"] } }, says: [] },
  ],
  unknown: [[...HOOK, "preStop"], POD],
});

describe("deployment-drains", () => {
  it("does not apply to containers without ports, or Deployments without a Service", async () => {
    const bare = broken(drains(), HOOK);
    const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
      messages("deployment-drains", fixture);
    expect(await reported(bare)).toEqual([]);
    expect(await reported(broken(bare, [...CONTAINER, "ports"]), service())).toEqual([]);
    expect(await reported(bare, service())).toHaveLength(1);
  });
});

const DEADLINE: readonly Key[] = ["spec", "progressDeadlineSeconds"];
const STARTUP: readonly Key[] = [...CONTAINER, "startupProbe"];
const starting = (): Fixture =>
  broken(
    broken(
      broken(deployment(), STARTUP, { periodSeconds: 9, failureThreshold: 20 }),
      DEADLINE,
      194,
    ),
    ["spec", "minReadySeconds"],
    13,
  );
const deadline = (shown: string, seconds: number, ready: number): string =>
  `${WHO}: spec.progressDeadlineSeconds is ${shown}; container "api" may take ${seconds} s to start and is available ${ready} s later: set it to more than ${seconds + ready}.`;

testPolicy("deployment-deadline", {
  happy: starting,
  broken: [
    { at: DEADLINE, says: [] },
    { at: DEADLINE, to: 193, says: deadline("193", 180, 13) },
    { at: ["spec", "minReadySeconds"], to: 14, says: deadline("194", 180, 14) },
    { at: ["spec", "minReadySeconds"], says: [] },
    { at: [...STARTUP, "failureThreshold"], says: [] },
    { at: [...STARTUP, "periodSeconds"], says: deadline("194", 200, 13) },
    { at: STARTUP, says: [] },
  ],
  unknown: [
    DEADLINE,
    ["spec", "minReadySeconds"],
    [...STARTUP, "periodSeconds"],
    [...STARTUP, "failureThreshold"],
    STARTUP,
    POD,
  ],
});

describe("deployment-deadline", () => {
  it("uses the API server's defaults", async () => {
    const late = (failureThreshold: unknown): Fixture =>
      broken(deployment(), STARTUP, { periodSeconds: 10, failureThreshold });
    expect(await messages("deployment-deadline", [late(59)])).toEqual([]);
    expect(await messages("deployment-deadline", [late(60)])).toEqual([
      deadline("missing", 600, 0),
    ]);
    expect(await messages("deployment-deadline", [late(UNKNOWN)])).toEqual([]);
  });

  it("checks minReadySeconds without a startup probe too", async () => {
    const slow = broken(deployment(), ["spec", "minReadySeconds"], 600);
    expect(await messages("deployment-deadline", [slow])).toEqual([deadline("missing", 0, 600)]);
  });
});

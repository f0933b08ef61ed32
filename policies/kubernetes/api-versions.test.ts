import { describe, expect, it } from "vitest";
import type { Fixture, Setting } from "../testing";
import { messages } from "../testing";
import { testPolicy } from "../testing/cases";
import { deployment } from "../testing/fixtures";
import { REMOVED_APIS } from "./removed-apis";
import { tokenOf } from "./tokens";

/** An object in that version, with a type token of version `typed`. */
const object = (apiVersion: string, kind: string, typed = apiVersion): Fixture => ({
  type: `kubernetes:${typed.includes("/") ? typed : `core/${typed}`}:${kind}`,
  name: "x",
  props: { apiVersion, kind, metadata: { name: "x" } },
});
const on = (policy: string, kubernetesVersion: string): Setting => ({
  configuration: { [policy]: { kubernetesVersion } },
});
const release: Fixture = { type: "kubernetes:helm.sh/v3:Release", name: "r", props: { kind: "x" } };
const bucket: Fixture = { type: "aws:s3/bucket:Bucket", name: "b", props: { apiVersion: "x" } };

const gone =
  'CronJob "x": apiVersion is "batch/v1beta1"; Kubernetes no longer serves it since 1.25: write "batch/v1".';

testPolicy("api-version-served", {
  happy: () => [
    object("batch/v1", "CronJob"),
    object("policy/v1", "PodDisruptionBudget"),
    object("example.com/v1beta1", "CronJob"),
    object("batch/v1", "Job"),
    object("v1", "List"),
    object("resource.k8s.io/v1beta2", "ResourceClaim"),
    release,
    bucket,
  ],
  broken: [{ at: ["apiVersion"], to: "batch/v1beta1", says: gone }],
  unknown: [],
});

testPolicy("api-version-served", {
  happy: () => object("batch/v1beta1", "CronJob"),
  setting: on("api-version-served", "v1.24"),
  broken: [
    { at: ["spec"], to: {}, setting: on("api-version-served", "1.25.3"), says: gone },
    { at: ["apiVersion"], setting: on("api-version-served", ""), says: gone },
    { at: ["spec"], to: {}, setting: on("api-version-served", "newest"), says: gone },
  ],
  unknown: [],
});

describe("api-version-served", () => {
  it.each([
    ["apps/v2", "Deployment", '"apps/v1"'],
    ["v2", "Pod", '"v1"'],
    ["networking.k8s.io/v2", "Ingress", '"networking.k8s.io/v1"'],
    ["batch/v2alpha9", "CronJob", '"batch/v1"'],
    ["apps/v1beta9", "Deployment", '"apps/v1"'],
    ["extensions/v1", "Deployment", '"apps/v1"'],
  ])("names %s %s, which no server has", async (version, kind, others) => {
    expect(await messages("api-version-served", [object(version, kind)])).toEqual([
      `${kind} "x": apiVersion is "${version}"; Kubernetes 1.37 has no such version of the kind: write ${others}.`,
    ]);
    expect(await messages("api-version-stable", [object(version, kind)])).toEqual([]);
  });

  it("leaves old stages to an older cluster", async () => {
    const setting = on("api-version-served", "1.28");
    const fixture = object("resource.k8s.io/v1alpha2", "ResourceClaim");
    expect(await messages("api-version-served", [fixture], setting)).toEqual([]);
    expect(await messages("api-version-served", [fixture])).toHaveLength(1);
  });

  it("reports a removed kind", async () => {
    const fixture = object("policy/v1beta1", "PodSecurityPolicy");
    expect(await messages("api-version-served", [fixture])).toEqual([
      'PodSecurityPolicy "x": apiVersion is "policy/v1beta1"; Kubernetes no longer serves it since 1.25: the kind no longer exists, remove it.',
    ]);
  });

  it("knows a Patch by the kind it changes", async () => {
    const fixture = object("apps/v1beta2", "DaemonSetPatch");
    expect(await messages("api-version-served", [fixture])).toEqual([
      'DaemonSetPatch "x": apiVersion is "apps/v1beta2"; Kubernetes no longer serves it since 1.16: write "apps/v1".',
    ]);
  });

  it("names each version and kind once", () => {
    const names = REMOVED_APIS.flatMap(({ version, kinds }) =>
      kinds.map((kind) => `${version} ${kind}`),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const { version, instead = "v1" } of REMOVED_APIS) {
      expect(version).toMatch(/^[a-z.0-9]+\/v\d(alpha|beta)\d$/);
      expect(instead).toMatch(/(^|\/)v\d$/);
    }
  });
});

const stable = (shown: string, kind: string, expected: string): string =>
  `${kind} "x": apiVersion is "${shown}"; ${expected}.`;

testPolicy("api-version-stable", {
  happy: () => [
    object("apps/v1", "Deployment"),
    object("keda.sh/v1alpha1", "ScaledObject"),
    object("gateway.networking.k8s.io/v1beta1", "Gateway"),
    // Reported by api-version-served.
    object("batch/v1beta1", "CronJob"),
    object("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy"),
    release,
    bucket,
  ],
  broken: [
    {
      of: 3,
      at: ["spec"],
      to: {},
      setting: on("api-version-stable", "v1.24"),
      says: stable(
        "batch/v1beta1",
        "CronJob",
        'Kubernetes 1.25 does not serve it: write "batch/v1"',
      ),
    },
    { of: 3, at: ["spec"], to: {}, setting: on("api-version-stable", "v1.25"), says: [] },
    {
      of: 4,
      at: ["apiVersion"],
      to: "admissionregistration.k8s.io/v1alpha1",
      says: stable(
        "admissionregistration.k8s.io/v1alpha1",
        "MutatingAdmissionPolicy",
        "alpha is off by default, or is removed in an upgrade: use a stable version",
      ),
    },
  ],
  unknown: [],
});

testPolicy("api-version-stable", {
  happy: () =>
    object(
      "admissionregistration.k8s.io/v1",
      "MutatingAdmissionPolicy",
      "admissionregistration.k8s.io/v1beta1",
    ),
  broken: [
    {
      at: ["apiVersion"],
      says: stable(
        "admissionregistration.k8s.io/v1beta1",
        "MutatingAdmissionPolicy",
        "beta is off by default, or is removed in an upgrade: use a stable version",
      ),
    },
  ],
  unknown: [],
});

const wants = (field: string, shown: string, type: string, expected: string): string =>
  `Deployment "shop/orders": ${field} is ${shown}; the resource's type ${type} needs "${expected}".`;
const TYPE = "kubernetes:apps/v1:Deployment";

testPolicy("api-version-agrees", {
  happy: () => [
    deployment(),
    object("v1", "ConfigMap"),
    { ...object("v1", "ConfigMap"), type: "kubernetes:core/v1:ConfigMapPatch" },
    object("keda.sh/v1alpha1", "ScaledObject"),
    release,
    bucket,
  ],
  broken: [
    { at: ["apiVersion"], says: [] },
    { at: ["kind"], says: [] },
    { at: ["apiVersion"], to: "v1", says: wants("apiVersion", '"v1"', TYPE, "apps/v1") },
    { at: ["kind"], to: "DaemonSet", says: wants("kind", '"DaemonSet"', TYPE, "Deployment") },
    { at: ["kind"], to: 7, says: wants("kind", "7", TYPE, "Deployment") },
    {
      of: 1,
      at: ["apiVersion"],
      to: "core/v1",
      says: 'ConfigMap "x": apiVersion is "core/v1"; the resource\'s type kubernetes:core/v1:ConfigMap needs "v1".',
    },
  ],
  unknown: [["apiVersion"], ["kind"]],
});

describe("tokenOf", () => {
  it.each([
    ["kubernetes:apps/v1:Deployment", { group: "apps", apiVersion: "apps/v1", kind: "Deployment" }],
    ["kubernetes:core/v1:PodPatch", { group: "core", apiVersion: "v1", kind: "Pod" }],
    [
      "kubernetes:example.com/v1:Patch",
      { group: "example.com", apiVersion: "example.com/v1", kind: "Patch" },
    ],
    ["kubernetes:helm.sh/v3:Release", undefined],
    ["kubernetes:yaml/v2:ConfigFile", undefined],
    ["kubernetes:kustomize/v2:Directory", undefined],
    ["pulumi:providers:kubernetes", undefined],
    ["aws:s3/bucket:Bucket", undefined],
  ])("%s", (type, expected) => {
    expect(tokenOf(type)).toEqual(expected);
  });
});

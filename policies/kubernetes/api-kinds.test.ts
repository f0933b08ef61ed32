import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { deployment } from "../testing/fixtures";
import { REMOVED_APIS } from "./removed-apis";

const POLICY = "api-kind-known";

/** An object in that version, as in a manifest or an SDK CustomResource. */
const object = (apiVersion: string, kind: string): Fixture => ({
  type: `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`,
  name: "x",
  props: { apiVersion, kind, metadata: { name: "x" } },
});

testPolicy(POLICY, {
  happy: () => [
    deployment(),
    object("v1", "List"),
    object("v1", "ComponentStatus"),
    object("apps/v1", "DeploymentList"),
    object("authentication.k8s.io/v1", "TokenReview"),
    object("authorization.k8s.io/v1", "SubjectAccessReview"),
    object("policy/v1", "Eviction"),
    object("autoscaling/v1", "Scale"),
    // Only the cluster knows the kinds of custom groups.
    object("keda.sh/v1alpha1", "ScaledObjct"),
    object("gateway.networking.k8s.io/v1", "Gateway"),
    // Tool files next to the objects.
    object("v1", "Config"),
    object("skaffold/v4beta6", "Config"),
    // An SDK patch resource.
    { ...object("apps/v1", "Deployment"), type: "kubernetes:apps/v1:DeploymentPatch" },
    { type: "kubernetes:apps/v1:DeploymentPatch", name: "p", props: {} },
    { type: "kubernetes:helm.sh/v3:Release", name: "r", props: { kind: "x" } },
    { type: "kubernetes:yaml/v2:ConfigGroup", name: "g", props: {} },
    { type: "kubernetes:yaml:ConfigFile", name: "f", props: {} },
    { type: "kubernetes:kustomize/v2:Directory", name: "d", props: {} },
    { type: "aws:s3/bucket:Bucket", name: "b", props: { apiVersion: "app/v1", kind: "x" } },
  ],
  broken: [],
  unknown: [],
});

it.each([
  [
    "apps/v1",
    "Deploymnt",
    'kind is "Deploymnt"; "apps/v1" has no such kind, did you mean "Deployment"?',
  ],
  ["v1", "pod", 'kind is "pod"; "v1" has no such kind, did you mean "Pod"?'],
  [
    "v1",
    "Deployment",
    'kind is "Deployment"; "v1" has no such kind, the kind belongs to the apiVersion "apps/…" or "extensions/…".',
  ],
  [
    "apps/v1",
    "Pod",
    'kind is "Pod"; "apps/v1" has no such kind, the kind belongs to the apiVersion "v1".',
  ],
  [
    "batch/v1",
    "Workflow",
    'kind is "Workflow"; "batch/v1" has no such kind, use one that `kubectl api-resources` lists.',
  ],
  [
    "apps/v1",
    "DeploymentPatch",
    'kind is "DeploymentPatch"; "apps/v1" has no such kind, did you mean "Deployment"?',
  ],
  [
    "apps/v1",
    "List",
    'kind is "List"; "apps/v1" has no such kind, the kind belongs to the apiVersion "v1".',
  ],
  [
    "app/v1",
    "Deployment",
    'apiVersion is "app/v1"; there is no such API group, did you mean "apps"?',
  ],
  [
    "extension/v1beta1",
    "Ingress",
    'apiVersion is "extension/v1beta1"; there is no such API group, did you mean "extensions"?',
  ],
  [
    "rbac/v1",
    "Role",
    'apiVersion is "rbac/v1"; there is no such API group, did you mean "rbac.authorization.k8s.io"?',
  ],
  [
    "example/v1",
    "Config",
    'apiVersion is "example/v1"; there is no such API group, use one that `kubectl api-versions` lists.',
  ],
])("refuses %s %s", async (apiVersion, kind, says) => {
  expect(await messages(POLICY, [object(apiVersion, kind)])).toEqual([`${kind} "x": ${says}`]);
});

/**
 * Every type token of the SDK, except those that create objects without being one, and responses
 * (`Status`).
 */
function typesOfSdk(): readonly string[] {
  const root = dirname(createRequire(__filename).resolve("@pulumi/kubernetes/package.json"));
  const skipped = new Set(["types", "helm", "kustomize", "yaml", "meta"]);
  return readdirSync(root, { withFileTypes: true })
    .filter((folder) => folder.isDirectory() && !skipped.has(folder.name))
    .flatMap(({ name }) =>
      readdirSync(join(root, name), { recursive: true, encoding: "utf8" })
        .filter((file) => /^v\d\w*[\\/]\w+\.js$/.test(file))
        .map((file) => readFileSync(join(root, name, file), "utf8")),
    )
    .flatMap((text) => /__pulumiType = '(kubernetes:[^']+)'/.exec(text)?.[1] ?? []);
}

it("knows every kind in the SDK, and every removed one", async () => {
  const types = typesOfSdk();
  expect(types.length).toBeGreaterThan(300);
  const fixture = types.map((type) => ({ type, name: type, props: {} }));
  const removed = REMOVED_APIS.flatMap(({ version, kinds }) =>
    kinds.map((kind) => object(version, kind)),
  );
  expect(await messages(POLICY, [...fixture, ...removed])).toEqual([]);
});
